#include "check/measurement.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace wscope::check {
namespace {

constexpr std::string_view keyword = "measure ";
constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = kib * kib;
constexpr std::uint64_t most_message = 16 * mib;
constexpr std::uint64_t most_message_aggressive = 64 * mib;
constexpr std::uint64_t most_fragments = 64 * kib;
constexpr std::uint64_t most_head = 256 * kib;
// All that limit.message sends: with the others of its group, less than 64 MiB.
constexpr std::uint64_t message_budget = 44 * mib;
// A head that is a little larger than asked for is no other head: what a field's name and its end take.
constexpr std::uint64_t of_filler = 13;
// A message that takes longer is the last one of that size.
constexpr base::Duration longest_try = std::chrono::seconds(2);
constexpr base::Duration longest_refusal = std::chrono::seconds(1);

double seconds(base::Duration time) { return std::chrono::duration<double>(time).count(); }

long long milliseconds(base::Duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

// An application's own refusal, whatever the size.
bool is_of_application(const std::optional<std::uint16_t>& code) noexcept { return code && *code != 1009; }

std::string head_of(std::uint64_t size, const Settings& settings) {
  std::uint64_t others = settings.request.target.size() + 30;
  for (const auto& [name, value] : settings.request.headers) others += name.size() + value.size() + 4;
  const std::uint64_t filler = size > others + of_filler ? size - others - of_filler : 1;
  return fmt::format("filler {} | ask | open", filler);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, " ");
  return digits;
}

bool Measurement::is_for(const Case& one) noexcept { return one.program.starts_with(keyword); }

void Measurement::begin(const Case& about) {
  struct Word {
    std::string_view name;
    What what;
  };
  constexpr Word words[] = {
      {"message", What::message}, {"frame", What::frame},       {"inflated", What::inflated},
      {"head", What::head},       {"too-big", What::too_big},   {"fragments", What::fragments},
      {"idle", What::idle},       {"families", What::families}, {"deflated", What::deflated},
  };
  about_ = &about;
  over_ = false;
  step_ = {about.group, about.row, about.id, {}};
  result_ = {};
  result_.about = &about;
  seen_.clear();
  const std::string_view name = std::string_view(about.program).substr(keyword.size());
  const auto* word =
      std::find_if(std::begin(words), std::end(words), [&](const Word& one) { return one.name == name; });
  if (word == std::end(words)) return end(Verdict::error, "nothing to measure");
  wanted_ = word->what;
  go_on();
}

// Begins with what the case is about, or with what has to be known for it.
void Measurement::go_on() {
  const std::uint64_t most = settings_.aggressive ? most_message_aggressive : most_message;
  const bool needs_message =
      wanted_ != What::fragments && wanted_ != What::head && wanted_ != What::idle && wanted_ != What::families;
  if (needs_message && !message_) {
    return begin_probe(What::message,
                       {.least = kib, .most = most, .budget = settings_.aggressive ? 0 : message_budget});
  }
  switch (wanted_) {
    case What::message:
      return conclude_message();
    case What::too_big:
      return conclude_code();
    case What::frame: {
      if (!message_->taken) return end(Verdict::skip, message_->seen);
      return begin_probe(What::frame, {.least = kib, .most = *message_->taken, .first = *message_->taken});
    }
    case What::inflated: {
      if (!message_->taken) return end(Verdict::skip, message_->seen);
      const std::uint64_t end = message_->refused ? std::min(most, 2 * *message_->refused) : most;
      return begin_probe(What::inflated, {.least = kib, .most = end, .first = *message_->taken});
    }
    case What::deflated:
      if (!message_->refused) return end(Verdict::skip, "no limit of messages was found");
      return ask(Stage::once, fmt::format("compressed text zeros:{} | failed 1009", 2 * *message_->refused));
    case What::fragments:
      return begin_probe(What::fragments, {.least = 64, .most = most_fragments});
    case What::head:
      return begin_probe(What::head, {.least = kib, .most = most_head});
    case What::idle:
      return ask(Stage::alone, fmt::format("tell-idle {}", milliseconds(settings_.idle_max)));
    case What::families:
      return ask(Stage::ipv4, "way family 4 | ask | open");
  }
}

void Measurement::ask(Stage stage, std::string program) {
  stage_ = stage;
  step_.program = std::move(program);
}

void Measurement::end(Verdict verdict, std::string seen, std::optional<std::uint64_t> measured) {
  result_.verdict = verdict;
  result_.seen = std::move(seen);
  result_.measured = measured;
  over_ = true;
}

void Measurement::told(const Result& result, const Heard& heard) {
  result_.elapsed += result.elapsed;
  if (result_.sent.empty()) result_.sent = result.sent;
  switch (stage_) {
    case Stage::probing:
      return told_probe(result, heard);
    case Stage::at_header:
      found_.at_header = heard.close() || heard.end();
      if (heard.close()) {
        found_.code = result.close_code;
        found_.seen = heard.close()->words();
      }
      return finish_message();
    case Stage::alone:
    case Stage::with_pings:
      return told_idle(result, heard);
    case Stage::ipv4:
    case Stage::ipv6:
      return told_family(result);
    case Stage::once:
      return told_deflated(result);
  }
}

// --- by trying sizes

void Measurement::begin_probe(What what, const Probe::Range& range) {
  what_ = what;
  found_ = {};
  probe_ = Probe(range);
  ask(Stage::probing, program_for(*probe_.next()));
}

std::string Measurement::program_for(std::uint64_t size) const {
  switch (what_) {
    case What::frame:
      return fmt::format("text fin=0 fill:{} | frame 0 | ignored", size);
    case What::inflated:
      return fmt::format("compressed text zeros:{} | ignored", size);
    case What::fragments:
      return fmt::format("fragments 1 text fill:{} | ignored", size);
    case What::head:
      return head_of(size, settings_);
    default:
      return fmt::format("text fill:{} | ignored", size);
  }
}

void Measurement::told_probe(const Result& result, const Heard& heard) {
  const bool taken = result.verdict == Verdict::pass;
  const bool refused = !taken && (heard.close() || heard.end() || (heard.answer() && !heard.answer()->is_101()));
  if (refused) {
    found_.code = heard.close() ? result.close_code : std::nullopt;
    found_.seen = result.seen;
    status_ = result.status;
  }
  if (!taken && !refused) found_.seen = result.seen;
  const bool slow = (taken && result.elapsed > longest_try) || (!taken && !refused);
  probe_.told(taken ? Probe::Answer::taken : refused ? Probe::Answer::refused : Probe::Answer::unknown);
  const auto size = probe_.next();
  if (slow) found_.slow = true;
  if (!size || slow) return finish_probe();
  step_.program = program_for(*size);
}

void Measurement::finish_probe() {
  found_.taken = probe_.taken();
  found_.refused = probe_.refused();
  found_.exact = probe_.exact();
  found_.unsteady = probe_.unsteady();
  switch (what_) {
    case What::message:
      if (found_.refused && found_.taken && !found_.unsteady) {
        return ask(Stage::at_header, fmt::format("text len={} | settle 500 | rst", *found_.refused));
      }
      return finish_message();
    case What::frame:
      return conclude_frame();
    case What::inflated:
      return conclude_inflated();
    case What::fragments:
      return conclude_size("");
    default:
      return conclude_size(" B");
  }
}

void Measurement::finish_message() {
  if (found_.unsteady) found_.seen = "unsteady: it refuses what it took before";
  if (!found_.taken || found_.unsteady) found_.refused.reset();
  message_ = found_;
  go_on();
}

namespace {

std::string size_words(const MessageLimit& found, std::string_view unit) {
  if (!found.refused) {
    const std::string up_to = grouped(found.taken.value_or(0)) + std::string(unit);
    return found.slow ? "none up to " + up_to + ", and larger ones take too long" : "none up to " + up_to;
  }
  if (found.exact) return grouped(*found.taken) + std::string(unit);
  return fmt::format("{} to {}{}", grouped(*found.taken), grouped(*found.refused), unit);
}

std::string code_words(const MessageLimit& found) {
  return found.code ? std::to_string(*found.code) : std::string("without a Close");
}

}  // namespace

void Measurement::conclude_message() {
  const MessageLimit& found = *message_;
  if (!found.taken) {
    const bool is_choice = is_of_application(found.code);
    return end(Verdict::skip, is_choice ? fmt::format("it refuses such messages ({}): --say, --sample", *found.code)
                                        : "not even 1 024 B: " + found.seen);
  }
  if (found.unsteady) return end(Verdict::info, found.seen);
  std::string words = size_words(found, " B");
  if (found.refused) {
    words += fmt::format(" ({}, {})", code_words(found), found.at_header ? "at the header" : "after it");
  }
  end(Verdict::info, std::move(words), found.taken);
}

void Measurement::conclude_frame() {
  if (found_.unsteady) return end(Verdict::info, "unsteady: it refuses what it took before");
  if (!found_.refused) return end(Verdict::info, "same", found_.taken);
  conclude_size(" B");
}

void Measurement::conclude_inflated() {
  if (found_.unsteady) return end(Verdict::info, "unsteady: it refuses what it took before");
  if (!message_->refused || (found_.refused && found_.taken <= message_->refused)) {
    const bool same = message_->refused && found_.taken >= message_->taken;
    if (same) return end(Verdict::info, "same, counted after inflating", found_.taken);
    return conclude_size(" B");
  }
  end(Verdict::warn,
      fmt::format("{} B are taken if they are compressed: the limit is counted before inflating",
                  grouped(found_.taken.value_or(0))),
      found_.taken);
}

void Measurement::conclude_size(std::string_view unit) {
  if (found_.unsteady) return end(Verdict::info, "unsteady: it refuses what it took before");
  if (!found_.taken) return end(Verdict::info, "not even the least: " + found_.seen);
  std::string words = size_words(found_, unit);
  if (found_.refused && what_ == What::head) {
    words += status_ ? fmt::format(" ({})", *status_) : std::string(" (closed without an answer)");
  } else if (found_.refused) {
    words += fmt::format(" ({})", code_words(found_));
  }
  end(Verdict::info, std::move(words), found_.taken);
}

void Measurement::conclude_code() {
  const MessageLimit& found = *message_;
  if (!found.refused) return end(Verdict::skip, "no limit of messages was found");
  if (found.code == 1009) return end(Verdict::pass, {});
  end(Verdict::warn, found.seen);
}

// --- the others

void Measurement::told_deflated(const Result& result) {
  const bool late = result.verdict == Verdict::pass && result.elapsed > longest_refusal;
  if (late) return end(Verdict::warn, fmt::format("1009, but only after {:.1f} s", seconds(result.elapsed)));
  end(result.verdict, result.seen);
}

void Measurement::told_idle(const Result& result, const Heard& heard) {
  if (result.verdict == Verdict::error || result.verdict == Verdict::skip) return end(result.verdict, result.seen);
  const bool ended = heard.close() || heard.end();
  if (stage_ == Stage::with_pings) {
    const bool help = result.verdict == Verdict::pass;
    return end(Verdict::info, seen_ + (help ? "; our Pings help" : "; our Pings do not help"),
               static_cast<std::uint64_t>(milliseconds(idle_)));
  }
  const bool over = ended && result.elapsed < settings_.idle_max;
  if (!over) return end(Verdict::info, result.seen);
  idle_ = result.elapsed;
  seen_ = result.seen;
  constexpr int pings = 6;
  // They go on for twice that time.
  ask(Stage::with_pings, fmt::format("beats {} {} | ignored", pings, std::max(milliseconds(idle_) / 3, 1LL)));
}

void Measurement::told_family(const Result& result) {
  const bool open = result.verdict == Verdict::pass;
  const std::string words = open ? std::string("answers") : result.seen;
  if (stage_ == Stage::ipv4) {
    seen_ = "IPv4 " + words;
    return ask(Stage::ipv6, "way family 6 | ask | open");
  }
  end(Verdict::info, seen_ + ", IPv6 " + words);
}

}  // namespace wscope::check
