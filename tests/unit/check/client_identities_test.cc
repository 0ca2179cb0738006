#include "check/client_identities.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "unit/tls/authority.h"

using namespace wscope;
using namespace wscope::check;

namespace {

CheckPlan plan_for(const std::string& host) {
  CheckPlan plan;
  plan.serves_tls = true;
  plan.listens = link::ListenAddress{.host = host, .port = 0};
  return plan;
}

std::vector<std::string> ids_of(const ClientIdentities& identities) {
  std::vector<std::string> ids;
  for (const WrongIdentity& one : identities.wrong) ids.push_back(one.id);
  return ids;
}

const std::vector<std::string> all = {"c.tls-name", "c.tls-expired", "c.tls-issuer"};

}  // namespace

TEST_CASE("without TLS there is nothing") {
  CheckPlan plan = plan_for("");
  plan.serves_tls = false;
  const auto made = make_identities(plan);
  REQUIRE(made.ok());
  CHECK(!made->right);
  CHECK(made->wrong.empty());
}

TEST_CASE("an authority of our own vouches for all that wants one, and is written down") {
  const test::TemporaryFolder folder;
  CheckPlan plan = plan_for("192.0.2.1");
  plan.certificate_copy = folder.at("ca.pem");
  const auto made = make_identities(plan);
  REQUIRE(made.ok());
  CHECK(made->right.has_value());
  CHECK(made->has_name);
  CHECK(ids_of(*made) == all);
  CHECK(std::filesystem::file_size(folder.at("ca.pem")) > 0);
}

TEST_CASE("a certificate of a file vouches for others if it may") {
  const test::TemporaryFolder folder;
  const test::Certified root = test::make_authority();
  CheckPlan plan = plan_for("");
  plan.tls.identity.certificate_file = folder.put("root.pem", test::pem(root));
  auto made = make_identities(plan);
  REQUIRE(made.ok());
  CHECK(ids_of(*made) == all);
  CHECK(!made->has_name);
  plan.tls.identity.certificate_file =
      folder.put("leaf.pem", test::pem(test::issue({.names = "DNS:localhost"}, &root)));
  made = make_identities(plan);
  REQUIRE(made.ok());
  CHECK(ids_of(*made) == std::vector<std::string>{"c.tls-issuer"});
  CHECK(made->has_name);
}

TEST_CASE("a file that cannot be written is an error") {
  CheckPlan plan = plan_for("");
  plan.certificate_copy = "/nowhere/ca.pem";
  CHECK(!make_identities(plan).ok());
}
