#include "base/file.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

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

}  // namespace

TEST_CASE("a file is read whole, whatever is in it") {
  for (const std::string& content : {std::string(), std::string("a\0\xff\r\n", 5), std::string(200'000, 'x')}) {
    const TemporaryFile file(content);
    const auto read = base::read_file(file.path);
    REQUIRE(read.ok());
    CHECK(*read == content);
  }
}

TEST_CASE("a file that cannot be read is an error that names it") {
  const auto missing = base::read_file("/nowhere/file");
  REQUIRE(!missing.ok());
  CHECK(missing.error().kind == base::ErrorKind::io);
  CHECK(missing.error().message == "/nowhere/file: no such file or directory");
  CHECK(base::read_file("/").error().message == "/: is a directory");
}

TEST_CASE("a file may be too long") {
  const TemporaryFile file("12345");
  CHECK(base::read_file(file.path, 5).ok());
  CHECK(base::read_file(file.path, 4).error().message == file.path + ": has more than 4 bytes");
}
