#include "repl/look_back.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "net/file.h"
#include "repl/interpreter.h"
#include "repl/slash_arguments.h"
#include "repl/words.h"
#include "report/entry_text.h"
#include "view/counted.h"
#include "view/escape.h"

namespace wscope::repl {
namespace {

// What terminals take for the clipboard at a time.
constexpr std::size_t most_copied = std::size_t{74} << 10;

bool has_come(const report::Entry& entry) { return entry.direction == wire::Direction::in && entry.is_message(); }

std::optional<report::EntryView> view_of(std::string_view word) {
  if (word.empty()) return report::EntryView::usual;
  if (word == "hex") return report::EntryView::hex;
  if (word == "json") return report::EntryView::json;
  if (word == "raw") return report::EntryView::raw;
  return std::nullopt;
}

base::Result<void> expect_whole(const report::Entry& entry) {
  if (entry.complete()) return {};
  return not_now(fmt::format("of #{} only the beginning is kept", entry.number));
}

}  // namespace

base::Result<const report::Entry*> find_entry(const report::Transcript& transcript, std::string_view typed) {
  if (typed.empty()) {
    const report::Entry* last = transcript.latest(has_come);
    if (last == nullptr) return not_now("no message has come");
    return last;
  }
  const auto number = parse_number(typed.starts_with('#') ? typed.substr(1) : typed);
  if (!number) return base::usage_error("wants the number of an entry");
  const report::Entry* entry = transcript.find(*number);
  if (entry != nullptr) return entry;
  if (transcript.is_gone(*number)) return not_now(fmt::format("#{} is not kept any more", *number));
  return not_now(fmt::format("there is no #{}", *number));
}

bool LookBack::knows(Action action) noexcept {
  return action == Action::last || action == Action::save || action == Action::copy || action == Action::diff ||
         action == Action::log;
}

base::Result<void> LookBack::execute(Action action, std::string_view arguments) {
  if (action == Action::save) return save(arguments);
  if (action == Action::copy) return copy(arguments);
  if (action == Action::diff) return diff(arguments);
  if (action == Action::log) return log(arguments);
  return last(arguments);
}

base::Result<void> LookBack::show(const std::string& lines) {
  const auto screen = host_.screen();
  if (screen && !report::fits(lines, screen->rows, screen->columns)) return host_.page(lines);
  host_.say(lines);
  return {};
}

base::Result<void> LookBack::show_handshake() {
  const link::Use use = connections_.use();
  const bool one = use.kind == link::Use::Kind::one;
  const std::string lines = journal_.describe_handshake(one ? std::optional(use.connection) : std::nullopt);
  if (lines.empty()) return not_now("there was none");
  return show(lines);
}

base::Result<void> LookBack::last(std::string_view arguments) {
  const std::string_view first = take_word(arguments);
  if (!first.empty() && !first.starts_with('#')) {
    const auto count = parse_number(first);
    if (!count || *count == 0 || !arguments.empty()) return base::usage_error("wants a number, or # and one");
    return list(
        *count, [](const report::Entry&) { return true; }, "nothing was said");
  }
  const auto view = view_of(arguments);
  if (!view) return base::usage_error("shows hex, json or raw");
  const auto entry = find_entry(journal_.transcript(), first);
  if (!entry) return entry.error();
  const auto lines = report::entry_text(**entry, *view);
  if (!lines) return lines.error();
  return show(*lines);
}

base::Result<void> LookBack::search(const talk::Match& match) {
  const auto matches = [&match](const report::Entry& entry) { return match.matches(entry.message()); };
  return list(UINT64_MAX, matches, "nothing matches");
}

base::Result<void> LookBack::list(std::uint64_t count, const IsWanted& is_wanted, std::string_view if_none) {
  const link::Use use = connections_.use();
  const auto is_meant = [&](const report::Entry& entry) {
    return (use.kind == link::Use::Kind::none || use.means(entry.connection)) && is_wanted(entry);
  };
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(count, SIZE_MAX));
  const auto entries = journal_.transcript().latest(most, is_meant);
  if (entries.empty()) return not_now(std::string(if_none));
  const auto screen = host_.screen();
  const auto columns = screen ? std::optional<std::size_t>(screen->columns) : std::nullopt;
  const bool several = use.kind != link::Use::Kind::one;
  std::string lines;
  for (const report::Entry* entry : entries) lines += report::entry_line(*entry, several, columns);
  return show(lines);
}

base::Result<void> LookBack::save(std::string_view arguments) {
  if (arguments.empty()) return base::usage_error("wants a file");
  const auto entry = find_entry(journal_.transcript(), "");
  if (!entry) return entry.error();
  if (auto whole = expect_whole(**entry); !whole) return whole;
  const std::string path = expand_home(arguments);
  if (auto written = net::write_regular_file(path, (*entry)->payload); !written) return written;
  host_.say(fmt::format("{} in {}\n", view::counted((*entry)->size, "byte"), view::escape(path)));
  return {};
}

base::Result<void> LookBack::copy(std::string_view arguments) {
  const auto entry = find_entry(journal_.transcript(), arguments);
  if (!entry) return entry.error();
  if ((*entry)->size > most_copied) {
    return not_now(fmt::format("#{} has {}: terminals take up to 74 KiB", (*entry)->number,
                               view::counted((*entry)->size, "byte")));
  }
  if (auto copied = host_.copy((*entry)->payload); !copied) return copied;
  host_.say(fmt::format("#{}: {} for the clipboard\n", (*entry)->number, view::counted((*entry)->size, "byte")));
  return {};
}

base::Result<void> LookBack::diff(std::string_view arguments) {
  const std::string_view words[] = {take_word(arguments), take_word(arguments)};
  if (words[1].empty() || !arguments.empty()) return base::usage_error("wants the numbers of two entries");
  const auto from = find_entry(journal_.transcript(), words[0]);
  if (!from) return from.error();
  const auto to = find_entry(journal_.transcript(), words[1]);
  if (!to) return to.error();
  for (const report::Entry* entry : {*from, *to}) {
    if (auto whole = expect_whole(*entry); !whole) return whole;
  }
  const std::string lines = report::entry_diff(**from, **to);
  if (!lines.empty()) return show(lines);
  host_.say(fmt::format("#{} and #{} are the same\n", (*from)->number, (*to)->number));
  return {};
}

base::Result<void> LookBack::log(std::string_view arguments) {
  if (arguments.empty()) return base::usage_error("wants a file, or off");
  if (arguments == "off") {
    const std::string path = journal_.stop_recording();
    if (path.empty()) return not_now("there is no recording");
    host_.say(fmt::format("no more in {}\n", view::escape(path)));
    return {};
  }
  const std::string path = expand_home(arguments);
  const auto written = journal_.record(path, connections_.use());
  if (!written) return written.error();
  host_.say(fmt::format("{} in {}, and what comes\n", *written == 1 ? "1 entry" : fmt::format("{} entries", *written),
                        view::escape(path)));
  return {};
}

}  // namespace wscope::repl
