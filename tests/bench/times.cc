#include "times.h"

#include <algorithm>
#include <iterator>

namespace wscope::bench {
namespace {

constexpr std::string_view rows[] = {
    "echo/16B:50:16",
    "echo/16B:500:16",
    "echo/1KiB:50:16",
    "echo/16KiB:1:16",
    "echo/16KiB:50:16",
    "echo/1MiB:1:1",
    "echo/1MiB:50:1",
    "echo/1KiB:50:16/multi-byte",
    "echo/16KiB:50:1/multi-byte",
    "echo/1MiB:1:1/multi-byte",
    "connection/idle",
    "connection/idle/after-64KiB",
    "connection/open/50-at-a-time",
    "pipe/send-16B",
    "pipe/receive-16B",
    "pipe/send-1GiB",
    "pipe/start",
    "pipe/version",
    "pipe/peak",
    "poll/500:5",
    "poll/2000:20",
    "poll/10000:100",
};

}  // namespace

bool is_timed(std::string_view row) { return std::find(std::begin(rows), std::end(rows), row) != std::end(rows); }

}  // namespace wscope::bench
