#include "term/key_reader.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "term/characters.h"

namespace wscope::term {
namespace {

using Name = Key::Name;

constexpr char escape = '\x1b';
constexpr std::string_view paste_begin = "\x1b[200~";
constexpr std::string_view paste_end = "\x1b[201~";

// A key and how many bytes it took; 0 bytes if they are not all there.
struct Parsed {
  std::size_t size = 0;
  Key key{};
};

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
// Of a CSI sequence, before its last byte.
constexpr bool is_within(char c) noexcept { return c >= 0x20 && c < 0x40; }
constexpr bool is_last(char c) noexcept { return c >= 0x40 && c < 0x7f; }

Key control_key(char c) {
  switch (c) {
    case '\r':
      return {.name = Name::enter};
    case '\t':
      return {.name = Name::tab};
    case '\b':
    case '\x7f':
      return {.name = Name::backspace};
    case escape:
      return {.name = Name::escape};
    default:
      break;
  }
  const char letter = static_cast<char>(c + '@');
  return {.name = Name::character,
          .control = true,
          .text = std::string(1, letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 0x20) : letter)};
}

// One code point as it is.
Parsed parse_raw(std::string_view text) {
  base::Utf8Validator validator;
  for (std::size_t size = 1; size <= text.size(); ++size) {
    if (!validator.receive(base::as_bytes(text.substr(size - 1, 1)))) break;
    if (validator.complete()) return {size, {.name = Name::character, .text = std::string(text.substr(0, size))}};
    if (size == text.size()) return {};
  }
  return {1, {.name = Name::invalid, .text = std::string(text.substr(0, 1))}};
}

Parsed parse_character(std::string_view text) {
  const char c = text.front();
  if ((c >= 0 && c < 0x20) || c == 0x7f) return {1, control_key(c)};
  return parse_raw(text);
}

// What is between the beginning of a sequence and its last byte, as numbers; 0 where there is none.
struct Numbers {
  unsigned values[3] = {};
  std::size_t count = 0;
  bool plain = true;  // nothing but digits and semicolons
};

Numbers parse_numbers(std::string_view text) noexcept {
  Numbers numbers;
  numbers.count = text.empty() ? 0 : 1;
  for (const char c : text) {
    if (c == ';') {
      ++numbers.count;
    } else if (!is_digit(c)) {
      numbers.plain = false;
    } else if (numbers.count <= std::size(numbers.values)) {
      unsigned& value = numbers.values[numbers.count - 1];
      value = std::min(value * 10 + static_cast<unsigned>(c - '0'), 0x11'0000U);
    }
  }
  return numbers;
}

// xterm's: one more than the sum of 1 for Shift, which we do not care for, 2 for Alt, 4 for Control, 8 for Meta.
void add_modifiers(unsigned number, Key& key) noexcept {
  if (number == 0 || number > 16) return;
  const unsigned bits = number - 1;
  key.alt = key.alt || (bits & 10U) != 0;
  key.control = key.control || (bits & 4U) != 0;
}

Name numbered_key(unsigned number) noexcept {
  switch (number) {
    case 1:
    case 7:
      return Name::home;
    case 2:
      return Name::insert;
    case 3:
      return Name::del;
    case 4:
    case 8:
      return Name::end;
    case 5:
      return Name::page_up;
    case 6:
      return Name::page_down;
    case 200:
      return Name::paste;
    default:
      return Name::unknown;
  }
}

// F1 to F12 by their numbers, which have gaps; 0 for others.
unsigned function_number(unsigned number) noexcept {
  if (number >= 11 && number <= 15) return number - 10;
  if (number >= 17 && number <= 21) return number - 11;
  if (number == 23 || number == 24) return number - 12;
  return 0;
}

Key numbered(unsigned number) {
  const unsigned function = function_number(number);
  return function > 0 ? Key{.name = Name::function, .number = function} : Key{.name = numbered_key(number)};
}

// A character that came as its number, with modifiers apart.
Key spelled_out(unsigned code_point, unsigned modifiers) {
  Key key;
  const std::string text = encode(static_cast<char32_t>(code_point));
  if (code_point > 0 && code_point < 0x110000 && base::is_utf8(base::as_bytes(text))) key = parse_character(text).key;
  add_modifiers(modifiers, key);
  if (key.name != Name::character) return key;
  const bool is_capital = key.text.size() == 1 && key.text[0] >= 'A' && key.text[0] <= 'Z';
  if (is_capital && key.control) key.text[0] = static_cast<char>(key.text[0] + 0x20);
  return key;
}

Key lettered(char last) {
  switch (last) {
    case 'A':
    case 'a':  // rxvt: with a modifier, as the next ones
      return {.name = Name::up};
    case 'B':
    case 'b':
      return {.name = Name::down};
    case 'C':
    case 'c':
      return {.name = Name::right};
    case 'D':
    case 'd':
      return {.name = Name::left};
    case 'F':
      return {.name = Name::end};
    case 'H':
      return {.name = Name::home};
    case 'Z':
      return {.name = Name::tab};
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
      return {.name = Name::function, .number = static_cast<unsigned>(last - 'P') + 1};
    default:
      return {};
  }
}

Key csi_key(std::string_view inside, char last) {
  const Numbers numbers = parse_numbers(inside);
  if (!numbers.plain) return {};
  const auto& values = numbers.values;
  if (last == 'R' && numbers.count == 2) {
    return {.name = Name::cursor_report, .row = values[0], .column = values[1]};
  }
  if (last == 'u') return spelled_out(values[0], values[1]);
  if (last == '~' && values[0] == 27 && numbers.count == 3) return spelled_out(values[2], values[1]);
  const bool is_rxvt = last == '^' || last == '$' || last == '@';
  Key key = last == '~' || is_rxvt ? numbered(values[0]) : lettered(last);
  if (key.name == Name::unknown || key.name == Name::paste) return key;
  key.control = last == '^' || last == '@';
  add_modifiers(values[1], key);
  return key;
}

Key ss3_key(std::string_view inside, char last) {
  constexpr std::string_view keypad = "*+,-./0123456789";
  if (last == 'M') return {.name = Name::enter};
  if (last >= 'j' && last <= 'y')
    return {.name = Name::character, .text = std::string(1, keypad[static_cast<std::size_t>(last - 'j')])};
  Key key = lettered(last);
  key.control = last >= 'a' && last <= 'd';  // rxvt
  const Numbers numbers = parse_numbers(inside);
  add_modifiers(numbers.values[numbers.count > 1 ? 1 : 0], key);
  return key;
}

// "ESC [" or "ESC O" and on. Bytes that cannot be in a sequence end it.
Parsed parse_csi(std::string_view text) {
  const bool is_ss3 = text[1] == 'O';
  if (text.size() > 2 && text[2] == '[' && !is_ss3) {  // F1 to F5 of the Linux console
    if (text.size() == 3) return {};
    const bool is_function = text[3] >= 'A' && text[3] <= 'E';
    if (is_function) return {4, {.name = Name::function, .number = static_cast<unsigned>(text[3] - 'A') + 1}};
    return {3, {}};
  }
  std::size_t end = 2;
  while (end < text.size() && is_within(text[end])) {
    const bool is_rxvt = text[end] == '$' && end > 2 && std::all_of(text.begin() + 2, text.begin() + end, is_digit);
    if (is_rxvt) return {end + 1, csi_key(text.substr(2, end - 2), '$')};
    ++end;
  }
  if (end == text.size()) return {};
  if (!is_last(text[end])) return {end, {}};
  const std::string_view inside = text.substr(2, end - 2);
  return {end + 1, is_ss3 ? ss3_key(inside, text[end]) : csi_key(inside, text[end])};
}

// What begins with ESC.
Parsed parse_sequence(std::string_view text) {
  if (text.size() < 2) return {};
  if (text[1] == '[' || text[1] == 'O') return parse_csi(text);
  Parsed parsed;
  if (text[1] == escape) {
    if (text.size() < 3) return {};
    if (text[2] != '[' && text[2] != 'O') return {1, {.name = Name::escape}};
    parsed = parse_csi(text.substr(1));
  } else {
    parsed = parse_character(text.substr(1));
    if (parsed.key.name == Name::invalid) return {1, {.name = Name::escape}};
  }
  if (parsed.size == 0) return {};
  const bool can_have_alt = parsed.key.name != Name::unknown && parsed.key.name != Name::cursor_report;
  parsed.key.alt = parsed.key.alt || (can_have_alt && parsed.key.name != Name::paste);
  return {parsed.size + 1, std::move(parsed.key)};
}

// The beginning of a sequence after which nothing came.
Parsed parse_cut_off(std::string_view text) {
  const bool is_alt = text.size() == 2 && (text[1] == '[' || text[1] == 'O');
  if (is_alt) return {2, {.name = Name::character, .alt = true, .text = std::string(1, text[1])}};
  const bool is_sequence = text.size() > 2 && (text[1] == '[' || text[1] == 'O');
  return is_sequence ? Parsed{text.size(), {}} : Parsed{1, {.name = Name::escape}};
}

}  // namespace

void KeyReader::receive(base::Bytes bytes, base::TimePoint now) {
  advance(now);
  input_.erase(0, begin_);
  settled_ -= std::min(settled_, begin_);
  begin_ = 0;
  input_ += base::as_text(bytes);
  received_ = now;
}

void KeyReader::advance(base::TimePoint now) {
  if (now - received_ >= escape_wait) settled_ = input_.size();
}

std::optional<base::TimePoint> KeyReader::deadline() const noexcept {
  if (pastes_ || rest().empty() || settled_ == input_.size()) return std::nullopt;
  return received_ + escape_wait;
}

std::optional<Key> KeyReader::next_key() {
  if (drops_) drop_sequence();
  if (pastes_) return read_paste();
  if (rest().empty()) return std::nullopt;
  if (quotes_) return read_quoted();
  if (rest().front() == escape) return read_sequence();
  Parsed parsed = parse_character(rest());
  if (parsed.size == 0) return std::nullopt;
  begin_ += parsed.size;
  return std::move(parsed.key);
}

// Nobody types a paste: the ESC that begins one is not what was to be quoted.
std::optional<Key> KeyReader::read_quoted() {
  if (next_sequence().starts_with(paste_begin)) {
    quotes_ = false;
    return read_sequence();
  }
  if (settled_ <= begin_ && paste_begin.starts_with(rest())) return std::nullopt;
  Parsed parsed = parse_raw(rest());
  if (parsed.size == 0) return std::nullopt;
  begin_ += parsed.size;
  quotes_ = false;
  return std::move(parsed.key);
}

std::string_view KeyReader::next_sequence() const noexcept {
  return settled_ > begin_ ? rest().substr(0, settled_ - begin_) : rest();
}

std::optional<Key> KeyReader::read_sequence() {
  const bool is_settled = settled_ > begin_;
  const std::string_view whole = next_sequence();
  Parsed parsed = parse_sequence(whole.substr(0, longest_sequence));
  if (parsed.size == 0 && whole.size() >= longest_sequence) {
    drops_ = true;
    parsed.size = longest_sequence;
  } else if (parsed.size == 0) {
    if (!is_settled) return std::nullopt;
    parsed = parse_cut_off(whole);
  }
  begin_ += parsed.size;
  if (parsed.key.name != Name::paste) return std::move(parsed.key);
  pastes_ = true;
  return read_paste();
}

void KeyReader::drop_sequence() noexcept {
  while (begin_ < input_.size() && is_within(input_[begin_])) ++begin_;
  if (begin_ == input_.size()) return;
  drops_ = false;
  if (is_last(input_[begin_])) ++begin_;
}

std::optional<Key> KeyReader::read_paste() {
  const std::size_t end = rest().find(paste_end);
  if (end != std::string_view::npos) {
    add_to_paste(rest().substr(0, end));
    begin_ += end + paste_end.size();
    pastes_ = after_cr_ = false;
    if (paste_.ends_with('\n')) paste_.pop_back();  // of its last line, which whoever copied it did not mean
    return Key{.name = Name::paste, .text = std::exchange(paste_, {})};
  }
  std::size_t kept = std::min(rest().size(), paste_end.size() - 1);  // perhaps the beginning of its end
  while (!paste_end.starts_with(rest().substr(rest().size() - kept))) --kept;
  const std::size_t taken = rest().size() - kept;
  add_to_paste(rest().substr(0, taken));
  begin_ += taken;
  return std::nullopt;
}

void KeyReader::add_to_paste(std::string_view text) {
  for (const char c : text) {
    const bool is_second = c == '\n' && after_cr_;
    after_cr_ = c == '\r';
    if (!is_second && paste_.size() < longest_paste) paste_ += after_cr_ ? '\n' : c;
  }
}

void KeyReader::quote_next() noexcept { quotes_ = true; }

void KeyReader::reset() noexcept {
  input_.clear();
  paste_.clear();
  begin_ = settled_ = 0;
  quotes_ = drops_ = pastes_ = after_cr_ = false;
}

}  // namespace wscope::term
