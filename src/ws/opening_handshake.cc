#include "ws/opening_handshake.h"

#include <algorithm>
#include <utility>

#include "http/field_syntax.h"
#include "http/head_writer.h"
#include "ws/handshake_fields.h"

namespace wscope::ws {
namespace {

using Reason = HandshakeFailed::Reason;

http::HeadParser::Kind received_kind(Role role) noexcept {
  return role == Role::client ? http::HeadParser::Kind::response : http::HeadParser::Kind::request;
}

// Takes from `in` what a reader of immutable bytes takes.
template <typename Reader>
auto read_from(base::MutableBytes& in, Reader read) {
  base::Bytes left = in;
  auto result = read(left);
  in = in.last(left.size());
  return result;
}

}  // namespace

OpeningHandshake::OpeningHandshake(Role role, const Limits& limits,
                                   const std::vector<const ExtensionOffer*>& extensions)
    : limits_(limits),
      extensions_(extensions),
      parser_(received_kind(role), limits.head),
      role_(role),
      stage_(role == Role::client ? Stage::idle : Stage::reading_head),
      early_(limits.early_bytes) {}

Status OpeningHandshake::connect(const http::Url& url, const ConnectOptions& options, base::RandomSource& random,
                                 base::Buffer& out) {
  if (stage_ != Stage::idle) return Status::wrong_state;
  const auto& subprotocols = options.subprotocols;
  if (!std::all_of(subprotocols.begin(), subprotocols.end(), http::is_token)) return Status::bad_header;
  request_ = make_request(url, options, make_key(random), extensions_);
  const Status status = write(http::write_head(request_), {}, out);
  if (status == Status::ok) stage_ = Stage::reading_head;
  return status;
}

Status OpeningHandshake::receive_request(http::RequestHead head) {
  if (role_ != Role::server || stage_ != Stage::reading_head || !parser_.untouched()) return Status::wrong_state;
  request_ = std::move(head);
  has_request_ = true;
  return Status::ok;
}

std::optional<Event> OpeningHandshake::receive(base::MutableBytes& in, base::Buffer& out) {
  switch (stage_) {
    case Stage::reading_head: {
      if (has_request_) return on_request();
      if (early_.empty()) return read_head(in);
      // What came behind the request before.
      base::MutableBytes kept = early_.mutable_view();
      const auto event = read_head(kept);
      early_.consume(early_.size() - kept.size());
      if (event || !early_.empty()) return event;
      return read_head(in);
    }
    case Stage::answering:
      // It is for later; more than can be kept is not read any more once this is answered.
      if (!early_.append(in)) goes_on_ = false;
      in = {};
      return std::nullopt;
    case Stage::awaiting_answer:
      if (!early_.append(in))
        return refuse({400, "too much before the handshake was answered", {}}, Reason::bad_request);
      in = {};
      return std::nullopt;
    case Stage::failing:
      write_refusal(out);
      return std::nullopt;
    case Stage::reading_body:
      return read_body(in);
    case Stage::writing_body:
      in = {};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Event> OpeningHandshake::read_head(base::MutableBytes& in) {
  const std::size_t before = in.size();
  const auto progress = read_from(in, [&](base::Bytes& left) { return parser_.receive(left); });
  head_bytes_ += before - in.size();
  if (progress == http::HeadParser::Progress::need_more) return std::nullopt;
  if (progress == http::HeadParser::Progress::done) return on_head();
  const http::HeadError& error = parser_.error();
  if (role_ == Role::client) return fail(Reason::not_http, error.detail);
  // What is wrong with the syntax may be told with a name of the request's, which is not for the answer.
  const bool quotes = !error.over_limit();
  return refuse({error.status, error.detail, {}, quotes ? "the request is not proper HTTP/1.1" : ""}, Reason::not_http);
}

std::optional<Event> OpeningHandshake::on_head() {
  if (role_ == Role::server) {
    request_ = parser_.take_request();
    has_request_ = true;
    return on_request();
  }
  response_ = parser_.take_response();
  return on_response();
}

std::optional<Event> OpeningHandshake::on_request() {
  if (auto refusal = check_request(request_, upgrade_)) return refuse(std::move(*refusal), Reason::bad_request);
  stage_ = Stage::awaiting_answer;
  return Request{&request_, upgrade_.subprotocols};
}

std::optional<Event> OpeningHandshake::on_response() {
  if (response_.status == 101) {
    auto agreement = check_response(response_, request_, extensions_);
    if (!agreement) return fail(Reason::bad_response, std::move(agreement).error().message);
    agreement_ = std::move(agreement).value();
    stage_ = Stage::opened;
    return std::nullopt;
  }
  if (response_.status < 200 && head_bytes_ > limits_.head.head_bytes) {
    return fail(Reason::bad_response, "the interim responses (1xx) have no end");
  }
  if (response_.status < 200) return std::nullopt;  // an interim response; the parser is ready for the next
  auto body = http::BodyDecoder::for_response(response_);
  if (!body) return fail(Reason::bad_body, std::move(body).error().message);
  body_ = std::move(body).value();
  stage_ = Stage::reading_body;
  return Rejected{&response_};
}

std::optional<Event> OpeningHandshake::read_body(base::MutableBytes& in) {
  using Progress = http::BodyDecoder::Progress;
  base::Bytes data;
  const Progress progress = read_from(in, [&](base::Bytes& left) { return body_->receive(left, data); });
  body_bytes_ += data.size();
  if (body_bytes_ > limits_.reject_body) return fail(Reason::bad_body, "the body of the refusal is too long");
  switch (progress) {
    case Progress::need_more:
      return std::nullopt;
    case Progress::data:
      return RejectData{data, false};
    case Progress::done:
      stage_ = Stage::refused;
      return RejectData{{}, true};
    case Progress::failed:
      break;
  }
  return fail(Reason::bad_body, body_->error());
}

std::optional<Event> OpeningHandshake::receive_eof() {
  if (stage_ == Stage::reading_body && body_->receive_eof() == http::BodyDecoder::Progress::done) {
    stage_ = Stage::refused;
    return RejectData{{}, true};
  }
  if (stage_ == Stage::reading_body) return fail(Reason::bad_body, body_->error());
  if (between_requests()) return fail(Reason::stream_ended, "no further request has come");
  const bool nothing = parser_.untouched() && stage_ == Stage::reading_head;
  return fail(Reason::stream_ended, nothing ? "the connection was closed before the handshake"
                                            : "the connection was closed during the handshake");
}

// Who has got an answer and wants nothing more has done nothing wrong.
Event OpeningHandshake::time_out() {
  if (between_requests()) return fail(Reason::stream_ended, "no further request has come");
  if (stage_ == Stage::answering) return fail(Reason::timed_out, "the answer was not taken");
  return fail(Reason::timed_out, "the handshake took too long");
}

bool OpeningHandshake::between_requests() const noexcept {
  return answered_one_ && stage_ == Stage::reading_head && parser_.untouched() && early_.empty();
}

Event OpeningHandshake::fail(Reason reason, std::string detail) {
  stage_ = Stage::failed;
  detail_ = std::move(detail);
  const http::ResponseHead* response = reason == Reason::bad_response ? &response_ : nullptr;
  return HandshakeFailed{reason, detail_, 0, has_request_ ? &request_ : nullptr, response, head_error(reason)};
}

Event OpeningHandshake::refuse(Refusal refusal, Reason reason) {
  stage_ = Stage::failing;
  refusal_ = std::move(refusal);
  const http::RequestHead* head = has_request_ ? &request_ : nullptr;
  return HandshakeFailed{reason, refusal_.detail, refusal_.status, head, nullptr, head_error(reason)};
}

const http::HeadError* OpeningHandshake::head_error(Reason reason) const noexcept {
  return reason == Reason::not_http ? &parser_.error() : nullptr;
}

void OpeningHandshake::write_refusal(base::Buffer& out) {
  http::Headers headers = refusal_.headers;
  headers.add("Content-Type", "text/plain; charset=utf-8");
  headers.add("X-Content-Type-Options", "nosniff");
  const std::string body = (refusal_.body.empty() ? refusal_.detail : refusal_.body) + "\n";
  if (reject(refusal_.status, headers, base::as_bytes(body), true, out) != Status::ok) stage_ = Stage::failed;
}

Status OpeningHandshake::accept(const AcceptOptions& options, base::Buffer& out) {
  if (stage_ != Stage::awaiting_answer) return Status::wrong_state;
  if (auto refusal = check_policy(request_, upgrade_, options)) {
    static_cast<void>(refuse(std::move(*refusal), Reason::bad_request));
    write_refusal(out);
    return Status::ok;
  }
  // Nothing is agreed on that the client is not told of.
  const auto tells = [&options](std::string_view name) { return is_made(name, options.headers, options.left_out); };
  Agreement agreement;
  if (tells("Sec-WebSocket-Protocol")) {
    agreement.subprotocol = select_subprotocol(options.subprotocols, upgrade_.subprotocols);
  }
  if (tells("Sec-WebSocket-Extensions")) {
    agreement.extensions = accept_extensions(upgrade_.extensions, extensions_);
  }
  const Status status = write(http::write_head(make_response(upgrade_, agreement, options)), {}, out);
  if (status != Status::ok) return status;
  agreement_ = std::move(agreement);
  stage_ = Stage::opened;
  return Status::ok;
}

Status OpeningHandshake::reject(int status, const http::Headers& headers, base::Bytes body, bool finished,
                                base::Buffer& out) {
  if (stage_ != Stage::awaiting_answer && stage_ != Stage::failing) return Status::wrong_state;
  if (status < 200 || status > 599) return Status::bad_header;
  http::ResponseHead response{status, std::string(http::reason_phrase(status)), {}, headers};
  if (!headers.contains("Connection")) response.headers.add("Connection", "close");
  const bool has_length = headers.contains("Content-Length") || status == 204;  // which never has one
  chunked_ = !finished && !has_length;
  if (chunked_) response.headers.add("Transfer-Encoding", "chunked");
  if (finished && !has_length) response.headers.add("Content-Length", std::to_string(body.size()));
  const std::string chunk = chunked_ ? http::write_chunk(body) : std::string();
  if (chunked_) body = base::as_bytes(chunk);
  if (wants_no_body()) body = {};
  const Status written = write(http::write_head(response), body, out);
  if (written == Status::ok) stage_ = finished ? Stage::refused : Stage::writing_body;
  return written;
}

Status OpeningHandshake::reject_data(base::Bytes data, bool finished, base::Buffer& out) {
  if (stage_ != Stage::writing_body) return Status::wrong_state;
  std::string coded = chunked_ ? http::write_chunk(data) : std::string(base::as_text(data));
  if (chunked_ && finished) coded += http::last_chunk;
  if (wants_no_body()) coded.clear();
  if (!out.append(base::as_bytes(coded))) return Status::output_full;
  if (finished) stage_ = Stage::refused;
  return Status::ok;
}

Status OpeningHandshake::respond(int status, const http::Headers& headers, base::Bytes body, std::uint64_t rest,
                                 base::Buffer& out) {
  const bool is_visit = has_request_ && refusal_.status == 426 && may_be_visit(request_);
  if (stage_ != Stage::failing || !is_visit) return Status::wrong_state;
  if (status < 200 || status > 599) return Status::bad_header;
  http::ResponseHead response{status, std::string(http::reason_phrase(status)), {}, headers};
  goes_on_ = leaves_connection_open(request_);
  if (!goes_on_) response.headers.add("Connection", "close");
  constexpr int not_modified = 304;  // which has no body, and a length only if it knows that of the one it leaves out
  if (status != not_modified) response.headers.add("Content-Length", std::to_string(body.size() + rest));
  if (wants_no_body() || status == not_modified) body = {};
  const Status written = write(http::write_head(response), body, out);
  if (written == Status::ok) stage_ = Stage::answering;
  return written;
}

Status OpeningHandshake::next_request() {
  if (stage_ != Stage::answering) return Status::wrong_state;
  stage_ = goes_on_ ? Stage::reading_head : Stage::refused;
  has_request_ = false;
  answered_one_ = true;
  upgrade_ = {};
  return Status::ok;
}

// RFC 9110 section 9.3.2: the head of the answer is as for GET, and the rest is left out. Also if the rest of the
// request could not be read.
bool OpeningHandshake::wants_no_body() const noexcept {
  return (has_request_ ? std::string_view(request_.method) : parser_.method()) == "HEAD";
}

Status OpeningHandshake::write(const base::Result<std::string>& head, base::Bytes body, base::Buffer& out) {
  if (!head) return Status::bad_header;
  if (out.space() < head->size() + body.size()) return Status::output_full;
  return out.append(base::as_bytes(*head)) && out.append(body) ? Status::ok : Status::output_full;
}

}  // namespace wscope::ws
