#include "cli/exec_arguments.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace wscope::cli {
namespace {

using serve::ExecFormat;
using serve::ExecMode;
using serve::ExecStderr;

constexpr Choice<ExecMode> mode_choices[] = {
    {"client", ExecMode::client}, {"message", ExecMode::message}, {"shared", ExecMode::shared}};
static_assert(are_words_of("--exec-mode", mode_choices));
constexpr Choice<ExecFormat> format_choices[] = {{"lines", ExecFormat::lines},   {"nul", ExecFormat::nul},
                                                 {"whole", ExecFormat::whole},   {"raw", ExecFormat::raw},
                                                 {"base64", ExecFormat::base64}, {"json", ExecFormat::json}};
static_assert(are_words_of("--exec-format", format_choices));
constexpr Choice<ExecStderr> stderr_choices[] = {
    {"show", ExecStderr::show}, {"drop", ExecStderr::drop}, {"send", ExecStderr::send}};
static_assert(are_words_of("--exec-stderr", stderr_choices));

constexpr unsigned short most_characters = 9999;

// The value of --exec that the parser is given for a program behind "--", so that it excludes the same.
constexpr const char* stands_for_program = "--";

// The whole of it, from 1 to 9999.
std::optional<unsigned short> read_size(std::string_view text) {
  unsigned short size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  const bool is_size = error == std::errc() && end == text.data() + text.size() && size >= 1;
  return is_size && size <= most_characters ? std::optional(size) : std::nullopt;
}

base::Result<process::WindowSize> read_window(const std::string& text) {
  if (text.empty()) return process::WindowSize();
  const std::string_view view = text;
  const std::size_t by = view.find('x');
  const auto rows = read_size(view.substr(0, by));
  const auto columns = by != std::string_view::npos ? read_size(view.substr(by + 1)) : std::nullopt;
  if (rows && columns) return process::WindowSize{*rows, *columns};
  return command_line_error("--pty wants ROWSxCOLS, up to 9999 each, not \"" + text + "\"");
}

// The first option of a program that was given.
std::string_view option_without_program(const TypedExec& typed) noexcept {
  if (typed.mode) return "--exec-mode";
  if (typed.format) return "--exec-format";
  if (typed.terminal) return "--pty";
  if (typed.errors) return "--exec-stderr";
  if (!typed.environment.empty()) return "--exec-env";
  if (!typed.folder.empty()) return "--exec-dir";
  if (typed.most) return "--exec-max";
  if (typed.patience) return "--kill-after";
  return typed.early ? "--exec-early" : "";
}

base::Result<void> check_terminal(const serve::ExecPlan& plan, const TypedExec& typed) {
  if (!plan.terminal) return {};
  if (plan.mode != ExecMode::client) return command_line_error("--pty is for a process a connection");
  if (typed.errors) return command_line_error("--exec-stderr excludes --pty: a terminal has one output");
  if (plan.format == ExecFormat::raw || plan.format == ExecFormat::json) return {};
  return command_line_error("--pty speaks --exec-format raw or json");
}

base::Result<void> check_mode(const serve::ExecPlan& plan, const TypedExec& typed, const TypedMessageType& type,
                              bool connects) {
  if (connects && plan.mode == ExecMode::shared) {
    return command_line_error("--exec-mode shared is for servers: a client has one connection");
  }
  if (plan.mode == ExecMode::shared && typed.format && plan.format != ExecFormat::json) {
    return command_line_error("--exec-mode shared speaks --exec-format json");
  }
  if (plan.mode == ExecMode::message && typed.format) {
    return command_line_error("--exec-format says nothing to --exec-mode message, whose messages are all there is");
  }
  if (plan.mode != ExecMode::client && plan.early) {
    return command_line_error("--exec-early is for a process a connection");
  }
  const bool one = plan.mode == ExecMode::shared || (connects && plan.mode == ExecMode::client);
  if (one && typed.most) return command_line_error("--exec-max is for more than one process");
  if (plan.errors == ExecStderr::send && (plan.mode != ExecMode::client || plan.format != ExecFormat::lines)) {
    return command_line_error("--exec-stderr send is for lines of a process a connection");
  }
  if (plan.errors == ExecStderr::send && type.binary) {
    return command_line_error("--exec-stderr send sends text: not with --binary");
  }
  const bool has_types = plan.format == ExecFormat::json || plan.mode == ExecMode::shared;
  if (has_types && !plan.terminal && (type.binary || type.text)) {
    return command_line_error("of --exec-format json each message says its type: not with --binary or --text");
  }
  if (plan.format == ExecFormat::base64 && type.text) {
    return command_line_error("--exec-format base64 is binary: not with --text");
  }
  return {};
}

// Where the program begins: behind the first "--" that is no option's value. Nothing if there is none.
std::optional<std::size_t> find_program(CommandSet command, const std::vector<std::string>& arguments) {
  bool has_place = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") return command != CommandSet::connect || has_place ? std::optional(i) : std::nullopt;
    const Option* option = word.starts_with('-') && word.size() > 1 ? find_option(command, word) : nullptr;
    has_place = has_place || !word.starts_with('-') || word.starts_with("--connect=") ||
                (option != nullptr && option->is_named("--connect"));
    if (option != nullptr && option->takes_next_word()) i += option->value.words;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> take_program(CommandSet command, const std::vector<std::string>& arguments, TypedExec& typed) {
  const auto found = command == CommandSet::echo ? std::nullopt : find_program(command, arguments);
  if (!found) return arguments;
  const auto place = arguments.begin() + static_cast<std::ptrdiff_t>(*found);
  typed.has_program = true;
  typed.program.assign(place + 1, arguments.end());
  std::vector<std::string> rest(arguments.begin(), place);
  const bool has_command = std::any_of(rest.begin(), rest.end(), [](const std::string& word) {
    return word == "--exec" || word.starts_with("--exec=");
  });
  if (!has_command) rest.push_back(std::string("--exec=") + stands_for_program);
  return rest;
}

void bind_exec(OptionParser& parser, TypedExec& typed) {
  parser.bind("--exec", typed.command);
  parser.bind("--exec-mode", typed.mode, mode_choices);
  parser.bind("--exec-format", typed.format, format_choices);
  parser.bind("--exec-stderr", typed.errors, stderr_choices);
  parser.bind("--pty", typed.terminal);
  parser.bind("--exec-env", typed.environment);
  parser.bind("--exec-dir", typed.folder);
  parser.bind("--exec-max", typed.most);
  parser.bind("--kill-after", [&typed](const std::string& text) -> base::Result<void> {
    const auto read =
        text == "-1" ? base::Result<base::Duration>(base::Duration(-1)) : parse_seconds(text, "--kill-after");
    if (!read) return read.error();
    typed.patience = *read;
    return {};
  });
  parser.bind("--exec-early", [&typed](const std::string& text) -> base::Result<void> {
    const auto read = text.empty() ? base::Result<base::Duration>(std::chrono::milliseconds(250))
                                   : parse_seconds(text, "--exec-early");
    if (!read) return read.error();
    typed.early = *read;
    return {};
  });
}

base::Result<std::optional<serve::ExecPlan>> read_exec(const TypedExec& typed, const TypedMessageType& type,
                                                       bool connects) {
  if (!typed.given()) {
    const std::string_view option = option_without_program(typed);
    if (option.empty()) return std::optional<serve::ExecPlan>();
    return command_line_error(std::string(option) + " wants a program: -- PROGRAM, or --exec CMD");
  }
  if (typed.has_program && typed.command != stands_for_program) return command_line_error("--exec excludes -- PROGRAM");
  if (typed.has_program && (typed.program.empty() || typed.program.front().empty())) {
    return command_line_error("no program behind --");
  }
  serve::ExecPlan plan;
  plan.arguments = typed.has_program ? typed.program : std::vector<std::string>{"/bin/sh", "-c", typed.command};
  plan.mode = typed.mode.value_or(ExecMode::client);
  if (typed.terminal) {
    const auto window = read_window(*typed.terminal);
    if (!window) return window.error();
    plan.terminal = *window;
  }
  const bool objects = plan.mode == ExecMode::shared;
  plan.format = typed.format.value_or(objects ? ExecFormat::json : plan.terminal ? ExecFormat::raw : ExecFormat::lines);
  plan.errors = typed.errors.value_or(ExecStderr::show);
  if (type.binary || type.text) {
    plan.type = type.binary ? streams::MessageType::binary : streams::MessageType::text;
  }
  plan.environment = typed.environment;
  plan.folder = typed.folder;
  plan.most = typed.most.value_or(plan.most);
  if (typed.patience) {
    plan.patience = *typed.patience < base::Duration::zero() ? std::nullopt : std::optional(*typed.patience);
  }
  plan.early = typed.early;
  if (auto checked = check_terminal(plan, typed); !checked) return std::move(checked).error();
  if (auto checked = check_mode(plan, typed, type, connects); !checked) return std::move(checked).error();
  return std::optional(std::move(plan));
}

}  // namespace wscope::cli
