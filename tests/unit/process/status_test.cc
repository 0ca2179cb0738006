#include "process/status.h"

#include <doctest/doctest.h>

#include <csignal>

using namespace wscope;

TEST_CASE("the end of a process in words") {
  CHECK(process::Status().ok());
  CHECK(process::Status{3, 0}.text() == "exit status 3");
  CHECK(process::Status{0, SIGSEGV}.text() == "signal SIGSEGV");
  CHECK(process::Status{0, 63}.text() == "signal 63");
  CHECK_FALSE(process::Status{0, SIGTERM}.ok());
  CHECK(process::Status::of_wait(3 << 8) == process::Status{3, 0});
  CHECK(process::Status::of_wait(SIGKILL) == process::Status{0, SIGKILL});
}
