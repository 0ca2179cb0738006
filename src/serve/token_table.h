// Which target a client may name without knowing it: tokens, and how a file lists them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "serve/target.h"
#include "tls/digest.h"

namespace wscope::serve {

/// Whether a token may be called so: 1 to 128 of A-Z a-z 0-9 . _ ~ -
[[nodiscard]] bool is_token_name(std::string_view name) noexcept;

/// What of a token may be shown: its beginning and an ellipsis.
[[nodiscard]] std::string shown_token(std::string_view name);

/// The token of a request's target: the value of `token` in its query or, if that has none, the last segment of its
/// path, percent-decoded once. Nothing if there is none that may be called so, or two of them.
[[nodiscard]] std::optional<std::string> token_of(std::string_view request_target);

/// Targets by token. They are found by the tokens' digests, so that how long it takes tells nothing of them.
class TokenTable {
 public:
  /// Reads lines `NAME: TARGET`, where a target may be a bare HOST:PORT (of TCP); white space around either, empty
  /// lines and those that begin with "#" do not count. An Error of kind usage begins with "line N: " and quotes no
  /// name.
  [[nodiscard]] static base::Result<TokenTable> parse(std::string_view text);

  /// Null if there is none; valid as long as the table is.
  [[nodiscard]] const Target* find(std::string_view token) const;
  [[nodiscard]] std::size_t size() const noexcept { return targets_.size(); }

 private:
  std::map<tls::Sha256Digest, Target> targets_;
};

}  // namespace wscope::serve
