// Each front of a session with every way to end that there is for it, beside a peer made by hand, in a time that the
// test makes: what it tells its session, and what it does of what that says. The rules themselves are in session_test.
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "net/error.h"
#include "unit/cli/environment.h"
#include "unit/repl/folder.h"
#include "unit/session/by_hand.h"
#include "unit/term/terminal.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::ByHand;
using test::Manners;

namespace {

/// Who has stdin and stdout.
enum Front : unsigned { piped = 1, scripted = 2, person = 4, all = 7 };

/// What stdout is.
enum class Out { file, unread, full_disk };

struct Printed {
  Printed(const char* words) : text(words) {}  // NOLINT(google-explicit-constructor)
  Printed(Out where) : to(where) {}            // NOLINT(google-explicit-constructor)
  std::string text;                            ///< all of it; for a person, a part
  Out to = Out::file;
};

struct Row {
  std::string name;
  unsigned fronts;
  std::string arguments;
  std::optional<std::string> input;  ///< the lines of stdin, or what a person types; nothing: they are still to come
  Manners peer;
  std::string outcome;  ///< the exit status, and the words of the error
  std::string heard;    ///< by the peer
  base::Duration takes{};
  Printed printed = "";
};

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string name(unsigned front) { return front == piped ? "pipe" : front == scripted ? "script" : "person"; }

test::Said text(std::string words) { return {0x81, std::move(words)}; }
test::Said farewell(unsigned code, const std::string& reason = "") {
  return {0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)} + reason};
}
std::function<void()> raises(int number) {
  return [number] { ::raise(number); };
}

/// stdin, stdout and stderr of a front, and what has become of them.
struct Ends {
  Ends(const Row& row, unsigned front) : out(test::temporary_file()) {
    if (front == person) {
      in.reset(::fcntl(terminal.end(), F_DUPFD_CLOEXEC, 0));
      out.reset(::fcntl(terminal.end(), F_DUPFD_CLOEXEC, 0));
      reading.reset(::fcntl(terminal.master(), F_DUPFD_CLOEXEC, 0));
    } else if (row.input) {
      in = test::temporary_file(*row.input);
    } else {
      net::Pipe pipe = test::blocking_pipe();
      in = std::move(pipe.read_end);
      to_come = std::move(pipe.write_end);
    }
    if (row.printed.to == Out::full_disk) out.reset(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    if (row.printed.to == Out::unread) {
      net::Pipe pipe = test::blocking_pipe();
#ifdef F_SETPIPE_SZ
      ::fcntl(pipe.write_end.get(), F_SETPIPE_SZ, 4096);
#endif
      out = std::move(pipe.write_end);
      reading = std::move(pipe.read_end);
    }
    if (reading.valid()) REQUIRE(net::make_private(reading.get()));
  }
  /// What is to be read, and can be; whether there was anything.
  bool read() {
    std::vector<std::byte> room(65'536);
    for (bool any = false;; any = true) {
      const net::IoResult result = net::read_some(reading.get(), room);
      if (result.kind != net::IoResult::Kind::done) return any;
      printed += base::as_text(base::Bytes(room).first(result.bytes));
    }
  }

  test::Terminal terminal;
  net::UniqueFd to_come;
  net::UniqueFd in;
  net::UniqueFd out;
  net::UniqueFd reading;
  net::UniqueFd err = test::temporary_file();
  std::string printed;
};

streams::Outcome run(cli::Command& command, unsigned front, link::Loop& loop) {
  auto signals = net::Signals::install(session::repl_signals);
  if (!signals) return {};
  auto* client = std::get_if<session::ConnectCommand>(&command);
  auto* server = std::get_if<session::ServeCommand>(&command);
  session::ReplStart start;
  if (front != piped && client != nullptr) start = std::move(*client);
  if (front != piped && server != nullptr) start = std::move(*server);
  if (auto* unconnected = std::get_if<session::UnconnectedCommand>(&command)) start = std::move(*unconnected);
  if (front == person) return session::run_repl(loop, *signals, std::move(start), cli::in_session);
  if (front == scripted) return session::run_script(loop, *signals, std::move(start), &cli::read_plan);
  if (server != nullptr) return session::serve(loop, *signals, *server);
  return session::connect_and_pipe(loop, *signals, *client);
}

void check_row(const Row& row, unsigned front, ByHand& peer, Ends& ends, std::vector<std::string> arguments) {
  const test::Environment environment({{"TERM", "xterm"}, {"NO_COLOR", "1"}});
  if (!arguments.empty()) arguments.emplace_back("--no-compress");
  if (front == scripted) arguments.insert(arguments.end(), {"--commands", "-"});
  if (front == person) arguments.emplace_back("--no-history");
  auto command = cli::parse_command_line(arguments);
  if (!command) FAIL(command.error().message);
  streams::Outcome outcome;
  {
    const test::Streams streams(ends.in, ends.out, ends.err);
    outcome = run(*command, front, peer.loop);
  }
  std::string words = std::to_string(outcome.status());
  if (outcome.error()) words += " " + outcome.error()->message;
  std::string wanted = row.outcome;
  if (const std::size_t at = wanted.find("{url}"); at != std::string::npos) wanted.replace(at, 5, peer.url());
  CHECK(words == wanted);
  if (front == person) ends.read();
  CHECK(peer.heard() == row.heard);
  CHECK(peer.lasted() >= row.takes);
  CHECK(peer.lasted() < row.takes + row.takes / 4 + 900ms);
  if (row.printed.to == Out::file && front != person) ends.printed = test::content_of(ends.out);
  const bool printed =
      front == person ? ends.printed.find(row.printed.text) != std::string::npos : ends.printed == row.printed.text;
  if (!printed && row.printed.to != Out::unread) CHECK(ends.printed == row.printed.text);
}

/// A client, whose person types, and whose stdout is read from the fifth second on.
void check_client(const Row& row, unsigned front) {
  CAPTURE(row.name);
  CAPTURE(name(front));
  Ends ends(row, front);
  if (!ends.out.valid()) return;  // only Linux has full disks
  Manners manners = row.peer;
  if (front == person) {
    manners.on_open = [&] {
      if (row.peer.on_open) row.peer.on_open();
      ends.terminal.type(row.input.value_or(""));
    };
  }
  ByHand peer(manners);
  peer.each_turn = [&](base::Duration lasted) {
    return (front == person || (row.printed.to == Out::unread && lasted > 5s)) && ends.read();
  };
  std::vector<std::string> arguments = words_of(row.arguments);
  arguments.push_back(peer.url());
  check_row(row, front, peer, ends, std::move(arguments));
}

void check_clients(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    for (const unsigned front : {piped, scripted, person}) {
      if ((row.fronts & front) != 0) check_client(row, front);
    }
  }
}

/// A server.
void check_servers(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    for (const unsigned front : {piped, scripted, person}) {
      if ((row.fronts & front) == 0) continue;
      CAPTURE(row.name);
      CAPTURE(name(front));
      Ends ends(row, front);
      ByHand peer(row.peer, [&] { return ends.printed + test::content_of(ends.err); });
      peer.each_turn = [&](base::Duration) { return front == person && ends.read(); };
      std::vector<std::string> arguments = words_of(row.arguments);
      if (!arguments.empty()) arguments.emplace_back("127.0.0.1:0");
      check_row(row, front, peer, ends, std::move(arguments));
    }
  }
}

const std::optional<std::string> unended;  // stdin
const std::string unanswered = "8 connection lost: the peer did not answer the Close";
const std::string no_close = "8 connection lost: without a Close from the peer";
const std::string bad_line = "1 standard input: line 2 is not UTF-8";
const std::string closed_4000 = "9 closed by the peer: 4000 (private use) bye";
const std::string broken = "7 the peer broke the protocol: frame with the reserved opcode 3; we sent 1002";
const std::string no_space = "1 " + net::system_error("standard output", ENOSPC).message;

const Manners quiet;
const Manners mute{.answers = false};
const Manners says_y{.says = {text("y")}};
const Manners says_much{.says = std::vector(5, text(std::string(1 << 16, 'x')))};  // more than pipes and queues hold
const Manners late{.says = {text("late"), farewell(1000)}, .after = 5s};
const Manners closes{.says = {farewell(1001, "bye")}};
const Manners closes_without_code{.says = {{0x88, ""}}};
const Manners closes_with_4000{.says = {farewell(4000, "bye")}};
const Manners is_lost{.says = {text("y")}, .ends = true};
const Manners breaks_it{.says = {{0x83, ""}}};

}  // namespace

TEST_CASE("behind the end of the input") {
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += std::string(999, 'x') + "\n";
  const std::string one_line(9'000'000, 'x');  // more than the system takes
  const Manners talks{.says = {text("y")}, .after = 1500ms, .times = 3};
  const Manners sleeps{.says = {text("y")}, .after = 1s, .sleeps = 1h};
  const Manners deaf{.deaf_for = 5s};
  const Manners slow{.says = {text("y")}, .accepts_after = 5s};
  const Manners says_two{.says = {text("one"), text("two")}, .after = 5s};
  check_clients({
      {"silence", piped | scripted, "", "x\n", quiet, "0", "x, close 1000", 1s},
      {"of -w", piped | scripted, "-w 2.5", "x\n", quiet, "0", "x, close 1000", 2500ms},
      {"of none", piped | scripted, "-w 0", "x\ny", quiet, "0", "x, y, close 1000"},
      {"behind nothing", piped | scripted, "-w 0", "", quiet, "0", "close 1000"},
      {"behind much", piped | scripted, "-w 0", lines, quiet, "0", "999000 bytes, close 1000"},
      {"--eof close", piped | scripted, "--eof close", "x\ny", quiet, "0", "x, y, close 1000"},
      {"behind nothing", piped | scripted, "--eof close", "", quiet, "0", "close 1000"},
      {"what comes begins the silence anew", piped | scripted, "-w 2", "x\n", talks, "0", "x, close 1000", 6500ms,
       "y\ny\ny\n"},
      {"also what came while all slept", piped | scripted, "-w 2", "x\n", sleeps, "0", "x, close 1000", 1h + 3s, "y\n"},
      {"not before all is written", piped | scripted, "-w 1 --close-timeout 2", one_line, deaf, "0",
       "9000000 bytes, close 1000", 6s},
      {"of the command line, too", piped, "-w 1 --close-timeout 2 -x " + one_line, "", deaf, "0",
       "9000000 bytes, close 1000", 6s},
      {"not before it is open", piped | scripted, "-w 1", "x\n", slow, "0", "x, close 1000", 6s, "y\n"},
      {"--eof close: not either", piped | scripted, "--eof close", "", slow, "0", "close 1000", 5s, "y\n"},
      {"not while stdout is full", piped | scripted, "-w 0.25 --close-timeout 2", "", says_much, "0", "close 1000", 5s,
       Out::unread},
      {"-w -1", piped | scripted, "-w -1", "x\n", late, "0", "x, close 1000", 5s, "late\n"},
      {"--eof hold", piped | scripted, "--eof hold -w 0", "x\n", late, "0", "x, close 1000", 5s, "late\n"},
      {"--no-stdin", piped, "--no-stdin", "x\n", late, "0", "close 1000", 5s, "late\n"},
      {"who asks waits", piped, "--count 1", "x\n", says_two, "0", "x, close 1000", 5s, "one\n"},
      {"but not longer than asked", piped, "--count 2 -w 3", "x\n", says_y,
       "11 received 1 of 2 messages: 3 s of silence", "x, close 1000", 3s, "y\n"},
      {"or told", piped, "--until z --eof close", "", quiet, "11 no message matched --until: --eof close",
       "close 1000"},
  });
}

TEST_CASE("in time, which keeps nothing going") {
  check_clients({
      {"--every", piped | scripted, "--every 1 b --for 3.5", unended, quiet, "0", "b, b, b, close 1000", 3500ms},
      {"several", piped | scripted, "--every 1 b --every 1.5 c --for 3.25", unended, quiet, "0",
       "b, c, b, b, c, close 1000", 3250ms},
      {"for a person", person, "--every 1 b --timeout 2.75", unended, quiet, "10 {url}: not over in 2.75 s (--timeout)",
       "b, b, close 1001", 2750ms},
      {"is no end to a silence", piped | scripted, "--every 0.5 b -w 1.25", "x\n", quiet, "0", "x, b, b, close 1000",
       1250ms},
      {"not before it is open", piped, "--every 1 b --for 1.5", unended, Manners{.accepts_after = 5s}, "0",
       "b, close 1000", 6500ms},
      {"--rate", piped, "--rate 2 --eof close", "x\ny\nz\n", quiet, "0", "x, y, z, close 1000", 1s},
      {"of the command line, too", piped, "--rate 0.5 -w 1 -x a -x b --stdin", "c\n", quiet, "0", "a, b, c, close 1000",
       5s},
  });
  check_servers({
      {"--every", piped | scripted, "listen --every 1 b --for 2.5", unended, quiet, "0", "b, b, close 1000", 2500ms},
      {"of an echo", piped, "listen --echo --every 1 b --for 2.5", "", quiet, "0", "b, b, close 1000", 2500ms},
      {"--rate", piped, "listen --rate 2 --eof close", "x\ny\nz\n", quiet, "0", "x, y, z, close 1000", 1s},
  });
}

TEST_CASE("steps, and answers that are waited for") {
  const Manners hello{.says = {text("hello"), text("ack 7"), text("more"), text("end")}, .after = 1s};
  const Manners hello_and_closes{.says = {text("hello"), farewell(1000)}, .after = 1s};
  const Manners refuses{.says = {text("hello"), farewell(4403, "no")}};
  const Manners ticks{.says = {text("y")}, .after = 1s, .times = 9};
  check_clients({
      {"the last --expect ends it", piped, "--expect hello --expect more", "x\n", hello, "0", "close 1000", 1s,
       "hello\nack 7\nmore\n"},
      {"not met", piped, "--expect hello --expect never", "x\n", hello_and_closes,
       "11 expected never: the peer closed (1000)", "close 1000", 1s, "hello\n"},
      {"in time", piped, "--expect never --expect-timeout 2.5", "x\n", ticks,
       "11 expected never: 2.5 s are over (--expect-timeout)", "close 1000", 2500ms, "y\ny\n"},
      {"nor otherwise", piped, "--expect never", "x\n", refuses,
       "9 closed by the peer: 4403 (private use) no; expected never", "close 4403 no", 0s, "hello\n"},
      {"silence counts behind the last -x", piped, "--expect hello -x bye", "x\n", hello, "0", "bye, close 1000", 2s,
       "hello\nack 7\nmore\nend\n"},
      {"-w is a rule of its own", piped, "--expect y -w 2", "x\n", Manners{.says = {text("y")}}, "0", "close 1000", 2s,
       "y\n"},
      {"what was matched goes into what is sent", piped, "--expect ack.(\\d) -x <{{1}}>", "", hello, "0",
       "<7>, close 1000", 2s, "hello\nack 7\nmore\nend\n"},
      {"or cannot", piped, "--expect (never)?end -x {{1}}", "", hello, "11 there is nothing for {{1}}", "close 1001",
       1s, "hello\nack 7\nmore\nend\n"},
      {"counting begins behind the steps", piped, "--expect ack --count 2", "", hello, "0", "close 1000", 1s,
       "hello\nack 7\nmore\nend\n"},
      {"--until, too", piped, "--expect ack --until e", "", hello, "0", "close 1000", 1s, "hello\nack 7\nmore\n"},
      {"one of several", piped, "--until never --until ^m", "", hello, "0", "close 1000", 1s, "hello\nack 7\nmore\n"},
      {"only what is asked for", piped, "--until ^m --only", "", hello, "0", "close 1000", 1s, "more\n"},
      {"only the last --expect", piped, "--expect hello --expect end --only", "", hello, "0", "close 1000", 1s,
       "end\n"},
      {"only what counts", piped, "--expect hello --count 2 --only", "", hello, "0", "close 1000", 1s, "ack 7\nmore\n"},
      {"what is selected counts", piped, "--select e -1", "", Manners{.says = {text("a"), text("e")}, .after = 1s}, "0",
       "close 1000", 1s, "e\n"},
      {"each line waits", piped, "--lockstep", "a\nb\n", ticks, "0", "a, b, close 1000", 2s, "y\ny\n"},
      {"for an answer", piped, "--lockstep=z --expect-timeout 1.5", "a\nb\n", ticks,
       "11 no answer to line 1: 1.5 s are over (--expect-timeout)", "a, close 1000", 1500ms, "y\n"},
      {"that does not come", piped, "--lockstep", "a\n", Manners{.says = {farewell(1000)}, .after = 1s},
       "11 no answer to line 1: the peer closed (1000)", "a, close 1000", 1s},
      {"the end of nothing waits for nothing", piped, "--lockstep", "", quiet, "0", "close 1000"},
      {"then there is a rule for the end", piped, "--lockstep -w 3", "a\n", Manners{.says = {text("y")}, .after = 1s},
       "0", "a, close 1000", 4s, "y\n"},
      {"answers break no silence", piped, "--reply y=z -w 2.5", "a\n", ticks, "0", "a, z, z, close 1000", 2500ms,
       "y\ny\n"},
  });
}

TEST_CASE("while there may be more input") {
  const Manners talks{.says = {text("y")}, .after = 1s, .times = 9};
  const Manners one{.says = {text("y"), farewell(1000)}};
  check_clients({
      {"the peer closes", piped | person, "", unended, closes, "0", "close 1001 bye"},
      {"a script might go on", scripted, "--eof hold", "", closes, "0", "close 1001 bye"},
      {"without a code", piped | person, "", unended, closes_without_code, "0", "close"},
      {"with another one", all, "", unended, closes_with_4000, closed_4000, "close 4000 bye"},
      {"it is lost", piped | scripted, "", unended, is_lost, no_close, "", 0s, "y\n"},
      {"which a person sees", person, "", unended, is_lost, no_close, "", 0s, "code: 1006"},
      {"it breaks the protocol", piped | scripted, "", unended, breaks_it, broken, "close 1002 reserved opcode"},
      {"it closes too early", piped, "--count 2", unended, one, "11 received 1 of 2 messages: the peer closed (1000)",
       "close 1000", 0s, "y\n"},
      {"--for", piped | scripted, "--for 2.5", unended, talks, "0", "close 1000", 2500ms, "y\ny\n"},
      {"too early", piped, "--for 2.5 --count 5", unended, talks, "11 received 2 of 5 messages: 2.5 s are over (--for)",
       "close 1000", 2500ms, "y\ny\n"},
      {"a line cannot be sent", piped | scripted, "", "x\n\xff\n", quiet, bad_line, "x, close 1001"},
  });
}

TEST_CASE("when it is closing") {
  const Manners late_words{.last_words = {{0x01, "in fra"}, {0x80, "gments"}}};
  check_clients({
      {"what comes is printed", piped | scripted, "--eof close", "x\n", late_words, "0", "x, close 1000", 0s,
       "in fragments\n"},
      {"unless the disk is full", piped | scripted, "--eof close", "", late_words, no_space, "close 1000", 0s,
       Out::full_disk},
      {"no answer is a loss", piped | scripted, "--eof close", "x\n", mute, unanswered, "x, close 1000", 10s},
      {"also behind a silence", piped | scripted, "-w 1 --close-timeout 3", "x\n", mute, unanswered, "x, close 1000",
       4s},
      {"but none for who quits", scripted, "--close-timeout 3", "x\n/quit\n", mute, "0", "x, close 1000", 3s},
      {"a person waits for a second", person, "", "\x04", mute, "0", "close 1000", 1s},
      {"and types in vain", person, "", "\x04/connect echo:\r", mute, "0", "close 1000", 1s, "this is the end"},
  });
}

TEST_CASE("behind a script of a person") {
  const test::Folder folder;
  const std::string one = folder.file("one", "/close\n/wait 2\n/help quit\n");
  const std::string other = folder.file("other", "/close\n/wait 2\n/connect echo:\nhi\n/wait 1\n/quit\n");
  check_clients({
      {"that goes on with nothing", person, "", "/source " + one + "\r", quiet, "0", "close 1000", 2s,
       "/quit: close everything and end"},
      {"with another connection", person, "", "/source " + other + "\r", quiet, "0", "close 1000", 3s, "< hi"},
      {"or behind a /wait, with what was wrong", person, "", "/wait 1\r", closes_with_4000, "9", "close 4000 bye", 1s},
  });
}

TEST_CASE("--timeout") {
  const std::string words = "10 {url}: not over in 3 s (--timeout)";
  const Manners asked{.accepts_after = 1h};
  check_clients({
      {"before it is open", all, "--timeout 3", unended, asked, words, "", 3s},
      {"while it is open", all, "--timeout 3", unended, quiet, words, "close 1001", 3s},
      {"without all", piped, "--timeout 3 --until z", unended, quiet, words + "; no message matched --until",
       "close 1001", 3s},
      {"when it is closing", piped | scripted, "--timeout 3 --eof close --close-timeout 0", "", mute, words,
       "close 1000", 3s},
      {"and might for long", piped | scripted, "--timeout 3 --eof close --close-timeout 30", "", mute, words,
       "close 1000", 3s},
      {"while nobody reads stdout", piped | scripted, "--timeout 3", unended, says_much, words, "close 1001", 3500ms,
       Out::unread},
  });
}

TEST_CASE("a signal") {
  const Manners told{.on_open = raises(SIGTERM)};
  const Manners polite{.last_words = {text("late")}, .on_open = raises(SIGINT)};
  const Manners told_mute{.answers = false, .on_open = raises(SIGTERM)};
  const Manners twice{.answers = false, .on_open = raises(SIGINT), .on_close = raises(SIGTERM)};
  const Manners closing{.answers = false, .on_close = raises(SIGTERM)};
  const Manners asked{.accepts_after = 1h, .on_request = raises(SIGTERM)};
  const Manners hangs_up{.on_open = raises(SIGHUP)};
  const Manners ctrl_c{.on_open = raises(SIGINT)};
  Manners told_loud = says_much;
  told_loud.on_open = raises(SIGTERM);
  check_clients({
      {"closes", all, "", unended, told, "143", "close 1001"},
      {"and what comes then is printed", piped | scripted, "", unended, polite, "130", "close 1001", 0s, "late\n"},
      {"waits for a second", all, "--close-timeout 0", unended, told_mute, "143", "close 1001", 1s},
      {"does not at the second one", piped | scripted, "--close-timeout 0", unended, twice, "130", "close 1001"},
      {"is the second for who is closing", piped | scripted, "--eof close --close-timeout 0", "x", closing, "143",
       "x, close 1000"},
      {"also for a person", person, "", "\x04", closing, "0", "close 1000"},
      {"ends at once what is not open", all, "", unended, asked, "143", ""},
      {"for a reader of stdout, too", piped | scripted, "", unended, told_loud, "143", "close 1001", 0s, Out::unread},
      {"when the terminal hangs up", person, "", unended, hangs_up, "129", "close 1001"},
      {"of Ctrl-C is how a person quits", person, "", unended, ctrl_c, "0", "close 1000"},
  });
}

TEST_CASE("a server") {
  const Manners told{.on_open = raises(SIGTERM)};
  const Manners told_mute{.answers = false, .on_open = raises(SIGINT)};
  const Manners twice{.answers = false, .on_open = raises(SIGTERM), .on_close = raises(SIGTERM)};
  const Manners talks{.says = {text("y")}, .after = 1500ms, .times = 2};
  Manners told_loud = says_much;
  told_loud.answers = false;
  told_loud.on_open = raises(SIGTERM);
  const std::string once = "listen --once";
  check_servers({
      {"ends well upon a signal", all, "listen", "", told, "0", "close 1001"},
      {"whatever it serves", piped | scripted, "listen --echo --once", "", told, "0", "close 1001"},
      {"and may read", piped | scripted, "listen", unended, told, "0", "close 1001"},
      {"waits for its clients", piped | scripted, "listen", "", told_mute, "0", "close 1001", 10s},
      {"does not at the second signal", all, "listen --close-timeout 0", "", twice, "143", "close 1001"},
      {"nor for a reader of stdout", piped | scripted, "listen --close-timeout 3", unended, told_loud, "0",
       "close 1001", 4s, Out::unread},
      {"nor for one of events", piped | scripted, "listen --json --close-timeout 3", unended, told_loud, "0",
       "close 1001", 4s, Out::unread},
      {"of one ends with it", piped, once, unended, closes, "0", "close 1001 bye"},
      {"or behind its script", scripted, once + " --eof hold", "", closes, "0", "close 1001 bye"},
      {"also with a loss", piped | scripted, once, unended, is_lost, no_close, "", 0s, "y\n"},
      {"with another code", piped | scripted, once, unended, closes_with_4000, closed_4000, "close 4000 bye"},
      {"with a broken protocol", piped | scripted, once, unended, breaks_it, broken, "close 1002 reserved opcode"},
      {"or behind its input", piped, once, "x\n", quiet, "0", "x, close 1000", 1s},
      {"if asked, with it", piped, "listen --eof close", "x\n", quiet, "0", "x, close 1000"},
      {"or behind it", piped, "listen -w 2", "x\n", talks, "0", "x, close 1000", 5s, "y\ny\n"},
      {"or after a time", piped | scripted, "listen --for 3", unended, quiet, "0", "close 1000", 3s},
      {"with a line that cannot be sent", piped, "listen", "x\n\xff\n", quiet, bad_line, "x, close 1001"},
      {"begun by a script", scripted, "", "/listen --once 0\n", is_lost, no_close, "", 0s, "y\n"},
  });
}

TEST_CASE("who has nothing to say, and hears nothing, is told how to listen") {
  for (const bool serves : {false, true}) {
    const Row row = {"silence", piped, "", "", quiet, "0", "close 1000", 1s};
    Ends ends(row, piped);
    if (serves) {
      ByHand peer(quiet, [&] { return test::content_of(ends.err); });
      check_row(row, piped, peer, ends, {"listen", "--once", "127.0.0.1:0"});
    } else {
      ByHand peer(quiet);
      check_row(row, piped, peer, ends, {peer.url()});
    }
    const std::string said = test::content_of(ends.err);
    CHECK(said.find("standard input had no message") != std::string::npos);
    CHECK(said.find(serves ? "--eof hold stays" : "--no-stdin, or --eof hold, listens on") != std::string::npos);
  }
}
