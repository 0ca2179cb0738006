#include "cli/connect_arguments.h"

#include <cstdint>

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;
using session::AtEof;
using session::ConnectCommand;
using streams::MessageType;

namespace {

/// The User-Agent that is sent unless another is asked for.
http::Field usual_agent() { return {"User-Agent", "wscope/" WSCOPE_VERSION}; }

// An option each, with a value if it takes one.
const Arguments lines_of_options[] = {{"-x", "a"},
                                      {"--execute=a"},
                                      {"-H", "A: b"},
                                      {"-s", "a"},
                                      {"--cookie", "a=b"},
                                      {"-o", "a"},
                                      {"--host", "a"},
                                      {"-A", "a"},
                                      {"-u", "a:b"},
                                      {"--auth", "a:b"},
                                      {"--bearer", "a"},
                                      {"-p", "8"},
                                      {"--eof", "hold"},
                                      {"-w", "1"},
                                      {"--count", "1"},
                                      {"--until", "a"},
                                      {"--timeout", "1"},
                                      {"--in", "hex"},
                                      {"--out", "hex"},
                                      {"--format", "hex"},
                                      {"--compress", "client_max_window_bits"},
                                      {"--max-size", "1"},
                                      {"--max-frame", "1"},
                                      {"--max-header", "1"},
                                      {"--connect-timeout", "1"},
                                      {"--ping-interval", "1"},
                                      {"--dump-size", "1"},
                                      {"--show", "sent"},
                                      {"-b"},
                                      {"-t"},
                                      {"--stdin"},
                                      {"--no-stdin"},
                                      {"-1"},
                                      {"--one"},
                                      {"--json"},
                                      {"-0"},
                                      {"--no-compress"},
                                      {"-4"},
                                      {"-6"},
                                      {"--proxy", "proxy"},
                                      {"--unix-socket", "/a"},
                                      {"--resolve", "a:1:::1"},
                                      {"--connect-to", ":::"},
                                      {"-L"},
                                      {"--max-redirects", "1"},
                                      {"--reconnect"},
                                      {"--reconnect=3"},
                                      {"--cacert", "a"},
                                      {"--capath", "a"},
                                      {"-n"},
                                      {"-k"},
                                      {"--cert", "a"},
                                      {"--cert=a", "--key", "a"},
                                      {"--cert=a", "--passphrase=a"},
                                      {"--servername", "a"},
                                      {"--tls-min", "1.3"},
                                      {"--ciphers", "a"},
                                      {"-v"},
                                      {"-q"},
                                      {"--frames"},
                                      {"--keep-newline"},
                                      {"--escape"},
                                      {"--timestamps"},
                                      {"--every", "5", "a"},
                                      {"--every=5", "a"},
                                      {"--rate", "5"}};

/// The texts that are sent first.
Arguments texts_of(const ConnectCommand& command) {
  Arguments texts;
  for (const wire::StoredInstruction& message : command.first_messages) {
    CHECK(message.opcode == ws::Opcode::text);
    texts.push_back(message.payload);
  }
  return texts;
}

}  // namespace

TEST_CASE("a URL alone is connected to, with what is usual") {
  for (const Arguments& arguments :
       {Arguments{"ws://host:81/x"}, Arguments{"connect", "ws://host:81/x"}, Arguments{"-c", "ws://host:81/x"}}) {
    const ConnectCommand command = connect(arguments);
    CHECK(command.endpoint.url.text() == "ws://host:81/x");
    CHECK(!command.endpoint.embedded);
    CHECK(command.input.type == MessageType::text);
    CHECK(command.at_eof == AtEof::wait);
    CHECK(command.silence == 1s);
    CHECK(command.first_messages.empty());
    CHECK(command.reads_stdin);
    CHECK(!command.count);
    CHECK(command.until.empty());
    CHECK(command.timeout == 0s);
    CHECK(command.timeouts.connect == 10s);
    CHECK(command.timeouts.handshake == 10s);
    CHECK(command.timeouts.close == 10s);
  }
  CHECK(connect({"echo:"}).endpoint.embedded);
}

TEST_CASE("the URL may stand behind -c, as in wscat") {
  CHECK(connect({"-c", "host"}).endpoint.url.host == "host");
  CHECK(connect({"-chost"}).endpoint.url.host == "host");
  CHECK(connect({"--connect", "host"}).endpoint.url.host == "host");
  CHECK(connect({"--connect=host"}).endpoint.url.host == "host");
  CHECK(connect({"connect", "-c", "host"}).endpoint.url.host == "host");
  CHECK(connect({"-c", "echo:"}).endpoint.embedded);
  CHECK(connect({"-b", "-w", "3", "-c", "host", "--eof", "close"}).endpoint.url.host == "host");
  CHECK(connect({"-bc", "host"}).input.type == MessageType::binary);
  CHECK(complaint({"-c", "host", "other"}) == "URL excludes --connect");
  CHECK(complaint({"host", "-c", "host"}) == "URL excludes --connect");
  CHECK(complaint({"-c", "host", "-c", "host"}).find("--connect") == 0);
  CHECK(complaint({"-c"}).find("--connect") == 0);
  CHECK(is_unconnected({"-c", ""}));
  CHECK(complaint({"-c", "ftp://host"}).find("not a WebSocket URL") == 0);
}

TEST_CASE("there is one URL, and it is one") {
  CHECK(complaint({"host", "other"}) == "The following argument was not expected: other");
  CHECK(complaint({"connect", "host", "other"}) == "The following argument was not expected: other");
  CHECK(complaint({"connect", "ws://host/#part"}).find("fragment") != std::string::npos);
  CHECK(complaint({"connect", "/path"}) == "the URL has no host");
}

TEST_CASE("without a URL it is for a person to say where to connect") {
  CHECK(is_unconnected({}));
  CHECK(is_unconnected({"connect"}));
  const auto command = cli::parse_command_line({"--verbose", "--no-history", "--color=never", "--out", "hex"});
  REQUIRE(command.ok());
  const auto& unconnected = std::get<session::UnconnectedCommand>(*command);
  CHECK(unconnected.reporting.verbosity == report::Verbosity::verbose);
  CHECK(unconnected.reporting.format == streams::OutputFormat::hex);
  CHECK_FALSE(unconnected.interaction.history);
  CHECK(unconnected.interaction.color == view::ColorChoice::never);
  CHECK(cli::no_url_error().message == "no URL");
  CHECK(cli::no_url_error().hint == "try wscope --help");
}

TEST_CASE("without a URL events may be printed, but nothing can be said of a connection") {
  const auto command = cli::parse_command_line({"--commands", "-", "--json"});
  REQUIRE(command.ok());
  CHECK(std::get<session::UnconnectedCommand>(*command).reporting.format == streams::OutputFormat::json);
  CHECK(complaint({"-b"}) == "no URL for --binary");
  CHECK(complaint({"--commands", "-", "-H", "A: b"}) == "no URL for --header");
  CHECK(complaint({"--commands", "-", "--timeout", "1"}) == "no URL for --timeout");
}

TEST_CASE("names of commands are hosts where a URL is wanted") {
  CHECK(connect({"connect", "connect"}).endpoint.url.host == "connect");
  CHECK(connect({"connect", "echo"}).endpoint.url.host == "echo");
  CHECK(connect({"-b", "listen"}).endpoint.url.host == "listen");
}

TEST_CASE("options stand before and behind the URL, and never take it") {
  for (const Arguments& arguments :
       {Arguments{"-b", "--eof", "close", "-w", "3", "host"}, Arguments{"host", "-b", "--eof", "close", "-w", "3"},
        Arguments{"--eof", "close", "host", "-bw3"}, Arguments{"connect", "-w", "3", "--eof=close", "host", "-b"}}) {
    const ConnectCommand command = connect(arguments);
    CHECK(command.endpoint.url.host == "host");
    CHECK(command.input.type == MessageType::binary);
    CHECK(command.at_eof == AtEof::close);
    CHECK(command.silence == 3s);
  }
}

TEST_CASE("no option takes more than its value") {
  for (const Arguments& option : lines_of_options) {
    CAPTURE(option.front());
    Arguments before = option;
    before.push_back("host");
    CHECK(connect(before).endpoint.url.host == "host");
    Arguments behind = {"host"};
    behind.insert(behind.end(), option.begin(), option.end());
    CHECK(connect(behind).endpoint.url.host == "host");
    before.push_back("other");
    const bool may_be_value = option.size() == 1 && (option[0] == "--reconnect" || option[0] == "--passphrase" ||
                                                     option[0] == "--timestamps");
    CHECK(complaint(before).find(may_be_value ? " takes a value only in one word" : "not expected: other") !=
          std::string::npos);
  }
}

TEST_CASE("a value may look like an option") {
  CHECK(texts_of(connect({"connect", "-x", "-b", "host"})) == Arguments{"-b"});
  CHECK(texts_of(connect({"connect", "-x", "--", "host"})) == Arguments{"--"});
  CHECK(texts_of(connect({"connect", "--execute=--eof", "host"})) == Arguments{"--eof"});
  CHECK(connect({"-o", "-1", "host"}).request.origin == "-1");
  CHECK(!connect({"-o", "-1", "host"}).count);
}

TEST_CASE("an empty value is one, and never the URL behind it") {
  CHECK(connect({"--user-agent=", "host"}).request.headers.empty());
  CHECK(texts_of(connect({"--execute=", "host"})) == Arguments{""});
  CHECK(texts_of(connect({"-x", "--", "--", "host"})) == Arguments{"--"});
  CHECK(complaint({"--wait=", "host"}) == "--wait wants a number of seconds, not \"\"");
  for (const char* option : {"--until", "--user", "--bearer", "--origin", "--host", "--unix-socket", "--resolve",
                             "--connect-to", "--capath", "--cert", "--key", "--proxy-user", "--pin", "--ciphers"}) {
    CHECK(complaint({option, "", "host"}) == std::string(option) + ": empty");
    CHECK(complaint({std::string(option) + "=", "host"}) == std::string(option) + ": empty");
  }
}

TEST_CASE("what is a number or one of some words says so if it is empty") {
  const std::string count = "--count wants a whole number of at least 1, not \"\"";
  CHECK(complaint({"--count", "", "host"}) == count);
  CHECK(complaint({"--count=", "host"}) == count);
  CHECK(complaint({"--in=", "host"}) == "--in wants lines|nul|whole|raw|hex|base64|json, not \"\"");
  CHECK(complaint({"--protocol-version", "", "host"}) == "--protocol-version wants a whole number, not \"\"");
}

TEST_CASE("two dashes end the options") {
  CHECK(connect({"-b", "--", "host"}).endpoint.url.host == "host");
  CHECK(connect({"--", "-host"}).endpoint.url.host == "-host");
}

TEST_CASE("messages of the command line replace stdin, unless it is asked for") {
  const ConnectCommand command = connect({"-x", "a", "--execute=b", "host"});
  CHECK(texts_of(command) == Arguments{"a", "b"});
  CHECK(!command.reads_stdin);
  CHECK(connect({"-x", "a", "--stdin", "host"}).reads_stdin);
  CHECK(connect({"--stdin", "host"}).reads_stdin);
  CHECK(!connect({"-x", "", "host"}).reads_stdin);
}

TEST_CASE("stdin may be left alone") {
  CHECK(connect({"--no-stdin", "host"}).only_listens);
  CHECK(!connect({"--no-stdin", "host"}).reads_stdin);
  CHECK(!connect({"--no-stdin", "-x", "a", "host"}).reads_stdin);
  CHECK(!connect({"-x", "a", "host"}).only_listens);
  for (const Arguments& option : {Arguments{"--stdin"}, Arguments{"--echo"}, Arguments{"--commands", "-"}}) {
    Arguments arguments = {"host", "--no-stdin"};
    arguments.insert(arguments.end(), option.begin(), option.end());
    CHECK(complaint(arguments).find("excludes") != std::string::npos);
  }
  for (const char* format : {"whole", "nul"}) {
    CHECK(complaint({"--no-stdin", "--in", format, "host"}) ==
          "--in whole and --in nul are about stdin, which --no-stdin does not read");
  }
  CHECK(connect({"--no-stdin", "-0", "host"}).reporting.format == streams::OutputFormat::nul);
  CHECK(connect({"--no-stdin", "--format", "hex", "host"}).only_listens);
}

TEST_CASE("a message of the command line is sent as it is typed") {
  for (const char* message : {"", " ", "[1,2]", "[]", "{}", "{\"a\":[1,2]}", "[\"a\"]", "\"a\"", "'a'", "a,b", "%%",
                              "++", "\\n", "a\nb", "a@b", "=", "\xc3\xa9"}) {
    CHECK(texts_of(connect({"-x", message, "host"})) == Arguments{message});
    CHECK(texts_of(connect({"-x", "a", "--execute", message, "host"})) == Arguments{"a", message});
  }
}

TEST_CASE("all of stdin can be one message") {
  CHECK(connect({"--in", "whole", "host"}).input.format == streams::InputFormat::whole);
  CHECK(connect({"--in", "whole", "host"}).input.type == MessageType::text);
  CHECK(connect({"--in", "whole", "-b", "host"}).input.type == MessageType::binary);
}

TEST_CASE("the request says what is asked for") {
  const ws::ConnectOptions usual = connect({"host"}).request;
  CHECK(usual.host.empty());
  CHECK(usual.origin.empty());
  CHECK(usual.subprotocols.empty());
  CHECK(usual.version == 13);
  CHECK(usual.headers == http::Headers{usual_agent()});
  CHECK(connect({"--host", "other:81", "host"}).request.host == "other:81");
  for (const char* option : {"-o", "--origin"}) {
    CHECK(connect({option, "http://a", "host"}).request.origin == "http://a");
  }
  CHECK(connect({"-s", "a", "--subprotocol", "b", "host"}).request.subprotocols == Arguments{"a", "b"});
  CHECK(connect({"-p", "8", "host"}).request.version == 8);
  CHECK(connect({"--protocol-version=0", "host"}).request.version == 0);
  CHECK(complaint({"-s", "a,b", "host"}) == "--subprotocol: not a token");
  CHECK(complaint({"-s", "", "host"}) == "--subprotocol: not a token");
  for (const char* text : {"x", "13.5", "1e1", "99999999999"}) {
    CHECK(complaint({"-p", text, "host"}).find("--protocol-version") != std::string::npos);
  }
}

TEST_CASE("the request has the headers that are asked for") {
  const auto headers = [](const Arguments& options) { return with<ConnectCommand>(options).request.headers; };
  CHECK(headers({"-H", "A: 1", "--header=a: 2"}) == http::Headers{{"A", "1"}, {"a", "2"}, usual_agent()});
  CHECK(headers({"--cookie", "a=b", "--cookie", "c=d"}) == http::Headers{{"Cookie", "a=b; c=d"}, usual_agent()});
  for (const char* option : {"-u", "--user", "--auth"}) {
    CHECK(headers({option, "a:b"}) == http::Headers{{"Authorization", "Basic YTpi"}, usual_agent()});
  }
  CHECK(headers({"--bearer", "c"}) == http::Headers{{"Authorization", "Bearer c"}, usual_agent()});
  for (const char* option : {"-A", "--user-agent"}) {
    CHECK(headers({option, "me"}) == http::Headers{{"User-Agent", "me"}});
    CHECK(headers({option, ""}).empty());
  }
  CHECK(complaint({"-H", "[a]", "host"}) == "a header is written Name: value, and its name has no spaces");
  CHECK(complaint({"-u", "a:b", "--bearer", "c", "host"}) == "--user and --bearer exclude each other");
}

TEST_CASE("a password that is not given is asked for") {
  for (const char* option : {"-u", "--user", "--auth"}) {
    const ConnectCommand command = connect({option, "me", "host"});
    CHECK(command.asks_password_of == "me");
    CHECK(command.request.headers == http::Headers{usual_agent()});
  }
  CHECK(!connect({"-u", "me:", "host"}).asks_password_of);
  CHECK(!connect({"host"}).asks_password_of);
  CHECK(complaint({"-u", "me", "--bearer", "c", "host"}) == "--user and --bearer exclude each other");
}

TEST_CASE("an echo reads no stdin and holds the connection") {
  const session::ConnectCommand command = with<ConnectCommand>({"--echo"});
  CHECK(command.echo);
  CHECK(!command.reads_stdin);
  CHECK(command.at_eof == session::AtEof::hold);
  CHECK(!with<ConnectCommand>({}).echo);
  CHECK(with<ConnectCommand>({"--echo", "--json", "--max-size=1M", "-v", "--no-compress", "--count=3"}).count == 3);
}

TEST_CASE("an echo has no options about what is sent, or how messages look") {
  for (const Arguments& option : {Arguments{"-b"}, Arguments{"-t"}, Arguments{"-x", "a"}, Arguments{"--stdin"},
                                  Arguments{"--eof", "wait"}, Arguments{"-w", "1"}}) {
    Arguments arguments = {"host", "--echo"};
    arguments.insert(arguments.end(), option.begin(), option.end());
    CHECK(complaint(arguments).find("excludes") != std::string::npos);
  }
  for (const char* format : {"--in=lines", "--out=json", "--format=hex", "-0"}) {
    CHECK(complaint({"host", "--echo", format}) ==
          "--echo sends messages back as they are: of the formats there is only --json");
  }
  CHECK(complaint({"--echo"}) == "no URL for --echo");
}

TEST_CASE("permessage-deflate is offered as browsers do, with given parameters, or not at all") {
  const auto compression = [](const Arguments& options) { return with<ConnectCommand>(options).compression; };
  CHECK(compression({}) == ws::DeflateParameters{.client_max_window_bits = ws::any_window_bits});
  CHECK(compression({"--compress", "server_max_window_bits=10; client_no_context_takeover"}) ==
        ws::DeflateParameters{.client_no_context_takeover = true, .server_max_window_bits = 10});
  CHECK(compression({"--compress=client_max_window_bits=8"}) ==
        ws::DeflateParameters{.client_max_window_bits = std::uint8_t{8}});
  CHECK(compression({"--compress", "server_no_context_takeover"}) ==
        ws::DeflateParameters{.server_no_context_takeover = true});
  for (const char* header : {"permessage-deflate; server_max_window_bits=10; client_no_context_takeover",
                             " permessage-deflate ;server_max_window_bits = 10;client_no_context_takeover;"}) {
    CHECK(compression({"--compress", header}) ==
          ws::DeflateParameters{.client_no_context_takeover = true, .server_max_window_bits = 10});
  }
  CHECK(compression({"--compress", "permessage-deflate"}) == ws::DeflateParameters{});
  CHECK(!compression({"--no-compress"}));
}

TEST_CASE("what is sent is compressed as hard as it is wanted") {
  const auto level = [](const Arguments& options) { return with<ConnectCommand>(options).compression_level; };
  CHECK(level({}) == 6);
  CHECK(level({"--compress-level", "1"}) == 1);
  CHECK(level({"--compress-level=9", "--compress", "server_max_window_bits=10"}) == 9);
  CHECK(complaint({"--compress-level", "0", "h"}) == "--compress-level wants a level from 1 to 9, not \"0\"");
}

TEST_CASE("a header Sec-WebSocket-Extensions offers what it says, whatever the options say") {
  const auto of = [](const std::string& line, const Arguments& options = {}) {
    Arguments all = options;
    all.insert(all.end(), {"-H", line, "host"});
    return connect(all);
  };
  const ConnectCommand several =
      of("Sec-WebSocket-Extensions: x, permessage-deflate; server_no_context_takeover, permessage-deflate",
         {"--no-compress"});
  CHECK(several.compression == ws::DeflateParameters{.server_no_context_takeover = true});
  CHECK(several.further_compression == std::vector<ws::DeflateParameters>{{}});
  CHECK(several.request.headers.contains("Sec-WebSocket-Extensions"));
  for (const char* line : {"Sec-WebSocket-Extensions: x", "sec-websocket-extensions:", "Sec-WebSocket-Extensions;"}) {
    CHECK_MESSAGE(!of(line).compression, line);
    CHECK(!of(line, {"--compress", "client_max_window_bits"}).compression);
  }
  CHECK(complaint({"-H", "Sec-WebSocket-Extensions: ;", "host"}) ==
        "header Sec-WebSocket-Extensions: expected a token at 0");
  CHECK(complaint({"-H", "Sec-WebSocket-Extensions: permessage-deflate; x", "host"}) ==
        "header Sec-WebSocket-Extensions: invalid permessage-deflate parameter: x");
}

TEST_CASE("a password is not asked for that a header makes unnecessary") {
  for (const char* line : {"Authorization: x", "authorization:", "Authorization;"}) {
    CHECK(!connect({"-u", "me", "-H", line, "host"}).asks_password_of);
  }
}

TEST_CASE("parameters of permessage-deflate that do not exist are usage errors") {
  const std::string invalid = "--compress: invalid permessage-deflate parameter: ";
  for (const char* parameters : {"server_max_window_bits", "client_max_window_bits=7", "client_max_window_bits=16",
                                 "client_max_window_bits=08", "client_no_context_takeover=1", "permessage-deflate=1"}) {
    CHECK(complaint({"--compress", parameters, "host"}) == invalid + parameters);
  }
  CHECK(complaint({"--compress", "server_no_context_takeover; server_no_context_takeover", "host"}) ==
        invalid + "server_no_context_takeover");
  for (const char* parameters : {";", "a b", "a=", "a,b"}) {
    CHECK(complaint({"--compress", parameters, "host"}).find("--compress: ") == 0);
  }
  CHECK(complaint({"--compress", "client_max_window_bits", "--no-compress", "host"}) ==
        "--no-compress excludes --compress");
}
