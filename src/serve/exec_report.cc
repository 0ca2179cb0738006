#include "serve/exec_report.h"

#include <string>

namespace wscope::serve {

void report_exit(link::Report& report, link::ConnectionNumber number, pid_t process, const process::Status& status) {
  view::ExecView view{.state = view::ExecView::State::exit, .process = process};
  const std::string signal = status.signal != 0 ? process::signal_name(status.signal) : "";
  if (status.signal != 0) {
    view.signal = signal;
  } else {
    view.status = status.code;
  }
  report.report(number, link::Ran{view});
}

}  // namespace wscope::serve
