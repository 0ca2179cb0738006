#include "net/shared_output.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>

#include "descriptors.h"
#include "net/signals.h"

using namespace wscope;
using net::SharedOutput;
using Kind = net::IoResult::Kind;

namespace {

const std::vector<std::byte> much(1 << 20, std::byte{'x'});

/// Writes until the output takes no more, which it must say instead of blocking; returns how much it took.
std::size_t fill(const SharedOutput& output) {
  std::size_t total = 0;
  net::IoResult result;
  while ((result = output.write(much)).kind == Kind::done) total += result.bytes;
  CHECK(result.kind == Kind::would_block);
  CHECK(total > 0);
  return total;
}

class TemporaryFolder {
 public:
  TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "wscope-XXXXXX").string()) {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

net::UniqueFd open_file(const std::string& path, int flags) { return net::UniqueFd(::open(path.c_str(), flags, 0600)); }

}  // namespace

TEST_CASE("a full pipe does not block, and the descriptor of the others stays as it was") {
  net::Pipe pipe = test::blocking_pipe();
  const int fd = pipe.write_end.get();
  std::size_t total = 0;
  {
    const SharedOutput output = SharedOutput::open(fd);
    CHECK(output.kind() == SharedOutput::Kind::pipe);
    total = fill(output);
    CHECK_FALSE(test::is_non_blocking(fd));
    std::vector<std::byte> room(total);
    CHECK(net::read_some(pipe.read_end.get(), room).bytes > 0);
    CHECK(test::wait_for(output.poll_fd(), POLLOUT));
    total += output.write(base::as_bytes("y")).bytes;
    CHECK(test::is_open(fd));
  }
  pipe.write_end.reset();
  const std::string rest = test::read_to_end(pipe.read_end.get());
  CHECK(rest.back() == 'y');
}

TEST_CASE("a pipe without a reader is an error") {
  const auto signals = net::Signals::install({});
  net::Pipe pipe = test::blocking_pipe();
  const SharedOutput output = SharedOutput::open(pipe.write_end.get());
  pipe.read_end.reset();
  const net::IoResult result = output.write(much);
  CHECK(result.kind == Kind::failed);
  CHECK(result.error == EPIPE);
}

TEST_CASE("a pipe that cannot be opened anew is written in pieces and does not block either") {
  const auto signals = net::Signals::install({});
  const TemporaryFolder folder;
  const std::string path = folder.file("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  net::UniqueFd reader = open_file(path, O_RDONLY | O_NONBLOCK);
  net::UniqueFd writer = open_file(path, O_WRONLY);
  REQUIRE(writer.valid());
  reader.reset();  // now nobody can open it for writing without waiting
  const SharedOutput output = SharedOutput::open(writer.get());
  CHECK(output.kind() == SharedOutput::Kind::pipe);
  CHECK(output.poll_fd() == writer.get());
  CHECK(output.write(much).error == EPIPE);

  reader = open_file(path, O_RDONLY | O_NONBLOCK);
  const std::size_t total = fill(output);
  CHECK_FALSE(test::is_non_blocking(writer.get()));
  writer.reset();
  CHECK(test::read_to_end(reader.get()).size() == total);
}

TEST_CASE("a failure behind written bytes shows the next time") {
  const auto signals = net::Signals::install({});
  auto [near, far] = test::blocking_socket_pair();
  const SharedOutput output = SharedOutput::open(near.get());
  CHECK(output.write(base::as_bytes("x")).bytes == 1);
  far.reset();
  CHECK(output.write(base::as_bytes("x")).error == EPIPE);
}

TEST_CASE("a full socket does not block, and the descriptor of the others stays as it was") {
  auto [near, far] = test::blocking_socket_pair();
  const SharedOutput output = SharedOutput::open(near.get());
  CHECK(output.kind() == SharedOutput::Kind::socket);
  CHECK(output.poll_fd() == near.get());
  const std::size_t total = fill(output);
  CHECK_FALSE(test::is_non_blocking(near.get()));
  near.reset();
  CHECK(test::read_to_end(far.get()).size() == total);
}

TEST_CASE("a terminal that nobody reads does not block, and the descriptor of the others stays as it was") {
  const net::UniqueFd screen(::posix_openpt(O_RDWR | O_NOCTTY));
  REQUIRE(::grantpt(screen.get()) == 0);
  REQUIRE(::unlockpt(screen.get()) == 0);
  const net::UniqueFd terminal = open_file(::ptsname(screen.get()), O_RDWR | O_NOCTTY);
  REQUIRE(terminal.valid());
  const SharedOutput output = SharedOutput::open(terminal.get());
  CHECK(output.kind() == SharedOutput::Kind::terminal);
  const std::size_t total = fill(output);
  CHECK(total > 0);
  CHECK_FALSE(test::is_non_blocking(terminal.get()));
  std::vector<std::byte> room(total);
  CHECK(net::read_some(screen.get(), room).bytes > 0);
  CHECK(test::wait_for(output.poll_fd(), POLLOUT));
}

TEST_CASE("a file is written where its other users are") {
  const TemporaryFolder folder;
  const std::string path = folder.file("out");
  const net::UniqueFd file = open_file(path, O_RDWR | O_CREAT);
  REQUIRE(::write(file.get(), "first ", 6) == 6);
  const SharedOutput output = SharedOutput::open(file.get());
  CHECK(output.kind() == SharedOutput::Kind::file);
  CHECK(output.poll_fd() == file.get());
  CHECK(output.write(base::as_bytes("second ")).bytes == 7);
  REQUIRE(::write(file.get(), "third", 5) == 5);
  REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
  CHECK(test::read_to_end(file.get()) == "first second third");
}

TEST_CASE("nothing is a good place to write to, and a closed descriptor a bad one") {
  const net::UniqueFd nowhere = open_file("/dev/null", O_WRONLY);
  const SharedOutput output = SharedOutput::open(nowhere.get());
  CHECK(output.kind() == SharedOutput::Kind::file);
  CHECK(test::wait_for(output.poll_fd(), POLLOUT));
  CHECK(output.write(much).bytes == much.size());

  const net::IoResult result = SharedOutput::open(-1).write(much);
  CHECK(result.kind == Kind::failed);
  CHECK(result.error == EBADF);
}
