#include "ws/message_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "support/split.h"
#include "unit/ws/bytes.h"
#include "unit/ws/custom_extensions.h"
#include "unit/ws/reading.h"
#include "ws/deflate.h"

using namespace wscope;
using namespace wscope::ws;
using wscope::test::for_each_split;
using wscope::test::frame;
using wscope::test::masked_frame;
using wscope::test::Pieces;
using wscope::test::Reading;
using wscope::test::with_split;

namespace {

using namespace std::literals;

using Kind = MessageReader::Item::Kind;
using Delivery = MessageReader::Delivery;

Limits message_limit(std::uint64_t bytes) {
  Limits limits;
  limits.message = bytes;
  return limits;
}

constexpr Delivery streaming{0, false};

void check_violation(std::string_view input, Violation expected, const Limits& limits = {}, Delivery delivery = {}) {
  for_each_split(input, [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Reading reading(Role::client, limits, delivery);
    reading.receive(pieces);
    CHECK(reading.violation == expected);
  });
}

std::size_t count_finished_frames(const Reading& reading) {
  return static_cast<std::size_t>(std::count_if(reading.pieces.begin(), reading.pieces.end(),
                                                [](const test::ReadPiece& piece) { return piece.frame_finished; }));
}

}  // namespace

TEST_CASE("whole messages and control frames are read from both roles, however they arrive") {
  const std::string from_server = frame(0x81, "Hello") + frame(0x89, "") + frame(0x02, "a") + frame(0x8a, "pong") +
                                  frame(0x00, "") + frame(0x88, "\x03\xe8") + frame(0x80, "b") + frame(0x81, "");
  const std::string from_client = masked_frame(0x81, "Hello") + masked_frame(0x89, "") + masked_frame(0x02, "a") +
                                  masked_frame(0x8a, "pong") + masked_frame(0x00, "") + masked_frame(0x88, "\x03\xe8") +
                                  masked_frame(0x80, "b") + masked_frame(0x81, "");
  for (const Role role : {Role::client, Role::server}) {
    for_each_split(role == Role::client ? from_server : from_client, [&](Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Reading reading(role);
      reading.receive(pieces);
      CHECK_FALSE(reading.violation.has_value());
      CHECK(reading.messages == std::vector{"text Hello"s, "binary ab"s, "text "s});
      CHECK(reading.controls == std::vector{"ping "s, "pong pong"s, "close \x03\xe8"s});
      CHECK(reading.pieces.size() == 3);
    });
  }
}

TEST_CASE("control frames between fragments may be cut at every byte") {
  const std::string input = masked_frame(0x01, "Hel") + masked_frame(0x89, "0123456789") + masked_frame(0x00, "l") +
                            masked_frame(0x8a, std::string(125, 'p')) + masked_frame(0x80, "o");
  for (std::size_t first = 0; first <= input.size(); ++first) {
    for (const std::size_t second : {first, first + 1, first + 5}) {
      if (second > input.size()) continue;
      with_split(base::as_bytes(input), std::vector{first, second}, [&](Pieces pieces) {
        CAPTURE(first);
        Reading reading(Role::server);
        reading.receive(pieces);
        REQUIRE(reading.messages == std::vector{"text Hello"s});
        REQUIRE(reading.controls == std::vector{"ping 0123456789"s, "pong " + std::string(125, 'p')});
      });
    }
  }
}

TEST_CASE("without gathering, pieces come as the bytes do") {
  Reading reading(Role::client, {}, streaming);
  const std::string input = frame(0x02, "abcdef") + frame(0x80, "gh");
  reading.receive(input.substr(0, 2));
  CHECK(reading.pieces.empty());
  reading.receive(input.substr(2, 3)).receive("").receive(input.substr(5));
  REQUIRE(reading.pieces.size() == 3);
  CHECK(reading.pieces[0].data == "abc");
  CHECK_FALSE(reading.pieces[0].frame_finished);
  CHECK(reading.pieces[1].data == "def");
  CHECK(reading.pieces[1].frame_finished);
  CHECK_FALSE(reading.pieces[1].finished);
  CHECK(reading.pieces[2].data == "gh");
  CHECK(reading.pieces[2].frame_finished);
  CHECK(reading.pieces[2].finished);
}

TEST_CASE("without gathering, empty fragments are pieces") {
  Reading reading(Role::client, {}, streaming);
  reading.receive(frame(0x01, "") + frame(0x00, "") + frame(0x80, ""));
  CHECK(reading.pieces.size() == 3);
  CHECK(count_finished_frames(reading) == 3);
  CHECK(reading.messages == std::vector{"text "s});
}

TEST_CASE("messages of up to whole_up_to bytes come in one piece, longer ones as they arrive") {
  constexpr Delivery delivery{5, false};
  const std::string short_message = frame(0x02, "abc") + frame(0x80, "de");
  const std::string long_message = frame(0x02, "abc") + frame(0x80, "def");
  for_each_split(short_message + long_message + short_message, [&](Pieces pieces, const std::string& name) {
    CAPTURE(name);
    Reading reading(Role::client, {}, delivery);
    reading.receive(pieces);
    CHECK(reading.messages == std::vector{"binary abcde"s, "binary abcdef"s, "binary abcde"s});
    REQUIRE(reading.pieces.size() >= 4);
    CHECK(reading.pieces.front().data == "abcde");
    CHECK(reading.pieces[1].data == "abc");
    CHECK(reading.pieces.back().data == "abcde");
  });
}

TEST_CASE("a frame that is known to be too long to gather is not waited for") {
  Reading reading(Role::client, {}, {5, false});
  const std::string input = frame(0x82, "abcdef");
  reading.receive(input.substr(0, 3));
  REQUIRE(reading.pieces.size() == 1);
  CHECK(reading.pieces[0].data == "a");
  reading.receive(input.substr(3));
  CHECK(reading.messages == std::vector{"binary abcdef"s});
}

TEST_CASE("held back pieces of text end between code points, wherever frames and reads are cut") {
  const std::string text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
  for (const std::uint64_t whole_up_to :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{7}, unlimited}) {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      for (std::size_t j = i; j <= text.size(); ++j) {
        const std::string input = frame(0x01, text.substr(0, i)) + frame(0x00, text.substr(i, j - i)) +
                                  frame(0x89, "p") + frame(0x80, text.substr(j)) + frame(0x81, "next");
        for_each_split(input, [&](Pieces pieces, const std::string& name) {
          CAPTURE(name);
          CAPTURE(whole_up_to);
          CAPTURE(i);
          CAPTURE(j);
          Reading held(Role::client, {}, {whole_up_to, true});
          held.receive(pieces);
          Reading free(Role::client, {}, {whole_up_to, false});
          free.receive(pieces);
          REQUIRE(held.messages == std::vector{"text " + text, "text next"s});
          REQUIRE(free.messages == held.messages);
          for (const test::ReadPiece& piece : held.pieces) REQUIRE(base::is_utf8(base::as_bytes(piece.data)));
          if (whole_up_to == 0) REQUIRE(count_finished_frames(held) == 4);
          if (whole_up_to == 0) REQUIRE(count_finished_frames(free) == 4);
          if (whole_up_to == unlimited) REQUIRE(held.pieces.size() == 2);
        });
      }
    }
  }
}

TEST_CASE("code points may be cut into frames of one byte, with empty ones between") {
  for (const std::string_view code_point : {"\xc3\xa9"sv, "\xe2\x82\xac"sv, "\xf0\x9f\x98\x80"sv}) {
    std::string input = frame(0x01, "");
    for (const char byte : code_point) input += frame(0x00, {&byte, 1}) + frame(0x00, "");
    input += frame(0x80, "");
    for (const std::uint64_t whole_up_to : {0U, 1U, 2U, 3U, 9U}) {
      CAPTURE(whole_up_to);
      for_each_split(input, [&](Pieces pieces, const std::string& name) {
        CAPTURE(name);
        Reading reading(Role::client, {}, {whole_up_to, true});
        reading.receive(pieces);
        REQUIRE(reading.messages == std::vector{"text " + std::string(code_point)});
        if (whole_up_to == 0) REQUIRE(count_finished_frames(reading) == 2 * code_point.size() + 2);
      });
    }
  }
}

TEST_CASE("binary data is not held back") {
  Reading reading(Role::client, {}, {0, true});
  reading.receive(frame(0x02, "\xe2")).receive(frame(0x80, "\x82\xac"));
  REQUIRE(reading.pieces.size() == 2);
  CHECK(reading.pieces[0].data == "\xe2");
}

TEST_CASE("text that is not UTF-8 is found over fragments, and at the end") {
  for (const Delivery delivery : {Delivery{}, streaming, Delivery{0, true}, Delivery{2, true}}) {
    check_violation(frame(0x81, "ab\xff"), Violation::text_not_utf8, {}, delivery);
    check_violation(frame(0x81, "ab\xe2\x82"), Violation::text_not_utf8, {}, delivery);
    check_violation(frame(0x01, "ab\xe2") + frame(0x80, "\x82"), Violation::text_not_utf8, {}, delivery);
    check_violation(frame(0x01, "ab\xe2") + frame(0x80, ""), Violation::text_not_utf8, {}, delivery);
    check_violation(frame(0x01, "\xe2") + frame(0x00, "") + frame(0x00, "x"), Violation::text_not_utf8, {}, delivery);
  }
}

TEST_CASE("where text is not UTF-8 is told, however it arrives") {
  const auto flaw = [](const std::string& input, std::uint64_t offset, std::string_view bytes, bool cut = false) {
    CAPTURE(bytes);
    for_each_split(input, [&](Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Reading reading(Role::client, {}, streaming);
      reading.receive(pieces);
      const Evidence seen = reading.evidence();
      CHECK(seen.offset == offset);
      CHECK(base::as_text(base::Bytes(seen.bytes).first(seen.byte_count)) == bytes);
      CHECK(seen.cut == cut);
    });
  };
  const std::string before = frame(0x81, "gr\xc3\xbc\xc3\x9f") + frame(0x01, "\xe2\x82");
  flaw(frame(0x81, "ab\xff"), 2, "\xff");
  flaw(frame(0x81, "ab\xe2\x82"), 2, "\xe2\x82", true);
  flaw(before + frame(0x80, "\xac\xed\xa0"), 3, "\xed\xa0");
  flaw(before + frame(0x00, "") + frame(0x80, "(("), 0, "\xe2\x82(");
  flaw(before + frame(0x80, "\xac") + frame(0x01, "abc") + frame(0x80, "\xff"), 3, "\xff");
}

TEST_CASE("how long a message is, and how long it may be, is told of one that is too long") {
  const auto seen = [](const std::string& input) {
    return Reading(Role::client, message_limit(5)).receive(input).evidence();
  };
  CHECK(seen(frame(0x82, "123456")).size == 6);
  CHECK(seen(frame(0x82, "123456")).limit == 5);
  CHECK(seen(frame(0x02, "123") + frame(0x00, "4567")).size == 7);
  CHECK(seen(frame(0x02, "123") + frame(0x00, "4567")).fragmented);
}

TEST_CASE("what has come of a message whose end has not is known") {
  const auto came = [](const std::string& input) {
    Reading reading(Role::client);
    const auto message = reading.receive(input).incomplete();
    return message ? std::string(name(message->type)) + " " + std::to_string(message->length) : "";
  };
  CHECK(came("").empty());
  CHECK(came(frame(0x81, "Hello")).empty());
  CHECK(came(frame(0x81, "Hello").substr(0, 5)) == "text 3");
  CHECK(came(frame(0x82, "Hello").substr(0, 2)) == "binary 0");
  CHECK(came(frame(0x01, "Hel") + frame(0x88, "")) == "text 3");
  CHECK(came(frame(0x02, "Hel") + frame(0x80, "lo").substr(0, 3)) == "binary 4");
}

TEST_CASE("text that is not UTF-8 is found before the frame is complete") {
  Reading reading(Role::client);
  reading.receive(frame(0x81, "\xed\xa0" + std::string(100, 'x')).substr(0, 4));
  CHECK(reading.violation == Violation::text_not_utf8);
}

TEST_CASE("a new message begins with fresh UTF-8") {
  Reading reading(Role::client, {}, {0, true});
  reading.receive(frame(0x81, "a") + frame(0x82, "\xe2") + frame(0x81, "b"));
  CHECK_FALSE(reading.violation.has_value());
  CHECK(reading.messages == std::vector{"text a"s, "binary \xe2"s, "text b"s});
}

TEST_CASE("what the frame decoder refuses, the reader refuses") {
  check_violation(frame(0x83, ""), Violation::reserved_opcode);
  check_violation(frame(0xc1, ""), Violation::reserved_bits);
  check_violation(masked_frame(0x81, ""), Violation::masked_frame);
}

TEST_CASE("the message limit counts all fragments and is checked before their payload") {
  for (const Delivery delivery : {Delivery{}, streaming}) {
    Reading fits(Role::client, message_limit(5), delivery);
    fits.receive(frame(0x82, "12345") + frame(0x02, "123") + frame(0x89, "a long ping") + frame(0x00, "45") +
                 frame(0x80, "") + frame(0x82, ""));
    CHECK(fits.messages == std::vector{"binary 12345"s, "binary 12345"s, "binary "s});
    CHECK_FALSE(fits.violation.has_value());

    check_violation(frame(0x82, "123456").substr(0, 2), Violation::message_too_big, message_limit(5), delivery);
    const std::string second = frame(0x02, "123") + frame(0x80, "456").substr(0, 2);
    check_violation(second, Violation::message_too_big, message_limit(5), delivery);
    check_violation(frame(0x82, "1"), Violation::message_too_big, message_limit(0), delivery);
    Reading empty(Role::client, message_limit(0), delivery);
    CHECK(empty.receive(frame(0x81, "") + frame(0x89, "ping")).messages.size() == 1);
  }
}

TEST_CASE("the frame limit ends the connection at the header") {
  Limits limits;
  limits.frame = 3;
  check_violation(frame(0x82, "1234").substr(0, 2), Violation::frame_too_big, limits);
  Reading reading(Role::client, limits);
  CHECK(reading.receive(frame(0x02, "123") + frame(0x80, "456")).messages == std::vector{"binary 123456"s});
}

TEST_CASE("a frame of the largest length passes in pieces when nothing is limited") {
  const std::string header = "\x02\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"s;
  for (const Delivery delivery : {streaming, Delivery{100, false}}) {
    Reading reading(Role::client, message_limit(unlimited), delivery);
    reading.receive(header).receive("abc").receive("def");
    CHECK(reading.data() == "abcdef");
    CHECK_FALSE(reading.violation.has_value());
  }
  Reading gathering(Role::client, message_limit(unlimited), {});
  gathering.receive(header + "abc");
  CHECK(gathering.pieces.empty());
  CHECK_FALSE(gathering.violation.has_value());
  check_violation(header, Violation::message_too_big, message_limit(0x7ffffffffffffffe));
}

TEST_CASE("compressed messages are inflated in pieces, or gathered") {
  const PermessageDeflate offer;
  ExtensionChain sender = test::chain_of(offer.agreed(Role::server, {}));
  const std::string text(100000, 'x');
  Rsv rsv = 0;
  const std::string payload(base::as_text(*sender.encode({}, true, base::as_bytes(text), rsv)));
  const std::string input = frame(0x41, payload.substr(0, 10)) + frame(0x00, "") + frame(0x89, "p") +
                            frame(0x80, payload.substr(10)) + frame(0x81, "plain") + frame(0xc1, std::string(1, '\0'));
  for (const Delivery delivery : {Delivery{}, streaming, Delivery{5000, true}, Delivery{100000, false}}) {
    for_each_split(input, [&](Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Reading reading(Role::client, {}, delivery, test::chain_of(offer.agreed(Role::client, {})));
      reading.receive(pieces);
      CHECK_FALSE(reading.violation.has_value());
      CHECK((reading.messages == std::vector{"text " + text, "text plain"s, "text "s}));
      CHECK(reading.controls.size() == 1);
      if (delivery.whole_up_to == 0) CHECK(count_finished_frames(reading) == 5);
      if (delivery.whole_up_to >= text.size()) CHECK(reading.pieces.size() == 3);
    });
  }
}

TEST_CASE("the message limit holds for what is inflated, whatever the frames say") {
  const PermessageDeflate offer;
  ExtensionChain sender = test::chain_of(offer.agreed(Role::server, {}));
  const std::string text(50000, 'x');
  Rsv rsv = 0;
  const std::string input = frame(0xc1, base::as_text(*sender.encode({}, true, base::as_bytes(text), rsv)));
  for (const std::uint64_t limit : {49999U, 50000U}) {
    for_each_split(input, [&](Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Reading reading(Role::client, message_limit(limit), {}, test::chain_of(offer.agreed(Role::client, {})));
      reading.receive(pieces);
      CHECK(reading.violation.has_value() == (limit < text.size()));
      CHECK(reading.violation.value_or(Violation::message_too_big) == Violation::message_too_big);
    });
  }
}

TEST_CASE("bytes within the limit are judged before the limit") {
  const auto doubled = [](std::string_view payload) {
    Reading reading(Role::client, message_limit(4), {}, test::chain_of(std::make_unique<test::DoublingExtension>()));
    reading.receive(frame(0x81, payload));
    return reading.violation;
  };
  CHECK(doubled("ab") == std::nullopt);
  CHECK(doubled("abc") == Violation::message_too_big);
  CHECK(doubled("a\xff\xff") == Violation::text_not_utf8);
  CHECK(doubled("ab\xff") == Violation::message_too_big);
}

TEST_CASE("the ratio guard stops what inflates too far, beyond its free allowance") {
  const PermessageDeflate offer;
  const auto read = [&](std::size_t size, std::uint64_t ratio) {
    ExtensionChain sender = test::chain_of(offer.agreed(Role::server, {}));
    Rsv rsv = 0;
    const std::string text(size, 'x');
    const std::string input = frame(0xc2, base::as_text(*sender.encode({}, true, base::as_bytes(text), rsv)));
    Limits limits = message_limit(unlimited);
    limits.inflate_ratio = ratio;
    std::optional<Violation> verdict;
    for_each_split(input, [&](Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Reading reading(Role::client, limits, streaming, test::chain_of(offer.agreed(Role::client, {})));
      reading.receive(pieces);
      if (name == "whole") verdict = reading.violation;
      CHECK(reading.violation == verdict);
    });
    return verdict;
  };
  CHECK(read(300000, 100) == Violation::message_too_big);
  CHECK(read(300000, 2000) == std::nullopt);
  CHECK(read(64 * 1024, 1) == std::nullopt);
  CHECK(read(64 * 1024 + 1, 1) == Violation::message_too_big);
}

TEST_CASE("the ratio guard holds where frames have no payload at all") {
  Limits limits;
  limits.inflate_ratio = 1000;
  Reading reading(Role::client, limits, {}, test::chain_of(std::make_unique<test::InflatingExtension>(100000)));
  CHECK(reading.receive(frame(0x81, "")).violation == Violation::message_too_big);
}

TEST_CASE("extensions see frames and may use other bits") {
  for_each_split(frame(0x21, "HEL") + frame(0x80, "LO") + frame(0x81, "plain"),
                 [&](Pieces pieces, const std::string& name) {
                   CAPTURE(name);
                   Reading reading(Role::client, {}, {}, test::chain_of(test::flip_case()));
                   CHECK(reading.receive(pieces).messages == std::vector{"text hello"s, "text plain"s});
                 });
  Reading reading(Role::client, {}, {}, test::chain_of(test::flip_case()));
  CHECK(reading.receive(frame(0x11, "x")).violation == Violation::reserved_bits);
}

TEST_CASE("a message that an extension makes longer can be gathered or streamed") {
  for (const Delivery delivery : {Delivery{}, streaming, Delivery{3, true}}) {
    for_each_split(frame(0x01, "ab") + frame(0x00, "") + frame(0x80, "c"), [&](Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Reading reading(Role::client, {}, delivery, test::chain_of(std::make_unique<test::DoublingExtension>()));
      reading.receive(pieces);
      CHECK(reading.messages == std::vector{"text aabbcc"s});
    });
  }
}

TEST_CASE("an extension that fails ends the connection") {
  Reading reading(Role::client, {}, {}, test::chain_of(std::make_unique<test::BrokenExtension>()));
  CHECK(reading.receive(frame(0x89, "ping") + frame(0x81, "x")).violation == Violation::extension_failed);
  CHECK(reading.controls.size() == 1);
}

TEST_CASE("compressed data that is broken fails with what is wrong") {
  const PermessageDeflate offer;
  const auto verdict = [&](std::string_view input) {
    std::optional<Violation> whole;
    for_each_split(input, [&](Pieces pieces, const std::string& name) {
      CAPTURE(name);
      Reading reading(Role::client, {}, streaming, test::chain_of(offer.agreed(Role::client, {})));
      reading.receive(pieces);
      if (name == "whole") whole = reading.violation;
      CHECK(reading.violation == whole);
    });
    return whole;
  };
  CHECK(verdict(frame(0xc1, "\xff\xff")) == Violation::inflate_failed);
  CHECK(verdict(frame(0xc1, "\xf2\x48\xcd\xc9")) == Violation::inflate_truncated);
  CHECK(verdict(frame(0x41, "\xf2\x48") + frame(0xc0, "\xcd")) == Violation::reserved_bits);
}
