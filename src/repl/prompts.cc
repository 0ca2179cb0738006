#include "repl/prompts.h"

#include <csignal>
#include <string>
#include <utility>

#include "http/auth.h"
#include "http/field_syntax.h"
#include "term/job_control.h"
#include "term/tty.h"
#include "view/escape.h"

namespace wscope::repl {
namespace {

// What is asked for, and by which option.
struct Question {
  std::string prompt;
  std::string option;
  std::string what;
};

// Fills in `answer`, or returns the signal that interrupted it. Ctrl-Z stops us, and the question comes again; a window
// of another size, or a child that has ended, is nothing to whoever types.
base::Result<std::optional<int>> ask(const Question& question, net::Signals& signals, const char* terminal,
                                     std::string& answer) {
  auto tty = term::Tty::open(terminal);
  if (!tty) return base::usage_error(question.option + ": no terminal to ask for " + question.what + " on");
  std::optional<int> signal;
  const auto ends = [&signals, &signal] {
    signal = signals.take();
    if (signal == SIGWINCH || signal == SIGCHLD) signal.reset();
    return signal.has_value();
  };
  for (;;) {
    auto line = tty->read_secret(view::escape(question.prompt), {signals.fd(), ends});
    if (!line) return base::usage_error(question.option + ": " + line.error().message);
    if (*line) {
      answer = std::move(**line);
      return std::optional<int>();
    }
    if (signal != SIGTSTP) return signal;
    term::stop();
  }
}

base::Result<std::optional<int>> ask_password(const std::string& user, http::Headers& headers, net::Signals& signals,
                                              const char* terminal) {
  http::Credentials credentials{user, {}};
  const Question question{"Password for " + user + ": ", "--user", "the password"};
  auto asked = ask(question, signals, terminal, credentials.password);
  if (!asked || *asked) return asked;
  if (!http::is_field_value(credentials.password))
    return base::usage_error("--user: a control character in the password");
  headers.add("Authorization", http::write_basic_credentials(credentials));
  return asked;
}

// Of no use without a proxy, or if its URL has some.
bool wants_proxy_password(const link::Route& route) noexcept {
  return route.asks_proxy_password && route.proxy && !route.proxy->credentials;
}

base::Result<std::optional<int>> ask_proxy_password(http::Credentials& credentials, net::Signals& signals,
                                                    const char* terminal) {
  const Question question{"Password for " + credentials.user + " at the proxy: ", "--proxy-user", "the password"};
  auto asked = ask(question, signals, terminal, credentials.password);
  if (asked && !*asked && !http::is_field_value(credentials.password))
    return base::usage_error("--proxy-user: a control character in the password");
  return asked;
}

base::Result<std::optional<int>> ask_passphrase(tls::Identity& identity, net::Signals& signals, const char* terminal) {
  const std::string& file = identity.key_file.empty() ? identity.certificate_file : identity.key_file;
  return ask({"Passphrase for " + file + ": ", "--passphrase", "it"}, signals, terminal, identity.passphrase);
}

}  // namespace

base::Result<std::optional<int>> ask_what_is_missing(link::ConnectPlan& command, net::Signals& signals,
                                                     const char* terminal) {
  if (command.asks_password_of) {
    auto asked = ask_password(*command.asks_password_of, command.request.headers, signals, terminal);
    if (!asked || *asked) return asked;
  }
  if (wants_proxy_password(command.route)) {
    auto asked = ask_proxy_password(*command.route.proxy_credentials, signals, terminal);
    if (!asked || *asked) return asked;
  }
  if (!command.asks_passphrase) return std::optional<int>();
  return ask_passphrase(command.tls.identity, signals, terminal);
}

base::Result<std::optional<int>> ask_what_is_missing(link::ServePlan& command, net::Signals& signals,
                                                     const char* terminal) {
  if (!command.tls || !command.asks_passphrase) return std::optional<int>();
  return ask_passphrase(command.tls->identity, signals, terminal);
}

}  // namespace wscope::repl
