#include "report/listening_lines.h"

namespace wscope::report {

std::string listening_lines(const view::ListeningView& listening) {
  std::string lines = "Listening on " + listening.url + " (press CTRL+C to quit)\n";
  if (!listening.pin.empty()) {
    lines += "The certificate is self-signed: clients trust it with --pin " + listening.pin + "\n";
  }
  if (!listening.warning.empty()) lines += listening.warning + "\n";
  return lines;
}

}  // namespace wscope::report
