#include "serve/exec_plan.h"

namespace wscope::serve {

streams::MessageType usual_type(ExecFormat format) noexcept {
  const bool bytes = format == ExecFormat::raw || format == ExecFormat::base64;
  return bytes ? streams::MessageType::binary : streams::MessageType::text;
}

}  // namespace wscope::serve
