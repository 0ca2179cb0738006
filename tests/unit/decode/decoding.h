// Inputs, whole and in pieces, and what is printed of them.
#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "decode/input_form.h"
#include "decode/report.h"
#include "support/split.h"

namespace wscope::test {

/// What came of an input.
struct Decoded {
  std::string text{};   ///< that is printed
  std::string error{};  ///< of the input
  std::uint64_t frames = 0;
  std::uint64_t findings = 0;
  std::uint64_t incomplete = 0;
  std::string foreign{};
  bool lacks_agreement = false;
  std::vector<std::string> remarks{};  // for stderr

  bool operator==(const Decoded&) const = default;
};

inline Decoded decode_pieces(decode::InputKind kind, Pieces pieces, const decode::Report::Options& options,
                             const decode::DecodePlan& plan) {
  Decoded decoded;
  decode::Report report(options, decoded.text);
  const std::unique_ptr<decode::InputForm> form = decode::make_form(kind, report, plan);
  base::Result<void> result;
  for (const base::MutableBytes piece : pieces) {
    if (result) result = form->receive(piece);
  }
  if (result) result = form->receive_eof();
  if (!result) decoded.error = result.error().message;
  report.finish();
  decoded.frames = report.frames();
  decoded.findings = report.findings();
  decoded.incomplete = report.incomplete();
  if (report.foreign()) decoded.foreign = report.foreign()->what;
  decoded.lacks_agreement = report.lacks_agreement();
  decoded.remarks = report.remarks();
  return decoded;
}

/// The same in every split, which must not matter.
inline Decoded decode(decode::InputKind kind, std::string_view input, const decode::Report::Options& options = {},
                      const decode::DecodePlan& plan = {}) {
  Decoded whole;
  for_each_split(base::as_bytes(input), [&](Pieces pieces, const std::string& name) {
    Decoded decoded = decode_pieces(kind, pieces, options, plan);
    if (name == "whole")
      whole = std::move(decoded);
    else if (decoded != whole) {
      CAPTURE(name);
      CHECK(decoded.text == whole.text);
      CHECK(decoded.error == whole.error);
      CHECK(decoded.findings == whole.findings);
      CHECK(decoded.frames == whole.frames);
    }
  });
  return whole;
}

inline std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

}  // namespace wscope::test
