#include "term/layout.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "term/cells.h"
#include "term/characters.h"

namespace wscope::term {
namespace {

constexpr std::size_t tab_width = 4;
// How far a glyph is looked at to see whether it has a width.
constexpr std::size_t sight = 64;
constexpr std::size_t longest_code_point = 4;

Glyph spelled(std::string_view source, std::string shown) {
  const auto width = static_cast<unsigned>(shown.size());
  return {.source = source, .shown = std::move(shown), .width = width, .spelled = true};
}

// Where two texts begin to differ; in blocks, because they may be long and mostly the same.
std::size_t first_difference(std::string_view a, std::string_view b) noexcept {
  constexpr std::size_t block = 4096;
  std::size_t same = 0;
  while (same + block <= std::min(a.size(), b.size()) && a.substr(same, block) == b.substr(same, block)) same += block;
  while (same < std::min(a.size(), b.size()) && a[same] == b[same]) ++same;
  return same;
}

}  // namespace

Glyph first_glyph(std::string_view text, unsigned columns) {
  const CodePoint point = first_code_point(text);
  if (point.value == '\t') return spelled(text.substr(0, 1), std::string(tab_width, ' '));
  if (point.value < 0x20 || point.value == 0x7f) {
    return spelled(text.substr(0, 1), {'^', static_cast<char>(point.value ^ 0x40U)});
  }
  const auto value = static_cast<std::uint32_t>(point.value);
  if (!point.valid) return spelled(text.substr(0, 1), fmt::format("\\x{:02x}", value));
  Cluster cluster = first_cluster(text.substr(0, sight));
  if (cluster.width == 0) return spelled(text.substr(0, point.length), fmt::format("\\u{{{:x}}}", value));
  if (cluster.bytes.size() + longest_code_point > sight) cluster = first_cluster(text);
  if (cluster.width > columns) return {.source = cluster.bytes, .shown = "?", .width = 1};
  return {cluster.bytes, std::string(cluster.bytes), cluster.width, cluster.agreed};
}

void Layout::set(std::string_view prompt, std::string_view text, unsigned columns) {
  const bool is_new = columns != columns_ || prompt.size() != prompt_size_ || !content_.starts_with(prompt);
  const std::size_t same =
      is_new ? 0 : prompt_size_ + first_difference(std::string_view(content_).substr(prompt_size_), text);
  if (!is_new && same == content_.size() && same == prompt.size() + text.size()) return;
  columns_ = columns;
  prompt_size_ = prompt.size();
  if (is_new) content_ = prompt;
  content_.resize(std::max(same, prompt_size_));
  content_.append(text.substr(content_.size() - prompt_size_));
  // Where a row begins may depend on the glyph there and on the one behind it, which may reach into what has changed.
  constexpr std::size_t reach = sight + longest_code_point;
  const auto depends = [&](std::size_t index) {
    return starts_[index].offset + reach > same || index + 2 >= starts_.size() || starts_[index + 2].offset > same;
  };
  std::size_t kept = starts_.size();
  while (kept > 0 && starts_[kept - 1].offset + reach > same) --kept;
  while (kept > 0 && depends(kept - 1)) --kept;
  starts_.resize(kept);
  if (starts_.empty()) starts_.emplace_back();
  complete_ = false;
}

Glyph Layout::glyph_at(std::size_t offset) const {
  const std::string_view all(content_);
  if (offset >= prompt_size_) {
    Glyph glyph = first_glyph(all.substr(offset), columns_);
    glyph.ends_row = all[offset] == '\n';
    return glyph;
  }
  const std::string_view prompt = all.substr(offset, prompt_size_ - offset);
  const std::size_t size = escape_sequence_size(prompt);
  if (size > 2 && prompt[size - 1] == 'm')
    return {.source = prompt.substr(0, size), .shown = std::string(prompt.substr(0, size))};
  return first_glyph(prompt, columns_);
}

// Puts a glyph on a row from its `shown`-th column on; how much of it there is room for.
unsigned Layout::put(const Glyph& glyph, unsigned shown, unsigned room, Row* row) {
  const unsigned most = glyph.spelled ? std::min(glyph.width - shown, room) : glyph.width;
  if (most > room || row == nullptr) return most > room ? 0 : most;
  if (!glyph.spelled) {
    row->cells.push_back({glyph.shown, glyph.width, glyph.agreed});
  } else {
    for (unsigned i = 0; i < most; ++i) row->cells.push_back({std::string(1, glyph.shown[shown + i])});
  }
  row->width += most;
  return most;
}

Layout::Laid Layout::lay(Start start, std::size_t end, Row* row) const {
  Laid laid;
  std::string colour;  // before the cell that is next
  for (laid.next = start;; laid.next = {laid.next.offset, 0}) {
    const std::size_t offset = laid.next.offset;
    const bool is_end = offset == content_.size();
    const Glyph glyph = is_end ? Glyph{} : glyph_at(offset);
    if (offset >= end || (!is_end && offset + glyph.source.size() > end)) return laid;
    const bool takes_room = is_end || glyph.ends_row || glyph.width > 0;
    if (takes_room && laid.width == columns_) {
      laid.wraps = laid.has_next = true;
      return laid;
    }
    if (is_end || glyph.ends_row) {
      laid.has_next = !is_end;
      laid.next.offset += is_end ? 0 : 1;
      return laid;
    }
    if (glyph.width == 0) {
      if (row != nullptr) (row->cells.empty() ? colour : row->cells.back().shown) += glyph.shown;
      laid.next.offset += glyph.source.size();
      continue;
    }
    const unsigned size = put(glyph, laid.next.shown, columns_ - laid.width, row);
    laid.width += size;
    laid.next.shown += size;
    if (row != nullptr && !colour.empty()) row->cells.front().shown.insert(0, colour);
    colour.clear();
    if (laid.next.shown < glyph.width) {
      laid.wraps = laid.has_next = true;
      return laid;
    }
    laid.next.offset += glyph.source.size();
  }
}

void Layout::reach(std::size_t index) {
  while (!complete_ && starts_.size() <= index) {
    const Laid laid = lay(starts_.back(), std::string::npos, nullptr);
    complete_ = !laid.has_next;
    if (laid.has_next) starts_.push_back(laid.next);
  }
}

bool Layout::has_row(std::size_t index) {
  reach(index);
  return index < starts_.size();
}

Row Layout::row(std::size_t index) {
  reach(index);
  Row row;
  row.wraps = lay(starts_[index], std::string::npos, &row).wraps;
  return row;
}

Layout::Place Layout::place_of(std::size_t cursor) {
  const std::size_t offset = prompt_size_ + cursor;
  while (!complete_ && starts_.back().offset <= offset) reach(starts_.size());
  const auto after = std::partition_point(starts_.begin(), starts_.end(), [&](const Start& start) {
    return start.offset < offset || (start.offset == offset && start.shown == 0);
  });
  const auto found = after == starts_.begin() ? after : after - 1;
  const Laid laid = lay(*found, offset, nullptr);
  return {static_cast<std::size_t>(found - starts_.begin()), std::min(laid.width, columns_ - 1)};
}

}  // namespace wscope::term
