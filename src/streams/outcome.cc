#include "streams/outcome.h"

#include "view/escape.h"

namespace wscope::streams {

int exit_status(base::ErrorKind kind) noexcept {
  switch (kind) {
    case base::ErrorKind::io:
      return 1;
    case base::ErrorKind::usage:
      return 2;
    case base::ErrorKind::dns:
      return 3;
    case base::ErrorKind::connect:
      return 4;
    case base::ErrorKind::tls:
      return 5;
    case base::ErrorKind::http:
      return 6;
    case base::ErrorKind::protocol:
      return 7;
    case base::ErrorKind::lost:
      return 8;
    case base::ErrorKind::closed:
      return 9;
    case base::ErrorKind::timeout:
      return 10;
    case base::ErrorKind::expectation:
    case base::ErrorKind::not_now:
      return 11;
  }
  return 1;
}

std::string describe(const base::Error& error, Hints hints) {
  std::string text = "wscope: " + view::escape(error.message) + "\n";
  if (!error.excerpt.empty()) text += view::escape(error.excerpt, view::LineBreaks::keep) + "\n";
  if (hints == Hints::shown && !error.hint.empty()) text += "hint: " + view::escape(error.hint) + "\n";
  return text;
}

}  // namespace wscope::streams
