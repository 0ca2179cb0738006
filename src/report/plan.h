// What is to be shown, and how.
#pragma once

#include <cstddef>
#include <cstdint>

#include "streams/format.h"

namespace wscope::report {

/// What is said on stderr.
enum class Verbosity : std::uint8_t {
  quiet,    ///< errors
  normal,   ///< hints too
  verbose,  ///< heads of the opening handshake, what was agreed on, how it ended
};

/// When a message came, in front of it.
enum class Timestamps : std::uint8_t {
  off,
  absolute,  ///< the time of day
  relative,  ///< since the one before
};

/// What is shown of a connection.
struct Reporting {
  streams::OutputFormat format = streams::OutputFormat::lines;
  Verbosity verbosity = Verbosity::normal;
  bool sent = false;            ///< in JSON, what goes out too
  bool frames = false;          ///< every frame
  std::size_t dump_size = 256;  ///< bytes shown of a frame
  Timestamps timestamps = Timestamps::off;
};

}  // namespace wscope::report
