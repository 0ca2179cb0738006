// What stands in for stdout.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include <unistd.h>

#include "net/fd.h"

namespace wscope::test {

/// A pipe in its place, as long as this lives. Meanwhile nothing else may be printed.
class Stdout {
 public:
  Stdout() : saved_(::dup(STDOUT_FILENO)) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    reader_.reset(ends[0]);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[1]);
  }
  ~Stdout() { ::dup2(saved_.get(), STDOUT_FILENO); }
  Stdout(const Stdout&) = delete;
  Stdout& operator=(const Stdout&) = delete;

  void close_reader() { reader_.reset(); }
  std::string read() {
    char bytes[4096];
    const ssize_t got = ::read(reader_.get(), bytes, sizeof bytes);
    return {bytes, static_cast<std::size_t>(got)};
  }

 private:
  net::UniqueFd saved_;
  net::UniqueFd reader_;
};

}  // namespace wscope::test
