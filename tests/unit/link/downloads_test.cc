#include "link/downloads.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

#include "link/site.h"
#include "serving.h"

using namespace wscope;

namespace {

/// Has a file of three turns and a bit at every path, but at "/": there it leaves the server its own page.
struct LargeFile final : link::Site {
  static constexpr std::uint64_t size = 3 * link::Downloads::most_a_turn + 7;

  std::optional<link::PageAnswer> handle_visit(const http::RequestHead& request) override {
    if (request.target == "/") return std::nullopt;
    std::string path = (std::filesystem::temp_directory_path() / "wscope-XXXXXX").string();
    net::UniqueFd file(::mkstemp(path.data()));
    REQUIRE(file.valid());
    std::filesystem::remove(path);
    REQUIRE(::ftruncate(file.get(), static_cast<off_t>(there)) == 0);
    return link::PageAnswer{{200, {}, "front"}, std::move(file), size};
  }

  std::uint64_t there = size;
};

struct Site {
  Site() : served(loop, {.site = &file}, notes) { notes.server = &served.server; }

  link::Loop loop;
  LargeFile file;
  test::Notes notes;
  test::Served served;
};

std::string get(const std::string& target, const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
}

std::size_t body_size(const std::string& answer) { return answer.size() - answer.find("\r\n\r\n") - 4; }

}  // namespace

TEST_CASE("a file is sent behind what is in memory, turn by turn") {
  Site site;
  const std::string answer = site.served.answer_to(get("/file"));
  CHECK(answer.find("\r\nContent-Length: " + std::to_string(5 + LargeFile::size) + "\r\n") != std::string::npos);
  CHECK(answer.find("\r\n\r\nfront") != std::string::npos);
  CHECK(body_size(answer) == 5 + LargeFile::size);
  CHECK(body_size(site.served.answer_to(get("/file", "HEAD"))) == 0);
  CHECK(site.notes.lines.empty());  // nobody was let in
}

TEST_CASE("a file that has become shorter is cut") {
  Site site;
  site.file.there = 1000;
  CHECK(body_size(site.served.answer_to(get("/file"))) == 5 + 1000);
}

TEST_CASE("a site leaves the server its own page") {
  Site site;
  CHECK(site.served.answer_to(get("/")).find("<title>wscope</title>") != std::string::npos);
}

TEST_CASE("a client that goes in the middle of a file is forgotten") {
  Site site;
  net::UniqueFd client = site.served.connect_and_say("GET /file HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  CHECK(test::run_until(site.loop.poller, [&] { return test::hear(client).find("200 OK") != std::string::npos; }));
  CHECK(site.served.server.clients().size() == 1);
  site.served.server.shut_down();
  CHECK(site.served.run_until_empty());
}
