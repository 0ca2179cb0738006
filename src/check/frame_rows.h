// Cases of frames, fragments, control frames and texts.
#pragma once

#include "check/case.h"

namespace wscope::check {

inline constexpr Row frame_rows[] = {
    {"frame.text-{0,1,125,126,127,65535,65536}", "SC Me", "5.2, 5.6", "a text of that length", "the same back",
     "text fill:$ | echoed 1009 1003"},
    {"frame.binary-{0,125,126,65535,65536,1m}", "SC Me", "5.2, 5.6", "a binary message of that length",
     "the same back (1009 or 1003: info, its limit or choice)", "binary fill:$:binary | echoed 1009 1003",
     "0|125|126|65535|65536|1048576"},
    {"frame.split", "SC M", "-", "a Ping byte by byte", "Pong", "bytewise 1 | ping by bytes | whole | ponged by bytes"},
    {"frame.coalesced", "SC M", "-", "99 small Pongs and texts and a Ping in one write",
     "Pong; echoes, if any, in order", "repeated 50 pong a | repeated 49 text {sample} | handled"},
    {"frame.unmasked", "S M", "5.1", "an unmasked frame", "closed; 1002, another code or none (5.1: MAY)",
     "text mask=no {sample} | closed"},
    {"frame.masked", "C M", "5.1", "a masked frame", "closed; 1002, another code or none",
     "text mask=yes {sample} | closed"},
    {"frame.mask-zero", "S M", "5.3", "the masking key 00000000", "handled", "text mask=00000000 {sample} | handled"},
    {"frame.opcode-{3,4,5,6,7,b,c,d,e,f}", "SC M", "5.2", "a frame of that opcode", "failed, 1002 (1003)",
     "frame $ hello | failed 1002 1003"},
    {"frame.rsv-{1,2,3,4,5,6,7}", "SC M", "5.2", "a frame with those reserved bits (4 = RSV1), no extension",
     "failed, 1002", "text rsv=$ {sample} | failed 1002"},
    {"frame.len-16-small", "SC i", "5.2", "5 bytes in the 16-bit form",
     "failed, 1002, or taken, said (the MUST is the "
     "sender's)",
     "ping form=16 hello | tell 1000"},
    {"frame.len-64-small", "SC i", "5.2", "5 bytes in the 64-bit form", "failed, 1002, or taken, said",
     "ping form=64 hello | tell 1000"},
    {"frame.len-msb", "SC S", "5.2", "a length of 2^63", "failed, 1002 or 1009; waiting: warn",
     "binary form=64 len=9223372036854775808 hello | failed 1002 1009"},
    {"frame.len-max", "SC S!", "10.4, CVE-2020-27813", "2^63-1 bytes announced",
     "1009 at once, or waits; memory as before; lives",
     "binary form=64 len=9223372036854775807 hello | settle 1000 | lives"},
};

inline constexpr Row fragment_rows[] = {
    {"frag.{2,3,1-byte}", "SC M", "5.4", "a message in that many fragments / of one byte each",
     "handled, as one message if it echoes", "fragments $ text {sample} | handled", "/2|/3|1"},
    {"frag.empty-{first,middle,last,all}", "SC M", "5.4", "empty fragments", "handled", "$ | handled",
     "text fin=0 ; frame 0 {sample}|text fin=0 {sample} ; frame 0 fin=0 ; frame 0 {sample}|text fin=0 {sample} ; frame "
     "0|"
     "text fin=0 ; frame 0 fin=0 ; frame 0"},
    {"frag.ping-between", "SC M", "5.4, 5.5.2", "a fragment, Ping, after the Pong (or 1 s) the rest",
     "Pong; only after the rest: warn",
     "text fin=0 {sample} | ping between | soon 1000 between | frame 0 {sample} | ponged between | handled"},
    {"frag.pong-between", "SC M", "5.4", "a fragment, an unsolicited Pong, the rest", "ignored",
     "text fin=0 {sample} | pong between | frame 0 {sample} | handled"},
    {"frag.close-between", "SC M", "5.4, 5.5.1", "a fragment, Close, the last fragment", "Close back, no message",
     "text fin=0 {sample} | close 1000 | frame 0 {sample} | closes | settle 300 | not-echoed"},
    {"frag.lone-continuation-{fin,more}", "SC M", "5.4, 10.7", "a continuation first, FIN = 1 / 0", "failed, 1002",
     "frame 0 fin=$ hello | failed 1002", "1|0"},
    {"frag.after-fin", "SC M", "5.4, 10.7", "a continuation after a finished message", "failed, 1002",
     "text {sample} | frame 0 hello | failed 1002"},
    {"frag.new-{text,binary}-inside", "SC M", "5.4, 10.7", "a new data frame inside of a message", "failed, 1002",
     "text fin=0 {sample} | $ hello | failed 1002"},
    {"frag.10k", "SC S", "5.4", "10 000 one-byte fragments", "handled, or 1009/1008",
     "fragments 1 text fill:10000 | handled 1009 1008"},
    {"frag.endless", "SC S!", "10.4", "fragments of a text without an end, for 10 s",
     "1009 or 1008, or each goes on as it comes", "endless 10000 | lives"},
    {"frag.echo-type", "SC Me", "5.4, 5.6", "a fragmented binary message", "type kept",
     "fragments 3 binary hex:00ff80fe7f0a | echoed"},
};

inline constexpr Row control_rows[] = {
    {"ctl.ping-{empty,125,binary}", "SC M", "5.5.2, 5.5.3", "a Ping with that payload", "Pong, the same bytes",
     "ping $ | ponged $", "|fill:125|hex:00ff80c0fe7f0a0d"},
    {"ctl.ping-126", "SC M", "5.5, 10.7", "a Ping of 126 bytes", "failed, 1002", "ping fill:126 | failed 1002"},
    {"ctl.{ping,pong,close}-fragmented", "SC M", "5.5, 10.7", "such a frame with FIN = 0", "failed, 1002",
     "frame $ | failed 1002", "9 fin=0 hello|a fin=0 hello|8 fin=0 hex:03e8"},
    {"ctl.ping-10", "SC M", "5.5.3", "ten Pings at once", "the last answered; each answered is better (info)",
     "ping 0 | ping 1 | ping 2 | ping 3 | ping 4 | ping 5 | ping 6 | ping 7 | ping 8 | ping 9 | ponged 9 | each-ponged "
     "10"},
    {"ctl.ping-flood", "SC S!", "5.5.3", "10 000 Pings at line rate, not reading", "bounded memory, lives",
     "pause | repeated 10000 ping fill:125 | gap 1000 | ping last | resume | ponged last"},
    {"ctl.pong-unsolicited", "SC M", "5.5.3", "an unsolicited Pong", "ignored", "pong hello | ignored"},
    {"ctl.ping-in-transfer", "SC S", "5.5.2", "a Ping within a 1 MiB fragmented message",
     "Pong within 1 s, not after it",
     "text fin=0 fill:524288 | ping inside | soon 1000 inside | frame 0 fill:524288 | ponged inside | handled 1009 "
     "1008"},
    {"ctl.ping-after-close", "SC i", "5.5.2", "Close, then Ping",
     "no Pong (no longer owed, yet not forbidden; Autobahn fails it)",
     "close 1000 | ping late | closes | settle 300 | not-ponged late"},
    {"ctl.peer-pings", "SC iz", "-", "60 s of silence", "its interval, if any", "tell-pings 60000"},
};

inline constexpr Row text_rows[] = {
    {"utf8.valid-{1,2,3,4}", "SC M", "8.1", "the first and last code point of that length", "handled",
     "text hex:$ | handled", "007f|c280dfbf|e0a080efbfbf|f0908080f48fbfbf"},
    {"utf8.nonchar", "SC M", "8.1", "U+FFFE, U+FFFF, U+1FFFF", "handled", "text hex:efbfbeefbfbff09fbfbf | handled"},
    {"utf8.bom", "SC Me", "5.6", "a text that begins with U+FEFF, and with U+0000", "the same back",
     "text hex:efbbbf6162 | text hex:006162 | echoed"},
    {"utf8.split-{frame,tcp}", "SC M", "5.6", "a code point cut by fragments / segments", "handled",
     "$ | whole | handled", "text fin=0 hex:e282 ; frame 0 hex:ac|bytewise 2 ; text hex:e282ac"},
    {"utf8.bad-{c080,c1bf,e08080,f0808080,eda080,edbfbf,f4908080,f888808080,ff,80}", "SC M", "8.1",
     "a text with that sequence", "failed, 1007", "text hex:$ | failed 1007"},
    {"utf8.truncated-{2,3,4}", "SC M", "8.1", "a text that ends within a code point", "failed, 1007",
     "text hex:$ | failed 1007", "61c3|61e282|61f09f98"},
    {"utf8.across", "SC M", "5.6, 8.1", "bad UTF-8 across two fragments", "failed, 1007",
     "text fin=0 hex:61ed | frame 0 hex:a08061 | failed 1007"},
    {"utf8.early-fragment", "SC i", "8.1", "bad bytes, FIN = 0; the rest after 1 s",
     "failed at once, or at the end, said (no time is set; never: utf8.across)",
     "text fin=0 hex:ff | gap 1000 | frame 0 hello | tell 1000"},
    {"utf8.early-frame", "SC i", "8.1", "bad bytes, the rest of the frame after 1 s",
     "failed at once, or at the end, said", "text len=6 hex:ff | gap 1000 | raw 0000000000 | tell 1000"},
    {"utf8.binary", "SC M", "5.6", "the same bytes as a binary message", "handled",
     "binary hex:c080ffeda080f4908080 | handled"},
    {"utf8.reason", "SC S", "5.5.1, 8.1", "a bad reason in Close",
     "failed, 1007 or 1002 (S: 8.1 speaks of what is to be interpreted)", "close 1000 hex:61c080 | failed 1007 1002"},
};

}  // namespace wscope::check
