#include "process/lookup.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace wscope;
namespace fs = std::filesystem;
using process::find_program;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "wscope-lookup-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  void put(const std::string& name, fs::perms mode) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << "#!/bin/sh\n";
    fs::permissions(path / name, mode);
  }
  fs::path path;
};

}  // namespace

TEST_CASE("a program is found in PATH, the first that may be executed") {
  const Folder folder;
  folder.put("a/tool", fs::perms::owner_read);
  folder.put("b/tool", fs::perms::owner_all);
  folder.put("c/tool", fs::perms::owner_all);
  fs::create_directories(folder.path / "a/other");
  const std::string all =
      (folder.path / "a").string() + ":" + (folder.path / "b").string() + ":" + (folder.path / "c").string();
  const auto found = find_program("tool", all);
  REQUIRE(found.ok());
  CHECK(*found == (folder.path / "b/tool").string());
  CHECK(find_program("other", all).error().message == "other: there is no such program");
  CHECK(find_program("nothing", all).error().message == "nothing: there is no such program");
  CHECK(find_program("", all).error().message == ": there is no such program");
  if (::geteuid() != 0) {
    CHECK(find_program("tool", (folder.path / "a").string()).error().message == "tool: permission denied");
  }
}

TEST_CASE("a program with a slash is a path from here") {
  const Folder folder;
  folder.put("tool", fs::perms::owner_all);
  const fs::path before = fs::current_path();
  fs::current_path(folder.path);
  const auto relative = find_program("./tool", "");
  const auto in_path = find_program("tool", ":/nowhere");
  fs::current_path(before);
  REQUIRE(relative.ok());
  CHECK(*relative == folder.path.string() + "/./tool");
  REQUIRE(in_path.ok());
  CHECK(in_path->starts_with('/'));
  CHECK(find_program((folder.path / "tool").string(), "").ok());
  CHECK(find_program("/nowhere/tool", "").error().message == "/nowhere/tool: no such file or directory");
  CHECK(find_program(folder.path.string(), "").error().message == folder.path.string() + ": is a directory");
}
