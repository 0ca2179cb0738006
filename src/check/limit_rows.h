// Cases of what is measured, of TLS and of HTTP/2.
#pragma once

#include "check/case.h"

namespace wscope::check {

// "measure WORD" is no step: it takes several connections, and what to try on the next one depends on the one before.
inline constexpr Row limit_rows[] = {
    {"limit.message", "S i", "7.4.1",
     "texts from 1 KiB to 16 MiB (64 MiB with --aggressive), doubled, then bisected to 1 %",
     "the size; refused at the header or after it; 1009?", "measure message"},
    {"limit.frame", "S i", "-", "the same as the first fragment of a text", "the size", "measure frame"},
    {"limit.inflated", "S id", "-", "the same, compressed", "counted before or after inflating (before: warn)",
     "measure inflated"},
    {"limit.fragments", "S i", "-", "a text in fragments of a byte, doubled up to 64 Ki", "the number",
     "measure fragments"},
    {"limit.head", "S i", "9110 5.4", "requests of up to 256 KiB", "the size, the status", "measure head"},
    {"limit.handshake-time", "S iz", "-", "a connection, and nothing on it", "seconds", "cut 0 | tell-end 60000"},
    {"limit.idle", "S iz", "-", "nothing, for as long as --idle-max; then our Pings",
     "seconds, who ended it, with what; whether Pings help", "measure idle"},
    {"limit.too-big-code", "S S", "7.4.1", "a text that is larger than the limit", "1009", "measure too-big"},
    {"limit.slow-reader", "S ie!", "-", "64 MiB that it is to echo, of which nothing is read for 10 s",
     "closed, dropped or waited; nothing lost",
     "pause | repeated 1024 binary fill:65536:binary | settle 10000 | resume | tell-echo 10000"},
};

inline constexpr Row habit_rows[] = {
    {"net.nagle", "S i", "-", "two small messages 1 ms apart", "no gap of 40 ms", "beats 2 1 | measured nagle"},
    {"net.buffering", "S S", "-", "ten Pings, 100 ms apart",
     "each Pong within the round trip's time and 50 ms: no proxy collects them", "beats 10 100 | measured delays"},
    {"net.families", "S i", "8305", "a connection over IPv4 and one over IPv6", "which of them answers",
     "measure families"},
    {"net.redirect", "S i", "-", "a plain GET", "said; from wss to what is not encrypted: warn",
     "plain | ask | reply redirect"},
    {"net.rtt", "S i", "-", "20 Pings, one after the other", "the times: least, median, 99th percentile",
     "beats 20 0 | measured rtt"},
};

// "way WORD": the connection is made in another way than usual, and what comes of that may be all.
inline constexpr Row tls_rows[] = {
    {"tls.version-{10,11}", "S Mt", "8996 4, 5", "TLS 1.0 / 1.1 and nothing newer",
     "refused (skipped if our own library cannot offer it)", "way version $", "1.0|1.1"},
    {"tls.certificate", "S St", "9110 4.3.4", "the trust that this system has", "valid; expiry, names, chain said",
     "way trust"},
    {"tls.sni-other", "S it", "6066 3", "another name", "said", "way name wscope.invalid"},
    {"tls.alpn-http11", "S Mt", "7301 3.2", "the protocol http/1.1", "chosen, or none",
     "way alpn http/1.1 | ask | open"},
    {"tls.alpn-h2-http11", "S St", "7301, 8441", "the protocols h2 and http/1.1, as browsers offer them",
     "http/1.1, or none", "way alpn h2 http/1.1 | ask | open"},
    {"tls.close-notify", "S St", "8446 6.1, 6455 7.1.1", "the closing handshake",
     "close_notify (S: an RST may destroy it)", "close 1000 | closes | ended 2000 5000 | measured end"},
    {"tls.small-records", "S Mt", "8446 5.1", "records of one byte", "handled",
     "bytewise 0 | ping small records | whole | ponged small records | ignored"},
    {"tls.plain-text", "S it", "-", "HTTP without TLS to the same port", "400, or closed; not silence",
     "way plain | plain | ask | told"},
};

inline constexpr Row http2_rows[] = {
    {"h2.setting", "S it", "8441 3", "nothing", "skipped: wscope has no HTTP/2 yet"},
};

}  // namespace wscope::check
