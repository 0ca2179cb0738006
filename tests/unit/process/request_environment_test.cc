#include "process/request_environment.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "http/auth.h"

using namespace wscope;
using process::Environment;
using process::RequestFacts;

namespace {

// What the variable has; nothing if there is none.
std::optional<std::string> value(const Environment& environment, const std::string& name) {
  for (const std::string& line : environment.lines()) {
    if (line.starts_with(name + "=")) return line.substr(name.size() + 1);
  }
  return std::nullopt;
}

http::RequestHead head(std::string target, http::Headers headers = {}) {
  headers.add("Host", "Example.com:8080");
  return {"GET", std::move(target), {1, 1}, std::move(headers)};
}

Environment environment_of(const http::RequestHead& request) {
  Environment environment;
  CHECK(process::add_request({.head = request}, environment));
  return environment;
}

}  // namespace

TEST_CASE("a request is the variables of RFC 3875") {
  const http::RequestHead request = head("/a%20b/c?d=%20e&f", {{"X-Two-Words", "one"}});
  Environment environment;
  environment.set("PATH", "/bin");
  environment.set("REMOTE_USER", "ours");
  environment.set("HTTPS", "off");
  RequestFacts facts{.head = request};
  facts.connection = 7;
  facts.client = net::SocketAddress::loopback(net::AddressFamily::ipv4, 1234);
  facts.port = 8081;
  facts.subprotocol = "chat";
  facts.url = "ws://Example.com:8080/a%20b/c?d=%20e&f";
  facts.software = "wscope/1";
  facts.unique = "abc";
  REQUIRE(process::add_request(facts, environment));
  CHECK(environment.lines() == std::vector<std::string>{"PATH=/bin",
                                                        "GATEWAY_INTERFACE=CGI/1.1",
                                                        "SERVER_SOFTWARE=wscope/1",
                                                        "SERVER_NAME=example.com",
                                                        "SERVER_PORT=8081",
                                                        "SERVER_PROTOCOL=HTTP/1.1",
                                                        "REQUEST_METHOD=GET",
                                                        "REQUEST_URI=/a%20b/c?d=%20e&f",
                                                        "SCRIPT_NAME=",
                                                        "PATH_INFO=/a b/c",
                                                        "QUERY_STRING=d=%20e&f",
                                                        "UNIQUE_ID=abc",
                                                        "REMOTE_ADDR=127.0.0.1",
                                                        "REMOTE_HOST=127.0.0.1",
                                                        "REMOTE_PORT=1234",
                                                        "HTTP_HOST=Example.com:8080",
                                                        "HTTP_X_TWO_WORDS=one",
                                                        "WSCOPE_CONN=7",
                                                        "WSCOPE_URL=ws://Example.com:8080/a%20b/c?d=%20e&f",
                                                        "WSCOPE_SUBPROTOCOL=chat"});
}

TEST_CASE("of fields a program gets those whose names are clear") {
  const Environment environment = environment_of(head("/", {{"Proxy", "http://evil.example"},
                                                            {"Content-Length", "5"},
                                                            {"Content-Type", "a/b"},
                                                            {"A_B", "1"},
                                                            {"A-B", "2"},
                                                            {"a-b", "3"},
                                                            {"X.Y", "4"},
                                                            {"Cookie", "a=1"},
                                                            {"COOKIE", "b=2"},
                                                            {"Authorization", "x"}}));
  CHECK_FALSE(value(environment, "HTTP_PROXY"));
  CHECK_FALSE(value(environment, "HTTP_CONTENT_LENGTH"));
  CHECK_FALSE(value(environment, "HTTP_CONTENT_TYPE"));
  CHECK_FALSE(value(environment, "CONTENT_TYPE"));
  CHECK_FALSE(value(environment, "HTTP_X.Y"));
  CHECK(value(environment, "HTTP_A_B") == "2, 3");
  CHECK(value(environment, "HTTP_COOKIE") == "a=1; b=2");
  CHECK(value(environment, "HTTP_AUTHORIZATION") == "x");
}

TEST_CASE("credentials that were checked are a user, without the password") {
  const http::RequestHead request = head("/", {{"Authorization", http::write_basic_credentials({"ann", "secret"})}});
  Environment environment;
  RequestFacts facts{.head = request};
  facts.checks_credentials = true;
  facts.secure = true;
  facts.client_subject = "CN=ann";
  REQUIRE(process::add_request(facts, environment));
  CHECK(value(environment, "REMOTE_USER") == "ann");
  CHECK(value(environment, "AUTH_TYPE") == "Basic");
  CHECK(value(environment, "HTTPS") == "on");
  CHECK(value(environment, "SSL_CLIENT_S_DN") == "CN=ann");
  CHECK_FALSE(value(environment, "HTTP_AUTHORIZATION"));
  CHECK(value(environment, "REMOTE_PORT") == "");
  const Environment plain = environment_of(request);
  CHECK_FALSE(value(plain, "REMOTE_USER"));
  CHECK_FALSE(value(plain, "AUTH_TYPE"));
  CHECK_FALSE(value(plain, "HTTPS"));
}

TEST_CASE("a path is decoded once, or refused") {
  CHECK(value(environment_of(head("/%2541%2f")), "PATH_INFO") == "/%41/");
  CHECK(value(environment_of(head("/../..%2f?x")), "PATH_INFO") == "/../../");
  CHECK(value(environment_of(head("/?a?b")), "QUERY_STRING") == "a?b");
  CHECK(value(environment_of(head("/?%zz")), "QUERY_STRING") == "%zz");
  CHECK(value(environment_of(head("http://[::1]:80/x")), "SERVER_NAME") == "[::1]");
  for (const char* target : {"/%00", "/a%", "/a%4", "/%zz", "/%4g", "*"}) {
    CAPTURE(target);
    Environment environment;
    CHECK_FALSE(process::add_request({.head = head(target)}, environment));
  }
}

TEST_CASE("a program behind a connection of ours has three variables") {
  Environment environment;
  process::add_connection(1, "ws://h/", "", environment);
  CHECK(environment.lines() == std::vector<std::string>{"WSCOPE_CONN=1", "WSCOPE_URL=ws://h/", "WSCOPE_SUBPROTOCOL="});
}
