#include "term/history_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "history_folder.h"
#include "net/fd.h"

using namespace wscope;
using term::HistoryFile;
using test::HistoryFolder;
using Entries = std::vector<std::string>;

namespace {

Entries entries_in(const std::string& path, std::size_t most = 100) {
  auto entries = HistoryFile(path).open(most);
  if (!entries) FAIL(entries.error().message);
  return *entries;
}

}  // namespace

TEST_CASE("an entry of several lines is a line of the file") {
  for (const std::string_view entry :
       {"plain", "a\nb", "\r\n", "\\n", "\\", "\\\\n\\", "漢\né", "\\x41", "a\xff\x80"}) {
    const std::string line = term::escape_entry(entry);
    CHECK(line.find_first_of("\r\n") == std::string::npos);
    CHECK(term::unescape_entry(line) == entry);
  }
  CHECK(term::unescape_entry("\\y\\x\\x4\\xg0\\") == "\\y\\x\\x4\\xg0\\");
}

TEST_CASE("an entry that is no UTF-8 is read back, and stays when the file is written anew") {
  const HistoryFolder folder;
  HistoryFile file(folder.path());
  CHECK(file.open(100).ok());
  CHECK(file.append("caf\xe9").ok());
  CHECK(folder.content() == "caf\\xe9\n");
  for (int i = 0; i < 100; ++i) CHECK(file.append(std::string(2000, 'y')).ok());
  CHECK(folder.content().size() < 100'000);
  CHECK(entries_in(folder.path()) == Entries{"caf\xe9", std::string(2000, 'y')});
}

TEST_CASE("an entry that is too long is not kept, and harms no other") {
  const HistoryFolder folder;
  HistoryFile file(folder.path());
  CHECK(file.open(100).ok());
  CHECK(file.append("small").ok());
  CHECK(file.append(std::string(HistoryFile::most_line / 2 + 1, '\n')).ok());
  CHECK(file.append(std::string(std::size_t{33} << 20U, '\n')).ok());
  CHECK(folder.content() == "small\n");
  CHECK(file.append(std::string(HistoryFile::most_line, 'x')).ok());
  CHECK(entries_in(folder.path()).size() == 2);
}

TEST_CASE("a file that is too large to be read as a whole is not written anew") {
  const HistoryFolder folder;
  folder.write("first\n" + std::string(HistoryFile::most_bytes, 'x'));
  const auto size = std::filesystem::file_size(folder.path());
  HistoryFile file(folder.path());
  CHECK(file.open(100)->empty());
  CHECK(file.append("next").ok());
  CHECK(std::filesystem::file_size(folder.path()) == size + 6);
  CHECK(entries_in(folder.path()) == Entries{"next"});
}

TEST_CASE("what is appended is there when the file is opened again") {
  const HistoryFolder folder;
  HistoryFile file(folder.path());
  CHECK(file.open(100)->empty());
  CHECK(file.append("one\ntwo").ok());
  CHECK(file.append("three").ok());
  CHECK(folder.content() == "one\\ntwo\nthree\n");
  CHECK(entries_in(folder.path()) == Entries{"one\ntwo", "three"});
}

TEST_CASE("file and directories are for nobody else") {
  const HistoryFolder folder;
  const std::string path = folder.root() + "/state/wscope/history";
  HistoryFile file(path);
  CHECK(file.open(100).ok());
  struct stat found {};
  CHECK(::stat(path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  for (const char* directory : {"/state", "/state/wscope"}) {
    CHECK(::stat((folder.root() + directory).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0700);
  }
}

TEST_CASE("the later of equal entries counts, and the latest ones if there are too many") {
  const HistoryFolder folder;
  folder.write("a\nb\na\nc\n\n");
  CHECK(entries_in(folder.path()) == Entries{"b", "a", "c"});
  CHECK(entries_in(folder.path(), 2) == Entries{"a", "c"});
}

TEST_CASE("lines that are no UTF-8 do not count, and a torn one harms no other") {
  const HistoryFolder folder;
  folder.write(std::string("good\n\xff\xfe\n\n\n\0x\ntorn", 17));
  HistoryFile file(folder.path());
  CHECK(file.open(100).ok());
  CHECK(file.append("next").ok());
  CHECK(entries_in(folder.path()) == Entries{"good", std::string("\0x", 2), "torn", "next"});
}

TEST_CASE("a file with much in vain is written anew") {
  const HistoryFolder folder;
  HistoryFile file(folder.path());
  CHECK(file.open(100).ok());
  HistoryFile other(folder.path());
  CHECK(other.open(100).ok());
  const std::string entry(1000, 'x');
  for (int i = 0; i < 500; ++i) {
    CHECK(file.append(entry).ok());
    if (i % 50 == 0) CHECK(other.append("other " + std::to_string(i)).ok());
  }
  CHECK(folder.content().size() < HistoryFile::waste + 10'000);
  CHECK(entries_in(folder.path()).size() == 11);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.root()), {}) == 1);
}

TEST_CASE("a file that was put in place of the other is the one to append to") {
  const HistoryFolder folder;
  HistoryFile file(folder.path());
  CHECK(file.open(100).ok());
  std::filesystem::remove(folder.path());
  CHECK(file.append("later").ok());
  CHECK(entries_in(folder.path()) == Entries{"later"});
}

TEST_CASE("a link stays one") {
  const HistoryFolder folder;
  const std::string link = folder.root() + "/link";
  folder.write("one\n");
  std::filesystem::create_symlink(folder.path(), link);
  HistoryFile file(link);
  CHECK(file.open(100).ok());
  for (int i = 0; i < 100; ++i) CHECK(file.append(std::string(2000, 'y')).ok());
  CHECK(std::filesystem::is_symlink(link));
  CHECK(entries_in(folder.path()).size() == 2);
}

TEST_CASE("a file that another process has locked is read at once, and appended to later") {
  const HistoryFolder folder;
  folder.write("old\n");
  net::UniqueFd other(::open(folder.path().c_str(), O_RDONLY | O_CLOEXEC));
  REQUIRE(::flock(other.get(), LOCK_EX) == 0);
  HistoryFile file(folder.path());
  CHECK(file.open(100).value() == Entries{"old"});
  CHECK(file.append("one").ok());
  CHECK(file.append("two\nlines").ok());
  CHECK(folder.content() == "old\n");
  REQUIRE(::flock(other.get(), LOCK_UN) == 0);
  CHECK(file.append("three").ok());
  CHECK(folder.content() == "old\none\ntwo\\nlines\nthree\n");
  REQUIRE(::flock(other.get(), LOCK_EX) == 0);
  CHECK(file.append("four").ok());
  file.finish();
  file.finish();
  CHECK(folder.content() == "old\none\ntwo\\nlines\nthree\nfour\n");
}

TEST_CASE("a file that is locked is not written anew") {
  const HistoryFolder folder;
  std::string content;
  for (std::size_t i = 0; i < HistoryFile::waste; ++i) content += "same\n";
  folder.write(content);
  const net::UniqueFd other(::open(folder.path().c_str(), O_RDONLY | O_CLOEXEC));
  REQUIRE(::flock(other.get(), LOCK_SH) == 0);
  CHECK(entries_in(folder.path()) == Entries{"same"});
  CHECK(folder.content() == content);
}

TEST_CASE("what is no file is an error") {
  const HistoryFolder folder;
  CHECK(HistoryFile("/dev/null").open(100).error().kind == base::ErrorKind::io);
  CHECK(HistoryFile(folder.root()).open(100).error().kind == base::ErrorKind::io);
  CHECK(HistoryFile("/proc/nowhere/history").open(100).error().kind == base::ErrorKind::io);
  const std::string pipe = folder.root() + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(HistoryFile(pipe).open(100).error().kind == base::ErrorKind::io);
}
