// Cases of extensions, and of how permessage-deflate is agreed on.
#pragma once

#include "check/case.h"

namespace wscope::check {

inline constexpr Row extension_rows[] = {
    {"ext.unknown", "S M", "4.2.2 (4), 9.1", "x-wscope; a=1", "101 without it",
     "offer x-wscope; a=1 | ask | open | reply no-extension"},
    {"ext.malformed", "S M", "9.1", "permessage-deflate;;",
     "400+ or closed; 101 without it: warn if it knows no extension at all, else fail",
     "offer permessage-deflate;; | ask | reply malformed"},
    {"ext.lines", "S M", "9.1, 11.3.2", "x-wscope and permessage-deflate on two lines", "as one list",
     "offer x-wscope; a=1 | also Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits | ask | open | "
     "reply deflate-if-known"},
    {"ext.redos", "S S", "CVE-2020-7662", "16 KiB of quoted backslashes", "answered within 1 s",
     "offer x-wscope; a=\"{backslashes:16384} | ask | may-refuse | reply soon"},
};

inline constexpr Row deflate_offer_rows[] = {
    {"pmd.offer", "S i", "7692 5", "permessage-deflate",
     "said: agreed or not, with what; not agreed: pmdx and the rest of pmd are skipped",
     "offer permessage-deflate | ask | open | reply told"},
    {"pmd.reply-subset", "S Md", "7692 7, 7.1", "the offer of a browser",
     "every parameter of the reply is defined, once, with a valid value (server_* and client_no_context_takeover may "
     "come unasked)",
     "offer permessage-deflate; client_max_window_bits | ask | open | reply subset"},
    {"pmd.cmwb-unasked", "S Md", "7692 7.1.2.2", "offer without client_max_window_bits", "none in the reply",
     "offer permessage-deflate | ask | open | reply no-cmwb"},
    {"pmd.smwb-{8,9,10,11,12,13,14,15}", "S Md", "7692 7.1.2.1", "server_max_window_bits=N",
     "agreed with the parameter of N or less, or declined (101 without); refused: fail",
     "offer permessage-deflate; server_max_window_bits=$ | ask | open | reply smwb $"},
    {"pmd.cmwb-{8,9,10,11,12,13,14,15}", "S Md", "7692 7.1.2.2", "client_max_window_bits=N",
     "agreed (a value above N: warn), or declined; refused: fail",
     "offer permessage-deflate; client_max_window_bits=$ | ask | open | reply cmwb $"},
    {"pmd.snct", "S Md", "7692 7.1.1.1", "server_no_context_takeover", "in the reply, or declined",
     "offer permessage-deflate; server_no_context_takeover | ask | open | reply snct"},
    {"pmd.cnct", "S id", "7692 7.1.1.2", "client_no_context_takeover", "said",
     "offer permessage-deflate; client_no_context_takeover | ask | open | reply told"},
    {"pmd.bits-{7,16,015,none,junk}", "S Md", "7692 7, 7.1.2.1", "server_max_window_bits with that value / none / x",
     "declined; 400+: warn; 5xx, agreed: fail",
     "offer permessage-deflate; server_max_window_bits$ | ask | reply declined", "=7|=16|=015||=x"},
    {"pmd.cbits-{7,16,015,junk}", "S Md", "7692 7, 7.1.2.2", "client_max_window_bits, likewise",
     "declined; 400+: warn; 5xx, agreed: fail",
     "offer permessage-deflate; client_max_window_bits=$ | ask | reply declined", "7|16|015|x"},
    {"pmd.twice", "S Md", "7692 7", "a parameter twice", "declined; 400+: warn",
     "offer permessage-deflate; server_no_context_takeover; server_no_context_takeover | ask | reply declined"},
    {"pmd.unknown-param", "S Md", "7692 7", "foo", "declined; 400+: warn",
     "offer permessage-deflate; foo | ask | reply declined"},
    {"pmd.nct-value", "S Md", "7692 7, 7.1.1", "server_no_context_takeover=1", "declined; 400+: warn",
     "offer permessage-deflate; server_no_context_takeover=1 | ask | reply declined"},
    {"pmd.quoted", "S Sd", "9.1", "server_max_window_bits=\"10\"", "as pmd.smwb-10",
     "offer permessage-deflate; server_max_window_bits=\"10\" | ask | open | reply smwb 10"},
    {"pmd.fallback", "S Sd", "7692 5", "bad offer, good offer", "the good one agreed",
     "offer permessage-deflate; foo, permessage-deflate | ask | open | reply deflate-if-known"},
};

}  // namespace wscope::check
