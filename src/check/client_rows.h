// Cases of the opening handshake of a client.
#pragma once

#include "check/case.h"

namespace wscope::check {

inline constexpr Row client_rows[] = {
    {"c.request", "C M", "4.1 (1)-(9)", "the right answer",
     "GET, HTTP/1.1 or later, Host, Upgrade, Connection, Version 13", "asked | request basic | answer | ignored"},
    {"c.key", "C M", "4.1 (7)", "the answers of all cases",
     "a key of 16 bytes in base64 (padding bits 0), once, not the same twice"},
    {"c.offer-grammar", "C M", "4.1 (10)(11), 9.1", "the right answer",
     "its extensions and protocols parse; no protocol twice", "asked | request grammar | answer | ignored"},
    {"c.offer-pmd", "C M", "7692 7.1", "the right answer", "its parameters defined, once, with valid values",
     "asked | request pmd | answer | ignored"},
    {"c.no-body", "C S", "9110 9.3.1", "the right answer", "no content (Content-Length: 0 is info)",
     "asked | request no-body | answer | ignored"},
    {"c.waits", "C M", "4.1", "101 after 500 ms", "not a byte after the request head before it",
     "asked | silent 500 | answer | ignored"},
    {"c.accept-{wrong,none,case,space}", "C M", "4.1 (4)",
     "a Sec-WebSocket-Accept that is wrong / none / right but for the case of letters / right, with spaces around it",
     "wrong, none, case: failed; space: taken", "asked | $",
     "set Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo= ; answer ; rejected|"
     "drop Sec-WebSocket-Accept ; answer ; rejected|"
     "set Sec-WebSocket-Accept: {other-case} ; answer ; rejected|"
     "set Sec-WebSocket-Accept: \\x20{accept}\\x20\\x20 ; answer ; ignored"},
    {"c.accept-twice", "C S", "11.3.3", "the right Sec-WebSocket-Accept twice", "failed",
     "asked | also Sec-WebSocket-Accept: {accept} | answer | rejected"},
    {"c.status-{200,400,401,403,404,426,500,503}", "C M", "4.1 (1)", "that answer", "no open; it ends or tries again",
     "asked | answer $ | ping opened | settle 300 | fin | rejected"},
    {"c.status-{301,307}", "C i", "4.1 (1)", "a redirect", "followed or not", "asked | answer $ | fin | tell-redirect"},
    {"c.early-hints", "C M", "9110 15.2", "103, then 101", "open",
     "asked | before HTTP/1.1 103 Early Hints\\r\\nLink: </wscope>; rel=preload\\r\\n\\r\\n | answer | ignored"},
    {"c.upgrade-{none,other}", "C M", "4.1 (2)", "a 101 without Upgrade / with Upgrade: h2c", "failed",
     "asked | $ | answer | rejected", "drop Upgrade|set Upgrade: h2c"},
    {"c.connection-none", "C M", "4.1 (3)", "a 101 without Connection", "failed",
     "asked | drop Connection | answer | rejected"},
    {"c.connection-list", "C M", "4.1 (3)", "Connection: keep-alive, Upgrade", "open",
     "asked | set Connection: keep-alive, Upgrade | answer | ignored"},
    {"c.case", "C M", "4.1 (2)(3)", "odd cases of names and tokens", "open",
     "asked | set Upgrade: wEBsOCKET | set Connection: uPGRADE | lower | answer | ignored"},
    {"c.ext-unasked", "C M", "4.1 (5)", "an extension it did not offer", "failed",
     "asked | set Sec-WebSocket-Extensions: x-wscope | answer | rejected"},
    {"c.ext-malformed", "C M", "9.1", "Sec-WebSocket-Extensions: permessage-deflate;;", "failed",
     "asked | set Sec-WebSocket-Extensions: permessage-deflate;; | answer | rejected"},
    {"c.ext-{twice,bad-param,bad-bits}", "C M", "7692 7",
     "permessage-deflate with a parameter twice / an unknown one / a window of 16 bits",
     "failed (skipped if it offers none)",
     "asked | request deflate | set Sec-WebSocket-Extensions: permessage-deflate; $ | answer | rejected",
     "server_no_context_takeover; server_no_context_takeover|foo|server_max_window_bits=16"},
    {"c.cmwb-unasked", "C M", "7692 7, 7.1.2.2", "client_max_window_bits though not offered", "failed",
     "asked | request no-window | set Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10 | answer "
     "| rejected"},
    {"c.protocol-{unasked,other,two}", "C M", "4.1 (6), 4.2.2",
     "a subprotocol though it offers none / another than it offers / two", "failed", "asked | $ | answer | rejected",
     "request no-protocols ; set Sec-WebSocket-Protocol: x-wscope-none|"
     "request protocols ; set Sec-WebSocket-Protocol: x-wscope-none|"
     "set Sec-WebSocket-Protocol: {protocol}, x-wscope-other"},
    {"c.protocol-none", "C i", "4.1 (6)", "no subprotocol though it offers some",
     "open or failed, said (browsers fail)",
     "asked | request protocols | drop Sec-WebSocket-Protocol | answer | tell-open"},
    {"c.split", "C M", "-", "101 byte by byte", "open", "asked | bytewise 1 | answer | whole | ignored"},
    {"c.early-frame", "C M", "4.2.2", "101 and a frame in one segment", "frame handled",
     "asked | answer early | ping early | ponged early | ignored"},
    {"c.head-64k", "C i", "-", "a 64 KiB header", "open or failed, said", "asked | filler 65536 | answer | tell-open"},
    {"c.no-answer", "C Sz", "-", "nothing", "gives up, the time said", "asked | tell-end 60000"},
    {"c.backoff", "C Szg", "7.2.3", "dropped without a Close, three times",
     "delays random or growing (skipped if it does not connect again)", "asked | answer | settle 100 | rst | backoff"},
    {"c.masks", "C M", "5.1, 5.3", "the answers of all cases",
     "masking keys are fresh: not one for all, no counter, at most one repeat in 1000"},
    {"c.tls-{name,expired,issuer}", "C Mtg", "4.1 (5)",
     "a certificate for another name / that has expired / of an issuer that nobody knows", "refused", "unasked"},
    {"c.tls-sni", "C Mt", "4.1 (5)", "wss to a name", "the name is asked for in TLS (SNI)",
     "asked | request server-name | answer | ignored"},
};

}  // namespace wscope::check
