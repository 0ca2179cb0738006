#include "ws/deflate_parameters.h"

#include <doctest/doctest.h>

using namespace wscope;
using namespace wscope::ws;

namespace {

base::Result<DeflateParameters> parse(std::string_view text) {
  const auto parameters = parse_extension_parameters(text);
  REQUIRE(parameters.ok());
  return parse_deflate_parameters(*parameters);
}

}  // namespace

TEST_CASE("the four parameters are read and written") {
  struct Row {
    std::string_view text;
    DeflateParameters parameters;
  };
  const Row rows[] = {
      {"", {}},
      {"server_no_context_takeover", {.server_no_context_takeover = true}},
      {"client_no_context_takeover", {.client_no_context_takeover = true}},
      {"server_max_window_bits=8", {.server_max_window_bits = 8}},
      {"server_max_window_bits=15", {.server_max_window_bits = 15}},
      {"client_max_window_bits", {.client_max_window_bits = any_window_bits}},
      {"client_max_window_bits=10", {.client_max_window_bits = 10}},
      {"server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=14",
       {true, true, 9, 14}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse(row.text);
    REQUIRE(parsed.ok());
    CHECK(*parsed == row.parameters);
    ExtensionElement element{"x", write_deflate_parameters(row.parameters)};
    CHECK(write_extension(element) == (row.text.empty() ? "x" : "x; " + std::string(row.text)));
  }
}

TEST_CASE("anything else is an error that names the parameter") {
  constexpr struct {
    std::string_view text, culprit;
  } rows[] = {
      {"unknown", "unknown"},
      {"unknown=1", "unknown=1"},
      {"server_no_context_takeover=1", "server_no_context_takeover=1"},
      {"client_no_context_takeover=true", "client_no_context_takeover=true"},
      {"server_max_window_bits", "server_max_window_bits"},
      {"server_max_window_bits=7", "server_max_window_bits=7"},
      {"server_max_window_bits=16", "server_max_window_bits=16"},
      {"server_max_window_bits=08", "server_max_window_bits=08"},
      {"server_max_window_bits=+9", "server_max_window_bits=+9"},
      {"server_max_window_bits=-9", "server_max_window_bits=-9"},
      {"server_max_window_bits=9x", "server_max_window_bits=9x"},
      {"server_max_window_bits=4294967305", "server_max_window_bits=4294967305"},
      {"client_max_window_bits=0", "client_max_window_bits=0"},
      {"client_max_window_bits=100", "client_max_window_bits=100"},
      {"client_max_window_bits; client_max_window_bits", "client_max_window_bits"},
      {"server_max_window_bits=10; server_max_window_bits=11", "server_max_window_bits=11"},
      {"server_no_context_takeover; server_no_context_takeover", "server_no_context_takeover"},
      {"Server_no_context_takeover", "Server_no_context_takeover"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse(row.text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().kind == base::ErrorKind::http);
    CHECK(parsed.error().message == "invalid permessage-deflate parameter: " + std::string(row.culprit));
  }
}

TEST_CASE("an empty value is not a number") {
  CHECK_FALSE(parse_deflate_parameters({{"server_max_window_bits", ""}}).ok());
  CHECK_FALSE(parse_deflate_parameters({{"client_max_window_bits", ""}}).ok());
}
