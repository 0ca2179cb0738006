// Does what a script says, one statement after the other: a machine without a socket or a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "link/recollection.h"
#include "repl/command_line.h"
#include "script/event.h"
#include "script/expectations.h"
#include "script/run_plan.h"
#include "script/stage.h"
#include "script/statement.h"
#include "script/test_result.h"
#include "view/timestamp.h"

namespace wscope::script {

/// Runs a script once. It is told what happens, and the time; after each such call over() and deadline() are to be
/// looked at.
///
///     running ──all done, or something failed──► closing ──nothing is left──► over
class Runner {
 public:
  struct Options {
    base::Duration within{};   ///< of an expectation that says nothing else
    base::Duration timeout{};  ///< of all of it; zero: none
    bool update = false;       ///< write snapshots
    std::vector<Assignment> variables{};
  };
  /// All that is referred to outlives it. It begins with the first advance(); its time is counted from `now` on.
  Runner(const Script& script, const Options& options, const repl::CommandLine& command_line,
         base::RandomSource& random, Stage& stage, base::TimePoint now);

  /// Something has happened on a connection.
  void hear(link::ConnectionNumber connection, Event event);
  /// It is over: nothing more will happen on it.
  void end(link::ConnectionNumber connection);
  /// The program that was started has ended: well if `how` is empty, which else says how: "exit status 3".
  void end_program(std::string how) { program_end_ = std::move(how); }
  /// Goes on as far as it can, or for a while: then the deadline has come already.
  void advance(base::TimePoint now, view::WallTime wall);
  /// Gives up, because of that signal.
  void interrupt(int signal, base::TimePoint now);

  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept;
  [[nodiscard]] bool over() const noexcept { return phase_ == Phase::over; }
  /// What has come of it, once it is over.
  [[nodiscard]] const TestResult& result() const noexcept { return result_; }

 private:
  enum class Phase : std::uint8_t { running, closing, over };
  enum class Step : std::uint8_t { done, waits, failed };
  struct Frame {
    const Block* block;
    std::size_t at = 0;
    std::uint64_t round = 1;
    std::uint64_t rounds = 1;
  };

  void step_on();
  [[nodiscard]] bool find_statement();
  void finish_statement();
  void finish_script();
  void begin_closing(ws::CloseCode code, std::optional<base::Duration> patience);
  void note_sections();
  void end_section(Verdict verdict);

  Step run(const Connect& connect);
  Step run(const Listen& listen);
  Step run(const Accept& accept);
  Step run(const Send& send);
  Step run(const Handle& handle);
  Step run(const Expect& expect);
  Step run(const All& all);
  Step run(const talk::Capture& capture);
  Step run(const Check& check);
  Step run(const Set& set);
  Step run(const Option& option);
  Step run(const Wait& wait);
  Step run(const Repeat& repeat);
  Step run(const Say& say);
  Step run(const Snapshot& snapshot);
  Step run(const Exec& exec);
  Step run(const Section& section);

  /// Of the file that the statement that is being done is in.
  [[nodiscard]] std::string folder() const;
  [[nodiscard]] base::Result<repl::Wanted> plan_of(const char* command, const std::vector<Text>& words);
  /// Whether there may be a new connection of that name: one before has to be over, and is waited for if it ends.
  [[nodiscard]] Step make_place(const std::string& name);
  void begin_party(const std::string& name, link::ConnectionNumber number);
  [[nodiscard]] link::ConnectionNumber number_of(const std::string& party) const;
  /// Whether it can be sent to: if not, it will be, or the script has failed.
  [[nodiscard]] Step find_open(link::ConnectionNumber& number);
  [[nodiscard]] Step wait_until(base::TimePoint time);
  [[nodiscard]] base::Result<base::Duration> seconds(const std::optional<Text>& text, base::Duration usual) const;
  [[nodiscard]] Step begin_expectation(const std::vector<const Statement*>& statements,
                                       const std::optional<Text>& within);
  [[nodiscard]] Step look();
  void remember(Look look);
  /// What the statement that is being done looks at: the event matched last, on its connection if it names one. Null:
  /// there is none.
  [[nodiscard]] const Event* matched() const;
  void update_holds();
  Step compare_snapshot(const std::string& path, const std::string& content);

  Step fail(const base::Error& error);
  Step fail(std::string message);
  Step fail(Failure failure, int status);
  Step fail(const Look& look);

  const Script& script_;
  Options options_;
  const repl::CommandLine& command_line_;
  Stage& stage_;
  base::TimePoint begun_;
  base::TimePoint now_;
  link::Recollection names_;
  Phase phase_ = Phase::running;
  std::vector<Frame> frames_{};
  const Statement* statement_ = nullptr;       // that is being done; null: between two
  base::TimePoint since_{};                    // when that was begun
  std::optional<base::TimePoint> wakes_at_{};  // when it goes on, whatever happens
  std::optional<base::TimePoint> closing_ends_{};
  std::map<std::string, link::ConnectionNumber> by_name_{};
  Parties parties_{};
  std::map<std::string, std::uint16_t> ports_{};  // of listeners
  std::optional<Expectation> expectation_{};      // of the statement that is being done
  std::map<std::string, Event> matched_{};        // last, by the names of connections
  std::optional<std::string> last_matched_{};     // whose event that was
  bool strict_ = false;
  bool program_runs_ = false;
  std::optional<std::string> program_end_{};
  std::size_t section_ = 0;  // behind the one that goes on
  base::TimePoint section_begun_;
  TestResult result_{};
};

}  // namespace wscope::script
