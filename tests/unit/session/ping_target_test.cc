#include "session/ping_target.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace wscope;
using session::AnswerReader;

namespace {

struct Told final : link::Report {
  [[nodiscard]] link::Interests interests() const noexcept override { return {.code_points = true, .messages = true}; }
  [[nodiscard]] bool has_room() const noexcept override { return true; }
  void flush() override {}
  void report(link::ConnectionNumber, const link::Happening&) override { ++happenings; }

  int happenings = 0;
};

ws::Message piece(std::string_view text, bool first, bool finished, ws::Opcode type = ws::Opcode::text) {
  return {.type = type, .first = first, .finished = finished, .data = base::as_bytes(text)};
}

std::string text_of(std::optional<base::Bytes> answer) { return answer ? std::string(base::as_text(*answer)) : "none"; }

}  // namespace

TEST_CASE("a text may be an answer once all of it is there") {
  AnswerReader reader;
  CHECK(text_of(reader.receive(piece("ab", true, false), 5)) == "none");
  CHECK(text_of(reader.receive(piece("cde", false, true), 5)) == "abcde");
  CHECK(text_of(reader.receive(piece("", true, true), 0)).empty());
}

TEST_CASE("what is longer than any answer, or no text, is none") {
  AnswerReader reader;
  CHECK(text_of(reader.receive(piece("ab", true, false), 3)) == "none");
  CHECK(text_of(reader.receive(piece("cd", false, false), 3)) == "none");
  CHECK(text_of(reader.receive(piece("", false, true), 3)) == "none");
  CHECK(text_of(reader.receive(piece("a", true, true, ws::Opcode::binary), 3)) == "none");
  CHECK(text_of(reader.receive(piece("a", true, true), 3)) == "a");
}

TEST_CASE("Pongs are not reported, and the way is kept") {
  Told told;
  session::PingReport report(told);
  CHECK_FALSE(report.interests().messages);
  CHECK_FALSE(report.interests().code_points);
  const ws::Event pong = ws::Pong{};
  report.report(1, link::Heard{pong});
  CHECK(told.happenings == 0);
  const ws::Event ping = ws::Ping{};
  report.report(1, link::Heard{ping});
  const view::Timing timing{.tcp = std::chrono::milliseconds(3)};
  report.report(1, link::Timed{timing});
  CHECK(told.happenings == 2);
  CHECK(report.way().tcp == std::chrono::milliseconds(3));
}
