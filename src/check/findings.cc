#include "check/findings.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "view/escape.h"
#include "ws/deflate_parameters.h"
#include "ws/extension_header.h"

namespace wscope::check {

struct Findings::Place {
  std::string_view id;
  char line;              // l: limits, t: times, h: habits
  std::string_view word;  // in front of it
};

namespace {

constexpr std::string_view between = " · ";

void append(std::string& text, const std::string& part) {
  if (part.empty()) return;
  if (!text.empty()) text += between;
  text += part;
}

}  // namespace

void Findings::add(const Result& result) {
  const bool tells = result.verdict == Verdict::info || result.verdict == Verdict::warn;
  if (tells && !result.seen.empty()) seen_[result.about->id] = result.seen;
}

std::string Findings::joined(char line) const {
  constexpr Place places[] = {
      {"limit.message", 'l', "message"},
      {"limit.frame", 'l', "frame"},
      {"limit.inflated", 'l', "inflated"},
      {"limit.fragments", 'l', "fragments"},
      {"limit.head", 'l', "head"},
      {"limit.idle", 't', "idle"},
      {"ctl.peer-pings", 't', "pings us:"},
      {"limit.handshake-time", 't', "handshake:"},
      {"close.no-answer", 't', "close:"},
      {"net.rtt", 'h', "round trip"},
      {"net.nagle", 'h', "two messages:"},
      {"net.buffering", 'h', ""},
      {"net.families", 'h', ""},
      {"net.redirect", 'h', "plain GET:"},
  };
  std::string text;
  for (const Place& place : places) {
    const auto found = seen_.find(place.id);
    if (place.line != line || found == seen_.end()) continue;
    std::string part(place.word);
    append(text, part.empty() ? found->second : part.append(" ").append(found->second));
  }
  return text;
}

std::string Findings::limits() const { return joined('l'); }
std::string Findings::times() const { return joined('t'); }
std::string Findings::habits() const { return joined('h'); }

std::string extension_words(const Facts& facts) {
  if (facts.extension.empty()) return "no extension";
  const auto elements = ws::parse_extensions(facts.extension);
  if (!elements || elements->size() != 1) return view::escape(facts.extension);
  const auto parameters = ws::parse_deflate_parameters(elements->front().parameters);
  if (elements->front().name != "permessage-deflate" || !parameters) return view::escape(facts.extension);
  const bool its_own = !parameters->server_no_context_takeover;
  const bool ours = !parameters->client_no_context_takeover;
  const std::string_view takeover = its_own && ours ? "context takeover both ways"
                                    : its_own       ? "context takeover on its side"
                                    : ours          ? "context takeover on ours"
                                                    : "no context takeover";
  return fmt::format("permessage-deflate, windows {}, {}", facts.small_windows ? "9-15" : "15", takeover);
}

std::string Findings::lines(const Facts& facts) const {
  std::string text;
  const auto add_line = [&text](std::string_view word, const std::string& what) {
    if (!what.empty()) text += fmt::format("  {:<8} {}\n", word, what);
  };
  add_line("limits", limits());
  add_line(limits().empty() ? "limits" : "", times());
  add_line("net", habits());
  if (facts.role == Role::server) {
    std::string what;
    if (!facts.server.empty()) append(what, "\"Server: " + view::escape(facts.server) + "\"");
    append(what, extension_words(facts));
    append(what, facts.tls);
    add_line("server", what);
  }
  return text;
}

}  // namespace wscope::check
