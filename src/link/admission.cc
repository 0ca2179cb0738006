#include "link/admission.h"

#include <utility>

#include "http/auth.h"
#include "http/request_target.h"
#include "link/page.h"
#include "ws/server_handshake.h"

namespace wscope::link {
namespace {

// The path of a target that is a URL is that of the URL.
bool is_path(std::string_view wanted, const std::string& target) {
  const auto parts = http::split_target(target);
  return parts && parts->path() == wanted;
}

// In a time that does not tell where they differ.
bool equal(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

bool are_right(const http::Credentials& wanted, const std::string* authorization) {
  if (authorization == nullptr) return false;
  const auto given = http::parse_basic_credentials(*authorization);
  return given && equal(given->user, wanted.user) && equal(given->password, wanted.password);
}

std::optional<Answer> refuse_stranger(const Admission& admission, const http::RequestHead& request) {
  if (admission.credentials && !are_right(*admission.credentials, request.headers.find("Authorization"))) {
    return plain_answer(401, "credentials are needed", {{"WWW-Authenticate", http::write_basic_challenge("wscope")}});
  }
  return std::nullopt;
}

}  // namespace

Answer plain_answer(int status, std::string_view line, http::Headers headers) {
  headers.add("Content-Type", "text/plain; charset=utf-8");
  headers.add("X-Content-Type-Options", "nosniff");
  // Else a page of another site could tell from what it may not see what is there and what is not.
  headers.add("Cross-Origin-Resource-Policy", "same-origin");
  return {status, std::move(headers), std::string(line) + "\n"};
}

std::optional<Answer> refuse(const Admission& admission, const http::RequestHead& request) {
  if (!admission.path.empty() && !is_path(admission.path, request.target)) {
    return plain_answer(404, "there is nothing here");
  }
  return refuse_stranger(admission, request);
}

bool is_visit(Paths paths, const http::RequestHead& request) {
  return paths == Paths::all ? !ws::asks_for_upgrade(request) : ws::may_be_visit(request);
}

std::optional<Answer> refuse_visit(const Admission& admission, Paths paths, const http::RequestHead& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    return plain_answer(405, "the method must be GET or HEAD", {{"Allow", "GET, HEAD"}});
  }
  return paths == Paths::all ? refuse(admission, request) : refuse_stranger(admission, request);
}

Answer answer_plain(const Admission& admission, const http::RequestHead& request) {
  auto refused = refuse_visit(admission, Paths::all, request);
  return refused ? *std::move(refused) : page_answer();
}

}  // namespace wscope::link
