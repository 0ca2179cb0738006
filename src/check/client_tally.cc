#include "check/client_tally.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "http/headers.h"
#include "view/escape.h"

namespace wscope::check {
namespace {

constexpr std::size_t few_frames = 3;
constexpr std::size_t frames_for_a_repeat = 1000;
constexpr std::size_t key_size = 16;

std::uint32_t number_of(const ws::MaskKey& mask) { return base::load_big_endian<std::uint32_t>(mask.data()); }

Result result_of(const Case& one, Verdict verdict, std::string seen) {
  Result result;
  result.about = &one;
  result.verdict = verdict;
  result.seen = std::move(seen);
  return result;
}

// Base64 has one form only of 16 bytes: the bits that are padding are 0 (RFC 4648 section 3.5).
bool is_key(const std::string& text) {
  const auto bytes = base::base64_decode(text);
  return bytes && bytes->size() == key_size && base::base64_encode(*bytes) == text;
}

}  // namespace

void ClientTally::add(const Heard& heard) {
  if (heard.request()) add_key(*heard.request());
  add_masks(heard.masks());
}

void ClientTally::add_key(const http::RequestHead& request) {
  ++requests_;
  const std::string* const key = request.headers.find("Sec-WebSocket-Key");
  const auto count = std::count_if(request.headers.begin(), request.headers.end(), [](const http::Field& field) {
    return http::equals_ignoring_case(field.name, "Sec-WebSocket-Key");
  });
  if (bad_key_) return;
  if (key == nullptr || count != 1) {
    bad_key_ = fmt::format("{} Sec-WebSocket-Key fields", count);
  } else if (!is_key(*key)) {
    bad_key_ = "not 16 bytes of base64: " + view::escape(key->substr(0, 40));
  } else if (!keys_.insert(*key).second) {
    bad_key_ = "the same key twice: " + view::escape(*key);
  }
}

void ClientTally::add_masks(const std::vector<ws::MaskKey>& masks) {
  std::optional<std::uint32_t> before;
  for (const ws::MaskKey& mask : masks) {
    ++frames_;
    if (!masks_.insert(mask).second) ++repeats_;
    const std::uint32_t number = number_of(mask);
    if (before && (number == *before + 1 || number == *before - 1)) ++steps_;
    before = number;
  }
}

Result ClientTally::judge(const Case& one) const {
  if (one.id == "c.key") {
    if (bad_key_) return result_of(one, Verdict::fail, *bad_key_);
    if (requests_ < 2) return result_of(one, Verdict::skip, "it takes two connections");
    return result_of(one, Verdict::pass, "");
  }
  if (frames_ < few_frames) return result_of(one, Verdict::skip, "it has sent too few masked frames to tell");
  if (masks_.size() == 1) return result_of(one, Verdict::fail, fmt::format("one masking key for {} frames", frames_));
  if (repeats_ > 1 + frames_ / frames_for_a_repeat) {
    return result_of(one, Verdict::fail, fmt::format("{} masking keys for {} frames", masks_.size(), frames_));
  }
  if (steps_ > 1) return result_of(one, Verdict::fail, "the masking keys count up or down");
  return result_of(one, Verdict::pass, "");
}

}  // namespace wscope::check
