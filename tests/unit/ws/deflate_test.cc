#include "ws/deflate.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "unit/ws/bytes.h"

using namespace wscope;
using namespace wscope::ws;
using wscope::test::hex;

namespace {

using namespace std::literals;

ExtensionParameters parameters(std::string_view text) {
  auto parsed = parse_extension_parameters(text);
  REQUIRE(parsed.ok());
  return std::move(parsed).value();
}

std::string written(const ExtensionParameters& parameters) {
  std::string text = write_extension({"", parameters});
  return text.empty() ? text : text.substr(2);
}

DeflateParameters wanted(std::string_view text) {
  auto parsed = parse_deflate_parameters(parameters(text));
  REQUIRE(parsed.ok());
  return *parsed;
}

// One end's extension, which takes and gives strings.
class End {
 public:
  End(const PermessageDeflate& offer, Role role, std::string_view agreed) : End(offer.agreed(role, wanted(agreed))) {}
  explicit End(std::unique_ptr<Extension> extension) : extension_(std::move(extension)) {}

  std::string encode(std::string_view payload, bool first = true, bool finished = true) {
    rsv_ = 0;
    const auto bytes = extension_->encode({Opcode::text, 0, first, finished}, true, base::as_bytes(payload), rsv_);
    REQUIRE(bytes.has_value());
    return std::string(base::as_text(*bytes));
  }
  [[nodiscard]] Rsv rsv() const { return rsv_; }

  std::string decode(std::string_view payload, bool compressed = true) {
    auto bytes = test::block(payload);
    base::Bytes in = bytes;
    std::string data;
    extension_->begin_frame({Opcode::text, compressed ? rsv1 : Rsv{0}, true, true});
    for (;;) {
      const auto decoded = extension_->decode(in, true);
      if (decoded.violation) return "violation";
      data += base::as_text(decoded.data);
      if (decoded.drained) break;
    }
    extension_->end_message();
    return data;
  }

 private:
  std::unique_ptr<Extension> extension_;
  Rsv rsv_ = 0;
};

}  // namespace

TEST_CASE("the offer says what is wanted") {
  CHECK(PermessageDeflate().name() == "permessage-deflate");
  CHECK(written(PermessageDeflate().request()) == "client_max_window_bits");
  constexpr std::string_view all =
      "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=11";
  CHECK(written(PermessageDeflate(wanted(all)).request()) == all);
}

TEST_CASE("a server grants what is asked within its own limits") {
  constexpr struct {
    std::string_view own, offer, reply;
  } rows[] = {
      {"", "", ""},
      {"", "client_max_window_bits", ""},
      {"", "client_max_window_bits=10", ""},
      {"", "server_max_window_bits=10", "server_max_window_bits=10"},
      {"", "server_no_context_takeover; client_no_context_takeover",
       "server_no_context_takeover; client_no_context_takeover"},
      {"server_no_context_takeover; client_no_context_takeover", "",
       "server_no_context_takeover; client_no_context_takeover"},
      {"server_max_window_bits=12", "", "server_max_window_bits=12"},
      {"server_max_window_bits=12", "server_max_window_bits=10", "server_max_window_bits=10"},
      {"server_max_window_bits=12", "server_max_window_bits=14", "server_max_window_bits=12"},
      {"client_max_window_bits=12", "", ""},
      {"client_max_window_bits=12", "client_max_window_bits", "client_max_window_bits=12"},
      {"client_max_window_bits=12", "client_max_window_bits=9", "client_max_window_bits=9"},
      {"client_max_window_bits=12", "client_max_window_bits=15", "client_max_window_bits=12"},
      {"client_max_window_bits", "client_max_window_bits=9", ""},
      {"", "server_max_window_bits=8", "server_max_window_bits=8"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.own);
    CAPTURE(row.offer);
    const PermessageDeflate offer(wanted(row.own));
    const auto accepted = offer.on_request(parameters(row.offer));
    REQUIRE(accepted.ok());
    CHECK(written(accepted->parameters) == row.reply);
    CHECK(accepted->extension->rsv_use().first == rsv1);
    CHECK(accepted->extension->rsv_use().continuation == 0);
  }
}

TEST_CASE("a server declines an offer that is not valid, or that it cannot limit") {
  const PermessageDeflate offer;
  CHECK_FALSE(offer.on_request(parameters("server_max_window_bits=7")).ok());
  CHECK_FALSE(offer.on_request(parameters("unknown")).ok());
  PermessageDeflate strict(wanted("client_max_window_bits=12"));
  strict.require_client_max_window_bits();
  CHECK_FALSE(strict.on_request({}).ok());
  CHECK(strict.on_request(parameters("client_max_window_bits")).ok());
}

TEST_CASE("a client takes an answer that keeps to its offer and refuses any other") {
  constexpr struct {
    std::string_view offer, answer;
    bool fits;
  } rows[] = {
      {"", "", true},
      {"", "server_no_context_takeover", true},
      {"", "client_no_context_takeover", true},
      {"", "server_max_window_bits=10", true},
      {"", "client_max_window_bits=10", false},
      {"client_max_window_bits", "", true},
      {"client_max_window_bits", "client_max_window_bits=8", true},
      {"client_max_window_bits", "client_max_window_bits", false},
      {"client_max_window_bits=10", "", true},
      {"client_max_window_bits=10", "client_max_window_bits=10", true},
      {"client_max_window_bits=10", "client_max_window_bits=11", false},
      {"server_no_context_takeover", "", false},
      {"server_no_context_takeover", "server_no_context_takeover", true},
      {"client_no_context_takeover", "", true},
      {"server_max_window_bits=10", "", false},
      {"server_max_window_bits=10", "server_max_window_bits=11", false},
      {"server_max_window_bits=10", "server_max_window_bits=9", true},
      {"", "unknown", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.offer);
    CAPTURE(row.answer);
    const PermessageDeflate offer(wanted(row.offer));
    const auto extension = offer.on_response(parameters(row.answer));
    CHECK(extension.ok() == row.fits);
    if (!extension) CHECK(extension.error().kind == base::ErrorKind::http);
  }
}

TEST_CASE("a client keeps to what it offered though the server did not say it") {
  const PermessageDeflate offer(wanted("client_no_context_takeover; client_max_window_bits=8"));
  auto extension = offer.on_response({});
  REQUIRE(extension.ok());
  End client(std::move(extension).value());
  CHECK(client.encode("Hello") == client.encode("Hello"));
}

TEST_CASE("messages go from end to end under every agreement") {
  const PermessageDeflate offer;
  std::mt19937 random(1);
  for (const std::string_view takeover : {"", "server_no_context_takeover", "client_no_context_takeover",
                                          "server_no_context_takeover; client_no_context_takeover"}) {
    for (unsigned bits = 8; bits <= 15; ++bits) {
      const std::string agreed = std::string(takeover) + (takeover.empty() ? "" : "; ") +
                                 "server_max_window_bits=" + std::to_string(bits) +
                                 "; client_max_window_bits=" + std::to_string(23 - bits);
      CAPTURE(agreed);
      End client(offer, Role::client, agreed);
      End server(offer, Role::server, agreed);
      for (unsigned round = 0; round < 10; ++round) {
        std::string text(random() % 3000, 'x');
        for (std::size_t i = 0; i < text.size(); i += 1 + random() % 5) text[i] = static_cast<char>(random() % 256);
        REQUIRE((server.decode(client.encode(text)) == text));
        REQUIRE((client.decode(server.encode(text)) == text));
        REQUIRE(server.decode(client.encode("")).empty());
      }
    }
  }
}

TEST_CASE("context takeover makes the second message shorter, its absence does not") {
  const PermessageDeflate offer;
  End keeps(offer, Role::server, "");
  CHECK(hex(keeps.encode("Hello")) == "f248cdc9c90700");
  CHECK(hex(keeps.encode("Hello")) == "f200110000");
  End forgets(offer, Role::server, "server_no_context_takeover");
  CHECK(hex(forgets.encode("Hello")) == "f248cdc9c90700");
  CHECK(hex(forgets.encode("Hello")) == "f248cdc9c90700");
  // Each direction by itself.
  End client(offer, Role::client, "server_no_context_takeover");
  CHECK(hex(client.encode("Hello")) == "f248cdc9c90700");
  CHECK(hex(client.encode("Hello")) == "f200110000");
  CHECK(client.decode("\xf2\x48\xcd\xc9\xc9\x07\x00"s) == "Hello");
  CHECK(client.decode("\xf2\x00\x11\x00\x00"s) == "violation");
}

TEST_CASE("what is at rest is packed up, and goes on where it was") {
  PermessageDeflate offer;
  std::mt19937 random(1);
  for (unsigned bits = 8; bits <= 15; ++bits) {
    const std::string agreed =
        "server_max_window_bits=" + std::to_string(bits) + "; client_max_window_bits=" + std::to_string(23 - bits);
    CAPTURE(agreed);
    End client(offer, Role::client, agreed);
    End server(offer, Role::server, agreed);
    for (unsigned round = 0; round < 30; ++round) {
      std::string text(random() % 3000, 'x');
      for (std::size_t i = 0; i < text.size(); i += 1 + random() % 5) text[i] = static_cast<char>(random() % 256);
      REQUIRE((server.decode(client.encode(text)) == text));
      REQUIRE((client.decode(server.encode(text)) == text));
      if (round % 3 == 0) continue;
      CHECK(offer.pack_idle() == 0);  // they were in use
      CHECK(offer.has_contexts());
      CHECK(offer.pack_idle() == 2);
      CHECK_FALSE(offer.has_contexts());
    }
  }
}

TEST_CASE("what is packed up keeps its window") {
  PermessageDeflate offer;
  End server(offer, Role::server, "");
  End client(offer, Role::client, "");
  std::string text(1000, '\0');
  std::mt19937 random(1);
  for (char& c : text) c = static_cast<char>(random() % 256);
  CHECK((client.decode(server.encode(text)) == text));
  CHECK(offer.pack_idle() == 0);
  CHECK(offer.pack_idle() == 2);
  const std::string again = server.encode(text);
  CHECK(again.size() < 30);
  CHECK((client.decode(again) == text));
  CHECK(offer.pack_idle() == 0);
  CHECK(offer.pack_idle() == 2);
  CHECK(hex(server.encode("")) == "00");  // nothing but the window
  CHECK(client.decode("\0"s).empty());
}

TEST_CASE("nothing is packed up in the middle of a message, or of a byte") {
  PermessageDeflate offer;
  End server(offer, Role::server, "");
  CHECK_FALSE(server.encode("Hel", true, false).empty());
  for (int i = 0; i < 3; ++i) CHECK(offer.pack_idle() == 0);
  CHECK(hex(server.encode("lo", false, true)) == "cac90700");
  CHECK(offer.pack_idle() == 0);
  CHECK(offer.pack_idle() == 1);
}

TEST_CASE("who is gone is not packed up") {
  PermessageDeflate offer;
  End one(offer, Role::server, "");
  static_cast<void>(one.encode("Hello"));
  {
    End two(offer, Role::server, "");
    End three(offer, Role::client, "");
    static_cast<void>(two.encode("Hello"));
    static_cast<void>(three.encode("Hello"));
  }
  CHECK(offer.pack_idle() == 0);
  CHECK(offer.pack_idle() == 1);
  CHECK(hex(one.encode("Hello")) == "f200110000");
}

TEST_CASE("connections share idle contexts without sharing what they hold") {
  const PermessageDeflate offer;
  constexpr std::string_view agreed = "server_no_context_takeover; client_no_context_takeover";
  End one(offer, Role::server, agreed);
  End two(offer, Role::server, agreed);
  CHECK(one.decode("\xf2\x48\xcd\xc9\xc9\x07\x00"s) == "Hello");
  CHECK(two.decode("\xf2\x00\x11\x00\x00"s) == "violation");
  const std::string first = one.encode("Hello");
  CHECK(two.encode("Hello") == first);
}

TEST_CASE("fragments are flushed each, and an empty message is one byte") {
  const PermessageDeflate offer;
  End server(offer, Role::server, "");
  CHECK(hex(server.encode("Hel", true, false)) == "f248cd01000000ffff");
  CHECK(server.rsv() == rsv1);
  CHECK(hex(server.encode("lo", false, true)) == "cac90700");
  CHECK(server.rsv() == 0);
  CHECK(hex(server.encode("")) == "00");
  CHECK(hex(server.encode("")) == "00");
  CHECK(server.encode("x", true, false).size() > 4);
  CHECK(server.encode("", false, false).empty());
  CHECK(hex(server.encode("", false, true)) == "00");

  End client(offer, Role::client, "");
  CHECK(client.decode("\xf2\x48\xcd\x01\x00\x00\x00\xff\xff\xca\xc9\x07\x00"s) == "Hello");
}

TEST_CASE("short messages are sent as they are, fragmented ones never") {
  const PermessageDeflate offer({}, {.min_size = 6});
  End server(offer, Role::server, "");
  CHECK(server.encode("Hello") == "Hello");
  CHECK(server.rsv() == 0);
  CHECK(server.encode("Hello!") != "Hello!");
  CHECK(server.rsv() == rsv1);
  CHECK(server.encode("Hel", true, false) != "Hel");
  CHECK(server.rsv() == rsv1);
  CHECK(server.encode("lo", false, true) != "lo");
}

TEST_CASE("an uncompressed message passes and leaves the window alone") {
  const PermessageDeflate offer;
  End client(offer, Role::client, "");
  CHECK(client.decode("\xf2\x48\xcd\xc9\xc9\x07\x00"s) == "Hello");
  CHECK(client.decode("plain", false) == "plain");
  CHECK(client.decode("\xf2\x00\x11\x00\x00"s) == "Hello");
}

TEST_CASE("a large frame does not keep its memory") {
  const PermessageDeflate offer;
  End server(offer, Role::server, "");
  End client(offer, Role::client, "");
  std::mt19937 random(1);
  std::string text(200000, '\0');
  for (char& c : text) c = static_cast<char>(random() % 256);
  CHECK((client.decode(server.encode(text)) == text));
  CHECK(client.decode(server.encode("small")) == "small");
}

TEST_CASE("settings that zlib does not know compress nothing") {
  const PermessageDeflate offer({}, {.level = 10});
  const auto extension = offer.agreed(Role::server, {});
  Rsv rsv = 0;
  CHECK_FALSE(extension->encode({}, true, {}, rsv).has_value());
}
