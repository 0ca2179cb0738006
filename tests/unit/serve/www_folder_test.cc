#include "serve/www_folder.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "folders.h"

using namespace wscope;
using serve::WwwFolder;
using Kind = serve::WwwFile::Kind;
using Way = WwwFolder::Way;

namespace {

WwwFolder open(const test::Folder& folder, Way way) {
  auto opened = WwwFolder::open(folder.at("www"), way);
  REQUIRE(opened.ok());
  return std::move(opened).value();
}

std::vector<std::string> names(const WwwFolder& www, const std::string& path, std::size_t most = 100) {
  const serve::WwwFile folder = www.find(path);
  REQUIRE(folder.kind == Kind::folder);
  std::vector<std::string> names;
  for (const serve::WwwEntry& entry : www.list(path, folder, most).entries) {
    names.push_back(entry.name + (entry.folder ? "/" : ""));
  }
  return names;
}

}  // namespace

TEST_CASE("files and folders are found, and nothing that is outside") {
  const test::Folder folder;
  folder.write("secret", "outside");
  folder.write("www/a", "inside");
  folder.write("www/sub/b", "below");
  const auto link = [&](const char* to, const std::string& from) {
    REQUIRE(::symlink(to, folder.at(from).c_str()) == 0);
  };
  link("a", "www/near");
  link("../a", "www/sub/up");
  link("sub", "www/folder");
  link("../secret", "www/out");
  link(folder.at("www/a").c_str(), "www/absolute");
  link("/proc/self/fd", "www/magic");
  link("nowhere", "www/broken");
  link("around", "www/around");
  link("..", "www/sub/parent");
  REQUIRE(::mkfifo(folder.at("www/pipe").c_str(), 0600) == 0);
  for (const Way way : {Way::by_system, Way::by_hand}) {
    CAPTURE(static_cast<int>(way));
    const WwwFolder www = open(folder, way);
    CHECK(www.way() == way);  // on a system without it there is one way
    const serve::WwwFile file = www.find("a");
    CHECK(file.kind == Kind::file);
    CHECK(file.size == 6);
    CHECK(file.changed.time_since_epoch().count() > 0);
    CHECK(www.find("sub/b").kind == Kind::file);
    CHECK(www.find("sub").kind == Kind::folder);
    CHECK(www.find("").kind == Kind::folder);
    const Kind inside = way == Way::by_system ? Kind::file : Kind::none;
    CHECK(www.find("near").kind == inside);
    CHECK(www.find("sub/up").kind == inside);
    CHECK(www.find("folder/b").kind == inside);
    for (const char* path : {"out", "absolute", "magic/0", "broken", "around", "sub/parent/../secret", "pipe",
                             "not there", "a/b", "sub/parent/parent", "sub/parent/secret"}) {
      CAPTURE(path);
      CHECK(www.find(path).kind == Kind::none);
    }
    const std::string parent = way == Way::by_system ? "sub/parent/a" : "sub/b";
    CHECK(www.find(parent).kind == Kind::file);
  }
}

TEST_CASE("a folder is listed without what is hidden, or could not be had") {
  const test::Folder folder;
  folder.write("secret", "outside");
  for (const char* name : {"b", "a", ".hidden", "back\\slash", "line\nfeed", "c/d"})
    folder.write(std::string("www/") + name, "");
  REQUIRE(::symlink("../secret", folder.at("www/out").c_str()) == 0);
  REQUIRE(::symlink("c", folder.at("www/link").c_str()) == 0);
  REQUIRE(::mkfifo(folder.at("www/pipe").c_str(), 0600) == 0);
  CHECK(names(open(folder, Way::by_system), "") == std::vector<std::string>{"a", "b", "c/", "link/"});
  CHECK(names(open(folder, Way::by_hand), "") == std::vector<std::string>{"a", "b", "c/"});
  CHECK(names(open(folder, Way::by_system), "c") == std::vector<std::string>{"d"});
  const WwwFolder www = open(folder, Way::by_system);
  const serve::WwwEntries few = www.list("", www.find(""), 2);
  CHECK_FALSE(few.complete);
  CHECK(few.entries.size() <= 2);
}

TEST_CASE("what is no folder cannot be served") {
  const test::Folder folder;
  folder.write("file", "");
  for (const std::string& path : {folder.at("file"), folder.at("nowhere")}) {
    const auto opened = WwwFolder::open(path);
    REQUIRE(!opened.ok());
    CHECK(opened.error().kind == base::ErrorKind::io);
    CHECK(opened.error().message.find(path + ": ") == 0);
  }
}
