#include "check/way.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "view/counted.h"
#include "view/escape.h"

namespace wscope::check {
namespace {

std::string_view take_word(std::string_view& text) noexcept {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

Verdict when_broken(Level level) noexcept {
  return level == Level::must ? Verdict::fail : level == Level::should ? Verdict::warn : Verdict::info;
}

Result with(const Case& one, Verdict verdict, std::string seen) {
  Result result;
  result.about = &one;
  result.verdict = verdict;
  result.seen = std::move(seen);
  return result;
}

// Of the first certificate, whom it is for and for how long.
std::string certificate_words(const tls::Session& session) {
  if (session.chain.empty()) return "no certificate";
  const tls::CertificateView& own = session.chain.front();
  std::string names;
  constexpr std::size_t most_names = 5;
  for (std::size_t i = 0; i < std::min(most_names, own.names.size()); ++i) {
    names += (names.empty() ? "" : ", ") + own.names[i];
  }
  if (own.names.size() > most_names) names += ", …";
  if (names.empty()) names = own.subject;
  return fmt::format("for {}, until {}, {}", view::escape(names), view::escape(own.not_after.substr(0, 10)),
                     view::counted(session.chain.size(), "certificate"));
}

void trust_system(link::ConnectPlan& plan) {
  plan.insecure = false;
  plan.server_name.reset();
  plan.tls.verify = true;
  plan.tls.ca_file.clear();
  plan.tls.ca_path.clear();
  plan.tls.pins.clear();
}

}  // namespace

std::string_view way_of(const Case& one) noexcept {
  constexpr std::string_view keyword = "way ";
  std::string_view program = one.program;
  if (!program.starts_with(keyword)) return {};
  program.remove_prefix(keyword.size());
  program = program.substr(0, program.find('|'));
  return program.substr(0, program.find_last_not_of(' ') + 1);
}

void go_another_way(std::string_view way, link::ConnectPlan& plan, tls::Offer& offer, http::Url& url) {
  const std::string_view word = take_word(way);
  if (word == "version") {
    offer.only = way == "1.0" ? tls::OldVersion::tls_1_0 : tls::OldVersion::tls_1_1;
    plan.tls.ciphers.clear();
    plan.tls.verify = false;
    plan.tls.pins.clear();
  }
  if (word == "trust") trust_system(plan);
  if (word == "name") {
    plan.server_name = std::string(way);
    plan.tls.verify = false;
    plan.tls.pins.clear();
  }
  if (word == "alpn") {
    while (!way.empty()) offer.protocols.emplace_back(take_word(way));
  }
  if (word == "plain") url.secure = false;
  if (word == "family") plan.route.ip_version = way == "4" ? link::IpVersion::v4 : link::IpVersion::v6;
}

std::optional<Result> judge_no_way(const Case& one, const base::Error& error) {
  std::string_view way = way_of(one);
  const std::string_view word = take_word(way);
  const std::string seen = view::escape(error.message);
  if (word == "family") return with(one, Verdict::fail, "does not: " + seen);
  if (!word.empty() && error.kind == base::ErrorKind::usage) return with(one, Verdict::skip, seen);
  if (word.empty() || error.kind != base::ErrorKind::tls) return std::nullopt;
  if (word == "version") {
    const bool is_ours = seen.find("no protocols available") != std::string::npos;
    return is_ours ? with(one, Verdict::skip, "our own OpenSSL does not offer it") : with(one, Verdict::pass, {});
  }
  if (word == "name") return with(one, Verdict::info, seen);
  return with(one, when_broken(one.level()), seen);
}

std::optional<Result> judge_way(const Case& one, const tls::Session* session) {
  std::string_view way = way_of(one);
  const std::string_view word = take_word(way);
  if (session == nullptr) return std::nullopt;
  if (word == "version") return with(one, when_broken(one.level()), session->version + " is spoken");
  if (word == "trust") return with(one, Verdict::pass, certificate_words(*session));
  if (word == "name") return with(one, Verdict::info, "taken; its certificate is " + certificate_words(*session));
  if (word != "alpn") return std::nullopt;
  const std::string& chosen = session->protocol;
  if (chosen.empty() || chosen == "http/1.1") return std::nullopt;
  if (chosen == "h2" && way != "http/1.1") {
    return with(one, Verdict::skip, "it has chosen h2, and wscope has no HTTP/2 yet");
  }
  return with(one, when_broken(one.level()), "it has chosen " + view::escape(chosen));
}

std::string words_of(const tls::Session& session) {
  std::string version = session.version;
  if (version.starts_with("TLSv")) version.replace(0, 4, "TLS ");
  return version + (session.protocol.empty() ? ", no ALPN" : ", ALPN " + view::escape(session.protocol));
}

}  // namespace wscope::check
