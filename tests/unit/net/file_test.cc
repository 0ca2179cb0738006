#include "net/file.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace wscope;

namespace {

/// A file of its own, as long as it lives.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& content) {
    const int fd = ::mkstemp(path.data());
    REQUIRE(fd >= 0);
    CHECK(::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    ::close(fd);
  }
  ~TemporaryFile() { std::remove(path.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::string path = "/tmp/wscope-file-XXXXXX";
};

/// A named pipe, as long as it lives.
struct NamedPipe {
  NamedPipe() {
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    path = folder + "/pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  }
  ~NamedPipe() {
    ::unlink(path.c_str());
    ::rmdir(folder.c_str());
  }
  NamedPipe(const NamedPipe&) = delete;
  NamedPipe& operator=(const NamedPipe&) = delete;

  std::string folder = "/tmp/wscope-pipe-XXXXXX";
  std::string path;
};

void say(const std::string& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY);
  CHECK(::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  ::close(fd);
}

}  // namespace

TEST_CASE("a file is read whole, whatever is in it") {
  for (const std::string& content : {std::string(), std::string("a\0\xff\r\n", 5), std::string(200'000, 'x')}) {
    const TemporaryFile file(content);
    for (const auto read : {&net::read_file, &net::read_regular_file}) {
      const auto got = read(file.path, SIZE_MAX);
      REQUIRE(got.ok());
      CHECK(*got == content);
    }
  }
}

TEST_CASE("a file that cannot be read is an error that names it") {
  const auto missing = net::read_file("/nowhere/file");
  REQUIRE(!missing.ok());
  CHECK(missing.error().kind == base::ErrorKind::io);
  CHECK(missing.error().message == "/nowhere/file: no such file or directory");
  CHECK(net::read_file("/").error().message == "/: is a directory");
  CHECK(net::read_regular_file("/").error().message == "/: is a directory");
  CHECK(net::read_regular_file("/nowhere/file").error().message == missing.error().message);
}

TEST_CASE("a file may be too long") {
  const TemporaryFile file("12345");
  CHECK(net::read_file(file.path, 5).ok());
  CHECK(net::read_file(file.path, 4).error().message == file.path + ": has more than 4 bytes");
  CHECK(net::read_file("/dev/zero").error().message == "/dev/zero: has more than 16777216 bytes");
}

TEST_CASE("a pipe is read to its end, whoever comes first") {
  const NamedPipe pipe;
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    say(pipe.path, "from a pipe");
  });
  CHECK(net::read_file(pipe.path).value() == "from a pipe");
  writer.join();
  CHECK(net::read_file("/dev/null").value().empty());
}

TEST_CASE("a signal ends the wait for a pipe, even with a handler that restarts calls") {
  const NamedPipe pipe;
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  REQUIRE(::sigaction(SIGUSR1, &action, &before) == 0);
  std::thread([&, reader = ::pthread_self()] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ::pthread_kill(reader, SIGUSR1);
  }).detach();
  const auto read = net::read_file(pipe.path);
  ::sigaction(SIGUSR1, &before, nullptr);
  REQUIRE(!read.ok());
  CHECK(read.error().message == pipe.path + ": interrupted system call");
}

TEST_CASE("what is not a regular file is refused at once where only such a one will do") {
  const NamedPipe pipe;
  for (const std::string& path : {pipe.path, std::string("/dev/null")}) {
    CHECK(net::read_regular_file(path).error().message == path + ": is not a regular file");
    CHECK(net::write_regular_file(path, "x").error().message == path + ": is not a regular file");
    CHECK(net::expect_regular_file(path).error().message == path + ": is not a regular file");
  }
  CHECK(net::write_regular_file("/", "x").error().message == "/: is a directory");
  CHECK(net::expect_regular_file(TemporaryFile("x").path).ok());
  CHECK(net::expect_regular_file("/no/such").ok());
}

TEST_CASE("a file is appended to, and made for nobody else to read") {
  const TemporaryFile file("kept\n");
  const std::string path = file.path + "-new";
  for (const std::string& name : {file.path, path}) {
    const auto fd = net::append_to_regular_file(name);
    REQUIRE(fd.ok());
    CHECK(net::write_all(fd->get(), "more\n"));
  }
  struct stat status {};
  CHECK(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  CHECK(net::read_file(path).value() == "more\n");
  CHECK(net::read_file(file.path).value() == "kept\nmore\n");
  std::remove(path.c_str());
}

TEST_CASE("a new file is ours alone, and takes the place of none") {
  const TemporaryFile file("kept\n");
  const std::string path = file.path + "-new";
  {
    const auto fd = net::make_new_file(path);
    REQUIRE(fd.ok());
    CHECK(net::write_all(fd->get(), "new\n"));
  }
  struct stat status {};
  CHECK(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  CHECK(net::read_file(path).value() == "new\n");
  for (const std::string& there : {path, file.path, std::string("/dev/null")}) {
    CHECK(net::make_new_file(there).error().message == there + ": file exists");
  }
  CHECK(net::make_new_file("/no/such").error().message == "/no/such: no such file or directory");
  CHECK(net::read_file(file.path).value() == "kept\n");
  std::remove(path.c_str());
}

TEST_CASE("what is not a regular file is not appended to, and not waited for") {
  const NamedPipe pipe;
  for (const std::string& path : {pipe.path, std::string("/dev/null")}) {
    CHECK(net::append_to_regular_file(path).error().message == path + ": is not a regular file");
  }
  CHECK(net::append_to_regular_file("/").error().message == "/: is a directory");
  CHECK(net::append_to_regular_file("/no/such").error().message == "/no/such: no such file or directory");
}

TEST_CASE("a file has what was written last, and nothing else") {
  const TemporaryFile file("something longer");
  for (const std::string& content : {std::string("a\0b", 3), std::string(200'000, 'x'), std::string()}) {
    CHECK(net::write_regular_file(file.path, content).ok());
    CHECK(net::read_file(file.path).value() == content);
  }
  CHECK(net::write_regular_file("/nowhere/file", "").error().message == "/nowhere/file: no such file or directory");
}

TEST_CASE("a text is written to its end, whoever reads it how slowly") {
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  const std::string text(300'000, 'x');  // more than a pipe holds
  std::size_t taken = 0;
  std::thread reader([&] {
    char piece[1000];
    for (ssize_t got = 1; got > 0; taken += static_cast<std::size_t>(got)) got = ::read(pipe[0], piece, sizeof piece);
  });
  CHECK(net::write_all(pipe[1], text));
  ::close(pipe[1]);
  reader.join();
  ::close(pipe[0]);
  CHECK(taken == text.size());
  errno = 0;
  CHECK_FALSE(net::write_all(-1, "x"));
  CHECK(errno == EBADF);
  CHECK(net::write_all(-1, ""));
}

TEST_CASE("what is open already is read to its end") {
  const TemporaryFile file("content");
  CHECK(net::exists(file.path));
  CHECK(!net::exists(file.path + ".not"));
  const net::UniqueFd open(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  CHECK(*net::read_descriptor(open.get(), "it") == "content");
  CHECK(net::read_descriptor(-1, "it").error().message.starts_with("it: "));
  const net::UniqueFd again(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  CHECK(net::read_descriptor(again.get(), "it", 3).error().message == "it: has more than 3 bytes");
}
