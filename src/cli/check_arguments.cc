#include "cli/check_arguments.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "cli/connection_arguments.h"
#include "cli/endpoint.h"
#include "cli/option_parser.h"
#include "cli/targets.h"
#include "http/headers.h"
#include "net/file.h"

namespace wscope::cli {
namespace {

using check::CheckPlan;
using check::ReportFormat;
using check::ReportTarget;

constexpr Choice<check::Level> levels[] = {
    {"must", check::Level::must}, {"should", check::Level::should}, {"info", check::Level::info}};
static_assert(are_words_of("--level", levels));

constexpr Choice<check::Echo> echoes[] = {
    {"auto", check::Echo::find_out}, {"yes", check::Echo::yes}, {"no", check::Echo::no}};
static_assert(are_words_of("--echo", echoes, CommandSet::check));

constexpr Choice<ReportFormat> formats[] = {{"text", ReportFormat::text},   {"json", ReportFormat::json},
                                            {"junit", ReportFormat::junit}, {"tap", ReportFormat::tap},
                                            {"md", ReportFormat::md},       {"autobahn", ReportFormat::autobahn}};
static_assert(are_words_of("--report", formats, CommandSet::check));

// What was typed, before it is known to make sense.
struct TypedCheck {
  std::string url;
  std::string listens;
  bool serves_tls = false;
  std::string certificate_copy;
  TypedConnection connection;
  CheckPlan plan;
};

// Words between commas.
base::Result<void> add_words(const std::string& typed, OptionName option, std::vector<std::string>& into) {
  std::string_view rest = typed;
  while (true) {
    const std::string_view word = rest.substr(0, rest.find(','));
    if (word.empty()) return command_line_error(std::string(option.text()) + ": an empty word between commas");
    into.emplace_back(word);
    if (word.size() == rest.size()) return {};
    rest.remove_prefix(word.size() + 1);
  }
}

base::Result<void> add_report(const std::string& typed, std::vector<ReportTarget>& into) {
  const OptionName option = "--report";
  const std::size_t end = typed.find(':');
  const auto format = choose(std::string_view(typed).substr(0, end), option, formats);
  if (!format) return format.error();
  ReportTarget target{*format};
  if (end != std::string::npos) target.file = typed.substr(end + 1);
  if (target.format == ReportFormat::autobahn && target.file.empty()) {
    return command_line_error("--report autobahn wants a folder: autobahn:DIR");
  }
  if (end != std::string::npos && target.file.empty()) return command_line_error("--report: no file behind the colon");
  const auto same = std::find_if(into.begin(), into.end(),
                                 [&target](const ReportTarget& other) { return other.file == target.file; });
  if (same != into.end()) {
    return command_line_error(target.file.empty() ? "only one --report goes to stdout; FORMAT:FILE writes one to a file"
                                                  : "--report: two reports in " + target.file);
  }
  into.push_back(std::move(target));
  return {};
}

base::Result<void> read_sample(const std::string& path, CheckPlan& plan) {
  constexpr std::size_t longest = std::size_t{64} << 10;
  auto text = net::read_file(path, longest);
  if (!text) return text.error();
  if (!base::is_utf8(base::as_bytes(*text))) return command_line_error("--sample: " + path + " is not UTF-8");
  if (text->empty()) return command_line_error("--sample: " + path + " is empty");
  plan.sample = std::move(text).value();
  return {};
}

base::Result<void> read_retries(const std::string& typed, CheckPlan& plan) {
  if (typed == "0") {
    plan.retries = 0;
    return {};
  }
  const auto read = parse_count(typed, "--retries");
  if (!read) return read.error();
  plan.retries = static_cast<std::size_t>(*read);
  return {};
}

base::Result<void> read_baseline(const std::string& path, CheckPlan& plan) {
  constexpr std::size_t longest = std::size_t{1} << 20;
  const auto text = net::read_file(path, longest);
  if (!text) return text.error();
  auto baseline = check::Baseline::parse(*text, path);
  if (!baseline) return std::move(baseline).error();
  plan.baseline = std::move(baseline).value();
  return {};
}

void bind_cases(OptionParser& parser, CheckPlan& plan) {
  check::Selection& selection = plan.selection;
  parser.bind("--agent", plan.agent);
  parser.bind("--list", plan.lists);
  parser.bind("--json", plan.json);
  parser.bind("--only", [&](const std::string& text) { return add_words(text, "--only", selection.only); });
  parser.bind("--skip", [&](const std::string& text) { return add_words(text, "--skip", selection.skip); });
  parser.bind("--rfc", [&](const std::string& text) { return add_words(text, "--rfc", selection.sections); });
  parser.bind("--aggressive", selection.aggressive);
  parser.bind("--slow", selection.slow);
  parser.bind("--level", plan.level, levels);
  parser.bind("--echo", plan.echo, echoes);
  parser.bind("--say", plan.say);
  parser.bind("--sample", [&plan](const std::string& path) { return read_sample(path, plan); });
  parser.bind("--path-unknown", plan.unknown_path);
  parser.bind("--idle-max", plan.idle_max);
  parser.bind("--discover", plan.discovers);
}

void bind_run(OptionParser& parser, CheckPlan& plan, std::size_t& verbose) {
  parser.bind("--jobs", plan.jobs);
  parser.bind("--retries", [&plan](const std::string& text) { return read_retries(text, plan); });
  parser.bind("--seed", plan.seed);
  parser.bind("--evidence", plan.evidence);
  parser.bind("--case-timeout", plan.case_timeout);
  parser.bind("--timeout", plan.timeout);
  parser.bind("--baseline", [&plan](const std::string& path) { return read_baseline(path, plan); });
  parser.bind("--write-baseline", plan.new_baseline);
  parser.bind("--strict-baseline", plan.strict_baseline);
  parser.bind("--report", [&plan](const std::string& text) { return add_report(text, plan.reports); });
  parser.bind_times("--verbose", verbose);
}

// What of all cases measures.
base::Result<void> select_measured(CheckPlan& plan) {
  if (!plan.discovers) return {};
  if (plan.listens) return command_line_error("--discover is for servers");
  if (!plan.selection.only.empty() || !plan.selection.sections.empty()) {
    return command_line_error("--discover knows its cases: leave out --only and --rfc");
  }
  plan.selection.only = {"limit.*", "net.*", "ctl.peer-pings", "close.no-answer"};
  return {};
}

// Whether anybody may read it.
bool may_be_told(const Option& option, const std::string& value) {
  switch (option.value.secret) {
    case repl::Secret::never:
      return true;
    case repl::Secret::header:
      return !value.starts_with('@') && !http::is_secret_field(value.substr(0, value.find(':')));
    case repl::Secret::unless_file:
      return value.starts_with('@');
    default:
      return false;
  }
}

// Keeps the options that somebody who does a case again has to give, too, as they were typed: each with its value in a
// word of its own, or behind =.
void keep_options(const std::vector<std::string>& arguments, CheckPlan& plan) {
  constexpr std::string_view manners =
      "--say,--sample,--path-unknown,--echo,--aggressive,--slow,--case-timeout,--idle-max";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const std::string name = word.starts_with("--") ? word.substr(0, word.find('=')) : word;
    const Option* const option = word.starts_with('-') ? find_option(CommandSet::check, name) : nullptr;
    if (option == nullptr) continue;
    const std::size_t first = i;
    std::string value = name.size() < word.size() ? word.substr(name.size() + 1) : std::string();
    if (option->takes_next_word() && name.size() == word.size() && i + 1 < arguments.size()) value = arguments[++i];
    const bool is_way = has(option->commands, CommandSet::connect) && option->scope == Scope::link;
    const bool is_manner = repl::is_in_list(option->name(), manners, ',');
    if ((!is_way && !is_manner) || !may_be_told(*option, value)) continue;
    std::vector<std::string>& into = is_way ? plan.way : plan.manner;
    into.insert(into.end(), arguments.begin() + static_cast<std::ptrdiff_t>(first),
                arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
}

// What clients are shown.
base::Result<void> read_serving(TypedCheck& typed) {
  typed.plan.serves_tls = typed.serves_tls || !typed.connection.tls.certificate.empty();
  if (!typed.certificate_copy.empty() && !typed.plan.serves_tls) return command_line_error("--tls-out needs --tls");
  typed.plan.certificate_copy = typed.certificate_copy;
  return {};
}

// A server's URL, or where a client comes to.
base::Result<void> read_place(TypedCheck& typed) {
  CheckPlan& plan = typed.plan;
  if (!typed.listens.empty()) {
    if (!typed.url.empty()) return command_line_error("a URL is for a server, --listen for a client");
    auto address = parse_listen_address(typed.listens);
    if (!address) return std::move(address).error();
    if (!address->unix_path.empty()) return command_line_error("--listen wants a port: clients are given a URL");
    plan.listens = std::move(address).value();
    return read_serving(typed);
  }
  if (typed.serves_tls || !typed.certificate_copy.empty()) {
    return command_line_error("--tls is for clients: it wants --listen PORT");
  }
  if (!plan.program.empty()) return command_line_error("a program behind -- is a client: it wants --listen PORT");
  if (typed.url.empty()) return command_line_error("no URL");
  auto endpoint = parse_endpoint(typed.url);
  if (!endpoint) return std::move(endpoint).error();
  plan.endpoint = std::move(endpoint).value();
  return {};
}

bool names_listen(const std::string& word) { return word == "--listen" || word.starts_with("--listen="); }

// With --listen, what stands behind "--" is a program.
base::Result<std::vector<std::string>> without_program(const std::vector<std::string>& arguments, CheckPlan& plan) {
  const auto place = std::find(arguments.begin(), arguments.end(), "--");
  if (place == arguments.end() || std::none_of(arguments.begin(), place, names_listen)) return arguments;
  plan.program.assign(place + 1, arguments.end());
  if (plan.program.empty()) return command_line_error("no program behind --");
  return std::vector<std::string>(arguments.begin(), place);
}

base::Result<void> read_plan(TypedCheck& typed) {
  CheckPlan& plan = typed.plan;
  if (plan.idle_max <= base::Duration::zero()) return command_line_error("--idle-max wants more than 0 seconds");
  if (plan.case_timeout <= base::Duration::zero())
    return command_line_error("--case-timeout wants more than 0 seconds");
  if (plan.unknown_path && !plan.unknown_path->starts_with('/')) {
    return command_line_error("--path-unknown begins with /");
  }
  if (plan.strict_baseline && !plan.baseline) return command_line_error("--strict-baseline wants a --baseline");
  if (plan.lists) return typed.listens.empty() ? base::Result<void>() : read_place(typed);
  if (plan.json) return command_line_error("--json is for --list; --report json is a report");
  if (auto read = read_place(typed); !read) return read;
  if (auto read = select_measured(plan); !read) return read;
  if (auto read = read_connection(typed.connection, plan); !read) return read;
  const bool to_stdout = std::any_of(plan.reports.begin(), plan.reports.end(),
                                     [](const ReportTarget& target) { return target.file.empty(); });
  if (!to_stdout) plan.reports.insert(plan.reports.begin(), ReportTarget{});
  return {};
}

}  // namespace

base::Result<Command> parse_check(const std::vector<std::string>& arguments) {
  TypedCheck typed;
  std::size_t verbose = 0;
  OptionParser parser(CommandSet::check, Place::shell,
                      {.usage = "wscope check",
                       .description = "Checks whether the server at URL keeps to the RFCs, and says what it does not.",
                       .footer = "Each case is a connection of its own. --list names them. The exit status is 0 if no "
                                 "MUST is broken, 11 if\none is."});
  parser.bind_positional("URL", typed.url, "the server", {});
  parser.bind("--listen", typed.listens);
  parser.bind("--tls", typed.serves_tls);
  parser.bind("--tls-out", typed.certificate_copy);
  bind_connection(parser, typed.connection);
  bind_cases(parser, typed.plan);
  bind_run(parser, typed.plan, verbose);
  auto own = without_program(arguments, typed.plan);
  if (!own) return std::move(own).error();
  keep_options(*own, typed.plan);
  const auto whole = with_target(*own);
  if (!whole) return whole.error();
  auto parsed = parser.parse(*whole);
  if (!parsed) return std::move(parsed).error();
  if (parsed->help) return ShowText{*std::move(parsed->help)};
  typed.plan.verbosity = static_cast<unsigned>(std::min<std::size_t>(verbose, 2));
  if (auto read = read_plan(typed); !read) return std::move(read).error();
  return std::move(typed.plan);
}

}  // namespace wscope::cli
