#include "tls/engine.h"

#include "conversation.h"

using namespace wscope;
using test::RawPeer;
using State = tls::Engine::State;

namespace {

const test::World& world() {
  static const test::World made;
  return made;
}

/// A fresh client's engine; its context lives as long as the tests.
tls::Engine make_client() {
  static const tls::Context context = world().client();
  return tls::Engine::client(context, "a.example").value();
}

tls::Engine make_server() {
  static const tls::Context context = world().server();
  return tls::Engine::server(context).value();
}

/// A server by OpenSSL itself that our client believes.
RawPeer raw_server(int version) {
  RawPeer server(RawPeer::Role::server);
  server.use(test::issue({}, &world().authority()));
  server.only(version);
  return server;
}

RawPeer raw_client(int version) {
  RawPeer client(RawPeer::Role::client);
  client.only(version);
  return client;
}

constexpr int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
  return text;
}

void receive_all(tls::Engine& engine, std::string_view text) {
  std::string got;
  test::receive(engine, base::as_bytes(text), got);
  CHECK(got.empty());
}

/// What becomes of a connection to somebody who says `text`.
base::Error error_after(tls::Engine engine, std::string_view text, bool end = false) {
  engine.advance();
  receive_all(engine, text);
  if (end) engine.receive_eof();
  REQUIRE(engine.state() == State::failed);
  CHECK(engine.error().kind == base::ErrorKind::tls);
  return engine.error();
}

}  // namespace

TEST_CASE("a client and a server agree, and tell on what") {
  const tls::Context client = world().client();
  const tls::Context server = world().server();
  test::Conversation conversation(client, server);
  CHECK(conversation.client.output().empty());
  CHECK(conversation.client.state() == State::handshaking);
  conversation.run();
  REQUIRE(conversation.open());
  const tls::Session session = conversation.client.session();
  CHECK(session.version == "TLSv1.3");
  CHECK(session.cipher == "TLS_AES_256_GCM_SHA384");
  CHECK(session.protocol == "http/1.1");
  CHECK(session.pin == server.pin());
  REQUIRE(session.chain.size() == 1);
  CHECK(session.chain[0].subject == "CN=a.example");
  CHECK(session.chain[0].issuer == "CN=Test Authority");
  CHECK(conversation.server.session().protocol == "http/1.1");
  CHECK(conversation.server.session().chain.empty());
  CHECK(conversation.server.session().pin.empty());
}

TEST_CASE("names are asked for, addresses are not") {
  const tls::Context context = tls::Context::client({.verify = false}).value();
  const auto asked = [&](const std::string& name, tls::ServerName use = tls::ServerName::sent) {
    RawPeer server = raw_server(TLS1_3_VERSION);
    tls::Engine client = tls::Engine::client(context, name, use).value();
    server.converse(client);
    REQUIRE(client.state() == State::open);
    const char* seen = SSL_get_servername(server.ssl(), TLSEXT_NAMETYPE_host_name);
    return std::string(seen != nullptr ? seen : "");
  };
  CHECK(asked("a.example") == "a.example");
  CHECK(asked("a.example.") == "a.example");
  CHECK(asked("a.example", tls::ServerName::withheld) == "");
  CHECK(asked("127.0.0.1") == "");
  CHECK(asked("::1") == "");
}

TEST_CASE("a name that no server can have is refused") {
  const tls::Context context = world().client();
  for (const std::string& name : {std::string(), std::string("."), std::string("a\0b", 3), std::string(300, 'a')}) {
    const auto engine = tls::Engine::client(context, name);
    REQUIRE_FALSE(engine.ok());
    CHECK(engine.error().kind == base::ErrorKind::usage);
  }
}

TEST_CASE("the handshake and what follows do not depend on how the stream is cut") {
  const tls::Context client = world().client();
  const tls::Context server = world().server();
  const std::string text = pattern(40'000);
  for (const int version : versions) {
    SSL_CTX_set_max_proto_version(server.get(), version);
    for (unsigned seed = 0; seed < 12; ++seed) {
      CAPTURE(version);
      CAPTURE(seed);
      const test::Chunks chunks = seed == 0   ? test::Chunks(test::whole)
                                  : seed == 1 ? test::Chunks(test::byte_by_byte)
                                              : test::randomly(seed, seed % 2 == 0 ? 50 : 20'000);
      test::Conversation conversation(client, server);
      conversation.run(chunks);
      REQUIRE(conversation.open());
      REQUIRE(conversation.client.write(base::as_bytes(text)) == text.size());
      REQUIRE(conversation.server.write(base::as_bytes(text)) == text.size());
      conversation.client.close();
      conversation.server.close();
      conversation.run(chunks);
      CHECK((conversation.server_got == text));
      CHECK((conversation.client_got == text));
      CHECK(conversation.client.ended());
      CHECK(conversation.server.ended());
    }
  }
}

TEST_CASE("each version is spoken with OpenSSL itself, in both roles") {
  for (const int version : versions) {
    CAPTURE(version);
    RawPeer server = raw_server(version);
    tls::Engine client = make_client();
    std::string got;
    server.converse(client, got);  // a server of OpenSSL's also sends tickets
    REQUIRE(client.state() == State::open);
    CHECK(client.write(base::as_bytes("to the server")) == 13);
    server.write("to the client");
    server.converse(client, got);
    CHECK(got == "to the client");
    CHECK(server.got() == "to the server");

    RawPeer other = raw_client(version);
    tls::Engine engine = make_server();
    got.clear();
    other.converse(engine, got);
    REQUIRE(engine.state() == State::open);
    CHECK(engine.write(base::as_bytes("to the client")) == 13);
    other.write("to the server");
    other.converse(engine, got, test::byte_by_byte);
    CHECK(got == "to the server");
    CHECK(other.got() == "to the client");
  }
}

TEST_CASE("plaintext stays until it is read, and holds up what follows") {
  RawPeer server = raw_server(TLS1_3_VERSION);
  tls::Engine client = make_client();
  server.converse(client);
  server.write("one");
  const std::string first = server.take_sent();
  server.write("two");
  const std::string both = first + server.take_sent();
  base::Bytes left = base::as_bytes(both);
  CHECK(client.receive(left) == first.size());
  left = left.subspan(first.size());
  CHECK(client.receive(left) == 0);
  std::array<std::byte, 2> room;
  CHECK(client.read(room) == 2);
  CHECK(client.receive(left) == 0);
  CHECK(client.read({}) == 0);
  CHECK(client.read(room) == 1);
  CHECK(client.read(room) == 0);
  CHECK(client.receive(left) == left.size());
  CHECK(client.read(room) == 2);
}

TEST_CASE("writing stops at the high-water mark and goes on when there is room") {
  test::Conversation conversation(make_client(), make_server());
  conversation.run();
  const std::string text = pattern(3 << 20);
  base::Bytes left = base::as_bytes(text);
  while (!left.empty()) {
    const std::size_t taken = conversation.client.write(left);
    REQUIRE(taken > 0);
    left = left.subspan(taken);
    CHECK(conversation.client.output().size() < tls::Engine::high_water + 17'000);
    if (!left.empty()) CHECK(conversation.client.write(left) == 0);
    // A socket that takes a part.
    const base::Bytes part = conversation.client.output().first(conversation.client.output().size() / 3 + 1);
    test::receive(conversation.server, part, conversation.server_got, test::randomly(1, 30'000));
    conversation.client.consume_output(part.size());
  }
  conversation.run();
  CHECK((conversation.server_got == text));
}

TEST_CASE("nothing can be written before the connection is open, nor after its end was said") {
  test::Conversation conversation(make_client(), make_server());
  CHECK(conversation.client.write(base::as_bytes("early")) == 0);
  conversation.client.close();  // has nothing to say yet
  CHECK(conversation.client.output().empty());
  conversation.run();
  REQUIRE(conversation.open());
  CHECK(conversation.client.write({}) == 0);
  CHECK(conversation.client.output().empty());
  conversation.client.close();
  const std::size_t size = conversation.client.output().size();
  CHECK(size > 0);
  CHECK(conversation.client.write(base::as_bytes("late")) == 0);
  conversation.client.close();
  CHECK(conversation.client.output().size() == size);
}

TEST_CASE("each direction ends by itself") {
  const tls::Context server = world().server();
  for (const int version : versions) {
    CAPTURE(version);
    SSL_CTX_set_max_proto_version(server.get(), version);
    test::Conversation conversation(make_client(), tls::Engine::server(server).value());
    conversation.run();
    conversation.client.close();
    conversation.run();
    CHECK(conversation.server.ended());
    CHECK_FALSE(conversation.client.ended());
    CHECK(conversation.server.state() == State::open);
    const std::string text = pattern(50'000);
    CHECK(conversation.server.write(base::as_bytes(text)) == text.size());
    conversation.run(test::randomly(3));
    CHECK((conversation.client_got == text));
    conversation.server.close();
    conversation.run();
    CHECK(conversation.client.ended());
    conversation.client.receive_eof();
    CHECK_FALSE(conversation.client.truncated());
  }
}

TEST_CASE("the end counts once all before it was read") {
  RawPeer server = raw_server(TLS1_3_VERSION);
  tls::Engine client = make_client();
  server.converse(client);
  server.write("last");
  SSL_shutdown(server.ssl());
  const std::string sent = server.take_sent();
  const std::size_t taken = client.receive(base::as_bytes(sent));
  CHECK_FALSE(client.ended());
  std::array<std::byte, 10> room;
  CHECK(client.read(room) == 4);
  CHECK(client.receive(base::as_bytes(sent).subspan(taken)) == sent.size() - taken);
  CHECK(client.ended());
  // Nothing counts behind it.
  CHECK(client.receive(base::as_bytes("anything")) == 8);
  CHECK(client.read(room) == 0);
  CHECK(client.state() == State::open);
}

TEST_CASE("a stream that ends without close_notify is truncated") {
  for (const bool in_record : {false, true}) {
    RawPeer server = raw_server(TLS1_3_VERSION);
    tls::Engine client = make_client();
    server.converse(client);
    server.write("some");
    std::string sent = server.take_sent();
    server.write("more");
    if (in_record) sent += server.take_sent().substr(0, 10);
    const std::size_t taken = client.receive(base::as_bytes(sent));
    CHECK_FALSE(client.truncated());
    std::array<std::byte, 10> room;
    if (in_record) {
      CHECK(client.read(room) == 4);
      CHECK(client.receive(base::as_bytes(sent).subspan(taken)) == 10);
    }
    client.receive_eof();
    CHECK(client.truncated() == in_record);
    (void)client.read(room);
    CHECK(client.truncated());
    CHECK_FALSE(client.ended());
    CHECK(client.state() == State::open);
  }
}

TEST_CASE("a handshake that is cut off fails") {
  const base::Error silent = error_after(make_client(), "", true);
  CHECK(silent.message == "the server has closed the connection during the TLS handshake");
  CHECK(silent.hint == "if it does not speak TLS: try ws://");
  tls::Engine client = make_client();
  client.advance();
  const std::string hello = test::take_output(client);
  tls::Engine server = make_server();
  receive_all(server, hello);
  const std::string answer = test::take_output(server);
  CHECK(error_after(make_client(), std::string_view(answer).substr(0, 3), true).hint.empty());
  CHECK(error_after(make_server(), std::string_view(hello).substr(0, 100), true).message ==
        "the client has closed the connection during the TLS handshake");
}

TEST_CASE("a server that does not speak TLS is told by what it says") {
  const auto check = [](std::string_view text, std::string_view hint, bool end = false) {
    for (const bool split : {false, true}) {
      tls::Engine client = make_client();
      client.advance();
      std::string got;
      test::receive(client, base::as_bytes(text), got, split ? test::byte_by_byte : test::whole);
      if (end) client.receive_eof();
      REQUIRE(client.state() == State::failed);
      CHECK(client.error().message == "the peer does not speak TLS");
      CHECK(client.error().hint == hint);
      CHECK(client.plain_http() == text.starts_with("HTTP/"));
    }
  };
  check("HTTP/1.1 400 Bad Request\r\n\r\n", "it answers in plain HTTP: try ws://");
  check("SSH-2.0-OpenSSH_9.2\r\n", "it speaks SSH");
  check("220 mail.example ESMTP\r\n", "");
  check("no\n", "", true);
  check(std::string(100, '\0'), "");
}

TEST_CASE("a client that does not speak TLS is told, and nothing is said to it") {
  for (const char* request : {"GET / HTTP/1.1\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n", "DELETE / HTTP/1.1\r\n\r\n"}) {
    for (const bool split : {false, true}) {
      tls::Engine server = make_server();
      std::string got;
      test::receive(server, base::as_bytes(request), got, split ? test::byte_by_byte : test::whole);
      REQUIRE(server.state() == State::failed);
      CHECK(server.error().message == "the peer does not speak TLS");
      CHECK(server.plain_http());
      CHECK(server.output().empty());
    }
  }
  tls::Engine server = make_server();
  receive_all(server, "HELO me\r\n");
  REQUIRE(server.state() == State::failed);
  CHECK_FALSE(server.plain_http());
  CHECK(server.error().hint.empty());
}

TEST_CASE("a server of an older version is refused by its name") {
  const auto client = tls::Context::client({.verify = false, .least = tls::Version::tls_1_3});
  RawPeer old_server = raw_server(TLS1_2_VERSION);
  tls::Engine engine = tls::Engine::client(*client, "a.example").value();
  old_server.converse(engine);
  REQUIRE(engine.state() == State::failed);
  CHECK(engine.error().message == "no common TLS version");
  const auto server = tls::Context::server({.identity = world().identity(), .least = tls::Version::tls_1_3});
  RawPeer old_client = raw_client(TLS1_2_VERSION);
  tls::Engine other = tls::Engine::server(*server).value();
  old_client.converse(other);
  REQUIRE(other.state() == State::failed);
  CHECK(other.error().message == "no common TLS version");
}

TEST_CASE("nothing in common is told on both sides") {
  const auto client = tls::Context::client({.verify = false, .ciphers = "TLS_AES_128_GCM_SHA256"});
  const auto server = tls::Context::server({.identity = world().identity(), .ciphers = "TLS_CHACHA20_POLY1305_SHA256"});
  test::Conversation conversation(*client, *server);
  SSL_CTX_set_min_proto_version(client->get(), TLS1_3_VERSION);
  conversation.run();
  REQUIRE(conversation.client.state() == State::failed);
  REQUIRE(conversation.server.state() == State::failed);
  CHECK(conversation.client.error().message == "no common TLS version or cipher");
  CHECK(conversation.server.error().message == "no common TLS version or cipher");
}

TEST_CASE("an alert from the server is told in words") {
  const auto alert = [](unsigned char number) { return std::string("\x15\x03\x03\0\2\2", 6) + char(number); };
  CHECK(error_after(make_client(), alert(112)).message == "the server does not know the name a.example");
  CHECK(error_after(make_client(), alert(80)).message == "the server has ended TLS: internal error");
  CHECK(error_after(make_client(), alert(40)).message == "no common TLS version or cipher");
}

TEST_CASE("a record that was changed on its way ends the connection, after what came before it") {
  for (const int version : versions) {
    RawPeer server = raw_server(version);
    tls::Engine client = make_client();
    server.converse(client);
    server.write("good");
    std::string sent = server.take_sent();
    server.write("evil");
    sent += server.take_sent();
    sent.back() = static_cast<char>(sent.back() ^ 1);
    std::string got;
    test::receive(client, base::as_bytes(sent), got);
    CHECK(got == "good");
    REQUIRE(client.state() == State::failed);
    CHECK(client.error().message == "what came was changed on its way");
    CHECK_FALSE(client.output().empty());  // an alert
    CHECK(client.receive(base::as_bytes("more")) == 4);
    CHECK(client.write(base::as_bytes("more")) == 0);
    CHECK_FALSE(client.truncated());
    const std::size_t alert = client.output().size();
    client.close();
    CHECK(client.output().size() == alert);
  }
}

TEST_CASE("keys are renewed when the other side wants it") {
  RawPeer server = raw_server(TLS1_3_VERSION);
  tls::Engine client = make_client();
  std::string got;
  server.converse(client, got);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(SSL_key_update(server.ssl(), SSL_KEY_UPDATE_REQUESTED) == 1);
    server.write("a");
    server.converse(client, got, test::byte_by_byte);
    CHECK(client.write(base::as_bytes("b")) == 1);
    server.converse(client, got);
  }
  CHECK(got == "aaa");
  CHECK(server.got() == "bbb");
  client.close();
  REQUIRE(SSL_key_update(server.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1);
  server.write("c");
  server.converse(client, got);
  CHECK(got == "aaac");
}

TEST_CASE("a server that has us answer without end is left") {
  RawPeer server = raw_server(TLS1_3_VERSION);
  tls::Engine client = make_client();
  server.converse(client);
  for (int i = 0; i < 100'000 && client.state() == State::open; ++i) {
    REQUIRE(SSL_key_update(server.ssl(), SSL_KEY_UPDATE_REQUESTED) == 1);
    REQUIRE(SSL_do_handshake(server.ssl()) == 1);
    receive_all(client, server.take_sent());
  }
  REQUIRE(client.state() == State::failed);
  CHECK(client.error().message == "the server has us say more than it takes");
  CHECK(client.output().size() <= 512 * 1024);
}

TEST_CASE("keys of TLS 1.2 are not negotiated anew") {
  RawPeer client = raw_client(TLS1_2_VERSION);
  tls::Engine server = make_server();
  std::string got;
  client.converse(server, got);
  REQUIRE(server.state() == State::open);
  REQUIRE(SSL_renegotiate(client.ssl()) == 1);
  SSL_do_handshake(client.ssl());
  receive_all(server, client.take_sent());
  CHECK(server.state() == State::open);
  CHECK_FALSE(server.output().empty());  // no_renegotiation

  RawPeer asking = raw_server(TLS1_2_VERSION);
  tls::Engine asked = make_client();
  asking.converse(asked);
  REQUIRE(SSL_renegotiate(asking.ssl()) == 1);
  SSL_do_handshake(asking.ssl());
  receive_all(asked, asking.take_sent());
  CHECK(asked.state() == State::open);
  CHECK(asked.write(base::as_bytes("x")) == 1);
}

TEST_CASE("no session is resumed") {
  for (const int version : versions) {
    RawPeer client = raw_client(version);
    tls::Engine server = make_server();
    client.converse(server);
    REQUIRE(server.state() == State::open);
    CHECK(SSL_SESSION_is_resumable(SSL_get0_session(client.ssl())) == 0);
  }
}

TEST_CASE("an engine can be moved in the middle of everything") {
  test::Conversation conversation(make_client(), make_server());
  conversation.client.advance();
  test::receive(conversation.server, base::as_bytes(test::take_output(conversation.client)), conversation.server_got);
  tls::Engine moved = std::move(conversation.client);
  conversation.client = std::move(moved);
  conversation.run();
  CHECK(conversation.open());
}

TEST_CASE("an idle connection holds no output memory") {
  tls::Engine client = make_client();
  client.advance();
  CHECK_FALSE(client.output().empty());
  client.consume_output(client.output().size());
  CHECK(client.output().data() == nullptr);
}
