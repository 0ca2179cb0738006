#include "check/evidence_script.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "check/report.h"
#include "check/request_words.h"
#include "talk/json.h"
#include "view/escape.h"
#include "view/hexdump.h"
#include "wire/header_parser.h"
#include "ws/mask.h"

namespace wscope::check {
namespace {

// More frames of one step are told as bytes.
constexpr std::size_t most_frames = 16;
constexpr std::size_t most_pieces = 400;

std::string seconds(base::Duration time) { return fmt::format("{:g}", std::chrono::duration<double>(time).count()); }

std::string hex(std::string_view bytes) {
  std::string digits;
  view::append_hex(base::as_bytes(bytes), digits);
  return digits;
}

bool is_plain(std::string_view text) noexcept {
  const auto is_printed = [](char c) { return c >= ' ' && c <= '~'; };
  return std::all_of(text.begin(), text.end(), is_printed) && text.find("{{") == std::string_view::npos;
}

// A payload behind what a frame has before it, where words with = mean something.
std::string payload_words(std::string_view payload) {
  if (payload.empty()) return {};
  const auto means_itself = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ';
  };
  const bool as_text = payload.size() <= 200 && std::all_of(payload.begin(), payload.end(), means_itself) &&
                       payload.front() != ' ' && payload.back() != ' ';
  return as_text ? " " + std::string(payload) : " hex:" + hex(payload);
}

// Whether it can stand behind `send`.
bool may_be_sent(std::string_view text) noexcept {
  return !text.empty() && is_plain(text) && text.front() != ' ' && text.back() != ' ' && text.back() != '\\' &&
         !text.starts_with("-e") && text.find("<<") == std::string_view::npos;
}

// A MATCH for exactly these bytes.
std::string match_of(std::string_view payload) {
  if (payload.empty()) return "len 0";
  if (payload.size() > 200 || !is_plain(payload)) return "hex:" + hex(payload);
  std::string match;
  talk::append_json_string(payload, match);
  return match;
}

struct SentFrame {
  wire::Header header;
  std::string payload;  // as much of it as was sent
};

// Nothing if these are not frames with their headers.
std::optional<std::vector<SentFrame>> frames_of(std::string_view bytes) {
  std::vector<SentFrame> frames;
  while (!bytes.empty()) {
    const base::Bytes all = base::as_bytes(bytes);
    const std::size_t size = wire::header_size(all);
    if (all.size() < size || frames.size() == most_frames) return std::nullopt;
    SentFrame frame{wire::parse_header(all), std::string(bytes.substr(size))};
    if (frame.payload.size() > frame.header.length) frame.payload.resize(frame.header.length);
    bytes.remove_prefix(size + frame.payload.size());
    if (frame.header.mask) {
      ws::apply_mask(base::MutableBytes(reinterpret_cast<std::byte*>(frame.payload.data()), frame.payload.size()),
                     *frame.header.mask, 0);
    }
    frames.push_back(std::move(frame));
  }
  return frames;
}

std::string frame_words(const SentFrame& frame, bool mask_given) {
  const wire::Header& header = frame.header;
  std::string words = fmt::format("frame {}", header.opcode);
  if (!header.fin) words += " fin=0";
  if (header.rsv != 0) words += fmt::format(" rsv={}", header.rsv);
  if (mask_given) {
    words += " mask=";
    words += header.mask ? hex(base::as_text(base::Bytes(*header.mask))) : "no";
  }
  if (frame.payload.size() != header.length) words += fmt::format(" len={}", header.length);
  if (header.form != ws::shortest_form(header.length)) {
    words += header.form == ws::LengthForm::bits_16 ? " width=16" : " width=64";
  }
  return words + payload_words(frame.payload);
}

// Writes the statements; each of its methods says false if there are no words for it.
class Writer {
 public:
  Writer(const CaseMachine& machine, const Provenance& provenance)
      : machine_(machine), provenance_(provenance), within_(" within " + seconds(machine.settings().case_timeout)) {}

  [[nodiscard]] bool write() {
    const std::vector<Step>& steps = machine_.steps();
    const std::vector<std::string>& sent = machine_.sent_of_steps();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool acts = !is_expectation(steps[i].verb);
      if (acts && i >= sent.size()) return connected_;  // it has ended before that
      if (!(acts ? act(steps[i], sent[i]) : expect(steps[i]))) return false;
    }
    return connected_;
  }

  [[nodiscard]] std::string take_text() { return std::move(text_); }

 private:
  void line(const std::string& statement) { text_ += statement + "\n"; }

  [[nodiscard]] bool act(const Step& step, const std::string& sent) {
    switch (step.verb) {
      case Verb::ask:
        return connect(sent);
      case Verb::frame:
      case Verb::close:
      case Verb::fragments:
      case Verb::repeated:
      case Verb::compressed:
      case Verb::burst:
        return send(sent, step.mask_given);
      case Verb::raw:
        line("raw " + hex(sent));
        return true;
      case Verb::message:
        return true;
      case Verb::bytewise:
        pause_ = step.time;
        bytewise_ = true;
        return true;
      case Verb::whole:
        bytewise_ = false;
        return true;
      case Verb::gap:
        line("wait " + seconds(step.time));
        return true;
      case Verb::fin:
        line("half-close");
        return true;
      case Verb::rst:
        line("abort");
        aborted_ = true;
        return true;
      case Verb::pause:
      case Verb::resume:
        line(step.verb == Verb::pause ? "pause" : "resume");
        return true;
      default:
        // What changes the request is seen in it.
        return step.verb < Verb::fresh && !connected_;
    }
  }

  [[nodiscard]] bool connect(const std::string& request) {
    const bool any_key = machine_.about().program.find("Sec-WebSocket-Key") == std::string::npos;
    const auto words = request_words(request, machine_.settings(), any_key);
    if (connected_ || bytewise_ || !words) return false;
    connect_ = "connect {{url}}" + *words;
    for (const std::string& word : provenance_.way) {
      if (word.find("{{") != std::string::npos) return false;
      connect_ += " " + in_quotes(word);
    }
    line(connect_);
    connected_ = true;
    return true;
  }

  [[nodiscard]] bool send(const std::string& sent, bool mask_given) {
    if (bytewise_) {
      if (sent.size() > most_pieces) return false;
      for (const char byte : sent) {
        line("raw " + hex({&byte, 1}));
        line("wait " + seconds(pause_));
      }
      return true;
    }
    const auto frames = frames_of(sent);
    if (!frames) {
      line("raw " + hex(sent));
      return true;
    }
    for (const SentFrame& frame : *frames) line(frame_words(frame, mask_given));
    return true;
  }

  [[nodiscard]] bool expect(const Step& step) {
    switch (step.verb) {
      case Verb::open:
      case Verb::basic:
        return expect_open();
      case Verb::refused:
        return expect_refusal(step);
      case Verb::not_opened:
        line("expect refused" + within_);
        return true;
      case Verb::reply:
        return step.text.starts_with("agreed") || step.text.starts_with("takeover");
      case Verb::handled:
      case Verb::ignored:
      case Verb::echoed:
        return expect_life(step.verb);
      case Verb::ponged:
      case Verb::soon:
        return expect_pong(step);
      case Verb::each_ponged:
        return true;
      case Verb::failed:
      case Verb::closed:
        return expect_close(step.verb == Verb::failed ? step.numbers : std::vector<std::uint16_t>{});
      case Verb::closes:
        return expect_closing();
      case Verb::settle:
        line("wait " + seconds(step.time));
        return true;
      case Verb::lives:
        if (!aborted_) return false;
        line(connect_);
        line("expect open" + within_);
        return true;
      default:
        return false;
    }
  }

  [[nodiscard]] bool expect_open() {
    line("expect open" + within_);
    for (const std::string& text : machine_.settings().say) {
      if (!may_be_sent(text)) return false;
      line("send " + text);
    }
    return true;
  }

  [[nodiscard]] bool expect_refusal(const Step& step) {
    line("expect refused" + within_);
    line("capture answer = status");
    std::string test;
    const std::vector<std::uint16_t> any = {4};
    for (const std::uint16_t status : step.numbers.empty() ? any : step.numbers) {
      if (!test.empty()) test += " or ";
      test += status == 4 ? "({{answer}} >= 400 and {{answer}} < 500)" : fmt::format("{{{{answer}}}} == {}", status);
    }
    line("check " + test);
    return true;
  }

  // Whatever it sends back in front of its Pong, or behind it.
  [[nodiscard]] bool expect_life(Verb verb) {
    const bool echoes = machine_.settings().echo && verb != Verb::ignored;
    const bool pongs = verb != Verb::echoed;
    if (pongs) line("ping are you there");
    line("all" + within_);
    for (const Message& message : echoes ? machine_.sent().messages : std::vector<Message>{}) {
      line(std::string("  expect ") + (message.binary ? "binary " : "text ") + match_of(message.data));
    }
    if (pongs) line("  expect pong \"are you there\"");
    line("end");
    return true;
  }

  [[nodiscard]] bool expect_pong(const Step& step) {
    auto payload = read_payload(step.text);
    if (!payload) return false;
    if (std::find(ponged_.begin(), ponged_.end(), *payload) != ponged_.end()) return true;
    const std::string time = step.verb == Verb::soon ? " within " + seconds(step.time) : within_;
    line("expect pong " + match_of(*payload) + time);
    ponged_.push_back(*std::move(payload));
    return true;
  }

  [[nodiscard]] bool expect_close(const std::vector<std::uint16_t>& codes) {
    if (codes.size() == 1) {
      line(fmt::format("expect close {}{}", codes.front(), within_));
      return true;
    }
    line("expect close" + within_);
    if (!codes.empty()) check_code(codes);
    return true;
  }

  // An answer to ours.
  [[nodiscard]] bool expect_closing() {
    constexpr std::uint16_t no_code = 1005;
    std::vector<std::uint16_t> codes = {1000, no_code};
    const auto ours = machine_.sent().code;
    if (ours && std::find(codes.begin(), codes.end(), *ours) == codes.end()) codes.push_back(*ours);
    line("expect close" + within_);
    check_code(codes);
    return true;
  }

  void check_code(const std::vector<std::uint16_t>& codes) {
    std::string test;
    for (const std::uint16_t code : codes) {
      test += fmt::format("{}{{{{answer}}}} == {}", test.empty() ? "" : " or ", code);
    }
    line("capture answer = code");
    line("check " + test);
  }

  const CaseMachine& machine_;
  const Provenance& provenance_;
  std::string within_;
  std::string text_{};
  std::string connect_{};
  std::vector<std::string> ponged_{};
  base::Duration pause_{};
  bool connected_ = false;
  bool bytewise_ = false;
  bool aborted_ = false;
};

}  // namespace

std::optional<std::string> statements_of(const CaseMachine& machine, const Provenance& provenance) {
  Writer writer(machine, provenance);
  if (!writer.write()) return std::nullopt;
  return writer.take_text();
}

std::string check_statement(const Result& result, const Provenance& provenance) {
  const std::string& id = result.about->id;
  std::string command = "exec wscope check \"$url\" --level should --retries 0 --only ";
  if (!result.found_in.empty()) command += result.found_in + ",";
  command += fmt::format("{} --seed {}", id, provenance.seed);
  for (const auto* const words : {&provenance.way, &provenance.manner}) {
    for (const std::string& word : *words) command += " " + in_quotes(word);
  }
  return "# The words of scripts do not say this: wscope itself, found by PATH, does it again.\n" + command + "\n";
}

std::string script_head(const Result& result, const Provenance& provenance) {
  const Case& one = *result.about;
  std::string head = fmt::format("# {} ({}, {}): {}\n", one.id, one.row->section, name_of(one.level()), one.row->sent);
  head += fmt::format("# expected: {}\n# seen: {}\n", one.row->passes, view::escape(result.seen));
  return head + fmt::format("# wscope run --url {} {}.ws\n", in_quotes(provenance.url), one.id);
}

std::string in_quotes(const std::string& text) {
  const auto is_harmless = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./:=@+,%").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_harmless)) return text;
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace wscope::check
