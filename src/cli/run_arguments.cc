#include "cli/run_arguments.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "cli/option_parser.h"
#include "net/file.h"
#include "talk/capture.h"

namespace wscope::cli {
namespace {

using script::Assignment;
using script::ReportFormat;
using script::ReportTarget;

// What was typed, before it is known to make sense.
struct TypedRun {
  script::RunPlan plan;
  std::vector<Assignment> of_files;
  std::vector<Assignment> set;
  std::optional<std::string> url;
};

constexpr Choice<ReportFormat> formats[] = {{"text", ReportFormat::text},
                                            {"tap", ReportFormat::tap},
                                            {"junit", ReportFormat::junit},
                                            {"json", ReportFormat::json}};
static_assert(are_words_of("--report", formats, CommandSet::run));

// --- variables

constexpr const char* name_hint = "a name has letters, digits and _, and begins with no digit";

// What is wrong with one says where it stands, in front of a colon.
base::Error complaint(std::string_view where, std::string_view words) {
  return command_line_error(std::string(where) + ": " + std::string(words));
}

base::Error no_name(std::string_view where, const std::string& quoted) {
  base::Error error = complaint(where, "no name of a variable" + quoted);
  error.hint = name_hint;
  return error;
}

// NAME=VALUE
base::Result<Assignment> read_assignment(std::string_view text, std::string_view where) {
  const std::size_t end = text.find('=');
  if (end == std::string_view::npos) return complaint(where, "not NAME=VALUE");
  Assignment read{std::string(text.substr(0, end)), std::string(text.substr(end + 1))};
  if (!talk::is_variable_name(read.name)) return no_name(where, ": \"" + read.name + "\"");
  if (!base::is_utf8(base::as_bytes(read.value))) return complaint(where, read.name + " is not UTF-8");
  return read;
}

base::Result<void> add_set(const std::string& typed, std::vector<Assignment>& into) {
  auto read = read_assignment(typed, OptionName("--set").text());
  if (!read) return std::move(read).error();
  into.push_back(std::move(read).value());
  return {};
}

base::Result<void> add_set_file(const std::string& path, std::vector<Assignment>& into) {
  const auto text = net::read_file(path);
  if (!text) return text.error();
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty() || line.front() == '#') continue;
    auto read = read_assignment(line, path + ":" + std::to_string(number));
    if (!read) return std::move(read).error();
    into.push_back(std::move(read).value());
  }
  return {};
}

// The content of a file but for the end of its last line; a secret may have several.
base::Result<std::string> read_secret_file(const std::string& path) {
  auto text = net::read_file(path);
  if (!text) return text;
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  return text;
}

// NAME=VALUE, NAME=@FILE or NAME. Nothing of it is quoted but a name.
base::Result<void> add_secret(const std::string& typed, std::vector<Assignment>& into) {
  const std::string where(OptionName("--secret").text());
  const std::size_t end = typed.find('=');
  Assignment secret{typed.substr(0, end), ""};
  if (!talk::is_variable_name(secret.name)) return no_name(where, "");
  if (end == std::string::npos) {
    const char* value = std::getenv(secret.name.c_str());
    if (value == nullptr) return complaint(where, secret.name + " is not in the environment");
    secret.value = value;
  } else if (typed.compare(end + 1, 1, "@") == 0) {
    auto text = read_secret_file(typed.substr(end + 2));
    if (!text) return std::move(text).error();
    secret.value = std::move(text).value();
  } else {
    secret.value = typed.substr(end + 1);
  }
  if (secret.value.empty()) return complaint(where, secret.name + " is empty");
  if (!base::is_utf8(base::as_bytes(secret.value))) return complaint(where, secret.name + " is not UTF-8");
  into.push_back(std::move(secret));
  return {};
}

// A secret that is a variable, too, stays one.
void take_variables(TypedRun& typed) {
  std::vector<Assignment>& all = typed.plan.variables;
  all = std::move(typed.of_files);
  all.insert(all.end(), std::make_move_iterator(typed.set.begin()), std::make_move_iterator(typed.set.end()));
  if (typed.url) all.push_back({"url", *std::move(typed.url)});
  std::erase_if(all, [&typed](const Assignment& variable) {
    const auto& secrets = typed.plan.secrets;
    return std::any_of(secrets.begin(), secrets.end(),
                       [&variable](const Assignment& secret) { return secret.name == variable.name; });
  });
}

// --- reports

base::Result<void> add_report(const std::string& typed, std::vector<ReportTarget>& into) {
  const OptionName option = "--report";
  const std::size_t end = typed.find(':');
  const auto format = choose(std::string_view(typed).substr(0, end), option, formats);
  if (!format) return format.error();
  ReportTarget target{*format};
  if (end != std::string::npos) target.file = typed.substr(end + 1);
  if (end != std::string::npos && target.file.empty()) return complaint(option.text(), "no file behind the colon");
  const auto same = std::find_if(into.begin(), into.end(),
                                 [&target](const ReportTarget& other) { return other.file == target.file; });
  if (same == into.end()) {
    into.push_back(std::move(target));
    return {};
  }
  if (!target.file.empty()) return complaint(option.text(), "two reports in " + target.file);
  return command_line_error("only one --report goes to stdout; FORMAT:FILE writes one to a file");
}

// Somebody may look on while files are written.
void take_reports(script::RunPlan& plan) {
  const bool to_stdout = std::any_of(plan.reports.begin(), plan.reports.end(),
                                     [](const ReportTarget& target) { return target.file.empty(); });
  if (!to_stdout) plan.reports.insert(plan.reports.begin(), ReportTarget{});
}

// --- the rest

// The only number that may be 0.
base::Result<void> read_retry(const std::string& typed, std::size_t& retry) {
  if (typed == "0") {
    retry = 0;
    return {};
  }
  const auto read = parse_count(typed, "--retry");
  if (!read) return read.error();
  retry = static_cast<std::size_t>(*read);
  return {};
}

base::Result<void> read_shuffle(const std::string& typed, script::RunPlan& plan) {
  plan.shuffle = true;
  if (typed.empty()) return {};
  std::uint64_t seed = 0;
  const char* const last = typed.data() + typed.size();
  const auto [end, error] = std::from_chars(typed.data(), last, seed);
  if (error != std::errc() || end != last) {
    return command_line_error("--shuffle wants a whole number, not \"" + typed + "\"");
  }
  plan.seed = seed;
  return {};
}

void bind_variables(OptionParser& parser, TypedRun& typed) {
  parser.bind("--set", [&typed](const std::string& text) { return add_set(text, typed.set); });
  parser.bind("--set-file", [&typed](const std::string& path) { return add_set_file(path, typed.of_files); });
  parser.bind("--secret", [&typed](const std::string& text) { return add_secret(text, typed.plan.secrets); });
  parser.bind("--url", typed.url);
}

void bind_run(OptionParser& parser, script::RunPlan& plan) {
  parser.bind("--within", plan.within);
  parser.bind("--timeout", plan.timeout);
  parser.bind("--jobs", plan.jobs);
  parser.bind("--retry", [&plan](const std::string& text) { return read_retry(text, plan.retry); });
  parser.bind("--repeat", plan.repeat);
  parser.bind("--shuffle", [&plan](const std::string& text) { return read_shuffle(text, plan); });
  parser.bind("--bail", plan.bail);
  parser.bind("--report", [&plan](const std::string& text) { return add_report(text, plan.reports); });
  parser.bind("--update", plan.update);
  parser.bind("--dry-run", plan.dry_run);
  parser.bind("--verbose", plan.verbose);
}

}  // namespace

base::Result<Command> parse_run(const std::vector<std::string>& arguments) {
  TypedRun typed;
  script::RunPlan& plan = typed.plan;
  OptionParser parser(CommandSet::run, Place::shell,
                      {.usage = "wscope run",
                       .description = "Runs scripts, each on its own, and says what has come of each.",
                       .footer = "A script has a statement a line: connect URL, send TEXT, expect MATCH, and others; "
                                 "see wscope-run(1).\nThe exit status is 0 if all have passed or were skipped, 11 if "
                                 "an expectation was not met."});
  parser.bind_positionals("FILE", plan.files, "a script, or - for stdin");
  bind_variables(parser, typed);
  bind_run(parser, plan);
  auto parsed = parser.parse(arguments);
  if (!parsed) return std::move(parsed).error();
  if (parsed->help) return ShowText{*std::move(parsed->help)};
  if (std::count(plan.files.begin(), plan.files.end(), "-") > 1) {
    return command_line_error("stdin (-) can be read only once");
  }
  take_variables(typed);
  take_reports(plan);
  return Command(std::move(plan));
}

}  // namespace wscope::cli
