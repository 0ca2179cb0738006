#include "term/motions.h"

#include <algorithm>

#include "term/cells.h"
#include "term/characters.h"
#include "term/layout.h"

namespace wscope::term {
namespace {

bool is_continuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80; }

CharacterClass class_at(std::string_view text, std::size_t place) noexcept { return first_class(text.substr(place)); }

enum class Run : unsigned char { blank, word, other };

Run run_at(std::string_view text, std::size_t place, ViWord kind) noexcept {
  const CharacterClass found = class_at(text, place);
  if (found == CharacterClass::blank) return Run::blank;
  return kind == ViWord::big || found == CharacterClass::word || text[place] == '_' ? Run::word : Run::other;
}

// The columns that the cluster at `place` is shown in.
std::size_t columns_at(std::string_view text, std::size_t place) {
  std::string_view cluster = first_cluster(text.substr(place)).bytes;
  std::size_t columns = 0;
  while (!cluster.empty()) {
    const Glyph glyph = first_glyph(cluster, 2);
    columns += glyph.width;
    cluster.remove_prefix(glyph.source.size());
  }
  return columns;
}

template <typename Skips>
std::size_t skip_on(std::string_view text, std::size_t place, Skips&& skips) {
  while (place < text.size() && skips(place)) place = next_place(text, place);
  return place;
}

// Back over clusters, the one before the place each time.
template <typename Skips>
std::size_t skip_back(std::string_view text, std::size_t place, Skips&& skips) {
  while (place > 0) {
    const std::size_t before = previous_place(text, place);
    if (!skips(before)) break;
    place = before;
  }
  return place;
}

}  // namespace

std::size_t place_from(std::string_view text, std::size_t position) noexcept {
  if (position == 0 || position >= text.size()) return std::min(position, text.size());
  std::size_t whole = position;
  while (whole > 0 && position - whole < 3 && is_continuation(text[whole])) --whole;
  if (position - whole == 3 && is_continuation(text[whole])) return position;  // no code point has so many
  std::size_t place = whole == 0 ? 0 : previous_boundary(text.substr(0, whole), whole);
  while (place < position) place += first_cluster(text.substr(place)).bytes.size();
  return place;
}

std::size_t next_place(std::string_view text, std::size_t place) noexcept {
  return place >= text.size() ? text.size() : place + first_cluster(text.substr(place)).bytes.size();
}

std::size_t previous_place(std::string_view text, std::size_t place) noexcept {
  return place == 0 ? 0 : previous_boundary(text, place);
}

std::size_t line_begin(std::string_view text, std::size_t place) noexcept {
  const std::size_t end = place == 0 ? std::string_view::npos : text.rfind('\n', place - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

std::size_t line_end(std::string_view text, std::size_t place) noexcept {
  return std::min(text.find('\n', place), text.size());
}

std::size_t first_in_line(std::string_view text, std::size_t place) noexcept {
  const std::string_view line = text.substr(0, line_end(text, place));
  return skip_on(line, line_begin(text, place),
                 [&](std::size_t at) { return class_at(line, at) == CharacterClass::blank; });
}

std::size_t column_of(std::string_view text, std::size_t place) {
  std::size_t columns = 0;
  for (std::size_t at = line_begin(text, place); at < place; at = next_place(text, at)) columns += columns_at(text, at);
  return columns;
}

std::size_t at_column(std::string_view text, std::size_t place, std::size_t column) {
  const std::size_t end = line_end(text, place);
  std::size_t at = line_begin(text, place);
  for (std::size_t columns = 0; at < end; at = next_place(text, at)) {
    columns += columns_at(text, at);
    if (columns > column) break;
  }
  return at;
}

std::size_t word_end(std::string_view text, std::size_t place) noexcept {
  place = skip_on(text, place, [&](std::size_t at) { return class_at(text, at) != CharacterClass::word; });
  return skip_on(text, place, [&](std::size_t at) { return class_at(text, at) == CharacterClass::word; });
}

std::size_t word_begin(std::string_view text, std::size_t place) noexcept {
  place = skip_back(text, place, [&](std::size_t at) { return class_at(text, at) != CharacterClass::word; });
  return skip_back(text, place, [&](std::size_t at) { return class_at(text, at) == CharacterClass::word; });
}

std::size_t blank_word_begin(std::string_view text, std::size_t place) noexcept {
  place = skip_back(text, place, [&](std::size_t at) { return class_at(text, at) == CharacterClass::blank; });
  return skip_back(text, place, [&](std::size_t at) { return class_at(text, at) != CharacterClass::blank; });
}

std::size_t vi_run_end(std::string_view text, std::size_t place, ViWord kind) noexcept {
  if (place >= text.size()) return place;
  const Run run = run_at(text, place, kind);
  return skip_on(text, place, [&](std::size_t at) { return run_at(text, at, kind) == run; });
}

std::size_t vi_next_word(std::string_view text, std::size_t place, ViWord kind) noexcept {
  if (place < text.size() && run_at(text, place, kind) != Run::blank) place = vi_run_end(text, place, kind);
  return skip_on(text, place, [&](std::size_t at) { return run_at(text, at, kind) == Run::blank; });
}

std::size_t vi_previous_word(std::string_view text, std::size_t place, ViWord kind) noexcept {
  place = skip_back(text, place, [&](std::size_t at) { return run_at(text, at, kind) == Run::blank; });
  if (place == 0) return 0;
  const Run run = run_at(text, previous_place(text, place), kind);
  return skip_back(text, place, [&](std::size_t at) { return run_at(text, at, kind) == run; });
}

std::size_t vi_word_last(std::string_view text, std::size_t place, ViWord kind) noexcept {
  place = skip_on(text, next_place(text, place), [&](std::size_t at) { return run_at(text, at, kind) == Run::blank; });
  return previous_place(text, vi_run_end(text, place, kind));
}

std::optional<std::size_t> find_on(std::string_view text, std::size_t place, std::string_view wanted, int times) {
  const std::string_view line = text.substr(0, line_end(text, place));
  for (std::size_t at = next_place(line, place); at < line.size();) {
    const std::size_t next = next_place(line, at);
    if (line.substr(at, next - at) == wanted && --times <= 0) return at;
    at = next;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_back(std::string_view text, std::size_t place, std::string_view wanted, int times) {
  const std::size_t begin = line_begin(text, place);
  while (place > begin) {
    const std::size_t at = previous_place(text, place);
    if (text.substr(at, place - at) == wanted && --times <= 0) return at;
    place = at;
  }
  return std::nullopt;
}

std::optional<std::size_t> matching_bracket(std::string_view text, std::size_t place) noexcept {
  constexpr std::string_view brackets = "()[]{}";
  const std::size_t at = text.find_first_of(brackets, place);
  if (at >= line_end(text, place)) return std::nullopt;
  const std::size_t kind = brackets.find(text[at]);
  const bool opens = kind % 2 == 0;
  const char partner = brackets[opens ? kind + 1 : kind - 1];
  std::size_t depth = 0;
  // Brackets are ASCII: bytes will do.
  for (std::size_t i = at; i < text.size(); i = opens ? i + 1 : i - 1) {
    if (text[i] == text[at]) ++depth;
    if (text[i] == partner && --depth == 0) return i;
    if (!opens && i == 0) break;
  }
  return std::nullopt;
}

}  // namespace wscope::term
