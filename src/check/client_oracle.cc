// What a client asks, and how it takes the answer.
#include <algorithm>
#include <chrono>
#include <string>

#include <fmt/format.h>

#include "check/oracle.h"
#include "http/authority.h"
#include "http/field_syntax.h"
#include "http/headers.h"
#include "view/escape.h"
#include "ws/deflate_parameters.h"
#include "ws/extension_header.h"

namespace wscope::check {
namespace {

using Kind = Outcome::Kind;
using Judgement = std::optional<Outcome>;

constexpr base::Duration last_chance = std::chrono::seconds(1);
// A client that connects again is dropped so often, after so long.
constexpr std::size_t drops = 3;
constexpr base::Duration open_before_drop = std::chrono::milliseconds(100);
// Times that differ by less are the same.
constexpr base::Duration noise = std::chrono::milliseconds(20);
constexpr std::string_view deflate_name = "permessage-deflate";

double seconds(base::Duration time) { return std::chrono::duration<double>(time).count(); }

Outcome broken(std::string seen) { return {Kind::broken, std::move(seen)}; }
Outcome skipped(std::string seen) { return {Kind::skipped, std::move(seen)}; }

// --- its request

std::string value_of(const http::RequestHead& request, std::string_view name) {
  const std::string* const value = request.headers.find(name);
  return value != nullptr ? *value : std::string();
}

std::size_t count_of(const http::RequestHead& request, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(request.headers.begin(), request.headers.end(),
                    [name](const http::Field& field) { return http::equals_ignoring_case(field.name, name); }));
}

std::string fields_lacking(const http::RequestHead& request) {
  if (request.method != "GET") return "the method is " + view::escape(request.method);
  if (request.version.major * 10 + request.version.minor < 11) {
    return fmt::format("HTTP/{}.{}", request.version.major, request.version.minor);
  }
  if (count_of(request, "Host") != 1) return fmt::format("{} Host fields", count_of(request, "Host"));
  const auto upgrade = request.headers.joined("Upgrade");
  if (!upgrade || !lists(*upgrade, "websocket")) return "no Upgrade: websocket";
  const auto connection = request.headers.joined("Connection");
  if (!connection || !lists(*connection, "upgrade")) return "no Connection: Upgrade";
  const bool has_version = count_of(request, "Sec-WebSocket-Version") == 1;
  if (!has_version || value_of(request, "Sec-WebSocket-Version") != "13") return "no Sec-WebSocket-Version: 13";
  return {};  // of its key another case says what there is to say
}

std::string flaw_of_lists(const http::RequestHead& request) {
  if (const auto extensions = request.headers.joined("Sec-WebSocket-Extensions")) {
    if (auto elements = ws::parse_extensions(*extensions); !elements) {
      return "Sec-WebSocket-Extensions: " + elements.error().message;
    }
  }
  const auto protocols = request.headers.joined("Sec-WebSocket-Protocol");
  if (!protocols) return {};
  auto tokens = http::parse_token_list(*protocols);
  if (!tokens) return "Sec-WebSocket-Protocol: " + tokens.error().message;
  std::sort(tokens->begin(), tokens->end());
  const auto twice = std::adjacent_find(tokens->begin(), tokens->end());
  return twice == tokens->end() ? std::string() : "the subprotocol " + view::escape(*twice) + " is offered twice";
}

std::vector<ws::ExtensionElement> deflate_offers(const http::RequestHead& request) {
  const auto extensions = request.headers.joined("Sec-WebSocket-Extensions");
  if (!extensions) return {};
  auto elements = ws::parse_extensions(*extensions);
  if (!elements) return {};
  std::erase_if(*elements, [](const ws::ExtensionElement& one) { return one.name != deflate_name; });
  return std::move(elements).value();
}

bool offers_window(const std::vector<ws::ExtensionElement>& offers) {
  return std::any_of(offers.begin(), offers.end(), [](const ws::ExtensionElement& offer) {
    return std::any_of(offer.parameters.begin(), offer.parameters.end(), [](const ws::ExtensionParameter& parameter) {
      return parameter.name == "client_max_window_bits";
    });
  });
}

Outcome judge_deflate_offer(const http::RequestHead& request) {
  const auto offers = deflate_offers(request);
  if (offers.empty()) return skipped("permessage-deflate is not offered");
  for (const ws::ExtensionElement& offer : offers) {
    const auto read = ws::parse_deflate_parameters(offer.parameters);
    if (!read) return broken(read.error().message);
  }
  return {};
}

Outcome judge_body(const http::RequestHead& request) {
  const std::string length = value_of(request, "Content-Length");
  if (request.headers.contains("Transfer-Encoding")) return broken("a body in chunks");
  if (length == "0") return {Kind::told, "Content-Length: 0"};
  return length.empty() ? Outcome{} : broken("a body of " + view::escape(length) + " bytes");
}

// What a case needs of it.
Outcome judge_offers(const std::string& word, const http::RequestHead& request) {
  const bool has_protocols = request.headers.contains("Sec-WebSocket-Protocol");
  if (word == "protocols") return has_protocols ? Outcome{} : skipped("it offers no subprotocol");
  if (word == "no-protocols") return has_protocols ? skipped("it offers subprotocols") : Outcome{};
  const auto offers = deflate_offers(request);
  if (offers.empty()) return skipped("permessage-deflate is not offered");
  if (word == "no-window" && offers_window(offers)) return skipped("it offers client_max_window_bits");
  return {};
}

// Names of hosts are sent, addresses are not (RFC 6066 section 3).
Outcome judge_server_name(const http::RequestHead& request, const std::string& sent) {
  const auto authority = http::parse_authority(value_of(request, "Host"));
  if (!authority || authority->host.kind != http::Host::Kind::name) return skipped("it was given an address, no name");
  if (sent.empty()) return broken("no server name in its TLS");
  if (http::equals_ignoring_case(sent, authority->host.text)) return {};
  return broken("it asks for the server name " + view::escape(sent));
}

Outcome judge_request(const std::string& word, const Scene& scene) {
  const http::RequestHead& request = *scene.heard.request();
  if (word == "server-name") return judge_server_name(request, scene.sent.server_name);
  if (word == "basic" || word == "grammar") {
    std::string flaw = word == "basic" ? fields_lacking(request) : flaw_of_lists(request);
    return flaw.empty() ? Outcome{} : broken(std::move(flaw));
  }
  if (word == "pmd") return judge_deflate_offer(request);
  if (word == "no-body") return judge_body(request);
  return judge_offers(word, request);
}

// --- how it takes the answer

// What shows that it takes the connection to be open; empty: nothing.
std::string sign_of_opening(const Heard& heard) {
  if (!heard.pongs().empty()) return "it opened: it answers a Ping";
  if (!heard.messages().empty() || heard.within_message()) return "it opened: it sends messages";
  if (!heard.pings().empty()) return "it opened: it sends Pings";
  const auto& close = heard.close();
  // A Close that says why may come of one that fails the connection; the usual ones are those of an open one.
  const bool is_usual = close && (!close->code || *close->code == 1000 || *close->code == 1001);
  return is_usual ? "it opened, then " + close->words() : std::string();
}

enum class Taken : std::uint8_t { not_known, opened, failed, silent };

Taken how_taken(const Scene& scene) {
  const Heard& heard = scene.heard;
  if (!sign_of_opening(heard).empty()) return Taken::opened;
  if (heard.close() || heard.end()) return Taken::failed;
  const bool asks = scene.sent.status == 101 && !scene.waiting.ping;
  if (asks) {
    scene.waiting.wants_ping = true;
    return Taken::not_known;
  }
  return scene.waited(scene.settings.case_timeout) ? Taken::silent : Taken::not_known;
}

Judgement judge_rejection(const Step& step, const Scene& scene) {
  const Taken taken = how_taken(scene);
  if (taken == Taken::not_known) return std::nullopt;
  const bool may = step.verb == Verb::may_reject;
  if (taken == Taken::failed) return may ? Outcome{Kind::met, {}} : Outcome{};
  if (taken == Taken::opened) return may ? Outcome{} : broken(sign_of_opening(scene.heard));
  const std::string seen =
      fmt::format("it neither opens nor ends the connection in {:.1f} s", seconds(scene.settings.case_timeout));
  const bool after_refusal = scene.sent.status && *scene.sent.status != 101;
  return after_refusal ? Outcome{Kind::wrong_form, seen} : broken(seen);
}

Judgement judge_told_open(const Scene& scene) {
  switch (how_taken(scene)) {
    case Taken::not_known:
      return std::nullopt;
    case Taken::opened:
      return Outcome{Kind::told, "open"};
    case Taken::failed:
      return Outcome{Kind::told, scene.heard.close() ? scene.heard.close()->words() : "it failed the connection"};
    case Taken::silent:
      break;
  }
  return Outcome{Kind::told, "neither open nor failed"};
}

Judgement judge_redirect(const Scene& scene) {
  if (!scene.sent.others.empty()) return Outcome{Kind::told, "followed"};
  if (!sign_of_opening(scene.heard).empty()) return broken(sign_of_opening(scene.heard));
  if (!scene.waited(last_chance)) return std::nullopt;
  return Outcome{Kind::told, "not followed"};
}

Judgement judge_asked(const Scene& scene) {
  const Heard& heard = scene.heard;
  if (heard.request()) return Outcome{};
  if (heard.answer()) return broken("a request that is not HTTP (" + view::escape(heard.answer()->flaw) + ")");
  if (heard.end()) return Outcome{Kind::error, "the connection ended before a request had come"};
  if (!scene.waited(scene.settings.case_timeout)) return std::nullopt;
  return Outcome{Kind::error, "no request"};
}

Judgement judge_silence(const Step& step, const Scene& scene) {
  if (scene.heard.behind_head() > 0) {
    return broken(fmt::format("{} bytes before it was answered", scene.heard.behind_head()));
  }
  if (scene.heard.end()) return broken("the connection ended before it was answered");
  return scene.waited(step.time) ? Judgement(Outcome{}) : std::nullopt;
}

// How long it was gone each time. Between two connections there is the time for which the first of them was open.
std::vector<base::Duration> absences(const Scene& scene) {
  std::vector<base::Duration> times;
  base::TimePoint before = scene.waiting.began;
  for (const base::TimePoint at : scene.sent.others) {
    times.push_back(at - before);
    before = at + open_before_drop;
  }
  return times;
}

std::string words_for(const std::vector<base::Duration>& times) {
  std::string text;
  for (const base::Duration time : times) {
    text += fmt::format("{}{:.2f}", text.empty() ? "" : ", ", std::max(0.0, seconds(time)));
  }
  return text + " s";
}

// RFC 6455 section 7.2.3: a random time at first, and longer ones each time after that.
Judgement judge_backoff(const Scene& scene) {
  const bool waits = !scene.sent.client_gone && scene.now < scene.waiting.began + patience_for_backoff(scene);
  if (scene.sent.others.size() < drops && waits) return std::nullopt;
  const auto times = absences(scene);
  if (times.empty()) return skipped("it does not connect again");
  if (times.size() == 1) return Outcome{Kind::told, "it connects again once, after " + words_for(times)};
  const auto [shortest, longest] = std::minmax_element(times.begin(), times.end());
  const bool differ = *longest - *shortest > noise + *longest / 5;
  if (differ) return Outcome{};
  return broken("it connects again after " + words_for(times));
}

Judgement judge_unasked(const Scene& scene) {
  if (scene.heard.request() || scene.heard.answer()) return broken("it takes the certificate: its request comes");
  if (scene.heard.end()) return Outcome{};
  if (!scene.waited(scene.settings.case_timeout)) return std::nullopt;
  return Outcome{Kind::wrong_form, "neither a request, nor an end of the connection"};
}

}  // namespace

base::Duration patience_for_backoff(const Scene& scene) noexcept {
  return scene.sent.others.empty() ? std::chrono::seconds(20) : std::chrono::seconds(60);
}

std::optional<Outcome> judge_client(const Step& step, const Scene& scene) {
  switch (step.verb) {
    case Verb::asked:
      return judge_asked(scene);
    case Verb::request:
      return judge_request(step.text, scene);
    case Verb::silent:
      return judge_silence(step, scene);
    case Verb::tell_open:
      return judge_told_open(scene);
    case Verb::tell_redirect:
      return judge_redirect(scene);
    case Verb::backoff:
      return judge_backoff(scene);
    case Verb::unasked:
      return judge_unasked(scene);
    default:
      return judge_rejection(step, scene);
  }
}

}  // namespace wscope::check
