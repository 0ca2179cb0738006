// What permessage-deflate is agreed on for which wishes of both sides (RFC 7692 section 7.1).
#include <doctest/doctest.h>

#include "http/url.h"
#include "transcripts/endpoint.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::State;
using ws::Status;

ws::DeflateParameters parse(std::string_view text) {
  if (text.empty()) return {};
  return ws::parse_deflate_parameters(ws::parse_extension_parameters(text).value()).value();
}

std::string element(std::string_view parameters) {
  return "permessage-deflate" + (parameters.empty() ? "" : "; " + std::string(parameters));
}

ws::Options options_with(Role role, const ws::PermessageDeflate& deflate) {
  ws::Options options = options_for(role);
  options.extensions = {&deflate};
  return options;
}

std::string with_extensions(std::string_view head, const std::string& value) {
  return std::string(head.substr(0, head.size() - 2)) + "Sec-WebSocket-Extensions: " + value + "\r\n\r\n";
}

struct ServerRow {
  const char* wishes;  // of the server
  const char* offer;   // of the client
  const char* reply;   // null: declined
};

void check_server(const ServerRow& row, bool required = false) {
  CAPTURE(row.wishes);
  CAPTURE(row.offer);
  ws::PermessageDeflate deflate(parse(row.wishes));
  if (required) deflate.require_client_max_window_bits();
  Endpoint server(options_with(Role::server, deflate), std::string(sample_nonce));
  server.accepts({});
  server.receive(with_extensions(sample_request, element(row.offer)));
  const std::string reply = row.reply == nullptr ? "" : element(row.reply);
  CHECK(server.story() == Story{{"Request", "/chat"}, {"Opened", reply}});
  CHECK(server.take_output() ==
        (row.reply == nullptr ? std::string(sample_response) : with_extensions(sample_response, reply)));
}

TEST_CASE("the server grants what is offered within its own wishes") {
  constexpr ServerRow rows[] = {
      {"", "", ""},
      {"client_max_window_bits", "", ""},
      {"", "server_no_context_takeover", "server_no_context_takeover"},
      {"server_no_context_takeover", "", "server_no_context_takeover"},
      {"server_no_context_takeover", "server_no_context_takeover", "server_no_context_takeover"},
      {"", "client_no_context_takeover", "client_no_context_takeover"},
      {"client_no_context_takeover", "", "client_no_context_takeover"},
      {"client_no_context_takeover", "client_no_context_takeover", "client_no_context_takeover"},
      {"", "server_max_window_bits=10", "server_max_window_bits=10"},
      {"", "server_max_window_bits=8", "server_max_window_bits=8"},
      {"", "server_max_window_bits=15", "server_max_window_bits=15"},
      {"", "server_max_window_bits=\"10\"", "server_max_window_bits=10"},
      {"server_max_window_bits=12", "", "server_max_window_bits=12"},
      {"server_max_window_bits=12", "server_max_window_bits=10", "server_max_window_bits=10"},
      {"server_max_window_bits=10", "server_max_window_bits=12", "server_max_window_bits=10"},
      {"server_max_window_bits=10", "server_max_window_bits=10", "server_max_window_bits=10"},
      {"", "client_max_window_bits", ""},
      {"", "client_max_window_bits=10", ""},  // a hint; repeating it would bind the client to what it does anyway
      {"client_max_window_bits", "client_max_window_bits=10", ""},
      {"client_max_window_bits=12", "", ""},  // what was not offered must not be replied
      {"client_max_window_bits=12", "client_max_window_bits", "client_max_window_bits=12"},
      {"client_max_window_bits=12", "client_max_window_bits=10", "client_max_window_bits=10"},
      {"client_max_window_bits=10", "client_max_window_bits=12", "client_max_window_bits=10"},
      {"client_max_window_bits=8", "client_max_window_bits", "client_max_window_bits=8"},
      {"server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=9",
       "client_max_window_bits; server_max_window_bits=11",
       "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=9"},
  };
  for (const ServerRow& row : rows) check_server(row);
}

TEST_CASE("the server declines what is malformed, and goes on without compression") {
  constexpr const char* offers[] = {"server_max_window_bits",
                                    "server_max_window_bits=7",
                                    "server_max_window_bits=16",
                                    "server_max_window_bits=010",
                                    "server_max_window_bits=+10",
                                    "server_max_window_bits=1x",
                                    "server_max_window_bits=x",
                                    "server_max_window_bits=256",
                                    "server_max_window_bits=264",
                                    "server_max_window_bits=99999999999999999999",
                                    "client_max_window_bits=7",
                                    "client_max_window_bits=16",
                                    "client_max_window_bits=08",
                                    "client_max_window_bits=0",
                                    "server_no_context_takeover=1",
                                    "client_no_context_takeover=true",
                                    "server_no_context_takeover=\"1\"",
                                    "unknown",
                                    "Server_no_context_takeover",
                                    "server_no_context_takeover; server_no_context_takeover",
                                    "client_max_window_bits; client_max_window_bits=10",
                                    "server_max_window_bits=10; server_max_window_bits=10",
                                    "client_no_context_takeover; foo=bar"};
  for (const char* offer : offers) check_server({"client_max_window_bits", offer, nullptr});
}

TEST_CASE("a server that requires a small client window declines clients that cannot be told") {
  check_server({"client_max_window_bits=12", "", nullptr}, true);
  check_server({"client_max_window_bits=12", "server_max_window_bits=10", nullptr}, true);
  check_server({"client_max_window_bits=12", "client_max_window_bits", "client_max_window_bits=12"}, true);
  check_server({"client_max_window_bits=12", "client_max_window_bits=9", "client_max_window_bits=9"}, true);
}

TEST_CASE("the server takes the first acceptable of several offers") {
  struct Row {
    const char* offers;
    const char* reply;
  };
  constexpr Row rows[] = {
      {"permessage-deflate; foo, permessage-deflate", "permessage-deflate"},
      {"permessage-deflate; server_max_window_bits=9, permessage-deflate",
       "permessage-deflate; server_max_window_bits=9"},
      {"permessage-deflate, permessage-deflate; server_max_window_bits=9", "permessage-deflate"},
      {"x-unknown, permessage-deflate; server_max_window_bits=7,, permessage-deflate; server_no_context_takeover",
       "permessage-deflate; server_no_context_takeover"},
      {"x-unknown; a=b", ""},
      {"permessage-deflate; a=b", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.offers);
    const ws::PermessageDeflate deflate;
    Endpoint server(options_with(Role::server, deflate), std::string(sample_nonce));
    server.accepts({});
    server.receive(with_extensions(sample_request, row.offers));
    CHECK(server.story() == Story{{"Request", "/chat"}, {"Opened", row.reply}});
  }
}

TEST_CASE("a server without the extension opens without it") {
  Endpoint server(options_for(Role::server), std::string(sample_nonce));
  server.accepts({});
  server.receive(with_extensions(sample_request, "permessage-deflate"));
  CHECK(server.take_output() == sample_response);
}

struct ClientRow {
  const char* wishes;
  const char* reply;
  bool opens;
};

Endpoint answered_client(const ws::PermessageDeflate& deflate, const std::string& reply) {
  Endpoint client(options_with(Role::client, deflate), std::string(sample_nonce));
  client.connect();
  client.receive(with_extensions(sample_response, reply));
  return client;
}

TEST_CASE("the client opens only if the reply answers its offer") {
  constexpr ClientRow rows[] = {
      {"", "", true},
      {"", "server_no_context_takeover", true},
      {"server_no_context_takeover", "server_no_context_takeover", true},
      {"server_no_context_takeover", "", false},
      {"", "client_no_context_takeover", true},
      {"client_no_context_takeover", "", true},
      {"client_no_context_takeover", "client_no_context_takeover", true},
      {"", "server_max_window_bits=10", true},
      {"server_max_window_bits=12", "", false},
      {"server_max_window_bits=12", "server_max_window_bits=12", true},
      {"server_max_window_bits=12", "server_max_window_bits=8", true},
      {"server_max_window_bits=12", "server_max_window_bits=13", false},
      {"server_max_window_bits=15", "", false},  // section 7.1.2.1: it is accepted by repeating it
      {"", "client_max_window_bits=10", false},
      {"", "client_max_window_bits=15", false},
      {"client_max_window_bits", "", true},
      {"client_max_window_bits", "client_max_window_bits=8", true},
      {"client_max_window_bits", "client_max_window_bits=15", true},
      {"client_max_window_bits", "client_max_window_bits", false},
      {"client_max_window_bits=12", "", true},
      {"client_max_window_bits=12", "client_max_window_bits=12", true},
      {"client_max_window_bits=12", "client_max_window_bits=9", true},
      {"client_max_window_bits=12", "client_max_window_bits=13", false},
      {"client_max_window_bits", "server_max_window_bits", false},
      {"client_max_window_bits", "server_max_window_bits=7", false},
      {"client_max_window_bits", "server_max_window_bits=16", false},
      {"client_max_window_bits", "client_max_window_bits=010", false},
      {"client_max_window_bits", "server_no_context_takeover=1", false},
      {"client_max_window_bits", "client_max_window_bits=10; client_max_window_bits=10", false},
      {"client_max_window_bits", "unknown", false},
  };
  for (const ClientRow& row : rows) {
    CAPTURE(row.wishes);
    CAPTURE(row.reply);
    const ws::PermessageDeflate deflate(parse(row.wishes));
    const Endpoint client = answered_client(deflate, element(row.reply));
    CHECK(client.story() ==
          Story{row.opens ? Seen{"Opened", element(row.reply)} : Seen{"HandshakeFailed", "bad_response"}});
  }
}

TEST_CASE("the client refuses an extension that it did not offer, one that is there twice, and nonsense") {
  const ws::PermessageDeflate deflate;
  for (const char* reply : {"x-unknown", "permessage-deflate, permessage-deflate", "permessage-deflate, x-unknown",
                            "PERMESSAGE-DEFLATE", "permessage-deflate;", "", "permessage-deflate; a=\"b"}) {
    CAPTURE(reply);
    const Endpoint client = answered_client(deflate, reply);
    CHECK(client.story() == Story{{"HandshakeFailed", "bad_response"}});
  }
  Endpoint plain(options_for(Role::client), std::string(sample_nonce));
  plain.connect();
  plain.receive(with_extensions(sample_response, "permessage-deflate"));
  CHECK(plain.story() == Story{{"HandshakeFailed", "bad_response"}});
}

TEST_CASE("the client writes its offers in order, and takes the reply to any of them") {
  const ws::PermessageDeflate small(parse("server_max_window_bits=9; client_max_window_bits"));
  const ws::PermessageDeflate plain(parse(""));
  ws::Options options = options_for(Role::client);
  options.extensions = {&small, &plain};
  Endpoint writer(options, std::string(sample_nonce));
  CHECK(writer->connect(http::parse_url("ws://h/").value()) == Status::ok);
  CHECK(writer.take_output().find("\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9; "
                                  "client_max_window_bits, permessage-deflate\r\n") != std::string::npos);
  for (const char* reply : {"permessage-deflate", "permessage-deflate; server_max_window_bits=9",
                            "permessage-deflate; server_max_window_bits=9; client_max_window_bits=10"}) {
    CAPTURE(reply);
    Endpoint client(options, std::string(sample_nonce));
    client.connect();
    client.receive(with_extensions(sample_response, reply));
    CHECK(client.story() == Story{{"Opened", reply}});
  }
}

TEST_CASE("the client keeps to its own wishes even if the server does not repeat them") {
  const ws::PermessageDeflate deflate(parse("client_no_context_takeover; client_max_window_bits=8"));
  Endpoint client = answered_client(deflate, "permessage-deflate");
  // All of it comes again at a distance of 300, outside a window of 256.
  std::string data;
  for (unsigned i = 0; i < 300; ++i) data += static_cast<char>(i * i % 251);
  data += data;
  CHECK(client->send_binary(base::as_bytes(data)) == Status::ok);
  const std::string first = client.take_output();
  CHECK(client->send_binary(base::as_bytes(data)) == Status::ok);
  CHECK(read_frames(client.take_output()).front().payload == read_frames(first).front().payload);
  Endpoint server(options_for(Role::server), parse("client_no_context_takeover; client_max_window_bits=8"));
  server.receive(first);
  CHECK(server.story() == Story{{"Binary", data}});
}

TEST_CASE("whatever both sides wish, what our server replies is an answer to our client") {
  std::vector<ws::DeflateParameters> wishes;
  for (const bool server_takeover : {false, true}) {
    for (const bool client_takeover : {false, true}) {
      for (const auto server_bits : {std::optional<std::uint8_t>(), std::optional<std::uint8_t>(8),
                                     std::optional<std::uint8_t>(12), std::optional<std::uint8_t>(15)}) {
        for (const auto client_bits :
             {std::optional<std::uint8_t>(), std::optional(ws::any_window_bits), std::optional<std::uint8_t>(8),
              std::optional<std::uint8_t>(11), std::optional<std::uint8_t>(15)}) {
          wishes.push_back({server_takeover, client_takeover, server_bits, client_bits});
        }
      }
    }
  }
  for (const auto& of_client : wishes) {
    for (const auto& of_server : wishes) {
      const ws::PermessageDeflate client_deflate(of_client);
      const ws::PermessageDeflate server_deflate(of_server);
      Endpoint client(options_with(Role::client, client_deflate), std::string(sample_nonce));
      Endpoint server(options_with(Role::server, server_deflate), std::string(sample_nonce));
      server.accepts({});
      CHECK(client->connect(http::parse_url("ws://server.example.com/chat").value()) == Status::ok);
      server.receive(client.take_output());
      client.receive(server.take_output());
      CHECK(client->state() == State::open);
      CHECK(server->state() == State::open);
      CHECK(client->extensions() == server->extensions());
    }
  }
}

}  // namespace
}  // namespace wscope::test
