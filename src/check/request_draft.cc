#include "check/request_draft.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/unescape.h"
#include "http/headers.h"
#include "ws/client_handshake.h"

namespace wscope::check {
namespace {

constexpr std::string_view of_upgrade[] = {"Upgrade",
                                           "Connection",
                                           "Sec-WebSocket-Key",
                                           "Sec-WebSocket-Version",
                                           "Sec-WebSocket-Protocol",
                                           "Sec-WebSocket-Extensions"};

// Behind the colon of a placeholder: how many bytes.
std::size_t size_in(std::string_view name) noexcept {
  const std::string_view digits = name.substr(std::min(name.find(':'), name.size() - 1) + 1);
  std::size_t size = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), size);
  return size;
}

std::string repeated(std::string_view text, std::size_t size) {
  std::string all;
  while (all.size() < size) all += text;
  return all;
}

}  // namespace

std::string in_other_case(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return text;
}

RequestDraft::RequestDraft(const Settings& settings, base::RandomSource& random) : settings_(settings) {
  start_over(random);
}

void RequestDraft::start_over(base::RandomSource& random) {
  key_ = ws::make_key(random);
  method_ = "GET";
  target_ = settings_.request.target;
  version_ = "HTTP/1.1";
  line_.reset();
  for (std::string* const text : {&first_, &before_, &body_}) text->clear();
  lf_ = lower_ = false;
  fields_.clear();
  for (const http::Field& field : settings_.request.headers) {
    const bool is_key = http::equals_ignoring_case(field.name, "Sec-WebSocket-Key");
    fields_.push_back({field.name, is_key ? key_ : field.value});
  }
}

std::string RequestDraft::placeholder(std::string_view name) {
  const std::string& target = settings_.request.target;
  const std::string* const host = settings_.request.headers.find("Host");
  if (name == "target") return target;
  if (name == "target?") return target + (target.find('?') == std::string::npos ? "?" : "&");
  if (name == "host") return host != nullptr ? *host : std::string();
  if (name == "scheme") return settings_.secure ? "https" : "http";
  if (name == "other-scheme") return settings_.secure ? "http" : "https";
  if (name == "sample") return settings_.sample;
  if (name == "known" || name == "KNOWN") {
    if (settings_.known_subprotocol.empty()) lacks_ = "no subprotocol is known: give --subprotocol";
    return name == "known" ? settings_.known_subprotocol : in_other_case(settings_.known_subprotocol);
  }
  if (name == "unknown") {
    if (!settings_.unknown_path) lacks_ = "the path is not known to be wrong: give --path-unknown /x";
    return settings_.unknown_path.value_or("/wscope-check-404");
  }
  if (name.starts_with("fill:")) return repeated("wscope", size_in(name)).substr(0, size_in(name));
  if (name.starts_with("list:")) return repeated("a, ", size_in(name));
  if (name.starts_with("backslashes:")) return repeated("\\", size_in(name));
  return '{' + std::string(name) + '}';
}

base::Result<std::string> RequestDraft::filled(std::string_view text) {
  std::string whole;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    const auto part = base::unescape(text.substr(0, open));
    if (!part) return part.error();
    whole += *part;
    text.remove_prefix(open);
    const std::size_t shut = text.find('}');
    if (text.empty() || shut == std::string_view::npos) {
      whole += text;
      break;
    }
    whole += placeholder(text.substr(1, shut - 1));
    text.remove_prefix(shut + 1);
  }
  return whole;
}

void RequestDraft::set(std::string_view name, std::string value) {
  const auto is_it = [name](const Line& line) { return http::equals_ignoring_case(line.name, name); };
  const auto found = std::find_if(fields_.begin(), fields_.end(), is_it);
  if (found == fields_.end()) {
    fields_.push_back({std::string(name), std::move(value)});
    return;
  }
  found->value = std::move(value);
  fields_.erase(std::remove_if(found + 1, fields_.end(), is_it), fields_.end());
}

std::string RequestDraft::value(std::string_view name) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(),
                                  [name](const Line& line) { return http::equals_ignoring_case(line.name, name); });
  return found == fields_.end() ? std::string() : found->value;
}

base::Result<bool> RequestDraft::change(const Step& step) {
  auto text = filled(step.text);
  if (!text) return text.error();
  const std::size_t colon = text->find(':');
  const std::string name = text->substr(0, colon);
  const auto value_given = [&] {
    std::string given = colon == std::string::npos ? "" : text->substr(colon + 1);
    if (given.starts_with(' ')) given.erase(0, 1);
    return given;
  };
  switch (step.verb) {
    case Verb::method:
      method_ = *std::move(text);
      return true;
    case Verb::target:
      target_ = *std::move(text);
      return true;
    case Verb::version:
      version_ = *std::move(text);
      return true;
    case Verb::line:
      line_ = *std::move(text);
      return true;
    case Verb::set:
      set(name, value_given());
      if (http::equals_ignoring_case(name, "Sec-WebSocket-Key")) key_ = value_given();
      return true;
    case Verb::also:
      fields_.push_back({name, value_given()});
      return true;
    case Verb::drop:
      std::erase_if(fields_, [&](const Line& line) { return http::equals_ignoring_case(line.name, name); });
      return true;
    case Verb::first:
      first_ = *std::move(text);
      return true;
    case Verb::before:
      before_ = *std::move(text);
      return true;
    case Verb::body:
      body_ = *std::move(text);
      return true;
    case Verb::offer:
      set("Sec-WebSocket-Extensions", *std::move(text));
      return true;
    case Verb::filler:
      fields_.push_back({"X-Wscope", repeated("wscope", step.count).substr(0, step.count)});
      return true;
    case Verb::fillers:
      for (std::uint64_t i = 0; i < step.count; ++i) fields_.push_back({"X-" + std::to_string(i), "wscope"});
      return true;
    default:
      return (step.verb == Verb::lf && (lf_ = true)) || (step.verb == Verb::lower && (lower_ = true)) ||
             (step.verb == Verb::plain && keep_plain());
  }
}

bool RequestDraft::keep_plain() {
  std::erase_if(fields_, [](const Line& line) {
    return std::any_of(std::begin(of_upgrade), std::end(of_upgrade),
                       [&](std::string_view name) { return http::equals_ignoring_case(line.name, name); });
  });
  return true;
}

std::string RequestDraft::text() const {
  const std::string end = lf_ ? "\n" : "\r\n";
  std::string text = before_ + line_.value_or(method_ + ' ' + target_ + ' ' + version_) + end;
  if (!first_.empty()) text += first_ + end;
  for (const Line& line : fields_) {
    text += lower_ ? http::in_lower_case(line.name) : line.name;
    text += ':';
    if (!line.value.empty()) text += ' ' + line.value;
    text += end;
  }
  return text + end + body_;
}

}  // namespace wscope::check
