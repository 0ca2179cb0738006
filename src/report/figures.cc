#include "report/figures.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "view/counted.h"

namespace wscope::report {
namespace {

// Without the port; of a path nothing.
std::string ip_of(std::string_view address) {
  if (address.starts_with('[')) return std::string(address.substr(1, address.find(']') - 1));
  return address.starts_with('/') ? std::string() : std::string(address.substr(0, address.rfind(':')));
}

}  // namespace

link::Interests Figures::interests() const noexcept {
  link::Interests interests = next_.interests();
  interests.wire = true;
  return interests;
}

void Figures::report(link::ConnectionNumber connection, const link::Happening& happening) {
  std::visit(
      [&](const auto& one) {
        if constexpr (requires { keep(one); }) keep(one);
      },
      happening);
  next_.report(connection, happening);
}

void Figures::count(const ws::Message& message) {
  received_.bytes += message.data.size();
  if (message.finished) ++received_.messages;
  if (!times_.first_message) times_.first_message = elapsed();
}

// Pieces of a message are sent as they come, and a frame ends it.
void Figures::keep(const link::FrameSeen& seen) {
  const bool is_data = (seen.frame.opcode & 8U) == 0;
  if (seen.direction == wire::Direction::out && is_data && seen.frame.fin) ++sent_.messages;
}

void Figures::keep(const link::Heard& heard) {
  const auto* rejected = std::get_if<ws::Rejected>(&heard.event);
  if (rejected != nullptr && rejected->head != nullptr) status_ = rejected->head->status;
}

// Told at the end of the way, whose parts followed each other.
void Figures::keep(const link::Timed& timed) {
  const auto length = [](const std::optional<base::Duration>& part) { return part.value_or(base::Duration::zero()); };
  const auto& [dns, tcp, proxy, tls, upgrade] = timed.timing;
  const base::Duration secure = elapsed() - length(upgrade);
  const base::Duration connected = secure - length(tls) - length(proxy);
  times_.tls = tls ? std::optional(secure) : std::nullopt;
  times_.connect = connected;
  times_.name_lookup = connected - length(tcp);
  remote_ip_ = ip_of(attempt_);
}

void Figures::keep(const link::Opened& opened) {
  status_ = opened.open.status;
  subprotocol_ = opened.open.subprotocol;
  if (!opened.open.peer.empty()) remote_ip_ = ip_of(opened.open.peer);
  close_.reset();
  if (!times_.open) times_.open = elapsed();
}

Figures::Times Figures::times() const {
  Times times = times_;
  times.total = elapsed();
  return times;
}

std::string Figures::summary() const {
  const base::Duration since_open = elapsed() - times_.open.value_or(base::Duration::zero());
  return fmt::format("sent {}, {}; received {}, {}; {:.2f} s", view::counted(sent_.messages, "message"),
                     view::in_bytes(sent_.bytes), received_.messages, view::in_bytes(received_.bytes),
                     std::chrono::duration<double>(since_open).count());
}

}  // namespace wscope::report
