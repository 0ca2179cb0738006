#include "decode/stdout_writer.h"

#include <cerrno>
#include <chrono>

#include <unistd.h>

#include "base/bytes.h"
#include "net/error.h"

namespace wscope::decode {
namespace {

constexpr std::chrono::milliseconds patience{200};  // between two looks at signals

}  // namespace

StdoutWriter::StdoutWriter(net::Signals& signals, streams::Outcome& outcome)
    : signals_(signals), outcome_(outcome), output_(net::SharedOutput::open(STDOUT_FILENO)) {}

void StdoutWriter::write(std::string& text) {
  base::Bytes rest = base::as_bytes(text);
  while (!rest.empty() && !outcome_.decided()) {
    const net::IoResult result = output_.write(rest);
    if (result.kind == net::IoResult::Kind::done) {
      rest = rest.subspan(result.bytes);
    } else if (result.kind == net::IoResult::Kind::would_block) {
      static_cast<void>(output_.wait(patience));
      look_at_signals();
    } else if (result.error == EPIPE) {
      outcome_.end(0);
    } else {
      outcome_.fail(net::system_error("standard output", result.error));
    }
  }
  text.clear();
}

void StdoutWriter::look_at_signals() {
  if (const auto number = signals_.take()) outcome_.end(streams::exit_status_of_signal(*number));
}

}  // namespace wscope::decode
