#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "check/oracle.h"
#include "view/escape.h"
#include "ws/client_handshake.h"
#include "ws/deflate_parameters.h"
#include "ws/extension_header.h"

namespace wscope::check {
namespace {

using Kind = Outcome::Kind;

constexpr std::string_view extensions_field = "Sec-WebSocket-Extensions";
constexpr std::string_view protocol_field = "Sec-WebSocket-Protocol";

Outcome broken(std::string seen) { return {Kind::broken, std::move(seen)}; }
Outcome wrong_form(std::string seen) { return {Kind::wrong_form, std::move(seen)}; }
Outcome skipped(std::string why) { return {Kind::skipped, std::move(why)}; }

struct Reply {
  const HeardAnswer& answer;
  const Scene& scene;

  [[nodiscard]] const http::Headers& headers() const noexcept { return answer.head.headers; }
  [[nodiscard]] std::string value(std::string_view name) const { return headers().joined(name).value_or(""); }
  [[nodiscard]] std::string shown(std::string_view name) const { return view::escape(value(name).substr(0, 80)); }
  [[nodiscard]] bool has(std::string_view name) const { return headers().contains(name); }
  // Of the one extension that was agreed on, if it is permessage-deflate; an error: there is something else.
  [[nodiscard]] base::Result<std::optional<ws::ExtensionParameters>> deflate() const {
    if (!has(extensions_field)) return std::optional<ws::ExtensionParameters>();
    auto elements = ws::parse_extensions(value(extensions_field));
    if (!elements) return elements.error();
    if (elements->size() != 1 || elements->front().name != "permessage-deflate") {
      return base::Error{base::ErrorKind::http, "other extensions than what was offered"};
    }
    return std::optional(elements->front().parameters);
  }
};

Outcome judge_accept(const Reply& reply) {
  const bool right = reply.value("Sec-WebSocket-Accept") == ws::accept_value(reply.scene.sent.key);
  return right ? Outcome{} : broken("Sec-WebSocket-Accept: " + reply.shown("Sec-WebSocket-Accept"));
}

Outcome judge_status_line(const Reply& reply) {
  const std::string_view text = reply.answer.head_text;
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.starts_with("HTTP/1.1 101 ")) return {};
  if (line == "HTTP/1.1 101") return wrong_form("no blank behind 101");
  return broken(view::escape(line.substr(0, 80)));
}

Outcome judge_no_body(const Reply& reply) {
  for (const std::string_view name : {"Content-Length", "Transfer-Encoding"}) {
    if (reply.has(name)) return broken(fmt::format("101 with {}: {}", name, reply.shown(name)));
  }
  return {};
}

Outcome judge_unasked(const Reply& reply) {
  for (const std::string_view name : {extensions_field, protocol_field}) {
    if (reply.has(name)) return broken(fmt::format("{}: {}, which was not asked for", name, reply.shown(name)));
  }
  return {};
}

Outcome judge_once(const Reply& reply) {
  if (reply.headers().count("Sec-WebSocket-Accept") != 1) return broken("Sec-WebSocket-Accept more than once");
  return reply.headers().count(protocol_field) > 1 ? broken("Sec-WebSocket-Protocol more than once") : Outcome{};
}

// The refusal of a version names those that are known.
Outcome judge_version(const Reply& reply) {
  if (reply.answer.is_101()) return broken("101");
  const auto versions = reply.headers().joined("Sec-WebSocket-Version");
  if (!versions) return broken(reply.answer.words() + " without Sec-WebSocket-Version");
  if (lists(*versions, "13")) return {};
  return broken("Sec-WebSocket-Version: " + reply.shown("Sec-WebSocket-Version"));
}

Outcome judge_no_protocol(const Reply& reply) {
  return reply.has(protocol_field) ? broken("Sec-WebSocket-Protocol: " + reply.shown(protocol_field)) : Outcome{};
}

Outcome judge_soon(const Reply& reply) {
  const base::Duration took = reply.answer.at - reply.scene.waiting.since;
  return took <= std::chrono::seconds(1) ? Outcome{} : wrong_form("it took more than 1 s");
}

Outcome judge_offered(const Reply& reply) {
  if (!reply.has(protocol_field)) return {};
  if (reply.headers().count(protocol_field) > 1) return broken("more than one subprotocol");
  const bool offered = lists(reply.scene.sent.protocols, reply.value(protocol_field));
  return offered ? Outcome{}
                 : broken("Sec-WebSocket-Protocol: " + reply.shown(protocol_field) + ", which was not offered");
}

Outcome judge_other_case(const Reply& reply) {
  if (!reply.has(protocol_field) || reply.value(protocol_field) == reply.scene.sent.protocols) return {};
  return broken("Sec-WebSocket-Protocol: " + reply.shown(protocol_field) + ", which was not offered");
}

Outcome judge_known(const Reply& reply) {
  if (reply.value(protocol_field) == reply.scene.settings.known_subprotocol) return {};
  return broken(reply.has(protocol_field) ? "Sec-WebSocket-Protocol: " + reply.shown(protocol_field)
                                          : std::string("no subprotocol was chosen"));
}

Outcome judge_no_extension(const Reply& reply) {
  return reply.has(extensions_field) ? broken("Sec-WebSocket-Extensions: " + reply.shown(extensions_field)) : Outcome{};
}

Outcome judge_malformed(const Reply& reply) {
  const HeardAnswer& answer = reply.answer;
  if (!answer.is_101()) return answer.head.status / 100 == 4 ? Outcome{} : wrong_form(answer.words());
  if (reply.has(extensions_field)) return broken("101 with " + reply.shown(extensions_field));
  return reply.scene.settings.deflate ? broken("101") : wrong_form("101");
}

Outcome judge_deflate_if_known(const Reply& reply) {
  const auto agreed = reply.deflate();
  if (!agreed) return broken(view::escape(agreed.error().message));
  if (agreed->has_value()) return {};
  if (!reply.scene.settings.deflate) return skipped("it does not agree to permessage-deflate");
  return broken("permessage-deflate was not agreed on");
}

Outcome judge_subset(const Reply& reply) {
  const auto agreed = reply.deflate();
  if (!agreed) return broken(view::escape(agreed.error().message));
  if (!agreed->has_value()) return {};
  const auto parameters = ws::parse_deflate_parameters(**agreed);
  if (!parameters) return broken(view::escape(parameters.error().message));
  const bool lacks_value = parameters->client_max_window_bits == ws::any_window_bits;
  return lacks_value ? broken("client_max_window_bits without a value") : Outcome{};
}

Outcome judge_parameters(const Reply& reply, std::string_view words) {
  if (Outcome outcome = judge_subset(reply); outcome.kind != Kind::go_on) return outcome;
  const auto agreed = reply.deflate();
  if (!agreed->has_value()) return {};  // declined
  const auto parameters = ws::parse_deflate_parameters(**agreed);
  const std::string_view word = words.substr(0, words.find(' '));
  unsigned most = 0;
  const std::string_view number = words.substr(std::min(word.size() + 1, words.size()));
  std::from_chars(number.data(), number.data() + number.size(), most);
  const std::string shown = reply.shown(extensions_field);
  if (word == "no-cmwb") {
    return parameters->client_max_window_bits ? broken("client_max_window_bits, which was not offered") : Outcome{};
  }
  if (word == "snct") {
    return parameters->server_no_context_takeover ? Outcome{} : broken("agreed without server_no_context_takeover");
  }
  if (word == "smwb") {
    if (!parameters->server_max_window_bits) return broken("agreed without server_max_window_bits: " + shown);
    return *parameters->server_max_window_bits <= most ? Outcome{} : broken("agreed to more: " + shown);
  }
  const auto bits = parameters->client_max_window_bits;
  return bits && *bits > most ? wrong_form("agreed to more: " + shown) : Outcome{};
}

// A bad offer.
Outcome judge_declined(const Reply& reply) {
  const HeardAnswer& answer = reply.answer;
  if (answer.is_101()) {
    return reply.has(extensions_field) ? broken("agreed: " + reply.shown(extensions_field)) : Outcome{};
  }
  return answer.head.status / 100 == 4 ? wrong_form(answer.words()) : broken(answer.words());
}

// What a case about data needs.
Outcome judge_agreed(const Reply& reply, std::string_view what) {
  const auto agreed = reply.deflate();
  if (!agreed || !agreed->has_value()) return skipped("permessage-deflate is not agreed on");
  const auto parameters = ws::parse_deflate_parameters(**agreed);
  if (!parameters) return skipped("permessage-deflate is agreed on with bad parameters");
  if (what == "snct" && !parameters->server_no_context_takeover) return skipped("it does not agree to such an offer");
  if (what == "smwb" && !parameters->server_max_window_bits) return skipped("it does not agree to such an offer");
  if (what == "takeover" && parameters->client_no_context_takeover) return skipped("our context takeover is off");
  return {};
}

Outcome judge_origin(const Reply& reply, std::string_view finding) {
  if (reply.answer.is_101()) return {Kind::told, std::string(finding)};
  return reply.answer.head.status == 403 ? Outcome{} : Outcome{Kind::go_on, reply.answer.words()};
}

Outcome told_extensions(const Reply& reply) {
  if (!reply.has(extensions_field)) return {Kind::told, "declined"};
  return {Kind::told, "agreed: " + reply.shown(extensions_field)};
}

using Judge = Outcome (*)(const Reply&);
struct Word {
  std::string_view name;
  Judge judge;
};
constexpr Word words[] = {
    {"accept", judge_accept},
    {"status-line", judge_status_line},
    {"no-body", judge_no_body},
    {"unasked", judge_unasked},
    {"once", judge_once},
    {"version", judge_version},
    {"not-at-all", [](const Reply&) { return wrong_form("101"); }},
    {"no-protocol", judge_no_protocol},
    {"soon", judge_soon},
    {"offered", judge_offered},
    {"other-case", judge_other_case},
    {"known", judge_known},
    {"no-extension", judge_no_extension},
    {"malformed", judge_malformed},
    {"deflate-if-known", judge_deflate_if_known},
    {"subset", judge_subset},
    {"declined", judge_declined},
    {"told", told_extensions},
};

// Where those are sent who do not ask for an upgrade.
Outcome judge_redirect(const Reply& reply) {
  const std::string* const location = reply.headers().find("Location");
  if (reply.answer.head.status / 100 != 3 || location == nullptr) {
    return {Kind::told, reply.answer.words() + ", no redirect"};
  }
  const bool is_plain = location->starts_with("http:") || location->starts_with("ws:");
  const std::string seen = reply.answer.words() + " to " + view::escape(location->substr(0, 80));
  return {reply.scene.settings.secure && is_plain ? Kind::warned : Kind::told, seen};
}

// No answer at all.
Outcome judge_nothing(std::string_view word) {
  const std::string seen = "closed without an answer";
  if (word == "malformed") return {};
  if (word == "version" || word == "declined") return broken(seen);
  return wrong_form(seen);
}

}  // namespace

Outcome judge_reply(const Step& step, const Scene& scene) {
  const std::string_view text = step.text;
  const std::string_view word = text.substr(0, text.find(' '));
  const std::string_view rest = text.substr(std::min(word.size() + 1, text.size()));
  const auto& answer = scene.heard.answer();
  if (!answer) return judge_nothing(word);
  if (!answer->flaw.empty()) return broken(answer->words());
  const Reply reply{*answer, scene};
  const auto* found =
      std::find_if(std::begin(words), std::end(words), [word](const Word& one) { return one.name == word; });
  if (found != std::end(words)) return found->judge(reply);
  if (word == "redirect") return judge_redirect(reply);
  if (word == "agreed") return judge_agreed(reply, rest);
  if (word == "takeover") return judge_agreed(reply, word);
  if (word == "origin") return judge_origin(reply, rest);
  if (word == "rebinding") return judge_origin(reply, "a page can reach it by DNS rebinding");
  return judge_parameters(reply, text);
}

}  // namespace wscope::check
