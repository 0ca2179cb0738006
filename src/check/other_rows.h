// Cases of what an attacker tries first, and of what is watched in all others.
#pragma once

#include "check/case.h"

namespace wscope::check {

inline constexpr Row security_rows[] = {
    {"sec.origin-foreign", "S i", "10.2", "Origin: https://wscope.invalid",
     "403; else \"any web page can open this, with the user's cookies\"",
     "set Origin: https://wscope.invalid | ask | reply origin any web page can open this, with the user's cookies"},
    {"sec.origin-{null,suffix,prefix,scheme}", "S i", "10.2",
     "Origin: null / of host.wscope.invalid / of wscope.invalid?host / http for https", "403 if foreign is 403",
     "set Origin: $ | ask | reply origin such an Origin is taken, though a foreign one is not",
     "null|{scheme}://{host}.wscope.invalid|{scheme}://wscope.invalid?{host}|{other-scheme}://{host}"},
    {"sec.host-rebinding", "S i", "-", "Host: wscope.invalid on a loopback or private address",
     "refused; else \"a page can reach it by DNS rebinding\"",
     "set Host: wscope.invalid | set Origin: http://wscope.invalid | ask | reply rebinding"},
    {"sec.smuggle-version", "S S", "9110 7.8", "version 777 through the front, then a second request",
     "no answer to the second on that connection after a 101 or 426 of the front",
     "set Sec-WebSocket-Version: 777 | ask | answered | fresh | plain | ask | no-answer 500"},
    {"sec.smuggle-status", "S i", "9110 7.8", "an upgrade that the backend refuses, then a second request", "as above",
     "drop Sec-WebSocket-Key | ask | answered | fresh | plain | ask | no-answer 500"},
    {"sec.trace", "S i", "9110 9.3.8", "TRACE", "405 or 501", "plain | method TRACE | ask | refused 405 501"},
    {"sec.leak", "S i", "-", "all refusals", "no stack trace, path or version in bodies"},
    {"sec.auth-in-query", "S i", "-", "the URL given", "token-like query: said"},
};

inline constexpr Row invariant_rows[] = {
    {"inv.{mask,length,rsv,opcode,control,fragments,utf8,close-code,after-close}", "SC M", "5, 7, 8",
     "nothing of its own", "never broken by what it sent in all cases"},
};

}  // namespace wscope::check
