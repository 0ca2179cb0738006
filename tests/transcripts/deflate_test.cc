// permessage-deflate at work: windows of all sizes in both directions, DEFLATE streams of all shapes.
#include <doctest/doctest.h>

#include <random>

#include <zlib.h>

#include "transcripts/endpoint.h"
#include "transcripts/rows.h"

namespace wscope::test {
namespace {

using ws::Role;
using ws::Status;

constexpr unsigned compressed_text = 0xc1;
constexpr unsigned compressed_binary = 0xc2;

std::string random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(random() & 0xffU);
  return bytes;
}

// Text with words that come again at all distances.
std::string random_words(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) {
    if (text.size() < 20 || random() % 4 == 0) {
      text += static_cast<char>('a' + random() % 26);
    } else {
      const std::string again = text.substr(random() % (text.size() - 10), 3 + random() % 40);
      text += again;
    }
  }
  text.resize(size);
  return text;
}

// What zlib makes of `data` after `dictionary`, in a window of 15 bits.
std::string raw_deflate(std::string_view data, int flush, std::string_view dictionary = {}) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  const auto* before = reinterpret_cast<const Bytef*>(dictionary.data());
  if (!dictionary.empty()) deflateSetDictionary(&stream, before, static_cast<uInt>(dictionary.size()));
  std::string out(2 * data.size() + 100, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, flush);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

// The payload of a whole message: without the 00 00 ff ff of the flush.
std::string message_payload(std::string_view data) {
  std::string payload = raw_deflate(data, Z_SYNC_FLUSH);
  payload.resize(payload.size() - 4);
  return payload;
}

ws::DeflateParameters parameters(Role sender, unsigned bits, bool takeover) {
  ws::DeflateParameters parameters;
  (sender == Role::server ? parameters.server_max_window_bits : parameters.client_max_window_bits) =
      static_cast<std::uint8_t>(bits);
  (sender == Role::server ? parameters.server_no_context_takeover : parameters.client_no_context_takeover) = !takeover;
  return parameters;
}

TEST_CASE("payloads of other compressors are understood") {
  struct Row {
    const char* payload;
    const char* text;
  };
  constexpr Row rows[] = {{"4a4e4c3bbc1200", "café"},
                          {"2a494d0400", "tea"},
                          {"4a4cc4040000", "aaaaaaaaaaaaaaaaaaaa"},
                          {"000500faff636166c3a900", "café"},
                          {"aaa8c00a0000", "xxxxxxxxxxxxxxxxxxxxxxx"}};
  for (const Row& row : rows) {
    CAPTURE(row.payload);
    for_each_split(make_frame(Role::server, compressed_text, from_hex(row.payload)), [&](Pieces pieces, const auto&) {
      Endpoint client(options_for(Role::client), ws::DeflateParameters{});
      client.receive(pieces);
      CHECK(client.story() == Story{{"Text", row.text}});
    });
  }
  Endpoint again(options_for(Role::client), ws::DeflateParameters{});
  again.receive_frame(compressed_text, from_hex("4a4e4c3bbc1200"));
  again.receive_frame(compressed_text, from_hex("4a06110000"));
  CHECK(again.story() == Story{{"Text", "café"}, {"Text", "café"}});
  Endpoint fragments(options_for(Role::client), ws::DeflateParameters{});
  fragments.receive_frame(0x41, from_hex("4a4e4c3bbc12000000ffff"));
  fragments.receive_frame(0x00, from_hex("52505300000000ffff"));
  fragments.receive_frame(0x80, from_hex("4a2ecacf2c2e4ecc2b290600"));
  CHECK(fragments.story() == Story{{"Text", "café & croissants"}});
}

TEST_CASE("a compressor of any level is understood") {
  const std::string data = random_words(20000, 1);
  for (int level = 0; level <= 9; ++level) {
    for (const int memory : {1, 9}) {
      const ws::PermessageDeflate deflate({}, {.level = level, .mem_level = memory});
      Endpoint server(options_for(Role::server), agreement(deflate, Role::server, ws::DeflateParameters{}));
      Endpoint client(options_for(Role::client), ws::DeflateParameters{});
      CHECK(server->send_text(data) == Status::ok);
      CHECK(server->send_text("") == Status::ok);
      CHECK(server->send_text(data) == Status::ok);
      client.receive(server.take_output());
      CHECK(client.story() == Story{{"Text", data}, {"Text", ""}, {"Text", data}});
    }
  }
}

TEST_CASE("a peer with exactly the agreed window understands everything: our compressor keeps to 8 to 15 bits") {
  for (const Role role : both_roles) {
    CAPTURE(name(role));
    for (unsigned bits = ws::min_window_bits; bits <= ws::max_window_bits; ++bits) {
      CAPTURE(bits);
      for (const bool takeover : {true, false}) {
        CAPTURE(takeover);
        const auto agreed = parameters(role, bits, takeover);
        Endpoint sender(options_for(role), agreed);
        Endpoint receiver(options_for(other(role)), agreed);
        const std::size_t window = std::size_t{1} << bits;
        const std::string noise = random_bytes(window + 300, bits);
        const std::string messages[] = {random_words(4 * window, bits),
                                        noise,
                                        noise + noise,  // comes again just behind the window
                                        "",
                                        "x",
                                        random_bytes(window - 1, bits) + random_words(window, 1),
                                        std::string(3 * window, 'z'),
                                        random_words(100, bits)};
        Story expected;
        for (const std::string& message : messages) {
          CHECK(sender->send_binary(base::as_bytes(message)) == Status::ok);
          expected.push_back({"Binary", message});
          receiver.receive(sender.take_output());
        }
        CHECK(receiver.story() == expected);
      }
    }
  }
}

TEST_CASE("the compressor uses the window that it may use") {
  const std::string noise = random_bytes(400, 7);
  for (const unsigned bits : {8U, 9U}) {
    Endpoint server(options_for(Role::server), parameters(Role::server, bits, true));
    CHECK(server->send_binary(base::as_bytes(noise.substr(0, 100))) == Status::ok);
    server.take_output();
    CHECK(server->send_binary(base::as_bytes(noise.substr(0, 100))) == Status::ok);
    CHECK(server.take_output().size() < 20);
  }
}

TEST_CASE("H26 a distance of the whole window is understood, one more is not, however the bytes are cut") {
  for (const Role role : both_roles) {  // of the receiver
    CAPTURE(name(role));
    for (unsigned bits = ws::min_window_bits; bits < ws::max_window_bits; ++bits) {
      CAPTURE(bits);
      const std::size_t window = std::size_t{1} << bits;
      for (const std::size_t distance : {window, window + 1}) {
        CAPTURE(distance);
        const std::string block = random_bytes(distance, bits);
        const std::string data = block + block.substr(0, 100);
        const std::string frame = make_frame(other(role), compressed_binary, message_payload(data));
        const bool fits = distance == window;
        const auto check = [&](Pieces pieces) {
          Endpoint receiver(options_for(role), parameters(other(role), bits, true));
          receiver.receive(pieces);
          CHECK(receiver.story() == Story{fits ? Seen{"Binary", data} : Seen{"FAIL", "1007"}});
        };
        with_split(base::as_bytes(frame), {}, check);
        for (unsigned seed = 0; seed < 4; ++seed)
          with_split(base::as_bytes(frame), random_cuts(frame.size(), seed), check);
      }
    }
  }
}

TEST_CASE("H26 a distance over message borders counts the same") {
  const std::string block = random_bytes(256, 1);
  for (const std::size_t between : {std::size_t{0}, std::size_t{1}}) {
    CAPTURE(between);
    const std::string before = block + std::string(between, 'x');
    std::string again = raw_deflate(block, Z_SYNC_FLUSH, before);
    again.resize(again.size() - 4);
    Endpoint client(options_for(Role::client), parameters(Role::server, 8, true));
    client.receive_frame(compressed_binary, message_payload(before));
    client.receive_frame(compressed_binary, again);
    const Seen second = between == 0 ? Seen{"Binary", block} : Seen{"FAIL", "1007"};
    CHECK(client.story() == Story{{"Binary", before}, second});
  }
}

TEST_CASE("H24 H25 a stream may end with any message, and its window goes on") {
  const std::string first = random_words(3000, 1);
  const std::string second = random_words(1000, 2) + first.substr(500, 1000);
  for (const std::string& end : {std::string(1, '\0'), std::string()}) {  // section 7.2.3.4 appends it, others do not
    CAPTURE(end.size());
    const std::string input = make_frame(Role::server, compressed_text, raw_deflate(first, Z_FINISH) + end) +
                              make_frame(Role::server, compressed_text, raw_deflate(second, Z_FINISH, first) + end) +
                              make_frame(Role::server, compressed_text, message_payload("tea"));
    for_each_split(input, [&](Pieces pieces, const std::string& split) {
      CAPTURE(split);
      Endpoint client(options_for(Role::client), ws::DeflateParameters{});
      client.receive(pieces);
      CHECK(client.story() == Story{{"Text", first}, {"Text", second}, {"Text", "tea"}});
    });
  }
}

TEST_CASE("H36 streams may follow one another within a message, in fragments cut anywhere") {
  const std::string first = random_words(500, 1);
  const std::string second = random_words(500, 2) + first;
  const std::string payload = raw_deflate(first, Z_FINISH) + raw_deflate("", Z_FINISH) +
                              raw_deflate(second, Z_FINISH, first) + std::string(1, '\0');
  for (std::size_t cut = 0; cut <= payload.size(); ++cut) {
    CAPTURE(cut);
    Endpoint client(options_for(Role::client), ws::DeflateParameters{});
    client.receive_frame(0x41, payload.substr(0, cut));
    client.receive_frame(0x89, "ping");
    client.receive_frame(0x80, payload.substr(cut));
    CHECK(client.story() == Story{{"Ping", "ping"}, {"Text", first + second}});
  }
}

TEST_CASE("H29 a message that ends within a block is invalid, wherever") {
  const std::string payload = message_payload(random_words(300, 1));
  for (std::size_t size = 1; size + 1 < payload.size(); ++size) {
    CAPTURE(size);
    Endpoint client(options_for(Role::client), ws::DeflateParameters{});
    client.receive_frame(compressed_text, payload.substr(0, size));
    CHECK(client.story() == Story{{"FAIL", "1007"}});
  }
}

TEST_CASE("inflated text must be UTF-8, and is judged before the message ends") {
  Endpoint whole(options_for(Role::client), ws::DeflateParameters{});
  whole.receive_frame(compressed_text, message_payload("caf\xe9"));
  CHECK(whole.story() == Story{{"FAIL", "1007"}});
  Endpoint begun(options_for(Role::client), ws::DeflateParameters{});
  begun.receive_frame(0x41, raw_deflate("caf\xe9 ", Z_SYNC_FLUSH));
  CHECK(begun.story() == Story{{"FAIL", "1007"}});
}

TEST_CASE("I13 a bomb is stopped by the message limit or by the ratio") {
  const std::string bomb = message_payload(std::string(std::size_t{1} << 20, '\0'));
  const std::string harmless = message_payload(std::string(std::size_t{60} << 10, '\0'));
  ws::Options options = options_for(Role::client);
  options.limits.inflate_ratio = 100;
  Endpoint client(options, ws::DeflateParameters{});
  client.receive_frame(compressed_binary, harmless);
  CHECK(client.take_story().front().kind == "Binary");
  client.receive_frame(compressed_binary, bomb);
  CHECK(client.story() == Story{{"FAIL", "1009"}});
  Endpoint unworried(options_for(Role::client), ws::DeflateParameters{});
  unworried.receive_frame(compressed_binary, bomb);
  CHECK(unworried.story().front().kind == "Binary");
}

TEST_CASE("the frame limit judges the wire, the message limit what is inflated") {
  ws::Options options = options_for(Role::client);
  options.limits.frame = 20;
  options.limits.message = 1000;
  Endpoint client(options, ws::DeflateParameters{});
  client.receive_frame(compressed_binary, message_payload(std::string(1000, 'x')));
  CHECK(client.take_story() == Story{{"Binary", std::string(1000, 'x')}});
  client.receive_frame(compressed_binary, message_payload(random_bytes(30, 1)));
  CHECK(client.story() == Story{{"FAIL", "1009"}});
}

TEST_CASE("messages under the minimum go uncompressed, fragmented ones do not count") {
  const ws::PermessageDeflate deflate({}, {.min_size = 10});
  Endpoint server(options_for(Role::server), agreement(deflate, Role::server, ws::DeflateParameters{}));
  CHECK(server->send_text("123456789") == Status::ok);
  CHECK(server->send_text("1234567890") == Status::ok);
  CHECK(server->send_text("1", false) == Status::ok);
  CHECK(server->send_continuation({}, true) == Status::ok);
  const auto frames = read_frames(server.take_output());
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].first_byte == 0x81);
  CHECK(frames[1].first_byte == 0xc1);
  CHECK(frames[2].first_byte == 0x41);
  CHECK(frames[3].first_byte == 0x80);
}

TEST_CASE("connections that share their idle contexts do not see each other's windows") {
  for (const bool takeover : {true, false}) {
    CAPTURE(takeover);
    ws::DeflateParameters agreed = parameters(Role::server, 12, takeover);
    agreed.client_no_context_takeover = !takeover;
    const ws::PermessageDeflate shared;
    std::vector<Endpoint> servers;
    std::vector<Endpoint> clients;
    for (int i = 0; i < 10; ++i) {
      servers.emplace_back(options_for(Role::server), agreement(shared, Role::server, agreed));
      clients.emplace_back(options_for(Role::client), agreement(shared, Role::client, agreed));
    }
    std::mt19937 random(1);
    for (unsigned step = 0; step < 500; ++step) {
      Endpoint& server = servers[random() % servers.size()];
      Endpoint& client = clients[static_cast<std::size_t>(&server - servers.data())];
      const std::string text = random_words(random() % 500, step % 7);
      const bool fragmented = server->sending_message();
      const bool finished = random() % 2 == 0;
      CHECK((fragmented ? server->send_continuation(base::as_bytes(text), finished)
                        : server->send_text(text, finished)) == Status::ok);
      client.receive(server.take_output());
      CHECK(client->send_text(text) == Status::ok);
      server.receive(client.take_output());
      CHECK(server.take_story() == Story{{"Text", text}});
      for (const Seen& seen : client.take_story()) {
        CHECK(seen.kind == "Text");
        CHECK(seen.data.substr(seen.data.size() - text.size()) == text);
      }
    }
  }
}

}  // namespace
}  // namespace wscope::test
