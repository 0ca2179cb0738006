#include "serve/token_file.h"

#include "unit/serve/folders.h"

using namespace wscope;

TEST_CASE("a file of tokens is read when it is another, and a bad one changes nothing") {
  const test::Folder folder;
  serve::TokenFile file(folder.at("tokens"));
  const auto missing = file.look();
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == base::ErrorKind::io);
  CHECK(file.look().ok());  // which was told

  folder.write("tokens", "one: echo:\n");
  REQUIRE(file.look().ok());
  CHECK(file.table().find("one") != nullptr);

  folder.write("tokens", "one: echo:\nnonsense\n");
  const auto bad = file.look();
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message == folder.at("tokens") + ":2: not NAME: TARGET");
  CHECK(file.look().ok());
  CHECK(file.table().find("one") != nullptr);

  folder.write("tokens", "two: echo:\n\n\n");
  REQUIRE(file.look().ok());
  CHECK(file.table().find("one") == nullptr);
  CHECK(file.table().find("two") != nullptr);
}
