#include "view/style.h"

#include <cstdlib>

namespace wscope::view {
namespace {

// Only colours that every terminal has, so that its own palette decides how they look.
std::string_view sequence(Meaning meaning) noexcept {
  switch (meaning) {
    case Meaning::received:
      return "\x1b[34m";
    case Meaning::sent:
    case Meaning::prompt:
      return "";
    case Meaning::notice:
    case Meaning::outgoing:
    case Meaning::json_string:
      return "\x1b[32m";
    case Meaning::control:
    case Meaning::warning:
    case Meaning::json_number:
      return "\x1b[33m";
    case Meaning::error:
      return "\x1b[31m";
    case Meaning::dimmed:
    case Meaning::offset:
      return "\x1b[2m";
    case Meaning::incoming:
      return "\x1b[34m";
    case Meaning::frame_kind:
      return "\x1b[1m";
    case Meaning::written_out:
      return "\x1b[7m";
    case Meaning::header_bytes:
    case Meaning::json_key:
      return "\x1b[36m";
    case Meaning::json_word:
      return "\x1b[35m";
  }
  return "";
}

std::string_view environment(const char* name) noexcept {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

bool wants_color(ColorChoice choice, bool on_terminal) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  const std::string_view terminal = environment("TERM");
  return on_terminal && environment("NO_COLOR").empty() && !terminal.empty() && terminal != "dumb";
}

std::string Style::operator()(Meaning meaning, std::string_view text) const {
  std::string out;
  append(meaning, text, out);
  return out;
}

void Style::append(Meaning meaning, std::string_view text, std::string& out) const {
  const std::string_view begin = enabled_ ? sequence(meaning) : "";
  if (begin.empty()) {
    out += text;
    return;
  }
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (!line.empty()) ((out += begin) += line) += "\x1b[0m";
    text.remove_prefix(line.size());
    if (text.empty()) return;
    out += '\n';
    text.remove_prefix(1);
  }
}

}  // namespace wscope::view
