#include "check/answer_draft.h"

#include <algorithm>
#include <utility>

#include "base/unescape.h"
#include "check/request_draft.h"
#include "http/field_syntax.h"
#include "http/headers.h"
#include "ws/client_handshake.h"

namespace wscope::check {
namespace {

struct Line {
  std::string name;
  std::string value;
};

std::string first_protocol(const http::RequestHead& request) {
  const auto offered = request.headers.joined("Sec-WebSocket-Protocol");
  if (!offered) return {};
  return std::string(http::trim_white_space(std::string_view(*offered).substr(0, offered->find(','))));
}

// The text being made.
class Draft {
 public:
  Draft(const http::RequestHead& request, int status, bool secure)
      : request_(request), status_(status), secure_(secure) {
    line_ = "HTTP/1.1 " + std::to_string(status) + ' ' + std::string(http::reason_phrase(status));
    if (status == 101) {
      begin_opening();
    } else {
      begin_refusal();
    }
  }

  void set(std::string_view name, std::string value) {
    const auto is_it = [name](const Line& line) { return http::equals_ignoring_case(line.name, name); };
    const auto found = std::find_if(fields_.begin(), fields_.end(), is_it);
    if (found == fields_.end()) return fields_.push_back({std::string(name), std::move(value)});
    found->value = std::move(value);
    fields_.erase(std::remove_if(found + 1, fields_.end(), is_it), fields_.end());
  }

  void change(const Step& step) {
    const std::string text = filled(step.text);
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string name = text.substr(0, colon);
    std::string value = text.substr(std::min(colon + 1, text.size()));
    if (value.starts_with(' ')) value.erase(0, 1);
    switch (step.verb) {
      case Verb::line:
        line_ = text;
        return;
      case Verb::set:
        return set(name, std::move(value));
      case Verb::also:
        return fields_.push_back({name, std::move(value)});
      case Verb::drop:
        std::erase_if(fields_, [&](const Line& line) { return http::equals_ignoring_case(line.name, name); });
        return;
      case Verb::before:
        before_ = text;
        return;
      case Verb::body:
        body_ = text;
        return;
      case Verb::filler:
        return fields_.push_back({"X-Wscope", std::string(step.count, 'w')});
      case Verb::lower:
        lower_ = true;
        return;
      default:
        return;
    }
  }

  [[nodiscard]] std::string text() const {
    std::string text = before_ + line_ + "\r\n";
    for (const Line& line : fields_) {
      text += lower_ ? http::in_lower_case(line.name) : line.name;
      text += ": " + line.value + "\r\n";
    }
    return text + "\r\n" + body_;
  }

 private:
  void begin_opening() {
    set("Upgrade", "websocket");
    set("Connection", "Upgrade");
    set("Sec-WebSocket-Accept", accept());
    if (std::string protocol = first_protocol(request_); !protocol.empty()) {
      set("Sec-WebSocket-Protocol", std::move(protocol));
    }
  }

  void begin_refusal() {
    constexpr int unauthorized = 401;
    constexpr int upgrade_required = 426;
    const bool is_redirect = status_ / 100 == 3;
    if (status_ == unauthorized) set("WWW-Authenticate", "Basic realm=\"wscope\"");
    if (status_ == upgrade_required) {
      set("Upgrade", "websocket");
      set("Sec-WebSocket-Version", "13");
    }
    if (is_redirect) {
      set("Location", std::string(secure_ ? "wss" : "ws") + "://" + host() + request_.target +
                          (request_.target.find('?') == std::string::npos ? "?" : "&") + "redirected=1");
    }
    set("Content-Length", "0");
    set("Connection", status_ == upgrade_required ? "close, Upgrade" : "close");
  }

  [[nodiscard]] std::string accept() const {
    const std::string* const key = request_.headers.find("Sec-WebSocket-Key");
    return ws::accept_value(key != nullptr ? *key : std::string());
  }

  [[nodiscard]] std::string host() const {
    const std::string* const host = request_.headers.find("Host");
    return host != nullptr ? *host : std::string();
  }

  [[nodiscard]] std::string placeholder(std::string_view name) const {
    if (name == "accept") return accept();
    if (name == "other-case") return in_other_case(accept());
    if (name == "target") return request_.target;
    if (name == "host") return host();
    if (name != "protocol") return {};
    std::string protocol = first_protocol(request_);
    return protocol.empty() ? "x-wscope-none" : protocol;
  }

  [[nodiscard]] std::string filled(std::string_view text) const {
    std::string whole;
    while (!text.empty()) {
      const std::string_view part = text.substr(0, text.find('{'));
      auto read = base::unescape(part);
      whole += read ? std::move(read).value() : std::string(part);
      text.remove_prefix(part.size());
      const std::size_t shut = text.find('}');
      if (shut == std::string_view::npos) break;
      whole += placeholder(text.substr(1, shut - 1));
      text.remove_prefix(shut + 1);
    }
    return whole;
  }

  const http::RequestHead& request_;
  int status_;
  bool secure_;
  std::string line_{};
  std::vector<Line> fields_{};
  std::string before_{};
  std::string body_{};
  bool lower_ = false;
};

}  // namespace

bool AnswerDraft::change(const Step& step) {
  switch (step.verb) {
    case Verb::line:
    case Verb::set:
    case Verb::also:
    case Verb::drop:
    case Verb::before:
    case Verb::body:
    case Verb::filler:
    case Verb::lower:
      changes_.push_back(step);
      return true;
    default:
      return false;
  }
}

std::string AnswerDraft::text(const http::RequestHead& request, int status, bool secure) const {
  Draft draft(request, status, secure);
  if (!extension_.empty()) draft.set("Sec-WebSocket-Extensions", extension_);
  for (const Step& step : changes_) draft.change(step);
  return draft.text();
}

}  // namespace wscope::check
