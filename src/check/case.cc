#include "check/case.h"

#include <algorithm>

#include "check/client_rows.h"
#include "check/close_rows.h"
#include "check/extension_rows.h"
#include "check/frame_rows.h"
#include "check/handshake_rows.h"
#include "check/limit_rows.h"
#include "check/other_rows.h"

namespace wscope::check {
namespace {

constexpr Group groups[] = {
    {"hs", "Opening handshake, RFC 6455 4.2", handshake_rows},
    {"sub", "Subprotocols, RFC 6455 4.2.2", subprotocol_rows},
    {"ext", "Extensions, RFC 6455 9.1", extension_rows},
    {"pmd", "permessage-deflate, negotiation, RFC 7692 7.1", deflate_offer_rows},
    {"frame", "Frames, RFC 6455 5.2", frame_rows},
    {"frag", "Fragmentation, RFC 6455 5.4", fragment_rows},
    {"ctl", "Control frames, RFC 6455 5.5", control_rows},
    {"utf8", "Text, RFC 6455 8.1", text_rows},
    {"close", "Closing, RFC 6455 7", close_rows},
    {"pmdx", "permessage-deflate, data, RFC 7692 7.2", deflate_data_rows},
    {"limit", "Limits, measured", limit_rows},
    {"net", "Habits, measured", habit_rows},
    {"tls", "TLS", tls_rows},
    {"sec", "What an attacker tries first", security_rows},
    {"h2", "Over HTTP/2, RFC 8441", http2_rows},
    {"c", "Opening handshake of a client, RFC 6455 4.1", client_rows},
    {"inv", "In all that it sent", invariant_rows},
};

// The next part of a list, which is taken off.
std::string_view take_part(std::string_view& list, char separator) noexcept {
  const std::string_view part = list.substr(0, list.find(separator));
  list.remove_prefix(std::min(part.size() + 1, list.size()));
  return part;
}

std::string with(std::string_view text, char mark, std::string_view value) {
  std::string filled;
  for (const char c : text) {
    if (c == mark) {
      filled += value;
    } else {
      filled += c;
    }
  }
  return filled;
}

// In a list of values, which has bars between them, " ; " is between two steps.
std::string steps_of(std::string_view value) {
  std::string steps(value);
  for (std::size_t at = steps.find(" ; "); at != std::string::npos; at = steps.find(" ; ", at)) steps[at + 1] = '|';
  return steps;
}

void append_cases(const Group& group, const Row& row, std::vector<Case>& cases) {
  const std::size_t open = row.id.find('{');
  if (open == std::string_view::npos) {
    cases.push_back({&group, &row, std::string(row.id), std::string(row.program)});
    return;
  }
  const std::size_t shut = row.id.find('}', open);
  const std::string_view names = row.id.substr(open + 1, shut - open - 1);
  std::string_view left = names;
  std::string_view values = row.values;
  for (std::size_t count = 1 + static_cast<std::size_t>(std::count(names.begin(), names.end(), ',')); count > 0;
       --count) {
    const std::string_view name = take_part(left, ',');
    const std::string value = steps_of(row.values.empty() ? name : take_part(values, '|'));
    std::string id(row.id.substr(0, open));
    id += name;
    id += row.id.substr(shut + 1);
    cases.push_back({&group, &row, std::move(id), with(row.program, '$', value)});
  }
}

// "7692 7.2.1" is about 7692/7.2.1, and what has no number of an RFC about 6455; from a list, one after the other.
bool names_section(std::string_view list, std::string_view wanted) {
  std::string_view rfc = "6455";
  while (!list.empty()) {
    std::string_view part = take_part(list, ',');
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    const bool has_rfc = part.size() > 4 && part[4] == ' ' && part.find('.') > 4;
    if (has_rfc) rfc = take_part(part, ' ');
    const std::string full = std::string(rfc) + '/' + std::string(part.substr(0, part.find(' ')));
    const bool below = full.starts_with(wanted) &&
                       (full.size() == wanted.size() || full[wanted.size()] == '.' || full[wanted.size()] == '/');
    if (below) return true;
  }
  return false;
}

}  // namespace

std::string_view name_of(Level level) noexcept {
  return level == Level::must ? "MUST" : level == Level::should ? "SHOULD" : "info";
}

std::span<const Group> all_groups() noexcept { return groups; }

bool Case::has(char role) const noexcept {
  return row->marks.substr(0, row->marks.find(' ')).find(role) != std::string_view::npos;
}

bool Case::marked(char mark) const noexcept {
  return row->marks.find(mark, row->marks.find(' ') + 2) != std::string_view::npos;
}

Level Case::level() const noexcept {
  const char letter = row->marks[row->marks.find(' ') + 1];
  return letter == 'M' ? Level::must : letter == 'S' ? Level::should : Level::info;
}

std::vector<Case> cases_of(const Group& group) {
  std::vector<Case> cases;
  for (const Row& row : group.rows) append_cases(group, row, cases);
  return cases;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Group& group : groups) {
    for (const Row& row : group.rows) append_cases(group, row, cases);
  }
  return cases;
}

bool fits(std::string_view id, std::string_view pattern) noexcept {
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t star = std::string_view::npos;
  std::size_t after_star = 0;
  while (at < id.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      after_star = at;
    } else if (in_pattern < pattern.size() && (pattern[in_pattern] == '?' || pattern[in_pattern] == id[at])) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++after_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

bool is_about(const Case& one, std::string_view section) {
  const bool has_rfc = section.find('/') != std::string_view::npos || section.find('.') == std::string_view::npos;
  std::string wanted(has_rfc && section.size() >= 4 ? "" : "6455/");
  wanted += section;
  return names_section(one.row->section, wanted);
}

}  // namespace wscope::check
