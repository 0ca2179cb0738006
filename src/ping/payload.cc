#include "ping/payload.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/hex.h"
#include "base/sha1.h"
#include "base/utf8.h"

namespace wscope::ping {
namespace {

constexpr std::size_t number_size = 4;
constexpr std::size_t known_size = 8;  // number and run

std::byte filler(std::size_t at) noexcept { return static_cast<std::byte>(at); }

std::string hex_of(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace

Payload::Payload(const PingPlan& plan, base::RandomSource& random) : plan_(plan), names_(random) {
  random.fill(base::MutableBytes(run_));
  random.fill(base::MutableBytes(salt_));
}

std::string Payload::bytes_of(std::uint64_t sequence) const {
  std::array<std::byte, longest_payload> bytes{};
  base::store_big_endian(bytes.data(), static_cast<std::uint32_t>(sequence));
  std::copy(run_.begin(), run_.end(), bytes.begin() + number_size);
  for (std::size_t at = known_size; at < plan_.size; ++at) bytes[at] = filler(at);
  const std::size_t from = plan_.size < number_size ? number_size - plan_.size : 0;
  return std::string(base::as_text(base::Bytes(bytes).subspan(from, plan_.size)));
}

base::Result<Payload::Made> Payload::make(std::uint64_t sequence, view::WallTime now) {
  Made made;
  if (plan_.as == PingPlan::As::text && plan_.text) {
    names_.set("seq", {talk::Value::Kind::json, std::to_string(sequence)});
    names_.set_round(sequence);
    names_.set_time(now);
    auto text = plan_.text->fill(names_);
    if (!text) return std::move(text).error();
    if (!base::is_utf8(base::as_bytes(*text))) {
      return base::Error{base::ErrorKind::expectation, "what was filled in is not UTF-8: it cannot be sent as text"};
    }
    made = {std::move(text).value(), 0};
    made.key = key_of_text(base::as_bytes(made.bytes));
  } else {
    made.bytes = bytes_of(sequence);
    made.key = key_of_bytes(base::as_bytes(made.bytes)).value_or(0);
    if (plan_.as == PingPlan::As::text) made.bytes = hex_of(made.bytes);
  }
  longest_ = std::max(longest_, made.bytes.size());
  return made;
}

std::optional<std::uint64_t> Payload::key_of(base::Bytes payload) const {
  if (plan_.as == PingPlan::As::ping) return key_of_bytes(payload);
  if (plan_.text) return key_of_text(payload);
  if (payload.size() != 2 * plan_.size) return std::nullopt;
  const auto bytes = base::hex_decode(base::as_text(payload));
  if (!bytes || hex_of(*bytes) != base::as_text(payload)) return std::nullopt;
  return key_of_bytes(base::as_bytes(*bytes));
}

// The number and what is behind it of the run, as far as there is any of them, are the key.
std::optional<std::uint64_t> Payload::key_of_bytes(base::Bytes payload) const noexcept {
  if (payload.size() != plan_.size) return std::nullopt;
  std::uint64_t key = 0;
  const std::size_t known = std::min(known_size, payload.size());
  for (std::size_t at = 0; at < known; ++at) key = key << 8 | std::to_integer<std::uint64_t>(payload[at]);
  for (std::size_t at = known_size; at < payload.size(); ++at) {
    if (payload[at] != filler(at)) return std::nullopt;
  }
  return key;
}

std::uint64_t Payload::key_of_text(base::Bytes text) const {
  std::string salted(base::as_text(salt_));
  salted += base::as_text(text);
  return base::load_big_endian<std::uint64_t>(base::sha1(base::as_bytes(salted)).data());
}

}  // namespace wscope::ping
