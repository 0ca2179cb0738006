#include "decode/input_form.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "decode/base64_form.h"
#include "decode/capture_form.h"
#include "decode/har_form.h"
#include "decode/hex_form.h"
#include "decode/json_form.h"
#include "decode/raw_form.h"

namespace wscope::decode {
namespace {

bool is_text(std::string_view begin) {
  base::Utf8Validator validator;
  return validator.receive(base::as_bytes(begin)) && std::all_of(begin.begin(), begin.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f' || (byte >= 0x20 && byte != 0x7f);
         });
}

// Whether the beginning of a text has bytes in that form, or what is wrong with it.
base::Result<bool> try_form(InputKind kind, base::Bytes begin) {
  std::string nobody_reads;
  Report report({.counts = true}, nobody_reads);
  const std::unique_ptr<InputForm> form = make_form(kind, report);
  auto received = form->receive(begin);
  if (received && begin.size() < looked_at) received = form->receive_eof();
  if (!received) return std::move(received).error();
  report.finish();
  return report.frames() + report.heads() + report.incomplete() > 0;
}

// An object whose first member is the log.
bool is_har(std::string_view begin) noexcept {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  const auto skip_space = [&begin] { begin.remove_prefix(std::min(begin.find_first_not_of(" \t\r\n"), begin.size())); };
  if (begin.starts_with(mark)) begin.remove_prefix(mark.size());
  skip_space();
  if (!begin.starts_with('{')) return false;
  begin.remove_prefix(1);
  skip_space();
  return begin.starts_with("\"log\"");
}

}  // namespace

std::unique_ptr<InputForm> make_form(InputKind kind, Report& report, const DecodePlan& plan) {
  if (kind == InputKind::pcap) {
    return std::make_unique<CaptureForm>(report, capture::Selection{plan.port, plan.stream});
  }
  if (kind == InputKind::har) return std::make_unique<HarForm>(report, plan.stream);
  if (kind == InputKind::hex) return std::make_unique<HexForm>(report);
  if (kind == InputKind::base64) return std::make_unique<Base64Form>(report);
  if (kind == InputKind::json) return std::make_unique<JsonForm>(report);
  return std::make_unique<RawForm>(report);
}

base::Result<InputKind> detect(base::Bytes begin) {
  if (capture::is_capture(begin)) return InputKind::pcap;
  if (is_har(base::as_text(begin))) return InputKind::har;
  const std::string_view text = base::as_text(begin);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || !is_text(text)) return InputKind::raw;
  if (text.starts_with("GET ") || text.starts_with("HTTP/1.") || text.starts_with("PRI * ")) return InputKind::raw;
  if (text[first] == '{') {
    const std::size_t second = text.find_first_not_of(" \t\r\n", first + 1);  // 0x81 behind that is C
    if (second != std::string_view::npos && (text[second] == '"' || text[second] == '}')) return InputKind::json;
  }
  auto as_hex = try_form(InputKind::hex, begin);
  if (as_hex && *as_hex) return InputKind::hex;
  if (try_form(InputKind::base64, begin)) return InputKind::base64;
  if (as_hex) return InputKind::hex;
  base::Error error = std::move(as_hex).error();
  error.message += "; nor is it base64, JSON or bytes";
  error.hint = "--from says what it is";
  return error;
}

}  // namespace wscope::decode
