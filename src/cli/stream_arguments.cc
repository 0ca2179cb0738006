#include "cli/stream_arguments.h"

#include <utility>

#include "cli/parsing.h"

namespace wscope::cli {
namespace {

constexpr Choice<streams::InputFormat> input_formats[] = {
    {"lines", streams::InputFormat::lines},   {"nul", streams::InputFormat::nul},
    {"whole", streams::InputFormat::whole},   {"hex", streams::InputFormat::hex},
    {"base64", streams::InputFormat::base64}, {"json", streams::InputFormat::json}};

constexpr Choice<streams::OutputFormat> output_formats[] = {
    {"lines", streams::OutputFormat::lines},   {"nul", streams::OutputFormat::nul},
    {"raw", streams::OutputFormat::raw},       {"hex", streams::OutputFormat::hex},
    {"base64", streams::OutputFormat::base64}, {"json", streams::OutputFormat::json}};

// What makes sense in both directions.
constexpr Choice<Formats> formats[] = {{"lines", {streams::InputFormat::lines, streams::OutputFormat::lines}},
                                       {"nul", {streams::InputFormat::nul, streams::OutputFormat::nul}},
                                       {"hex", {streams::InputFormat::hex, streams::OutputFormat::hex}},
                                       {"base64", {streams::InputFormat::base64, streams::OutputFormat::base64}},
                                       {"json", {streams::InputFormat::json, streams::OutputFormat::json}}};

enum class Showable : unsigned char { sent };
constexpr Choice<Showable> showable[] = {{"sent", Showable::sent}};

}  // namespace

// --- formats

void add_formats(CLI::App& app, TypedFormats& typed) {
  const std::string group = "Formats";
  auto* in = app.add_option("--in", typed.in,
                            "what is one message of stdin: a line (the default), what ends with a NUL, all of it, a "
                            "line of hex or base64, or a JSON object on a line")
                 ->check(not_empty())
                 ->type_name(names_of(input_formats))
                 ->group(group);
  auto* out =
      app.add_option("--out", typed.out,
                     "how a received message is printed: text with a line feed behind it and binary as it is "
                     "(the default), with a NUL behind it, with nothing, as a line of hex or base64, or as JSON "
                     "with all that happens")
          ->check(not_empty())
          ->type_name(names_of(output_formats))
          ->group(group);
  auto* both = app.add_option("--format", typed.both, "for --in and --out")
                   ->check(not_empty())
                   ->type_name(names_of(formats))
                   ->excludes(in, out)
                   ->group(group);
  auto* json = app.add_flag("--json", typed.json, "the same as --out json")->excludes(out, both)->group(group);
  app.add_flag("-0,--null", typed.nul, "the same as --format nul")->excludes(in, out, both, json)->group(group);
}

bool has_shape(const TypedFormats& typed) {
  return typed.nul || !(typed.in.empty() && typed.out.empty() && typed.both.empty());
}

base::Result<Formats> read_formats(const TypedFormats& typed) {
  if (typed.nul) return Formats{streams::InputFormat::nul, streams::OutputFormat::nul};
  if (!typed.both.empty()) return choose(typed.both, "--format", formats);
  Formats chosen;
  if (!typed.in.empty()) {
    const auto in = choose(typed.in, "--in", input_formats);
    if (!in) return in.error();
    chosen.in = *in;
  }
  if (!typed.out.empty()) {
    const auto out = choose(typed.out, "--out", output_formats);
    if (!out) return out.error();
    chosen.out = *out;
  }
  if (typed.json) chosen.out = streams::OutputFormat::json;
  return chosen;
}

void add_message_type(CLI::App& app, TypedMessageType& typed) {
  auto* binary = app.add_flag("-b,--binary", typed.binary, "send binary messages (as --in hex and base64 do)");
  app.add_flag("-t,--text", typed.text, "send text messages (as it is without this)")->excludes(binary);
}

streams::MessageType read_message_type(const TypedMessageType& typed, streams::InputFormat format) noexcept {
  const bool encoded = format == streams::InputFormat::hex || format == streams::InputFormat::base64;
  return typed.binary || (encoded && !typed.text) ? streams::MessageType::binary : streams::MessageType::text;
}

// --- what is shown

void add_reporting(CLI::App& app, TypedReporting& typed) {
  const std::string group = "Diagnostics";
  // A function is not called where there is no -v; for a number CLI11 counts the option as given then since 2.4.
  auto* verbose = app.add_flag_function(
                         "-v,--verbose", [&typed](std::int64_t times) { typed.verbose = times; },
                         "print to stderr what both sides say in the opening handshake, what they agree on and "
                         "how it ends; -vv: the frames too")
                      ->group(group);
  app.add_flag("-q,--quiet", typed.quiet, "print nothing to stderr but errors")->excludes(verbose)->group(group);
  app.add_flag("--frames", typed.frames, "print every frame with its bytes, to stderr or, with --json, as an event")
      ->group(group);
  app.add_option("--dump-size", typed.dump_size, "how many bytes of a frame are printed (256)")
      ->type_name("N[KMG]")
      ->group(group);
  app.add_option("--show", typed.show, "with --json: what is sent, too")
      ->check(not_empty())
      ->type_name(names_of(showable))
      ->group(group);
}

base::Result<report::Reporting> read_reporting(const TypedReporting& typed, streams::OutputFormat format) {
  report::Reporting reporting{.format = format};
  if (typed.quiet) reporting.verbosity = report::Verbosity::quiet;
  if (typed.verbose > 0) reporting.verbosity = report::Verbosity::verbose;
  reporting.frames = typed.frames || typed.verbose > 1;
  const auto dump_size = parse_size(typed.dump_size, "--dump-size");
  if (!dump_size) return dump_size.error();
  reporting.dump_size = static_cast<std::size_t>(*dump_size);
  if (!typed.show.empty()) {
    const auto show = choose(typed.show, "--show", showable);
    if (!show) return show.error();
    reporting.sent = true;
  }
  return reporting;
}

// --- limits

void add_limits(CLI::App& app, TypedLimits& typed) {
  const std::string group = "Limits";
  app.add_option("--max-size", typed.message,
                 "the longest message that is received (none, or 16M where a message must be held)")
      ->check(not_empty())
      ->type_name("N[KMG]")
      ->group(group);
  app.add_option("--max-frame", typed.frame, "the longest frame that is received (none)")
      ->check(not_empty())
      ->type_name("N[KMG]")
      ->group(group);
  app.add_option("--max-header", typed.head, "the longest head of a request or response (64K)")
      ->check(not_empty())
      ->type_name("N[KMG]")
      ->group(group);
  app.add_option("--max-held", typed.held,
                 "what is held of messages of all connections together (256M); who would exceed it is closed (1013)")
      ->check(not_empty())
      ->type_name("N[KMG]")
      ->group(group);
}

base::Result<link::SizeLimits> read_limits(const TypedLimits& typed) {
  link::SizeLimits limits;
  if (!typed.message.empty()) {
    const auto message = parse_size(typed.message, "--max-size");
    if (!message) return message.error();
    limits.message = *message;
  }
  if (!typed.frame.empty()) {
    const auto frame = parse_size(typed.frame, "--max-frame");
    if (!frame) return frame.error();
    limits.frame = *frame;
  }
  if (!typed.head.empty()) {
    const auto head = parse_size(typed.head, "--max-header");
    if (!head) return head.error();
    limits.head = static_cast<std::size_t>(*head);
  }
  if (!typed.held.empty()) {
    const auto held = parse_size(typed.held, "--max-held");
    if (!held) return held.error();
    limits.held = *held;
  }
  return limits;
}

}  // namespace wscope::cli
