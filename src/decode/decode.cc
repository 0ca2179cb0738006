#include "decode/decode.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "decode/input_form.h"
#include "decode/report.h"
#include "decode/stdout_writer.h"
#include "net/error.h"
#include "net/input_file.h"
#include "net/poller.h"
#include "net/shared_output.h"
#include "streams/progress_line.h"
#include "streams/standard_streams.h"
#include "view/counted.h"
#include "view/escape.h"

namespace wscope::decode {
namespace {

constexpr std::size_t read_at_once = std::size_t{256} << 10;
constexpr std::size_t written_at_once = std::size_t{64} << 10;
constexpr std::chrono::milliseconds patience{200};  // with an input of which there is a little

using Waited = net::InputFile::Waited;

class Run {
 public:
  Run(const DecodePlan& plan, net::InputFile input, net::Signals& signals)
      : plan_(plan),
        input_(std::move(input)),
        signals_(signals),
        writer_(signals, outcome_),
        report_(options_of(plan), out_),
        buffer_(read_at_once) {
    // What is printed on the same terminal says it as well.
    const bool is_silent = plan.counts || ::isatty(STDOUT_FILENO) == 0;
    if (is_silent && streams::ProgressLine::on_terminal()) errors_.emplace(net::SharedOutput::open(STDERR_FILENO));
  }

  streams::Outcome run() {
    while (!outcome_.decided() && !ended_) step();
    tell(progress_.clear());
    if (!outcome_.decided()) finish();
    const std::string begin = "wscope: " + view::escape(name()) + ": ";
    for (const std::string& remark : report_.remarks()) outcome_.add_words(begin + remark + "\n");
    return outcome_;
  }

 private:
  static Report::Options options_of(const DecodePlan& plan) {
    Report::Options options;
    options.form = plan.json ? Report::Form::json : Report::Form::dump;
    options.counts = plan.counts;
    options.dump_size = plan.dump_size;
    options.role = plan.role;
    options.deflate = plan.deflate;
    options.now = std::chrono::system_clock::now();
    options.style = plan.json ? view::no_colors : streams::style_of_stdout(plan.color);
    return options;
  }

  void step() {
    const bool undecided = !form_ && !begin_.empty();
    Waited waited = input_.wait(interruption(), undecided ? patience : std::chrono::milliseconds(0));
    if (waited == Waited::timed_out && undecided) return choose_form();
    if (waited == Waited::timed_out) {
      write(1);  // whoever reads may not have to wait for more
      if (outcome_.decided()) return;
      waited = input_.wait(interruption());
    }
    if (waited == Waited::woken) return writer_.look_at_signals();
    if (waited == Waited::no_reader) return outcome_.end(0);
    const net::IoResult result = input_.read(buffer_);
    if (result.kind == net::IoResult::Kind::failed) {
      return outcome_.fail(net::system_error(name(), result.error));
    }
    if (result.kind == net::IoResult::Kind::end) return end();
    if (result.kind != net::IoResult::Kind::done) return;
    read_bytes_ += result.bytes;
    receive(base::Bytes(buffer_).first(result.bytes));
    if (errors_ && progress_.is_due(time_.now())) {
      tell(progress_.show(view::part_of_bytes(read_bytes_, input_.size())));
    }
  }

  // To a terminal: one that is stuck misses it.
  void tell(const std::string& line) {
    if (!line.empty()) static_cast<void>(errors_->write(base::as_bytes(line)));
  }

  void receive(base::Bytes piece) {
    if (form_) return take(piece);
    begin_ += base::as_text(piece);
    if (begin_.size() >= looked_at) choose_form();
  }

  void choose_form() {
    const base::Bytes all = base::as_bytes(begin_);
    const base::Bytes begin = all.first(std::min(all.size(), looked_at));
    InputKind kind = plan_.from;
    if (kind == InputKind::automatic) {
      const auto detected = detect(begin);
      if (!detected) return fail(detected.error());
      kind = *detected;
    }
    form_ = make_form(kind, report_, plan_);
    const std::string taken = std::exchange(begin_, {});
    take(base::as_bytes(taken));
  }

  void take(base::Bytes piece) {
    if (auto received = form_->receive(piece); !received) return fail(std::move(received).error());
    write(written_at_once);
  }

  void end() {
    ended_ = true;
    if (!form_) choose_form();
    if (outcome_.decided()) return;
    if (auto received = form_->receive_eof(); !received) fail(std::move(received).error());
  }

  // What was understood before is printed.
  void fail(base::Error error) {
    error.message.insert(0, name() + ": ");
    report_.finish();
    tell(progress_.clear());
    write(1);
    outcome_.fail(std::move(error));
  }

  void finish() {
    const bool is_foreign = report_.frames() == 0 && report_.foreign().has_value();
    const bool is_empty = report_.frames() == 0 && report_.heads() == 0 && report_.incomplete() == 0;
    report_.finish();
    if (!is_foreign) write(1);
    if (outcome_.decided()) return;
    if (is_foreign) {
      const Foreign& foreign = *report_.foreign();
      return outcome_.fail({base::ErrorKind::io, name() + ": no WebSocket: " + foreign.what, foreign.hint});
    }
    if (is_empty && report_.incomplete() == 0) {
      const char* const what = read_bytes_ == 0 ? "it is empty" : "no bytes of one are in it";
      return outcome_.fail({base::ErrorKind::io, name() + ": no WebSocket: " + what});
    }
    if (report_.findings() > 0) return fail_for_findings();
    if (plan_.strict && report_.incomplete() > 0) {
      outcome_.fail({base::ErrorKind::protocol, name() + ": ends inside a frame or a message"});
    }
  }

  void fail_for_findings() {
    base::Error error{base::ErrorKind::protocol, name() + ": " + view::counted(report_.findings(), "violation")};
    if (report_.lacks_agreement()) error.hint = "--deflate '' reads compressed messages";
    outcome_.fail(std::move(error));
  }

  // All that there is, if that is at least so much.
  void write(std::size_t least) {
    if (out_.size() < least) return;
    tell(progress_.clear());
    writer_.write(out_);
  }

  [[nodiscard]] net::Interruption interruption() const noexcept { return {signals_.fd(), writer_.poll_fd()}; }
  [[nodiscard]] std::string name() const { return plan_.file == "-" ? "standard input" : plan_.file; }

  const DecodePlan& plan_;
  net::InputFile input_;
  net::Signals& signals_;
  streams::Outcome outcome_{};
  StdoutWriter writer_;
  std::optional<net::SharedOutput> errors_{};  // where progress is told
  streams::ProgressLine progress_{};
  net::SystemTime time_{};
  std::string out_{};
  Report report_;
  std::vector<std::byte> buffer_;
  std::string begin_{};
  std::unique_ptr<InputForm> form_{};
  std::uint64_t read_bytes_ = 0;
  bool ended_ = false;
};

}  // namespace

streams::Outcome decode(const DecodePlan& plan, net::Signals& signals) {
  auto input = net::InputFile::open(plan.file);
  if (!input) {
    streams::Outcome outcome;
    outcome.fail(std::move(input).error());
    return outcome;
  }
  return Run(plan, std::move(*input), signals).run();
}

}  // namespace wscope::decode
