#include "serve/www.h"

#include <doctest/doctest.h>

#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folders.h"
#include "net/file.h"

using namespace wscope;
using namespace std::chrono_literals;

namespace {

constexpr serve::FileTime now(784111777s);

struct Site {
  Site() {
    folder.write("a.txt", "hello");
    folder.write("empty", "");
    folder.write("sub/index.html", "<p>");
    folder.write("bare/b", "");
    set_time("a.txt", 784111700);
  }
  void set_time(const std::string& name, std::int64_t seconds) const {
    const timespec times[] = {{seconds, 7}, {seconds, 7}};
    REQUIRE(::utimensat(AT_FDCWD, folder.at(name).c_str(), times, 0) == 0);
  }
  void open(bool lists = false) {
    auto opened = serve::Www::open({folder.path(), lists}, [] { return now; });
    REQUIRE(opened.ok());
    www = std::move(opened).value();
  }
  std::optional<link::PageAnswer> visit(const std::string& target, const http::Headers& more = {}) {
    if (!www) open();
    http::RequestHead request{"GET", target, {}, {{"Host", "h"}}};
    for (const http::Field& field : more) request.headers.add(field.name, field.value);
    return www->handle_visit(request);
  }
  int status(const std::string& target) {
    const auto answer = visit(target);
    return answer ? answer->answer.status : 0;
  }

  test::Folder folder;
  std::unique_ptr<serve::Www> www;
};

std::string header(const link::PageAnswer& answer, const char* name) {
  return answer.answer.headers.joined(name).value_or("none");
}

}  // namespace

TEST_CASE("a file is served with all that a browser wants to know") {
  Site site;
  auto answer = site.visit("/a.txt?query");
  REQUIRE(answer.has_value());
  CHECK(answer->answer.status == 200);
  CHECK(answer->answer.body.empty());
  CHECK(answer->size == 5);
  CHECK(net::read_descriptor(answer->file.get(), "a").value() == "hello");
  CHECK(header(*answer, "Content-Type") == "text/plain; charset=utf-8");
  CHECK(header(*answer, "ETag") == "\"5-784111700000000007\"");
  CHECK(header(*answer, "Last-Modified") == "Sun, 06 Nov 1994 08:48:20 GMT");
  CHECK(header(*answer, "Date") == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(header(*answer, "Cache-Control") == "no-cache");
  CHECK(header(*answer, "Accept-Ranges") == "none");
  CHECK(header(*answer, "X-Content-Type-Options") == "nosniff");
  CHECK(header(*answer, "Cross-Origin-Resource-Policy") == "same-origin");
  CHECK(site.visit("http://h/a.txt")->size == 5);
  CHECK(site.visit("/empty")->size == 0);
}

TEST_CASE("a file that a client has is not sent again") {
  Site site;
  const std::string tag = header(*site.visit("/a.txt"), "ETag");
  const auto same = site.visit("/a.txt", {{"If-None-Match", tag}});
  CHECK(same->answer.status == 304);
  CHECK_FALSE(same->file.valid());
  CHECK(header(*same, "ETag") == tag);
  CHECK(header(*same, "Content-Type") == "none");
  CHECK(site.visit("/a.txt", {{"If-Modified-Since", "Sun, 06 Nov 1994 08:48:20 GMT"}})->answer.status == 304);
  CHECK(site.visit("/a.txt", {{"If-Modified-Since", "Sun, 06 Nov 1994 08:48:19 GMT"}})->answer.status == 200);
  CHECK(site.visit("/a.txt", {{"Range", "bytes=1-2"}})->size == 5);
  site.set_time("a.txt", 4'000'000'000);  // from the future
  CHECK(header(*site.visit("/a.txt"), "Last-Modified") == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("a folder is its index, and has a slash behind it") {
  Site site;
  const auto moved = site.visit("/sub?a=b&c");
  CHECK(moved->answer.status == 308);
  CHECK(header(*moved, "Location") == "/sub/?a=b&c");
  CHECK(header(*moved, "X-Content-Type-Options") == "nosniff");
  CHECK(header(*moved, "Cross-Origin-Resource-Policy") == "same-origin");
  CHECK(header(*site.visit("/nowhere"), "Cross-Origin-Resource-Policy") == "same-origin");
  CHECK(site.visit("/sub/")->size == 3);
  CHECK(header(*site.visit("/sub/"), "Content-Type") == "text/html; charset=utf-8");
  CHECK(site.status("/a.txt/") == 404);
  CHECK(site.status("/bare/") == 404);
  CHECK(site.status("/bare") == 308);
  CHECK(site.status("/nowhere") == 404);
  CHECK(site.status("/.git") == 404);
  CHECK(site.status("/%") == 400);
  CHECK_FALSE(site.visit("/").has_value());
  site.folder.write("index.html", "root");
  CHECK(site.visit("/")->size == 4);
  site.folder.write("a b<\xc3\xa4/index.html", "");
  CHECK(header(*site.visit("/a%20b<%c3%a4"), "Location") == "/a%20b%3C%C3%A4/");
}

TEST_CASE("a folder is shown as a list if that is asked for") {
  Site site;
  site.open(true);
  const auto list = site.visit("/bare/");
  REQUIRE(list.has_value());
  CHECK(list->answer.status == 200);
  CHECK(list->answer.body.find("href=\"./b\"") != std::string::npos);
  CHECK(header(*list, "Content-Security-Policy").find("default-src 'none'") == 0);
  CHECK(header(*list, "Content-Type") == "text/html; charset=utf-8");
  CHECK(site.visit("/")->answer.body.find("href=\"./bare/\"") != std::string::npos);
  CHECK(site.visit("/sub/")->size == 3);
}

TEST_CASE("a site is there if it is asked for") {
  CHECK(serve::open_site(std::nullopt).value() == nullptr);
  const test::Folder folder;
  CHECK(serve::open_site(serve::WwwPlan{folder.path()}).value() != nullptr);
  CHECK_FALSE(serve::open_site(serve::WwwPlan{folder.at("nowhere")}).ok());
}
