#include "serve/exec_plan.h"

#include <doctest/doctest.h>

namespace wscope::serve {
namespace {

TEST_CASE("what a program writes is text unless its format is of bytes") {
  for (const ExecFormat format : {ExecFormat::lines, ExecFormat::nul, ExecFormat::whole, ExecFormat::json}) {
    CHECK(usual_type(format) == streams::MessageType::text);
  }
  for (const ExecFormat format : {ExecFormat::raw, ExecFormat::base64}) {
    CHECK(usual_type(format) == streams::MessageType::binary);
  }
}

}  // namespace
}  // namespace wscope::serve
