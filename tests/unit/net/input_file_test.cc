#include "net/input_file.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "net/file.h"

using namespace std::chrono_literals;
using namespace wscope;
using net::InputFile;
using Waited = InputFile::Waited;

namespace {

// A path of nothing, and then of what is made there, as long as it lives.
class TemporaryPath {
 public:
  TemporaryPath() {
    char path[] = "/tmp/wscope-input-XXXXXX";
    const int fd = ::mkstemp(path);
    REQUIRE(fd >= 0);
    ::close(fd);
    path_ = path;
  }
  ~TemporaryPath() { ::unlink(path_.c_str()); }
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;
  [[nodiscard]] const std::string& get() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("a file is read to its end, and has a size") {
  const TemporaryPath path;
  REQUIRE(net::write_regular_file(path.get(), "hello").ok());
  const auto input = InputFile::open(path.get());
  REQUIRE(input.ok());
  CHECK(input->size() == 5);
  std::array<std::byte, 16> bytes{};
  CHECK(input->wait({}) == Waited::readable);
  CHECK(input->read(bytes).bytes == 5);
  CHECK(input->wait({}) == Waited::readable);
  CHECK(input->read(bytes).kind == net::IoResult::Kind::end);
}

TEST_CASE("what is not there, or a folder, is an error") {
  CHECK(InputFile::open("/nowhere/at all").error().message.starts_with("/nowhere/at all: "));
  CHECK(InputFile::open("/").error().message.starts_with("/: "));
}

TEST_CASE("a pipe is waited for, until something else comes") {
  const TemporaryPath path;
  ::unlink(path.get().c_str());
  REQUIRE(::mkfifo(path.get().c_str(), 0600) == 0);
  const auto input = InputFile::open(path.get());
  REQUIRE(input.ok());
  CHECK_FALSE(input->size().has_value());
  CHECK(input->wait({}, 1ms) == Waited::timed_out);
  auto wakes = net::make_pipe();
  REQUIRE(wakes.ok());
  CHECK(::write(wakes->write_end.get(), "x", 1) == 1);
  CHECK(input->wait({.wakes = wakes->read_end.get()}) == Waited::woken);
  auto output = net::make_pipe();
  REQUIRE(output.ok());
  CHECK(input->wait({.output = output->write_end.get()}, 1ms) == Waited::timed_out);
  output->read_end.reset();
  CHECK(input->wait({.output = output->write_end.get()}) == Waited::no_reader);
}
