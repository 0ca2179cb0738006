#include "cli/stream_arguments.h"

namespace wscope::cli {
namespace {

constexpr Choice<streams::InputFormat> input_formats[] = {
    {"lines", streams::InputFormat::lines},   {"nul", streams::InputFormat::nul},
    {"whole", streams::InputFormat::whole},   {"hex", streams::InputFormat::hex},
    {"base64", streams::InputFormat::base64}, {"json", streams::InputFormat::json}};
static_assert(are_words_of("--in", input_formats));

constexpr Choice<streams::OutputFormat> output_formats[] = {
    {"lines", streams::OutputFormat::lines},   {"nul", streams::OutputFormat::nul},
    {"raw", streams::OutputFormat::raw},       {"hex", streams::OutputFormat::hex},
    {"base64", streams::OutputFormat::base64}, {"json", streams::OutputFormat::json}};
static_assert(are_words_of("--out", output_formats));

// What makes sense in both directions.
constexpr Choice<Formats> formats[] = {{"lines", {streams::InputFormat::lines, streams::OutputFormat::lines}},
                                       {"nul", {streams::InputFormat::nul, streams::OutputFormat::nul}},
                                       {"hex", {streams::InputFormat::hex, streams::OutputFormat::hex}},
                                       {"base64", {streams::InputFormat::base64, streams::OutputFormat::base64}},
                                       {"json", {streams::InputFormat::json, streams::OutputFormat::json}}};
static_assert(are_words_of("--format", formats));

constexpr Choice<bool> shown[] = {{"sent", true}};
static_assert(are_words_of("--show", shown));

constexpr Choice<session::AtEof> at_eof_choices[] = {
    {"wait", session::AtEof::wait}, {"close", session::AtEof::close}, {"hold", session::AtEof::hold}};
static_assert(are_words_of("--eof", at_eof_choices));

}  // namespace

void bind_formats(OptionParser& parser, TypedFormats& typed) {
  parser.bind("--in", typed.in, input_formats);
  parser.bind("--out", typed.out, output_formats);
  parser.bind("--format", typed.both, formats);
  parser.bind("--json", typed.json);
  parser.bind("--null", typed.nul);
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
  const bool encoded = format == streams::InputFormat::hex || format == streams::InputFormat::base64;
  return typed.binary || (encoded && !typed.text) ? streams::MessageType::binary : streams::MessageType::text;
}

void bind_reporting(OptionParser& parser, TypedReporting& typed) {
  parser.bind_times("--verbose", typed.verbose);
  parser.bind("--quiet", typed.quiet);
  parser.bind("--frames", typed.frames);
  parser.bind("--dump-size", typed.dump_size);
  parser.bind("--show", typed.sent, shown);
}

report::Reporting reporting_of(const TypedReporting& typed, streams::OutputFormat format) noexcept {
  report::Reporting reporting{.format = format, .sent = typed.sent, .dump_size = typed.dump_size};
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
