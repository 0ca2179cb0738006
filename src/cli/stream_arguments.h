// The options about messages and what is shown of them, which clients and servers share.
#pragma once

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// Formats of messages as they are typed; empty: not given.
struct TypedFormats {
  std::string in{};
  std::string out{};
  std::string both{};
  bool json = false;
  bool nul = false;
};
struct Formats {
  streams::InputFormat in = streams::InputFormat::lines;
  streams::OutputFormat out = streams::OutputFormat::lines;
};
void add_formats(CLI::App& app, TypedFormats& typed);
/// Whether messages are to be something else than they are, or than JSON.
[[nodiscard]] bool has_shape(const TypedFormats& typed);
[[nodiscard]] base::Result<Formats> read_formats(const TypedFormats& typed);

/// -b and -t.
struct TypedMessageType {
  bool binary = false;
  bool text = false;
};
void add_message_type(CLI::App& app, TypedMessageType& typed);
/// What is sent in a format: hex and base64 are binary unless text is asked for.
[[nodiscard]] streams::MessageType read_message_type(const TypedMessageType& typed,
                                                     streams::InputFormat format) noexcept;

/// What is shown, as it is typed.
struct TypedReporting {
  std::int64_t verbose = 0;
  bool quiet = false;
  bool frames = false;
  std::string show{};
  std::string dump_size = "256";
};
void add_reporting(CLI::App& app, TypedReporting& typed);
[[nodiscard]] base::Result<report::Reporting> read_reporting(const TypedReporting& typed, streams::OutputFormat format);

/// Sizes as they are typed.
struct TypedLimits {
  std::string message{};
  std::string frame{};
  std::string head{};
  std::string held{};
};
void add_limits(CLI::App& app, TypedLimits& typed);
[[nodiscard]] base::Result<link::SizeLimits> read_limits(const TypedLimits& typed);

}  // namespace wscope::cli
