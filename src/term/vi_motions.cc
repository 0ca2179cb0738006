#include "term/vi_motions.h"

#include <algorithm>

#include "term/motions.h"

namespace wscope::term {
namespace {

bool is_upper(char motion) noexcept { return motion >= 'A' && motion <= 'Z'; }

std::optional<ViMotion> find_from(char kind, std::string_view wanted, std::string_view text, std::size_t place,
                                  int times) {
  const bool back = is_upper(kind);
  const bool until = kind == 't' || kind == 'T';
  const auto found = back ? find_back(text, place, wanted, times) : find_on(text, place, wanted, times);
  if (!found || !until) return found ? std::optional(ViMotion{*found, !back}) : std::nullopt;
  return ViMotion{back ? next_place(text, *found) : previous_place(text, *found), !back};
}

std::size_t clamped(std::size_t place, std::string_view text, std::size_t from) noexcept {
  return std::clamp(place, line_begin(text, from), line_end(text, from));
}

std::size_t word_motion(char motion, std::string_view text, std::size_t place, int times) {
  const ViWord kind = is_upper(motion) ? ViWord::big : ViWord::word;
  return repeat(text, place, times, [&](std::string_view in, std::size_t from) {
    if (motion == 'w' || motion == 'W') return vi_next_word(in, from, kind);
    if (motion == 'b' || motion == 'B') return vi_previous_word(in, from, kind);
    return vi_word_last(in, from, kind);
  });
}

}  // namespace

bool ViMotions::finds(char motion) noexcept {
  return motion != 0 && std::string_view("fFtT").find(motion) != std::string_view::npos;
}

bool ViMotions::is_motion(char motion) noexcept {
  return motion != 0 && std::string_view("hl 0^$wWbBeE;,|%").find(motion) != std::string_view::npos;
}

std::optional<ViMotion> ViMotions::find(char motion, std::string_view wanted, std::string_view text, std::size_t place,
                                        Count count) {
  kind_ = motion;
  wanted_ = wanted;
  return find_from(kind_, wanted_, text, place, count.value);
}

std::optional<ViMotion> ViMotions::find_again(bool reversed, std::string_view text, std::size_t place,
                                              Count count) const {
  if (kind_ == 0) return std::nullopt;
  const auto kind = static_cast<char>(reversed ? kind_ ^ 0x20 : kind_);
  return find_from(kind, wanted_, text, place, count.value);
}

std::optional<ViMotion> ViMotions::go(char motion, std::string_view text, std::size_t place, Count count,
                                      bool for_operator) const {
  const std::size_t end = line_end(text, place);
  switch (motion) {
    case 'h':
      return ViMotion{clamped(repeat(text, place, count.value, previous_place), text, place)};
    case 'l':
    case ' ':
      return ViMotion{clamped(repeat(text, place, count.value, next_place), text, place)};
    case '0':
      return ViMotion{line_begin(text, place)};
    case '^':
      return ViMotion{first_in_line(text, place)};
    case '$':
      return ViMotion{end};
    case '|':
      return ViMotion{at_column(text, place, static_cast<std::size_t>(std::max(count.value, 1)) - 1)};
    case 'w':
    case 'W': {
      const std::size_t next = word_motion(motion, text, place, count.value);
      return ViMotion{for_operator && place < end ? std::min(next, end) : next};
    }
    case 'b':
    case 'B':
      return ViMotion{word_motion(motion, text, place, count.value)};
    case 'e':
    case 'E':
      return ViMotion{word_motion(motion, text, place, count.value), true};
    case ';':
    case ',':
      return find_again(motion == ',', text, place, count);
    case '%': {
      const auto bracket = matching_bracket(text, place);
      return bracket ? std::optional(ViMotion{*bracket, true}) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::optional<ViMotion> ViMotions::change_word(char motion, std::string_view text, std::size_t place, Count count) {
  const ViWord kind = motion == 'W' ? ViWord::big : ViWord::word;
  const std::size_t end = line_end(text, place);
  if (place == end) return std::nullopt;
  std::size_t run = vi_run_end(text, place, kind);
  for (int left = count.value - 1; left > 0 && run < text.size(); --left) {
    run = next_place(text, vi_word_last(text, previous_place(text, run), kind));
  }
  return ViMotion{std::min(run, end)};
}

}  // namespace wscope::term
