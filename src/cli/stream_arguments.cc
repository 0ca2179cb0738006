#include "cli/stream_arguments.h"

#include "base/decimal.h"
#include "cli/message_argument.h"

namespace wscope::cli {
namespace {

constexpr Choice<streams::InputFormat> input_formats[] = {
    {"lines", streams::InputFormat::lines}, {"nul", streams::InputFormat::nul},
    {"whole", streams::InputFormat::whole}, {"raw", streams::InputFormat::raw},
    {"hex", streams::InputFormat::hex},     {"base64", streams::InputFormat::base64},
    {"json", streams::InputFormat::json}};
static_assert(are_words_of("--in", input_formats, CommandSet::pipes));

constexpr Choice<streams::OutputFormat> output_formats[] = {
    {"lines", streams::OutputFormat::lines},   {"nul", streams::OutputFormat::nul},
    {"raw", streams::OutputFormat::raw},       {"hex", streams::OutputFormat::hex},
    {"base64", streams::OutputFormat::base64}, {"json", streams::OutputFormat::json}};
static_assert(are_words_of("--out", output_formats, CommandSet::pipes));

// What makes sense in both directions.
constexpr Choice<Formats> formats[] = {{"lines", {streams::InputFormat::lines, streams::OutputFormat::lines}},
                                       {"nul", {streams::InputFormat::nul, streams::OutputFormat::nul}},
                                       {"raw", {streams::InputFormat::raw, streams::OutputFormat::raw}},
                                       {"hex", {streams::InputFormat::hex, streams::OutputFormat::hex}},
                                       {"base64", {streams::InputFormat::base64, streams::OutputFormat::base64}},
                                       {"json", {streams::InputFormat::json, streams::OutputFormat::json}}};
static_assert(are_words_of("--format", formats));

constexpr Choice<bool> shown[] = {{"sent", true}};
static_assert(are_words_of("--show", shown));

constexpr Choice<report::Timestamps> timestamps[] = {{"absolute", report::Timestamps::absolute},
                                                     {"relative", report::Timestamps::relative}};
static_assert(are_words_of("--timestamps", timestamps));

constexpr Choice<session::AtEof> at_eof_choices[] = {
    {"wait", session::AtEof::wait}, {"close", session::AtEof::close}, {"hold", session::AtEof::hold}};
static_assert(are_words_of("--eof", at_eof_choices));

// Messages a second: one in eleven days.
constexpr double least_rate = 1e-6;

}  // namespace

void bind_formats(OptionParser& parser, TypedFormats& typed) {
  parser.bind("--in", typed.in, input_formats);
  parser.bind("--out", typed.out, output_formats);
  parser.bind("--format", typed.both, formats);
  parser.bind("--json", typed.json);
  parser.bind("--null", typed.nul);
  parser.bind("--keep-newline", typed.keeps_newline);
  parser.bind("--escape", typed.escapes);
}

bool has_shape(const TypedFormats& typed) noexcept { return typed.nul || typed.in || typed.out || typed.both; }

Formats formats_of(const TypedFormats& typed) noexcept {
  if (typed.nul) return {streams::InputFormat::nul, streams::OutputFormat::nul};
  if (typed.both) return *typed.both;
  const auto out = typed.json ? streams::OutputFormat::json : typed.out.value_or(streams::OutputFormat::lines);
  return {typed.in.value_or(streams::InputFormat::lines), out};
}

void bind_message_type(OptionParser& parser, TypedMessageType& typed) {
  parser.bind("--binary", typed.binary);
  parser.bind("--text", typed.text);
}

streams::MessageType message_type_of(const TypedMessageType& typed, streams::InputFormat format) noexcept {
  using streams::InputFormat;
  const bool bytes = format == InputFormat::hex || format == InputFormat::base64 || format == InputFormat::raw;
  return typed.binary || (bytes && !typed.text) ? streams::MessageType::binary : streams::MessageType::text;
}

base::Result<session::InputShape> input_shape_of(const TypedFormats& typed, const TypedMessageType& type) {
  using streams::InputFormat;
  const InputFormat in = formats_of(typed).in;
  if (typed.keeps_newline && in != InputFormat::lines) {
    return command_line_error("--keep-newline is for --in lines, where there is one to be kept");
  }
  if (typed.escapes && in != InputFormat::lines && in != InputFormat::nul) {
    return command_line_error("--escape is for --in lines and --in nul, which are sent as they stand");
  }
  if (type.text && in == InputFormat::raw) {
    return command_line_error("--in raw sends binary messages: a read may end inside a character");
  }
  return session::InputShape{in, message_type_of(type, in), typed.keeps_newline, typed.escapes};
}

void bind_times(OptionParser& parser, TypedTimes& typed) {
  parser.bind("--every", typed.every);
  parser.bind("--rate", [&typed](const std::string& text) -> base::Result<void> {
    const auto rate = base::parse_decimal(text);
    typed.rate = rate.value_or(0);
    if (typed.rate >= least_rate) return {};
    return command_line_error("--rate wants a number of messages a second, not \"" + text + "\"");
  });
}

base::Result<std::vector<link::Beat>> beats_of(const TypedTimes& typed, const session::InputShape& input,
                                               const TypedMessageType& type) {
  std::vector<link::Beat> beats;
  for (std::size_t i = 0; i + 1 < typed.every.size(); i += 2) {
    const auto interval = parse_seconds(typed.every[i], "--every");
    if (!interval) return interval.error();
    if (*interval <= base::Duration::zero()) return command_line_error("--every wants more than 0 seconds");
    const link::Nameable known;
    auto saying = read_saying("--every", typed.every[i + 1], 0, input, type.binary, &known);
    if (!saying) return std::move(saying).error();
    if (*saying) beats.push_back({*interval, **std::move(saying)});
  }
  return beats;
}

void bind_reporting(OptionParser& parser, TypedReporting& typed) {
  parser.bind_times("--verbose", typed.verbose);
  parser.bind("--quiet", typed.quiet);
  parser.bind("--frames", typed.frames);
  parser.bind("--dump-size", typed.dump_size);
  parser.bind("--show", typed.sent, shown);
  parser.bind("--timestamps", [&typed](const std::string& text) -> base::Result<void> {
    const auto kind = choose(text.empty() ? timestamps[0].name : text, "--timestamps", timestamps);
    if (!kind) return kind.error();
    typed.timestamps = *kind;
    return {};
  });
}

base::Result<report::Reporting> reporting_of(const TypedReporting& typed, streams::OutputFormat format) {
  if (typed.timestamps != report::Timestamps::off && format != streams::OutputFormat::lines) {
    return command_line_error("--timestamps is for --out lines");
  }
  report::Reporting reporting{
      .format = format, .sent = typed.sent, .dump_size = typed.dump_size, .timestamps = typed.timestamps};
  if (typed.quiet) reporting.verbosity = report::Verbosity::quiet;
  if (typed.verbose > 0) reporting.verbosity = report::Verbosity::verbose;
  reporting.frames = typed.frames || typed.verbose > 1;
  return reporting;
}

void bind_end(OptionParser& parser, TypedEnd& typed) {
  parser.bind("--eof", typed.at_eof, at_eof_choices);
  parser.bind("--wait", [&typed](const std::string& text) -> base::Result<void> {
    const auto silence = text == "-1" ? session::for_ever : parse_seconds(text, "--wait");
    if (!silence) return silence.error();
    typed.silence = *silence;
    return {};
  });
}

void bind_limits(OptionParser& parser, link::SizeLimits& limits) {
  parser.bind("--max-size", limits.message);
  parser.bind("--max-frame", limits.frame);
  parser.bind("--max-header", limits.head);
  parser.bind("--max-held", limits.held);
}

void bind_timeouts(OptionParser& parser, link::Timeouts& timeouts) {
  parser.bind("--connect-timeout", timeouts.connect);
  parser.bind("--handshake-timeout", timeouts.handshake);
  parser.bind("--close-timeout", timeouts.close);
  parser.bind("--ping-interval", timeouts.ping_interval);
  parser.bind("--ping-timeout", timeouts.ping_timeout);
}

}  // namespace wscope::cli
