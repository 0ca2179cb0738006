// What must hold for any bytes that are read as the head of a message.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>

#include "base/bytes.h"
#include "http/head_parser.h"
#include "http/head_writer.h"
#include "require.h"

namespace wscope::fuzz {

/// Some bytes, and the same cut in two.
struct SplitInput {
  /// The first two bytes of `data` say where the rest is cut.
  SplitInput(const std::uint8_t* data, std::size_t size)
      : SplitInput(
            size < 2 ? 0 : data[0] * 256U + data[1],
            base::Bytes(reinterpret_cast<const std::byte*>(data), size).subspan(std::min<std::size_t>(size, 2))) {}

  SplitInput(std::size_t place, base::Bytes bytes)
      : cut(place), all(bytes), front(bytes.first(std::min(place, bytes.size()))), back(bytes.subspan(front.size())) {}

  std::size_t cut;
  base::Bytes all;
  base::Bytes front;
  base::Bytes back;
};

/// What a parser made of its input. Where it failed inside the input is not part of it.
template <typename Head>
struct HeadOutcome {
  http::HeadParser::Progress progress = http::HeadParser::Progress::need_more;
  http::HeadError::Code code{};
  std::string detail{};
  std::optional<Head> head{};
  std::size_t left = 0;  ///< bytes behind the head

  bool operator==(const HeadOutcome&) const = default;
};

/// Reads a head of the kind that `take` is for.
template <typename Head>
HeadOutcome<Head> parse_head(http::HeadParser parser, Head (http::HeadParser::*take)(),
                             std::initializer_list<base::Bytes> pieces) {
  HeadOutcome<Head> outcome;
  for (base::Bytes in : pieces) {
    if (outcome.progress != http::HeadParser::Progress::done) outcome.progress = parser.receive(in);
    if (outcome.progress == http::HeadParser::Progress::done) outcome.left += in.size();
  }
  outcome.code = parser.error().code;
  outcome.detail = parser.error().detail;
  if (outcome.progress == http::HeadParser::Progress::done) outcome.head = (parser.*take)();
  return outcome;
}

/// Whole or split comes to the same, and a head that was read is read again from what is written of it.
template <typename Head>
HeadOutcome<Head> check_head(const http::HeadParser& parser, Head (http::HeadParser::*take)(),
                             const SplitInput& input) {
  const auto whole = parse_head(parser, take, {input.all});
  require(whole == parse_head(parser, take, {input.front, input.back}));
  require((whole.progress == http::HeadParser::Progress::failed) == !whole.detail.empty());
  if (!whole.head) return whole;
  const auto written = http::write_head(*whole.head);
  require(written.ok());
  http::HeadLimits roomy;
  roomy.head_bytes *= 2;  // a value without white space before it is written with some
  const auto kind =
      std::is_same_v<Head, http::RequestHead> ? http::HeadParser::Kind::request : http::HeadParser::Kind::response;
  const auto again = parse_head(http::HeadParser(kind, roomy), take, {base::as_bytes(*written)});
  require(again.head == whole.head && again.left == 0);
  return whole;
}

}  // namespace wscope::fuzz
