#include "check/evidence.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace wscope;
using namespace wscope::check;

namespace {

const Group group{"x", "X", {}};
const Row row{"x.y", "SC M", "5.5", "a frame", "failed, 1002"};
const Case one{&group, &row, "x.y", ""};
const Case other{&group, &row, "inv.z", ""};

// A folder that is gone with this.
struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "wscope-evidence-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // What a file has; "-": there is none.
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path / name);
    if (!file) return "-";
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  std::filesystem::path path;
};

Result result_of(const Case& about, Verdict verdict) {
  Result result;
  result.about = &about;
  result.verdict = verdict;
  return result;
}

}  // namespace

TEST_CASE("what has failed leaves its files behind, and nothing else does") {
  const Folder folder;
  Evidence evidence(folder.path / "new", Role::server);
  REQUIRE(evidence.open().ok());
  evidence.note(result_of(one, Verdict::pass), "log\n", "ping\n");
  evidence.add(result_of(one, Verdict::pass));
  CHECK(folder.read("new/x.y.ndjson") == "-");
  evidence.note(result_of(one, Verdict::fail), "failed\n", "ping 2\n");
  evidence.note(result_of(one, Verdict::pass), "passed\n", "ping 3\n");  // the second attempt
  evidence.add(result_of(one, Verdict::warn));
  CHECK(folder.read("new/x.y.ndjson") == "failed\n");
  CHECK(folder.read("new/x.y.ws").ends_with("\nping 2\n"));
  CHECK(!evidence.error());
}

TEST_CASE("what is seen in another case has its log, and what only the check sees has its command") {
  const Folder folder;
  Evidence evidence(folder.path, Role::server);
  evidence.note(result_of(one, Verdict::pass), "log\n", "ping\n");
  Result seen = result_of(other, Verdict::fail);
  seen.found_in = "x.y";
  evidence.add(seen);
  CHECK(folder.read("inv.z.ndjson") == "log\n");
  CHECK(folder.read("inv.z.ws").find("--only x.y,inv.z ") != std::string::npos);
  evidence.add(result_of(one, Verdict::fail));  // the server is gone behind it
  CHECK(folder.read("x.y.ws").find("--only x.y ") != std::string::npos);
}

TEST_CASE("of a client there is no script") {
  const Folder folder;
  Evidence evidence(folder.path, Role::client);
  evidence.note(result_of(one, Verdict::fail), "log\n", std::nullopt);
  evidence.add(result_of(one, Verdict::fail));
  CHECK(folder.read("x.y.ndjson") == "log\n");
  CHECK(folder.read("x.y.ws") == "-");
}

TEST_CASE("what cannot be written is told once") {
  const Folder folder;
  std::ofstream(folder.path / "file") << "x";
  CHECK(!Evidence(folder.path / "file", Role::server).open().ok());
  CHECK(!Evidence(folder.path / "none/none", Role::server).open().ok());
  Evidence evidence(folder.path, Role::server);
  std::filesystem::create_directory(folder.path / "x.y.ndjson");
  evidence.note(result_of(one, Verdict::fail), "log\n", std::nullopt);
  evidence.add(result_of(one, Verdict::fail));
  REQUIRE(evidence.error());
  CHECK(evidence.error()->kind == base::ErrorKind::io);
}
