// Carries out one case on one connection, without a socket or a clock.
//
//     CaseMachine machine(one, settings, random, now);   // once it is connected
//     machine.receive(bytes, now);                       // or receive_end(); what it has to write is output()
//     while (!machine.over()) …
//     machine.result(now)
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "check/answer_draft.h"
#include "check/case.h"
#include "check/heard.h"
#include "check/oracle.h"
#include "check/outbox.h"
#include "check/request_draft.h"
#include "check/settings.h"
#include "check/step.h"
#include "ws/deflate.h"

namespace wscope::check {

class CaseMachine {
 public:
  /// The connection is there. All that it is given outlives it.
  CaseMachine(const Case& one, const Settings& settings, base::RandomSource& random, base::TimePoint now);
  CaseMachine(const CaseMachine&) = delete;
  CaseMachine& operator=(const CaseMachine&) = delete;

  void receive(base::Bytes bytes, base::TimePoint now);
  /// The stream has ended, or was reset; `unannounced`: TLS has not said before that nothing follows.
  void receive_end(bool reset, base::TimePoint now, bool unannounced = false);
  /// What is to be written now; valid until the next call of another member.
  [[nodiscard]] base::Bytes output(base::TimePoint now) const noexcept { return outbox_.output(now); }
  void consume_output(std::size_t size, base::TimePoint now);
  /// The connection takes nothing any more.
  void fail_output(base::TimePoint now);

  /// Whether what comes is to be read: else not even its end.
  [[nodiscard]] bool reads() const noexcept { return !paused_; }
  /// What is to be done with the connection once all output is written; it is told once.
  enum class Order : std::uint8_t { none, half_close, reset };
  [[nodiscard]] Order take_order();

  /// Of a client: it has made another connection for this case.
  void note_another(base::TimePoint now) {
    sent_.others.push_back(now);
    go_on(now);
  }
  /// Whether those others are to be opened and dropped; else they are refused.
  [[nodiscard]] bool drops_others() const noexcept { return at_ < steps_.size() && steps_[at_].verb == Verb::backoff; }
  /// Of a client: the program has ended.
  void note_gone(base::TimePoint now) {
    sent_.client_gone = true;
    go_on(now);
  }
  /// Of a client: the server's name that it has asked for in TLS, before its request.
  void note_server_name(std::string name) { sent_.server_name = std::move(name); }

  void advance(base::TimePoint now) { go_on(now); }
  [[nodiscard]] std::optional<base::TimePoint> deadline(base::TimePoint now) const;

  /// The verdict is known, and the connection can go.
  [[nodiscard]] bool over(base::TimePoint now) const noexcept;
  /// Once it is over.
  [[nodiscard]] Result result(base::TimePoint now) const;
  [[nodiscard]] const Heard& heard() const noexcept { return heard_; }

  // --- what was done, to be told
  [[nodiscard]] const Case& about() const noexcept { return case_; }
  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }
  /// What each step has sent, as far as it went; nothing unless settings().keeps_steps. Messages of settings().say and
  /// Pongs are left out.
  [[nodiscard]] const std::vector<std::string>& sent_of_steps() const noexcept { return sent_of_steps_; }
  [[nodiscard]] const Sent& sent() const noexcept { return sent_; }

 private:
  void compile();
  void add_opening();
  void add_answering();
  [[nodiscard]] bool change_answer(const Step& step);
  void agree(const std::string& text, base::TimePoint now);
  void answer(const std::string& how);
  [[nodiscard]] bool is_open() const noexcept;
  [[nodiscard]] bool may_go(base::TimePoint now) const noexcept;
  void go_on(base::TimePoint now);
  void perform(const Step& step, base::TimePoint now);
  void note_sent(std::size_t before);
  [[nodiscard]] bool steer(const Step& step);
  void send(const Step& step);
  void send_frame(const Step& step, std::string payload);
  void append(wire::Header header, base::Bytes payload, bool own_mask);
  void send_fragments(const Step& step);
  void send_close(const Step& step);
  void send_compressed(const Step& step);
  void send_burst(std::uint64_t count);
  void compress(bool binary, std::string_view data, std::size_t fragment);
  void send_ping(base::TimePoint now);
  void send_more();
  void ask();
  void greet();
  void note_message(bool binary, std::string data) { sent_.messages.push_back({binary, std::move(data)}); }
  void note_frame(const wire::Header& header, std::string_view payload);
  void decide(Outcome outcome, base::TimePoint now);
  void say_goodbye(base::TimePoint now);
  void answer_pings();
  [[nodiscard]] Scene scene(base::TimePoint now);
  [[nodiscard]] std::string payload_of(const Step& step);
  [[nodiscard]] static bool is_for_failing(Verb verb) noexcept;

  const Case& case_;
  const Settings& settings_;
  base::RandomSource& random_;
  base::TimePoint begun_;
  std::vector<Step> steps_{};
  std::size_t at_ = 0;
  RequestDraft draft_;
  AnswerDraft answer_{};  // to a client
  std::optional<ws::DeflateParameters> agreed_{};
  Heard heard_;
  Outbox outbox_{};
  Sent sent_{};
  Waiting waiting_{};
  std::optional<Message> message_{};  // that is being sent
  std::optional<ws::PermessageDeflate> deflate_{};
  std::unique_ptr<ws::Extension> extension_{};
  std::optional<Outcome> outcome_{};
  std::string note_{};  // of a step that was met in the wrong form
  std::optional<base::TimePoint> decided_at_{};
  std::size_t answered_pings_ = 0;
  std::size_t own_pings_ = 0;
  bool endless_ = false;  // a message without an end has begun
  Order order_ = Order::none;
  bool paused_ = false;
  bool answers_close_ = true;
  bool greeted_ = false;
  std::size_t greeted_up_to_ = 0;  // of what was kept
  std::vector<std::string> sent_of_steps_{};
  bool broken_off_ = false;  // by us, or nothing can be sent any more
  bool provokes_ = false;    // a failure: from the first frame on the invariants look away
};

}  // namespace wscope::check
