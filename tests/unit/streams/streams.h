// The standard streams of this process as a test wants them.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <string_view>

#include <unistd.h>

#include "unit/net/descriptors.h"

namespace wscope::test {

/// Puts a descriptor in place of a standard stream as long as it lives; an invalid one closes the stream.
class Replaced {
 public:
  Replaced(int stream, const net::UniqueFd& by) : stream_(stream), saved_(::fcntl(stream, F_DUPFD_CLOEXEC, 10)) {
    std::fflush(nullptr);
    put(by);
  }
  ~Replaced() { put(saved_); }
  Replaced(const Replaced&) = delete;
  Replaced& operator=(const Replaced&) = delete;

 private:
  void put(const net::UniqueFd& source) const {
    if (source.valid()) {
      ::dup2(source.get(), stream_);
    } else {
      ::close(stream_);
    }
  }

  int stream_;
  net::UniqueFd saved_;
};

/// Puts descriptors in place of stdin, stdout and stderr as long as it lives. No assertion may fail meanwhile: nobody
/// would see it.
class Streams {
 public:
  Streams(const net::UniqueFd& in, const net::UniqueFd& out, const net::UniqueFd& err)
      : in_(STDIN_FILENO, in), out_(STDOUT_FILENO, out), err_(STDERR_FILENO, err) {}

 private:
  Replaced in_;
  Replaced out_;
  Replaced err_;
};

/// A file without a name.
inline net::UniqueFd temporary_file(std::string_view content = {}) {
  char path[] = "/tmp/wscope-test-XXXXXX";
  net::UniqueFd file(::mkstemp(path));
  REQUIRE(file.valid());
  ::unlink(path);
  REQUIRE(::pwrite(file.get(), content.data(), content.size(), 0) == static_cast<ssize_t>(content.size()));
  return file;
}

inline std::string content_of(const net::UniqueFd& file) {
  std::string text(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)), '\0');
  REQUIRE(::pread(file.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  return text;
}

/// What a command made of an input.
struct Run {
  int status = 0;
  std::string out;
  std::string err;
};

/// Calls `command` with `input` as stdin.
template <typename Command>
Run with_input(std::string_view input, Command&& command) {
  const net::UniqueFd in = temporary_file(input);
  const net::UniqueFd out = temporary_file();
  const net::UniqueFd err = temporary_file();
  Run run;
  {
    const Streams streams(in, out, err);
    run.status = command();
  }
  run.out = content_of(out);
  run.err = content_of(err);
  return run;
}

}  // namespace wscope::test
