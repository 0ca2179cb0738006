#include "cli/offline_arguments.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "base/hex.h"
#include "base/utf8.h"
#include "cli/interaction_arguments.h"
#include "cli/option_parser.h"
#include "cli/parsing.h"
#include "repl/slash_arguments.h"
#include "streams/format.h"

namespace wscope::cli {
namespace {

using decode::DecodePlan;
using decode::EncodePlan;
using decode::InputKind;
using decode::OutputKind;
using ws::Role;

using SomeRole = std::optional<Role>;

constexpr Choice<InputKind> inputs[] = {
    {"auto", InputKind::automatic}, {"hex", InputKind::hex},   {"base64", InputKind::base64}, {"raw", InputKind::raw},
    {"json", InputKind::json},      {"pcap", InputKind::pcap}, {"har", InputKind::har}};
static_assert(are_words_of("--from", inputs));

constexpr Choice<SomeRole> roles[] = {{"client", Role::client}, {"server", Role::server}, {"auto", SomeRole()}};
static_assert(are_words_of("--role", roles, CommandSet::decode));

constexpr Choice<Role> senders[] = {{"client", Role::client}, {"server", Role::server}};
static_assert(are_words_of("--role", senders, CommandSet::encode));

constexpr Choice<OutputKind> outputs[] = {
    {"hex", OutputKind::hex}, {"raw", OutputKind::raw}, {"base64", OutputKind::base64}, {"c", OutputKind::c}};
static_assert(are_words_of("--out", outputs, CommandSet::encode));

constexpr Choice<bool> json_only[] = {{"json", true}};

base::Error of_option(OptionName option, base::Error error) {
  error.message.insert(0, std::string(option.text()) + ": ");
  return error;
}

void bind_deflate(OptionParser& parser, std::optional<ws::DeflateParameters>& deflate) {
  parser.bind("--deflate", [&deflate](const std::string& text) -> base::Result<void> {
    auto read = parse_deflate(text, "--deflate");
    if (!read) return std::move(read).error();
    deflate = *read;
    return {};
  });
}

// A whole number that may be 0.
void bind_count(OptionParser& parser, OptionName option, std::uint64_t most, std::optional<std::uint64_t>& number) {
  parser.bind(option, [option, most, &number](const std::string& text) -> base::Result<void> {
    std::uint64_t read = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, read);
    if (error != std::errc() || stop != end || read > most) {
      return command_line_error(std::string(option.text()) + " wants a number up to " + std::to_string(most) +
                                ", not \"" + text + "\"");
    }
    number = read;
    return {};
  });
}

// --- encode

// What is typed behind --ping, --pong and --close as words of its own goes into the word of the option.
std::vector<std::string> join_values(const std::vector<std::string>& arguments) {
  std::vector<std::string> joined;
  const auto is_value = [&arguments](std::size_t i) {
    return i < arguments.size() && !arguments[i].starts_with("--") && arguments[i] != "-h";
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    joined.push_back(name);
    const Option* option = name.starts_with("--") ? find_option(CommandSet::encode, name) : nullptr;
    if (option != nullptr && option->takes_next_word()) {
      if (i + 1 < arguments.size()) joined.push_back(arguments[++i]);
      continue;
    }
    if (option == nullptr || !option->takes_value() || !is_value(i + 1)) continue;
    if (!arguments[++i].empty()) joined.back() += "=" + arguments[i];
    if (name == OptionName("--close").text() && is_value(i + 1)) joined.back() += " " + arguments[++i];
  }
  return joined;
}

base::Result<void> add_text(const std::string& text, EncodePlan& plan) {
  if (!base::is_utf8(base::as_bytes(text))) return command_line_error("--text: not UTF-8; --frame sends anything");
  plan.items.emplace_back(wire::StoredInstruction{ws::Opcode::text, text});
  return {};
}

base::Result<void> add_binary(const std::string& text, EncodePlan& plan) {
  auto bytes = repl::parse_bytes(text, streams::longest_held_message);
  if (!bytes) return of_option("--binary", std::move(bytes).error());
  plan.items.emplace_back(wire::StoredInstruction{ws::Opcode::binary, std::move(bytes).value()});
  return {};
}

base::Result<void> add_control(OptionName option, ws::Opcode opcode, const std::string& text, EncodePlan& plan) {
  auto payload = repl::parse_data(text, streams::longest_held_message);
  if (!payload) return of_option(option, std::move(payload).error());
  if (payload->size() > ws::max_control_payload) {
    return command_line_error(std::string(option.text()) + ": more than 125 bytes; --frame sends anything");
  }
  plan.items.emplace_back(wire::StoredInstruction{opcode, std::move(payload).value()});
  return {};
}

base::Result<void> add_close(const std::string& text, EncodePlan& plan) {
  const auto close = repl::parse_close(text);
  if (!close) return of_option("--close", close.error());
  plan.items.emplace_back(wire::StoredInstruction{ws::Opcode::close, std::string(close->reason), close->code});
  return {};
}

base::Result<void> add_frame(const std::string& text, EncodePlan& plan) {
  auto frame = repl::parse_frame(text, streams::longest_held_message);
  if (!frame) return of_option("--frame", std::move(frame).error());
  plan.items.emplace_back(decode::StoredFrame{frame->header, frame->masked_by_role, std::move(frame->payload)});
  return {};
}

void bind_items(OptionParser& parser, EncodePlan& plan) {
  parser.bind("--text", [&plan](const std::string& text) { return add_text(text, plan); });
  parser.bind("--binary", [&plan](const std::string& text) { return add_binary(text, plan); });
  parser.bind("--ping",
              [&plan](const std::string& text) { return add_control("--ping", ws::Opcode::ping, text, plan); });
  parser.bind("--pong",
              [&plan](const std::string& text) { return add_control("--pong", ws::Opcode::pong, text, plan); });
  parser.bind("--close", [&plan](const std::string& text) { return add_close(text, plan); });
  parser.bind("--frame", [&plan](const std::string& text) { return add_frame(text, plan); });
}

base::Result<void> read_mask(const std::string& text, EncodePlan& plan) {
  using Masking = EncodePlan::Masking;
  if (text == "random" || text == "none") {
    plan.masking = text == "random" ? Masking::random : Masking::none;
    return {};
  }
  const auto key = base::hex_decode(text);
  if (!key || key->size() != plan.key.size()) {
    return command_line_error("--mask wants 8 hexadecimal digits, random or none, not \"" + text + "\"");
  }
  plan.masking = Masking::key;
  std::memcpy(plan.key.data(), key->data(), key->size());
  return {};
}

}  // namespace

base::Result<Command> parse_decode(const std::vector<std::string>& arguments) {
  DecodePlan plan;
  OptionParser parser(CommandSet::decode, Place::shell,
                      {.usage = "wscope decode",
                       .description = "Prints the frames that bytes are, and what is wrong with them.",
                       .footer = "  echo 818537fa213d7f9f4d5158 | wscope decode\n\n"
                                 "The exit status is 0, 7 if RFC 6455 or RFC 7692 was violated, 1 if the input cannot "
                                 "be read or has no WebSocket in it."});
  parser.bind_positional("FILE", plan.file, "what to read (-: stdin, the default)", {});
  parser.bind("--from", plan.from, inputs);
  parser.bind("--role", plan.role, roles);
  bind_deflate(parser, plan.deflate);
  std::optional<std::uint64_t> port;
  bind_count(parser, "--port", 65535, port);
  bind_count(parser, "--stream", UINT64_MAX, plan.stream);
  parser.bind("--stats", plan.counts);
  parser.bind("--strict", plan.strict);
  parser.bind("--json", plan.json);
  parser.bind("--dump-size", plan.dump_size);
  bind_color(parser, plan.color);
  auto parsed = parser.parse(arguments);
  if (!parsed) return std::move(parsed).error();
  if (parsed->help) return ShowText{*std::move(parsed->help)};
  if (port) plan.port = static_cast<std::uint16_t>(*port);
  return Command(std::move(plan));
}

base::Result<Command> parse_encode(const std::vector<std::string>& arguments) {
  EncodePlan plan;
  OptionParser parser(
      CommandSet::encode, Place::shell,
      {.usage = "wscope encode",
       .description = "Prints messages, control frames and any other frames as their bytes, in the order "
                      "in which they are given.",
       .footer = "  wscope encode --mask 37fa213d --text Hello | wscope decode"});
  bind_items(parser, plan);
  parser.bind("--in", plan.reads_json, json_only);
  parser.bind("--role", plan.role, senders);
  parser.bind("--mask", [&plan](const std::string& text) { return read_mask(text, plan); });
  parser.bind("--fragment", plan.fragment);
  bind_deflate(parser, plan.deflate);
  parser.bind("--out", plan.out, outputs);
  auto parsed = parser.parse(join_values(arguments));
  if (!parsed) return std::move(parsed).error();
  if (parsed->help) return ShowText{*std::move(parsed->help)};
  if (plan.items.empty() && !plan.reads_json) {
    base::Error error = command_line_error("nothing to encode");
    error.hint = "as in --text Hello; see wscope encode --help";
    return error;
  }
  return Command(std::move(plan));
}

}  // namespace wscope::cli
