// The options about messages and what is shown of them, which clients and servers share.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/option_parser.h"

namespace wscope::cli {

struct Formats {
  streams::InputFormat in = streams::InputFormat::lines;
  streams::OutputFormat out = streams::OutputFormat::lines;
};

/// Formats of messages as they are typed.
struct TypedFormats {
  std::optional<streams::InputFormat> in{};
  std::optional<streams::OutputFormat> out{};
  std::optional<Formats> both{};
  bool json = false;
  bool nul = false;
  bool keeps_newline = false;
  bool escapes = false;
};
void bind_formats(OptionParser& parser, TypedFormats& typed);
/// Whether messages are to be something else than they are, or than JSON.
[[nodiscard]] bool has_shape(const TypedFormats& typed) noexcept;
[[nodiscard]] Formats formats_of(const TypedFormats& typed) noexcept;

/// -b and -t.
struct TypedMessageType {
  bool binary = false;
  bool text = false;
};
void bind_message_type(OptionParser& parser, TypedMessageType& typed);
/// What is sent in a format: raw, hex and base64 are binary unless text is asked for.
[[nodiscard]] streams::MessageType message_type_of(const TypedMessageType& typed, streams::InputFormat format) noexcept;
/// What stdin is; an error if the options contradict each other.
[[nodiscard]] base::Result<session::InputShape> input_shape_of(const TypedFormats& formats,
                                                               const TypedMessageType& type);

/// When messages are sent, as it is typed.
struct TypedTimes {
  std::vector<std::string> every{};  ///< seconds and a text in turn
  double rate = 0;
};
void bind_times(OptionParser& parser, TypedTimes& typed);
/// What is sent again and again; the texts are read as read_message() has it.
[[nodiscard]] base::Result<std::vector<link::Beat>> beats_of(const TypedTimes& typed, const session::InputShape& input,
                                                             const TypedMessageType& type);

/// What is shown, as it is typed.
struct TypedReporting {
  std::size_t verbose = 0;
  bool quiet = false;
  bool frames = false;
  bool sent = false;
  report::Timestamps timestamps = report::Timestamps::off;
  std::size_t dump_size = report::Reporting().dump_size;
};
void bind_reporting(OptionParser& parser, TypedReporting& typed);
/// An error if the options contradict each other.
[[nodiscard]] base::Result<report::Reporting> reporting_of(const TypedReporting& typed, streams::OutputFormat format);

/// What every command has of streams: what stdin is, what is sent again and again and how fast, and what is shown.
template <typename Command>
[[nodiscard]] base::Result<void> read_streams(const TypedFormats& formats, const TypedMessageType& type,
                                              const TypedTimes& times, const TypedReporting& reporting,
                                              Command& command) {
  const auto input = input_shape_of(formats, type);
  if (!input) return input.error();
  command.input = *input;
  auto beats = beats_of(times, command.input, type);
  if (!beats) return std::move(beats).error();
  command.beats = std::move(beats).value();
  command.rate = times.rate;
  const auto shown = reporting_of(reporting, formats_of(formats).out);
  if (!shown) return shown.error();
  command.reporting = *shown;
  return {};
}

/// What follows the end of the input, as it is typed.
struct TypedEnd {
  std::optional<session::AtEof> at_eof{};
  std::optional<base::Duration> silence{};
};
void bind_end(OptionParser& parser, TypedEnd& typed);

void bind_limits(OptionParser& parser, link::SizeLimits& limits);
void bind_timeouts(OptionParser& parser, link::Timeouts& timeouts);

}  // namespace wscope::cli
