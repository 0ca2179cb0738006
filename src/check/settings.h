// What all cases of a run have in common.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "check/case.h"
#include "http/head.h"
#include "ws/deflate_parameters.h"

namespace wscope::check {

struct Settings {
  Role role = Role::server;     ///< of who is looked at
  http::RequestHead request{};  ///< the plain one, of which each case makes its own; its key is replaced
  bool secure = false;
  std::string known_subprotocol{};            ///< that the server knows; empty: none
  std::vector<std::string> say{};             ///< sent as texts after each open
  std::string sample = "wscope check";        ///< a text that it takes
  bool echo = false;                          ///< it sends back what it is sent
  bool deflate = false;                       ///< it agrees to permessage-deflate
  bool starts_program = false;                ///< of a client: it is one that we start
  bool vouches = false;                       ///< for a client we have certificates of an issuer that it trusts
  bool any_origin = false;                    ///< it lets pages of any site in
  std::string told_versions{};                ///< Sec-WebSocket-Version of its refusal of a version
  std::optional<std::string> unknown_path{};  ///< that does not exist
  base::Duration case_timeout = std::chrono::seconds(3);
  bool keeps_steps = false;  ///< what each step has sent is kept, to be told
  std::uint64_t seed = 0;    ///< of masking keys and those of requests: each case has its own from it
  base::Duration idle_max = std::chrono::seconds(300);  ///< how long nothing is said to see whether it minds
  bool aggressive = false;                              ///< what is measured may be larger
};

enum class Verdict : std::uint8_t {
  pass,
  fail,
  warn,
  info,
  skip,
  error,  ///< it could not be carried out
};

/// "pass", "fail", …
[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;

/// What has come of a case.
struct Result {
  const Case* about = nullptr;
  Verdict verdict = Verdict::error;
  std::string seen{};      ///< in words, safe for a terminal
  bool finding = false;    ///< of `sec`: the exit status depends on it with --level info
  bool expected = false;   ///< it fails as the baseline says
  bool better = false;     ///< it passes, though the baseline has it fail
  bool flaky = false;      ///< it was run again, and passed
  std::string found_in{};  ///< of what is judged of all cases: the id of the one that it was seen in
  std::string sent{};      ///< the first 4 KiB of what was sent
  base::Duration elapsed{};
  std::optional<int> status{};                ///< of the final answer, if there was one
  std::optional<std::uint16_t> close_code{};  ///< of its Close, 1005 if that had none
  std::optional<std::uint64_t> measured{};    ///< of what is measured: bytes, a number, or milliseconds
};

}  // namespace wscope::check
