// Values that may be missing for a reason. Nothing in wscope throws across a layer: what the environment or a user's
// input can make fail returns a Result.
#pragma once

#include <cassert>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace wscope::base {

/// Which part of the world failed, for whoever has to do something about it or to tell it apart from others.
enum class ErrorKind : unsigned char {
  usage,
  io,
  dns,
  connect,
  tls,
  http,
  protocol,
  lost,
  closed,
  timeout,
  expectation,  ///< all went well, but what was to come did not
  not_now       ///< what was asked for is possible, at another time
};

/// Why something failed, in words for a person: one line, no trailing newline, no secrets.
struct Error {
  ErrorKind kind = ErrorKind::io;
  std::string message;
  /// What the person could try, or empty.
  std::string hint{};
  /// Lines that show where in what was given, or empty: for a terminal, in addition to what `message` says.
  std::string excerpt{};
};

/// What was asked for cannot be meant.
[[nodiscard]] inline Error usage_error(std::string message, std::string hint = {}) {
  return {ErrorKind::usage, std::move(message), std::move(hint)};
}

/// Either a value or the Error that explains its absence.
template <typename T>
class [[nodiscard]] Result {
 public:
  /// From anything that a T can be made of.
  template <typename Value = T>
  requires(std::is_convertible_v<Value, T> && !std::is_same_v<std::remove_cvref_t<Value>, Result>)
      Result(Value&& value)  // NOLINT(google-explicit-constructor,bugprone-forwarding-reference-overload)
      : state_(std::in_place_index<0>, std::forward<Value>(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /// The value; only if ok().
  [[nodiscard]] T& value() & { return (assert(ok()), *std::get_if<0>(&state_)); }
  [[nodiscard]] const T& value() const& { return (assert(ok()), *std::get_if<0>(&state_)); }
  [[nodiscard]] T&& value() && { return (assert(ok()), std::move(*std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The reason; only if not ok().
  [[nodiscard]] const Error& error() const& { return (assert(!ok()), *std::get_if<1>(&state_)); }
  [[nodiscard]] Error&& error() && { return (assert(!ok()), std::move(*std::get_if<1>(&state_))); }

 private:
  std::variant<T, Error> state_;
};

/// A Result without a value: done, or why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return ok(); }
  [[nodiscard]] const Error& error() const& { return (assert(!ok()), error_); }
  [[nodiscard]] Error&& error() && { return (assert(!ok()), std::move(error_)); }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace wscope::base
