#include "cli/talk_arguments.h"

#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "cli/message_argument.h"
#include "cli/parsing.h"
#include "talk/json.h"
#include "talk/json_reader.h"

namespace wscope::cli {
namespace {

// With the name of the option in front.
base::Error of_option(OptionName option, base::Error error) {
  error.message.insert(0, std::string(option.text()) + ": ");
  if (error.hint.empty()) error.hint = help_hint;
  return error;
}

base::Error of_option(OptionName option, const talk::Flaw& flaw, std::string_view text) {
  return of_option(option, talk::describe(flaw, text));
}

base::Result<void> expect_utf8(OptionName option, std::string_view text) {
  if (base::is_utf8(base::as_bytes(text))) return {};
  return command_line_error(std::string(option.text()) + ": not UTF-8");
}

base::Result<talk::Match> read_match(OptionName option, const std::string& text) {
  if (auto utf8 = expect_utf8(option, text); !utf8) return std::move(utf8).error();
  auto match = talk::Match::parse_argument(text);
  if (!match) return of_option(option, std::move(match).error());
  return match;
}

base::Result<talk::Path> read_path(OptionName option, const std::string& text) {
  if (auto utf8 = expect_utf8(option, text); !utf8) return std::move(utf8).error();
  auto path = talk::Path::parse(text);
  if (!path) return of_option(option, std::move(path).error());
  return path;
}

// PATH=VALUE as .PATH == VALUE.
base::Result<talk::Match> read_path_and_value(const std::string& text) {
  constexpr OptionName option = "--until-json";
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    return command_line_error(std::string(option.text()) + " wants PATH=VALUE, not \"" + text + "\"");
  }
  const auto path = read_path(option, text.substr(0, equals));
  if (!path) return path.error();
  const std::string value = text.substr(equals + 1);
  std::string json;
  if (talk::is_json(value)) {
    json = value;
  } else {
    talk::append_json_string(value, json);
  }
  return read_match(option, path->text() + " == " + json);
}

base::Result<void> read_replies(std::vector<TypedTalk::Reply>& replies, const session::InputShape& input, bool binary,
                                std::vector<link::ReplyRule>& rules) {
  for (TypedTalk::Reply& reply : replies) {
    link::Nameable known;
    known.add(reply.match);
    auto saying = read_saying("--reply", reply.typed, reply.text, input, binary, &known);
    if (!saying) return std::move(saying).error();
    if (*saying) rules.push_back({std::move(reply.match), **std::move(saying)});
  }
  return {};
}

// Behind the first --expect, names are filled in.
base::Result<void> read_steps(std::vector<TypedTalk::Step>& typed, bool binary, session::ConnectCommand& command) {
  link::Nameable known;
  std::vector<session::Step> steps;
  for (TypedTalk::Step& step : typed) {
    if (step.expected) {
      known.add(*step.expected);
      steps.emplace_back(session::ExpectStep{*std::move(step.expected)});
      continue;
    }
    auto saying = read_saying("--execute", step.text, 0, command.input, binary, known.matched ? &known : nullptr);
    if (!saying) return std::move(saying).error();
    if (*saying) steps.emplace_back(session::SendStep{**std::move(saying)});
  }
  if (known.matched) {
    command.steps = std::move(steps);
    return {};
  }
  for (session::Step& step : steps) {
    command.first_messages.push_back(std::move(std::get<session::SendStep>(step).says.message));
  }
  return {};
}

void bind_selection(OptionParser& parser, report::Selection& selection) {
  parser.bind("--select", [&selection](const std::string& text) -> base::Result<void> {
    auto match = read_match("--select", text);
    if (!match) return std::move(match).error();
    selection.select = std::move(match).value();
    return {};
  });
  parser.bind("--pick", [&selection](const std::string& text) -> base::Result<void> {
    auto path = read_path("--pick", text);
    if (!path) return std::move(path).error();
    selection.pick = std::move(path).value();
    return {};
  });
}

void bind_until(OptionParser& parser, std::vector<talk::Match>& until) {
  const auto add = [&until](base::Result<talk::Match> match) -> base::Result<void> {
    if (!match) return std::move(match).error();
    until.push_back(std::move(match).value());
    return {};
  };
  parser.bind("--until", [add](const std::string& text) { return add(read_match("--until", text)); });
  parser.bind("--until-json", [add](const std::string& text) { return add(read_path_and_value(text)); });
}

base::Result<void> check_pick(const report::Selection& selection, streams::OutputFormat format) {
  if (!selection.pick || format != streams::OutputFormat::json) return {};
  return command_line_error("--pick excludes --json: an event has all of a message");
}

}  // namespace

void bind_talk(OptionParser& parser, TypedTalk& typed) {
  bind_selection(parser, typed.selection);
  bind_until(parser, typed.until);
  parser.bind("--reply", [&typed](const std::string& text) -> base::Result<void> {
    if (auto utf8 = expect_utf8("--reply", text); !utf8) return std::move(utf8).error();
    talk::Source source(text);
    auto match = talk::Match::read_before_equals(source);
    if (!match) return of_option("--reply", *source.flaw(), text);
    typed.replies.push_back({text, *std::move(match), source.position() + 1});
    return {};
  });
  parser.bind("--execute", [&typed](const std::string& text) -> base::Result<void> {
    typed.steps.push_back({text});
    return {};
  });
  parser.bind("--expect", [&typed](const std::string& text) -> base::Result<void> {
    auto match = read_match("--expect", text);
    if (!match) return std::move(match).error();
    typed.steps.push_back({"", std::move(match).value()});
    return {};
  });
  parser.bind("--expect-timeout", typed.expect_timeout);
  parser.bind("--lockstep", [&typed](const std::string& text) -> base::Result<void> {
    typed.lockstep.emplace();
    if (text.empty()) return {};
    auto match = read_match("--lockstep", text);
    if (!match) return std::move(match).error();
    typed.lockstep->match = std::move(match).value();
    return {};
  });
  parser.bind("--only", typed.only);
}

base::Result<void> read_talk(TypedTalk& typed, bool binary, session::ConnectCommand& command) {
  if (auto read = read_steps(typed.steps, binary, command); !read) return read;
  if (auto read = read_replies(typed.replies, command.input, binary, command.replies); !read) return read;
  const bool expects = !command.steps.empty();
  if (typed.lockstep && !command.reads_stdin) {
    return command_line_error("--lockstep is about the lines of stdin: with --execute or --expect, add --stdin");
  }
  if (typed.only && !command.count && typed.until.empty() && !expects) {
    return command_line_error("--only prints what --count, --until or --expect asks for: give one of these");
  }
  if (typed.expect_timeout != base::Duration::zero() && !expects && !typed.lockstep) {
    return command_line_error("--expect-timeout is about --expect and --lockstep: give one of these");
  }
  command.expect_timeout = typed.expect_timeout;
  command.until = std::move(typed.until);
  command.lockstep = std::move(typed.lockstep);
  command.selection = std::move(typed.selection);
  command.only = typed.only;
  return check_pick(command.selection, command.reporting.format);
}

base::Result<void> read_talk(TypedTalk& typed, bool binary, session::ServeCommand& command) {
  if (auto read = read_replies(typed.replies, command.input, binary, command.replies); !read) return read;
  command.selection = std::move(typed.selection);
  return check_pick(command.selection, command.reporting.format);
}

}  // namespace wscope::cli
