// Cases that are about the connection itself: other versions or protocols of TLS, another name, another address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "check/case.h"
#include "check/settings.h"
#include "http/url.h"
#include "link/plan.h"
#include "tls/engine.h"
#include "tls/offer.h"

namespace wscope::check {

/// What stands behind the first step "way" of a program; empty: it has none, and the connection is the usual one.
[[nodiscard]] std::string_view way_of(const Case& one) noexcept;

/// Changes what a connection is made of:
///     version 1.0, version 1.1   nothing newer of TLS is offered
///     trust                      what this system trusts, whatever was given
///     name NAME                  that is asked for, and no certificate is looked at
///     alpn PROTOCOL…             those are offered
///     plain                      no TLS
///     family 4, family 6         only such an address
void go_another_way(std::string_view way, link::ConnectPlan& plan, tls::Offer& offer, http::Url& url);

/// There was no connection: what comes of the case; nothing: that it cannot be carried out.
[[nodiscard]] std::optional<Result> judge_no_way(const Case& one, const base::Error& error);
/// There is one: what comes of the case; nothing: its other steps will tell. `session`: of TLS; null: there is none.
[[nodiscard]] std::optional<Result> judge_way(const Case& one, const tls::Session* session);

/// "TLS 1.3, ALPN http/1.1"
[[nodiscard]] std::string words_of(const tls::Session& session);

}  // namespace wscope::check
