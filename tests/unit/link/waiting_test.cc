#include "link/waiting.h"

#include <doctest/doctest.h>

using namespace wscope;
using link::WaitingClients;

namespace {

/// Of these numbers the even ones wait for the service.
WaitingClients waiting(std::initializer_list<link::ConnectionNumber> numbers) {
  WaitingClients clients;
  for (const link::ConnectionNumber number : numbers) {
    clients.add({number, number % 2 == 0, {"GET", "/" + std::to_string(number), {}, {}}});
  }
  return clients;
}

}  // namespace

TEST_CASE("clients that wait for a service are taken by their numbers, once") {
  WaitingClients clients = waiting({1, 4, 2});
  CHECK(clients.for_service() == 2);
  const auto taken = clients.take_for_service(2);
  REQUIRE(taken.has_value());
  CHECK(taken->number == 2);
  CHECK(taken->request.target == "/2");
  CHECK(clients.for_service() == 1);
  CHECK_FALSE(clients.take_for_service(2).has_value());
  CHECK_FALSE(clients.take_for_service(1).has_value());  // it waits for a hand
  CHECK_FALSE(clients.take_for_service(9).has_value());
}

TEST_CASE("clients that wait for a hand are taken in the order in which they came") {
  WaitingClients clients = waiting({5, 2, 3, 7});
  for (const link::ConnectionNumber number : {3U, 5U, 7U}) {
    const auto taken = clients.take_first_by_hand();
    REQUIRE(taken.has_value());
    CHECK(taken->number == number);
  }
  CHECK_FALSE(clients.take_first_by_hand().has_value());
  CHECK(clients.for_service() == 1);
}

TEST_CASE("a client that has left waits no more, and a service is to hear of its own") {
  WaitingClients clients = waiting({1, 2});
  CHECK(clients.forget(2));
  CHECK_FALSE(clients.forget(2));
  CHECK_FALSE(clients.forget(1));
  CHECK(clients.for_service() == 0);
  CHECK_FALSE(clients.take_first_by_hand().has_value());
}
