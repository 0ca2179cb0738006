#include "check/heard.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "view/escape.h"
#include "wire/agreement.h"

namespace wscope::check {
namespace {

// Of a frame, of which the largest that is compared has 1 MiB.
constexpr std::size_t kept_of_frame = std::size_t{2} << 20;
constexpr std::size_t kept_of_body = std::size_t{64} << 10;
constexpr std::size_t kept_of_log = 512;
// Of an answer: larger ones are no answer to what is sent here.
constexpr http::HeadLimits head_limits{.head_bytes = std::size_t{256} << 10};

std::string text_of(base::Bytes bytes) { return std::string(base::as_text(bytes)); }

}  // namespace

std::string HeardClose::words() const {
  if (!code) return "closed (without a code)";
  if (reason.empty()) return fmt::format("closed ({})", *code);
  return fmt::format("closed ({} \"{}\")", *code, view::escape(reason.substr(0, 60)));
}

std::string HeardAnswer::words() const {
  if (!flaw.empty()) return "an answer that is not HTTP (" + view::escape(flaw) + ")";
  const std::string reason = head.reason.empty() ? std::string(http::reason_phrase(head.status)) : head.reason;
  return reason.empty() ? fmt::format("{}", head.status)
                        : fmt::format("{} {}", head.status, view::escape(reason.substr(0, 60)));
}

Heard::Heard(Role role)
    : role_(role),
      reader_(kept_of_frame),
      parser_(role == Role::server ? http::HeadParser::Kind::response : http::HeadParser::Kind::request, head_limits),
      invariants_(role) {}

void Heard::expect_answer() {
  stage_ = Stage::head;
  parser_ = http::HeadParser(http::HeadParser::Kind::response, head_limits);
  reader_.expect_head();
  head_text_.clear();
  answer_.reset();
  body_.reset();
}

void Heard::inflate(const ws::DeflateParameters& agreed) {
  reader_.inflate(role_ == Role::server ? ws::Role::server : ws::Role::client, agreed);
  invariants_.allow_compression();
}

void Heard::receive(base::Bytes bytes, base::TimePoint now) {
  while (!bytes.empty()) {
    if (stage_ == Stage::head) {
      receive_head(bytes, now);
    } else if (stage_ == Stage::body) {
      receive_body(bytes);
    } else if (stage_ == Stage::frames) {
      behind_head_ += bytes.size();
      feed_reader(std::exchange(bytes, {}), now);
    } else {
      return;
    }
  }
}

void Heard::receive_end(bool reset, base::TimePoint now, bool unannounced) {
  if (end_) return;
  end_ = HeardEnd{.reset = reset, .unannounced = unannounced, .at = now};
  if (stage_ == Stage::body && answer_ && body_ && !reset) {
    answer_->whole = body_->receive_eof() == http::BodyDecoder::Progress::done;
    answer_->to_the_end = answer_->whole;
  }
}

// The reader, too, has to see the heads, as it begins with them.
void Heard::receive_head(base::Bytes& in, base::TimePoint now) {
  const base::Bytes before = in;
  const auto progress = parser_.receive(in);
  const base::Bytes taken = before.first(before.size() - in.size());
  head_text_ += base::as_text(taken);
  if (progress == http::HeadParser::Progress::failed) {
    stage_ = Stage::over;
    HeardAnswer answer;
    answer.flaw = parser_.error().detail;
    answer.head_text = head_text_;
    answer.at = now;
    answer_ = std::move(answer);
    return;
  }
  feed_reader(taken, now);
  if (progress != http::HeadParser::Progress::done) return;
  if (role_ == Role::server) return take_answer(now);
  request_ = parser_.take_request();
  stage_ = Stage::frames;
}

void Heard::take_answer(base::TimePoint now) {
  HeardAnswer answer;
  answer.head = parser_.take_response();
  answer.head_text = std::exchange(head_text_, {});
  answer.at = now;
  if (answer.head.status < 200 && answer.head.status != 101) {
    interim_.push_back(answer.head.status);
    return;
  }
  stage_ = answer.is_101() ? Stage::frames : Stage::body;
  const auto agreed = wire::agreed_deflate(answer.head_text);
  if (answer.is_101() && agreed) inflate(*agreed);
  if (stage_ == Stage::body) {
    auto body = http::BodyDecoder::for_response(answer.head);
    if (body) {
      body_ = std::move(body).value();
    } else {
      answer.flaw = body.error().message;
      stage_ = Stage::over;
    }
  }
  answer_ = std::move(answer);
  base::Bytes nothing;
  if (stage_ == Stage::body) receive_body(nothing);  // it may have none
}

void Heard::receive_body(base::Bytes& in) {
  while (true) {
    base::Bytes data;
    const auto progress = body_->receive(in, data);
    if (data.size() > 0 && answer_->body.size() < kept_of_body) {
      answer_->body += base::as_text(data).substr(0, kept_of_body - answer_->body.size());
    }
    if (progress == http::BodyDecoder::Progress::data) continue;
    if (progress == http::BodyDecoder::Progress::need_more) return;
    answer_->whole = progress == http::BodyDecoder::Progress::done;
    if (!answer_->whole) answer_->flaw = body_->error();
    stage_ = Stage::over;
    return;
  }
}

void Heard::feed_reader(base::Bytes bytes, base::TimePoint now) {
  while (!bytes.empty()) {
    bytes = bytes.subspan(reader_.receive(bytes));
    const auto event = reader_.next_event();
    if (!event) continue;
    if (const auto* frame = std::get_if<wire::Frame>(&*event)) take_frame(*frame, now);
  }
}

void Heard::take_frame(const wire::Frame& frame, base::TimePoint now) {
  if (watched_) invariants_.receive(frame);
  if (role_ == Role::client && frame.mask) masks_.push_back(*frame.mask);
  frames_.emplace_back(base::as_text(frame.bytes.first(std::min(frame.bytes.size(), kept_of_log))));
  if (frame.opcode <= 2) return take_data(frame);
  if (frame.opcode == 8) return take_close(frame, now);
  if (frame.opcode == 9) pings_.push_back({text_of(frame.payload), now});
  if (frame.opcode == 10) {
    pongs_.push_back(text_of(frame.payload));
    pong_times_.push_back(now);
  }
}

void Heard::take_data(const wire::Frame& frame) {
  if (frame.opcode != 0) {
    message_ = Message{frame.opcode == 2, {}};
    compressed_ = (frame.rsv & ws::rsv1) != 0;
    garbled_ = false;
  }
  if (!message_) return;
  if (compressed_ && !frame.inflated) garbled_ = true;
  message_->data +=
      compressed_ ? (frame.inflated ? text_of(frame.inflated->kept) : std::string()) : text_of(frame.payload);
  if (!frame.fin) return;
  if (garbled_ && watched_) invariants_.receive_garbage();
  if (watched_ && !garbled_) invariants_.receive_message(message_->binary, message_->data);
  if (!garbled_) messages_.push_back(*std::move(message_));
  message_.reset();
}

void Heard::take_close(const wire::Frame& frame, base::TimePoint now) {
  ++closes_;
  if (close_) return;
  HeardClose close;
  close.at = now;
  if (frame.payload.size() >= 2) {
    close.code = base::load_big_endian<std::uint16_t>(frame.payload.data());
    close.reason = text_of(frame.payload.subspan(2));
  }
  close_ = std::move(close);
}

}  // namespace wscope::check
