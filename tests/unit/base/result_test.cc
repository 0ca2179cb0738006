#include "base/result.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

using namespace wscope::base;

TEST_CASE("a result made from a value holds it") {
  Result<std::string> result = std::string("ten");
  CHECK(result.ok());
  CHECK(static_cast<bool>(result));
  CHECK(*result == "ten");
  CHECK(result->size() == 3);
  result.value() += "der";
  const auto& same = result;
  CHECK(*same == "tender");
  CHECK(same->size() == 6);
  CHECK(same.value() == "tender");
}

TEST_CASE("a result made from an error explains itself") {
  const Result<std::string> result = Error{ErrorKind::dns, "no such host", "check the spelling"};
  CHECK_FALSE(result.ok());
  CHECK_FALSE(static_cast<bool>(result));
  CHECK(result.error().kind == ErrorKind::dns);
  CHECK(result.error().message == "no such host");
  CHECK(result.error().hint == "check the spelling");
}

TEST_CASE("value and error can be moved out") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(result).value();
  CHECK(*taken == 7);
  Result<int> failed = Error{ErrorKind::io, "disk full"};
  const Error error = std::move(failed).error();
  CHECK(error.message == "disk full");
  CHECK(error.hint.empty());
}

TEST_CASE("a result without a value is done or says why not") {
  const Result<void> done;
  CHECK(done.ok());
  CHECK(static_cast<bool>(done));
  Result<void> failed = Error{ErrorKind::tls, "certificate expired"};
  CHECK_FALSE(failed.ok());
  CHECK_FALSE(static_cast<bool>(failed));
  CHECK(failed.error().kind == ErrorKind::tls);
  CHECK(std::move(failed).error().message == "certificate expired");
}
