// Cases of closing, and of compressed data.
#pragma once

#include "check/case.h"

namespace wscope::check {

inline constexpr Row close_rows[] = {
    {"close.empty", "SC M", "5.5.1", "a Close without body", "Close back", "close | closes"},
    {"close.{1000,1001,1002,1003,1007,1008,1009,1011,3000,3999,4000,4999}", "SC M", "5.5.1, 7.4",
     "a Close with that code", "Close back: the same code, 1000 or none; 1002 as if wrong: fail (unless sent)",
     "close $ | closes"},
    {"close.1010", "S M", "5.5.1, 7.4.1", "a Close with 1010", "as above (a server does not send it)",
     "close 1010 | closes"},
    {"close.{1012,1013,1014}", "SC S", "-", "a Close with that code", "as above (registered with IANA after the RFC)",
     "close $ | closes"},
    {"close.bad-{0,999,1005,1006,1015}", "SC M", "7.4.1, 7.4.2, 10.7", "a Close with that code", "failed, 1002",
     "close $ | failed 1002"},
    {"close.bad-{1004,1016,2999}", "SC S", "7.4.1, 7.4.2", "a Close with that code",
     "failed, 1002 (S: reserved, may get a meaning)", "close $ | failed 1002"},
    {"close.bad-{5000,65535}", "SC i", "7.4.2", "a Close with that code", "said (outside all ranges, no rule)",
     "close $ | tell-close"},
    {"close.len-1", "SC M", "5.5.1, 10.7", "a Close with a body of one byte", "failed, 1002",
     "frame 8 hex:03 | failed 1002"},
    {"close.reason-123", "SC M", "5.5", "a Close with a reason of 123 bytes", "Close back",
     "close 1000 fill:123 | closes"},
    {"close.reason-124", "SC M", "5.5, 10.7", "a Close with a reason of 124 bytes", "failed, 1002",
     "close 1000 fill:124 | failed 1002"},
    {"close.reply-code", "SC i", "5.5.1", "1000 with a reason", "the code said (the same is typical, none is required)",
     "close 1000 wscope check | tell-close"},
    {"close.data-after", "SC S", "5.5.1, 7.1.3", "Close, then text", "text not echoed",
     "close 1000 | text {sample} | closes | settle 300 | not-echoed"},
    {"close.twice", "SC S", "5.5.1, 7.1.5", "two Closes", "one Close back",
     "close 1000 | close 1000 | closes | settle 300 | one-close"},
    {"close.after-fail", "SC M", "7.1.7", "a reserved opcode, then text and Ping in the same write",
     "neither echo nor Pong",
     "frame 3 hello | text {sample} | ping late | failed | settle 300 | not-echoed | not-ponged late"},
    {"close.tcp-first", "S M", "5.5.1, 7.1.1", "the closing handshake, we keep TCP open",
     "server closes (FIN is enough) within 2 s; within 5 s: warn", "close 1000 | closes | ended 2000 5000"},
    // Some clients wait for just a second, whose clock has begun before ours.
    {"close.tcp-wait", "C S", "5.5.1, 7.1.1", "the closing handshake, we keep TCP open 1 s",
     "no FIN from it before ours", "close 1000 | closes | not-ended 900"},
    {"close.no-answer", "SC Sz", "7.1.1, 7.1.7", "we never answer the Close that a bad frame brought, TCP open",
     "it ends by itself, the time said", "unanswered | frame 3 hello | failed | tell-end 60000"},
    {"close.half", "SC Sp", "5.5.1", "Close then FIN (not over TLS)", "Close still arrives",
     "close 1000 | fin | closes"},
    {"close.fin", "SC S", "7.1.4, 7.2.1", "FIN without Close", "it ends within 3 s", "fin | ended 3000"},
    {"close.rst", "SC M", "7.2.1", "RST", "it lives", "ping before | ponged before | rst | lives"},
    {"close.fin-in-{head,frame}", "S M", "-", "FIN within the request / a frame", "the server lives", "$ | fin | lives",
     "cut 40|raw 818a37fa213d7f"},
    {"close.busy", "SC ie", "5.5.1", "Close while it echoes 1 MiB",
     "the message whole, then Close; or cut (both allowed), said",
     "binary fill:1048576:binary | close 1000 | tell-close"},
};

// The payloads that RFC 7692 section 7.2.3 has for "Hello".
inline constexpr Row deflate_data_rows[] = {
    {"pmdx.text", "SC Med", "7692 7.2", "a compressed text", "the same back", "compressed text fill:3000 | echoed"},
    {"pmdx.burst", "SC Med", "7692 7.2",
     "200 messages of 0 B-64 KiB, text and binary, with context takeover, some fragmented", "all the same back",
     "burst 200 | echoed"},
    {"pmdx.empty", "SC Md", "7692 7.2.3.6", "the payload 00", "an empty message",
     "frame 1 rsv=4 hex:00 | message text | handled"},
    {"pmdx.zero-payload", "SC id", "7692 7.2.2", "RSV1 and no payload at all",
     "an empty message or failed, said (no encoder makes it)", "frame 1 rsv=4 | tell 1000"},
    {"pmdx.plain", "SC Md", "7692 6", "RSV1 = 0 though agreed", "handled", "text {sample} | handled"},
    {"pmdx.fragmented", "SC Md", "7692 6.1, 6.2", "RSV1 on the first fragment only", "handled",
     "frame 1 fin=0 rsv=4 hex:f248cd | frame 0 hex:c9c90700 | message text Hello | handled"},
    {"pmdx.ping-between", "SC Md", "7692 6.1", "a Ping between compressed fragments", "Pong, not compressed",
     "frame 1 fin=0 rsv=4 hex:f248cd | ping between | soon 1000 between | frame 0 hex:c9c90700 | message text Hello | "
     "ponged between | handled"},
    {"pmdx.rsv1-{continuation,control}", "SC Md", "7692 6.1", "RSV1 there", "failed, 1002", "$ | failed 1002",
     "frame 1 fin=0 rsv=4 hex:f248cd ; frame 0 rsv=4 hex:c9c90700|frame 9 rsv=4 hello"},
    {"pmdx.rsv-{1,2,5,6}", "SC Md", "5.2", "RSV2 or RSV3 too", "failed, 1002",
     "frame 1 rsv=$ hex:f248cdc9c90700 | failed 1002"},
    {"pmdx.context", "SC Md", "7692 7.2.3.2", "two messages, the second refers to the first",
     "handled (skipped if our context takeover is off)",
     "reply takeover | frame 1 rsv=4 hex:f248cdc9c90700 | message text Hello | frame 1 rsv=4 hex:f200110000 | "
     "message text Hello | handled"},
    {"pmdx.no-context", "SC Med", "7692 7.1.1", "after *_no_context_takeover", "its messages inflate alone",
     "offer permessage-deflate; server_no_context_takeover | ask | reply agreed snct | compressed text fill:600 "
     "| "
     "compressed text fill:600 | echoed"},
    {"pmdx.window-{9,15}", "S Med", "7692 7.1.2.1", "after server_max_window_bits=N",
     "its messages inflate with that window",
     "offer permessage-deflate; server_max_window_bits=$ | ask | reply agreed smwb | compressed text fill:20000 "
     "| "
     "compressed text fill:20000 | echoed"},
    {"pmdx.window-8", "S Med", "7692 7.1.2.1", "if it agreed to server_max_window_bits=8",
     "they inflate with 256 bytes",
     "offer permessage-deflate; server_max_window_bits=8 | ask | reply agreed smwb | compressed text fill:20000 "
     "| "
     "compressed text fill:20000 | echoed"},
    {"pmdx.client-window", "C Med", "7692 7.1.2.2", "after client_max_window_bits=9, if it offered that",
     "its messages inflate with 512 bytes (or it failed the handshake)",
     "asked | agree permessage-deflate; client_max_window_bits=9 | answer | may-reject | compressed text fill:20000 | "
     "compressed text fill:20000 | echoed"},
    {"pmdx.{stored,fixed,dynamic,two-blocks,bfinal}", "SC Md", "7692 7.2.1, 7.2.3", "that kind of block", "handled",
     "frame 1 rsv=4 hex:$ | handled",
     "000500faff48656c6c6f00 ; message text Hello|f248cdc9c90700 ; message text Hello|"
     "c4cbc11180200c05d1567e1f5613431444121414b57a0f8e1d38e3690f3baf15b62c684fd80bc782e6a98214a22e5bd08a44510a6c00c19d4"
     "a293"
     "0fad938762ffccd53cf4e86d18729ce492d2f6ba9dbde8ef3faf6dc00|"
     "f248050000 00ffffcac9c90700 ; message text Hello|f348cdc9c9070000 ; message text Hello"},
    {"pmdx.tail", "SC id", "7692 7.2.1", "00 00 ff ff left in", "handled or failed, said",
     "frame 1 rsv=4 hex:f248cdc9c907000000ffff | tell 1000"},
    {"pmdx.garbage", "SC Md", "7692 7.2.2, 10.7", "bytes that are no DEFLATE", "failed, 1002, 1003 or 1007",
     "frame 1 rsv=4 hex:ffffffffffff | failed 1002 1003 1007"},
    {"pmdx.far", "SC Md", "7692 7.2.2, 10.7", "a distance to before the first byte", "failed, 1002, 1003 or 1007",
     "frame 1 rsv=4 hex:02020000 | failed 1002 1003 1007"},
    {"pmdx.utf8", "SC Md", "7692 6, 8.1", "bad UTF-8 once inflated", "failed, 1007",
     "frame 1 rsv=4 hex:000100feffff00 | failed 1007"},
    {"pmdx.limit", "S Sd", "10.4", "a text that inflates to twice the limit of messages", "1009, within 1 s",
     "measure deflated"},
    {"pmdx.bomb", "SC Sd!", "10.4", "64 KiB that inflate to 64 MiB", "1009, or handled with bounded memory; lives",
     "compressed text zeros:67108864 | ignored 1009 1008 | lives"},
    {"pmdx.rsv1-honest", "SC Md", "7692 6.1", "all its frames", "what has RSV1 inflates; RSV1 = 0 is plain"},
};

}  // namespace wscope::check
