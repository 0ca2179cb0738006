#include "term/history.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

#include "history_folder.h"

using namespace wscope;
using term::History;
using test::HistoryFolder;

namespace {

std::vector<std::string> entries_of(const History& history) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < history.size(); ++i) entries.push_back(history[i]);
  return entries;
}

using Entries = std::vector<std::string>;

Entries in_file(const HistoryFolder& folder) {
  History history;
  CHECK(history.open(folder.path()).ok());
  return entries_of(history);
}

}  // namespace

TEST_CASE("nothing is there twice, and the later one stays") {
  History history;
  for (const char* entry : {"a", "b", "", "a"}) history.add(entry);
  CHECK(entries_of(history) == Entries{"b", "a"});
}

TEST_CASE("a history is bounded") {
  History history;
  for (std::size_t i = 0; i < History::most + 5; ++i) history.add(std::to_string(i));
  CHECK(history.size() == History::most);
  CHECK(history[0] == "5");
}

TEST_CASE("entries of several lines and of any characters survive a restart") {
  const HistoryFolder folder;
  const Entries entries = {"/connect ws://localhost", "{\n  \"é\": \"漢\"\r\n}", "back\\slash\\n", "tab\there"};
  {
    History history;
    CHECK(history.open(folder.path()).ok());
    for (const std::string& entry : entries) history.add(entry);
  }
  CHECK(in_file(folder) == entries);
}

TEST_CASE("what was typed before the file was opened stays") {
  const HistoryFolder folder;
  folder.write("old\n");
  History history;
  history.add("typed");
  CHECK(history.open(folder.path()).ok());
  CHECK(entries_of(history) == Entries{"old", "typed"});
}

TEST_CASE("what is secret is in memory, and not in the file") {
  const HistoryFolder folder;
  History history;
  REQUIRE(history.open(folder.path()).ok());
  history.add("a");
  history.add("secret", true);
  CHECK(entries_of(history) == Entries{"a", "secret"});
  CHECK(in_file(folder) == Entries{"a"});
}

TEST_CASE("two that append in turns lose nothing") {
  const HistoryFolder folder;
  History first;
  History second;
  CHECK(first.open(folder.path()).ok());
  CHECK(second.open(folder.path()).ok());
  Entries all;
  for (int i = 0; i < 100; ++i) {
    all.push_back("first " + std::to_string(i));
    first.add(all.back());
    all.push_back("second\n" + std::to_string(i));
    second.add(all.back());
  }
  CHECK(first.size() == 100);
  CHECK(in_file(folder) == all);
}

TEST_CASE("two processes that append at once, and write the file anew now and then, lose nothing") {
  const HistoryFolder folder;
  const auto append = [&](const std::string& name) {
    History history;
    if (!history.open(folder.path())) return false;
    for (int i = 0; i < 300; ++i) {
      history.add(name + std::to_string(i));
      history.add(name + std::string(1500, 'x'));
    }
    return true;
  };
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(append("child") ? 0 : 1);
  CHECK(append("parent"));
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(in_file(folder).size() == 602);
}

TEST_CASE("where nothing can be kept, an error says so and the history goes on in memory") {
  History history;
  const auto opened = history.open("/proc/nowhere/history");
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().kind == base::ErrorKind::io);
  CHECK(opened.error().message.find("/proc/nowhere/history") != std::string::npos);
  history.add("a");
  CHECK(entries_of(history) == Entries{"a"});
}

TEST_CASE("a file that vanishes with its folder is not missed") {
  const HistoryFolder folder;
  History history;
  CHECK(history.open(folder.path()).ok());
  std::filesystem::remove_all(folder.root());
  history.add("a");
  CHECK(entries_of(history) == Entries{"a"});
}

TEST_CASE("the state directory is where XDG says, or under the home") {
  const char* const state = std::getenv("XDG_STATE_HOME");
  const char* const home = std::getenv("HOME");
  const std::string old_state = state == nullptr ? "" : state;
  const std::string old_home = home == nullptr ? "" : home;
  ::setenv("XDG_STATE_HOME", "/xdg", 1);
  ::setenv("HOME", "/home/me", 1);
  CHECK(term::history_path() == "/xdg/wscope/history");
  ::setenv("XDG_STATE_HOME", "relative", 1);
  CHECK(term::history_path() == "/home/me/.local/state/wscope/history");
  ::unsetenv("HOME");
  CHECK(term::history_path().empty());
  state == nullptr ? ::unsetenv("XDG_STATE_HOME") : ::setenv("XDG_STATE_HOME", old_state.c_str(), 1);
  if (home != nullptr) ::setenv("HOME", old_home.c_str(), 1);
}
