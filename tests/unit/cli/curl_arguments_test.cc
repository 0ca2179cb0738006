#include "cli/curl_arguments.h"

#include <string>

#include "arguments.h"
#include "environment.h"

using namespace wscope;
using namespace wscope::test;
using cli::translate_curl;

namespace {

Arguments translated(const Arguments& arguments) {
  const auto translated = translate_curl(arguments);
  if (!translated) FAIL(translated.error().message);
  return translated->arguments;
}

Arguments ignored(const Arguments& arguments) {
  const auto translated = translate_curl(arguments);
  if (!translated) FAIL(translated.error().message);
  CHECK(translated->arguments == Arguments{"URL"});
  return translated->ignored;
}

std::string refused(const Arguments& arguments) {
  const auto translated = translate_curl(arguments);
  REQUIRE(!translated.ok());
  CHECK(translated.error().kind == base::ErrorKind::usage);
  return translated.error().message;
}

/// The client that a pasted line means.
session::ConnectCommand pasted(Arguments arguments) {
  const Environment environment(only({}));
  arguments.insert(arguments.begin(), "curl");
  return connect(arguments);
}

}  // namespace

TEST_CASE("a line that Chrome has copied is the request of the page") {
  const session::ConnectCommand command =
      pasted({"curl", "wss://echo.example/chat?room=1",
              "-H",   "Upgrade: websocket",
              "-H",   "Origin: https://page.example",
              "-H",   "Cache-Control: no-cache",
              "-H",   "Accept-Language: en-US,en;q=0.9",
              "-b",   "id=1; theme=dark",
              "-H",   "Connection: Upgrade",
              "-H",   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "-H",   "User-Agent: Mozilla/5.0 (X11; Linux x86_64)",
              "-H",   "Sec-WebSocket-Protocol: v2.chat, v1.chat",
              "-H",   "Sec-WebSocket-Version: 13",
              "-H",   "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"});
  CHECK(command.endpoint.url.text() == "wss://echo.example/chat?room=1");
  CHECK(command.request.subprotocols == Arguments{"v2.chat", "v1.chat"});
  CHECK(command.request.headers == http::Headers{{"Origin", "https://page.example"},
                                                 {"Cache-Control", "no-cache"},
                                                 {"Accept-Language", "en-US,en;q=0.9"},
                                                 {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"},
                                                 {"Cookie", "id=1; theme=dark"}});
  CHECK(command.notices.empty());
}

TEST_CASE("so is one of Firefox") {
  const session::ConnectCommand command = pasted({"wss://echo.example/",
                                                  "--http1.1",
                                                  "--compressed",
                                                  "-H",
                                                  "User-Agent: Mozilla/5.0",
                                                  "-H",
                                                  "Accept: */*",
                                                  "-H",
                                                  "Accept-Encoding: gzip, deflate, br, zstd",
                                                  "-H",
                                                  "Sec-WebSocket-Version: 13",
                                                  "-H",
                                                  "Origin: https://page.example",
                                                  "-H",
                                                  "Sec-WebSocket-Extensions: permessage-deflate",
                                                  "-H",
                                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                                                  "-H",
                                                  "Connection: keep-alive, Upgrade",
                                                  "-H",
                                                  "Cookie: id=1",
                                                  "-H",
                                                  "Upgrade: websocket"});
  CHECK(command.request.headers ==
        http::Headers{
            {"User-Agent", "Mozilla/5.0"}, {"Accept", "*/*"}, {"Origin", "https://page.example"}, {"Cookie", "id=1"}});
  CHECK(command.notices == Arguments{"ignored, as it means nothing here: --http1.1, --compressed"});
}

TEST_CASE("so is one of Safari") {
  const session::ConnectCommand command =
      pasted({"https://echo.example/", "-X", "GET", "-H", "Origin: https://page.example", "-H", "Connection: Upgrade",
              "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "-H", "User-Agent: Mozilla/5.0"});
  CHECK(command.endpoint.url.text() == "wss://echo.example/");
  CHECK(command.request.headers == http::Headers{{"Origin", "https://page.example"}, {"User-Agent", "Mozilla/5.0"}});
  CHECK(command.notices.empty());
}

TEST_CASE("the word curl may stand first") {
  CHECK(translated({"curl", "URL"}) == Arguments{"URL"});
  CHECK(translated({"URL"}) == Arguments{"URL"});
  CHECK(translated({"curl"}).empty());
  CHECK(translated({"curl", "curl"}) == Arguments{"curl"});
}

TEST_CASE("curl's options become ours, with their values") {
  CHECK(translated({"-A", "me", "-u", "a:b", "-x", "p:1", "-m", "3", "-k", "-L", "-4", "-6"}) ==
        Arguments{"--user-agent=me", "--user=a:b", "--proxy=p:1", "--timeout=3", "--insecure", "--location", "--ipv4",
                  "--ipv6"});
  CHECK(translated({"--url", "URL", "--max-redirs", "3", "--oauth2-bearer", "t", "--pass", "p", "--cacert", "c"}) ==
        Arguments{"URL", "--max-redirects=3", "--bearer=t", "--passphrase=p", "--cacert=c"});
  CHECK(translated({"--socks5", "a:1", "--socks5-hostname", "b"}) ==
        Arguments{"--proxy=socks5://a:1", "--proxy=socks5h://b"});
  CHECK(translated({"--tlsv1.2", "--tlsv1.3"}) == Arguments{"--tls-min=1.2", "--tls-min=1.3"});
  CHECK(translated({"-e", "https://a"}) == Arguments{"--header=Referer: https://a"});
  CHECK(translated({"-x", ""}) == Arguments{"--proxy="});
  CHECK(translated({"-vv"}) == Arguments{"--verbose", "--verbose"});
}

TEST_CASE("a certificate may have its passphrase behind a colon") {
  CHECK(translated({"-E", "our.pem"}) == Arguments{"--cert=our.pem"});
  CHECK(translated({"--cert", "our.pem:a:b"}) == Arguments{"--cert=our.pem", "--passphrase=a:b"});
  CHECK(translated({"-E", "a\\:b\\\\c:d"}) == Arguments{"--cert=a:b\\c", "--passphrase=d"});
  CHECK(translated({"-E", "a\\b:"}) == Arguments{"--cert=a\\b"});
}

TEST_CASE("every option of curl that becomes ours is one of ours") {
  const Arguments lines[] = {{"-A", "a"},
                             {"-u", "a:b"},
                             {"--oauth2-bearer", "a"},
                             {"-x", "a"},
                             {"-k"},
                             {"-L"},
                             {"-L", "--max-redirs", "3"},
                             {"--cacert", "a"},
                             {"--capath", "a"},
                             {"-E", "a", "--key", "a", "--pass", "a"},
                             {"--ciphers", "a"},
                             {"--tlsv1.2"},
                             {"--tlsv1.3"},
                             {"--resolve", "a:1:::1"},
                             {"--connect-to", ":::"},
                             {"--unix-socket", "a"},
                             {"--connect-timeout", "1"},
                             {"-m", "1"},
                             {"-4"},
                             {"-6"},
                             {"-v"},
                             {"-H", "A: b"},
                             {"-e", "a"},
                             {"-b", "a=b"},
                             {"--socks5", "a"},
                             {"--socks5-hostname", "a"}};
  for (Arguments line : lines) {
    CAPTURE(line.front());
    line.emplace_back("host");
    CHECK(pasted(line).endpoint.url.host == "host");
  }
}

TEST_CASE("letters stand together, the last one with its value") {
  CHECK(translated({"-skH", "A: b", "URL"}) == Arguments{"--insecure", "--header=A: b", "URL"});
  CHECK(translated({"-HA: b", "-Ame"}) == Arguments{"--header=A: b", "--user-agent=me"});
  CHECK(translated({"-XGET", "URL"}) == Arguments{"URL"});
  CHECK(translated({"-"}) == Arguments{"-"});
}

TEST_CASE("what means nothing is ignored with its value, and named") {
  CHECK(ignored({"-s", "--compressed", "URL"}) == Arguments{"-s", "--compressed"});
  CHECK(ignored({"-o", "file", "-w", "%{http_code}", "-O", "URL"}) == Arguments{"-o", "-w", "-O"});
  CHECK(ignored({"-ofile", "-sSfN", "URL"}) == Arguments{"-o", "-s", "-S", "-f", "-N"});
  CHECK(ignored({"--output", "-", "--retry", "3", "--dump-header", "-", "URL"}) ==
        Arguments{"--output", "--retry", "--dump-header"});
  CHECK(ignored({"-c", "cookies.txt", "URL"}) == Arguments{"-c"});
  CHECK(ignored({"-g", "--globoff", "-i", "-#", "-0", "--http2", "URL"}).size() == 6);
}

TEST_CASE("what a WebSocket request cannot be is refused") {
  for (const char* option : {"-d", "--data", "--data-raw", "--data-binary", "-F", "-T"}) {
    CHECK(refused({option, "secret", "URL"}) ==
          std::string("curl's ") + option + " sends a body, which a WebSocket request has not");
  }
  CHECK(refused({"-X", "POST"}) == "curl's -X: the method of a WebSocket request is GET");
  CHECK(refused({"-I", "URL"}) == "curl's -I: the method of a WebSocket request is GET");
}

TEST_CASE("an unknown letter and a missing value are errors that name it") {
  CHECK(refused({"-Q", "me:secret"}) == "unknown option -Q");
  CHECK(refused({"-sW"}) == "unknown option -W");
  CHECK(refused({"URL", "-H"}) == "curl's -H wants a value");
  CHECK(refused({"URL", "--output"}) == "curl's --output wants a value");
}

TEST_CASE("options that only wscope has stand among curl's") {
  CHECK(translated({"URL", "--one", "--wait=-1", "--json", "--count", "3"}) ==
        Arguments{"URL", "--one", "--wait=-1", "--json", "--count", "3"});
  CHECK(translated({"--header=A: b"}) == Arguments{"--header=A: b"});
}

TEST_CASE("headers are as curl has them") {
  CHECK(translated({"-H", "A:b"}) == Arguments{"--header=A:b"});
  CHECK(translated({"-H", "A;"}) == Arguments{"--header=A;"});
  CHECK(translated({"-H", "A: b;"}) == Arguments{"--header=A: b;"});
  CHECK(translated({"-H", "@file"}) == Arguments{"--header=@file"});
  CHECK(translated({"-H", "@a:b"}) == Arguments{"--header=@a:b"});
  CHECK(translated({"-H", "Accept:"}) == Arguments{"--header=Accept:"});
  CHECK(translated({"-H", "user-agent: "}) == Arguments{"--header=user-agent: "});
  CHECK(translated({"-H", "SEC-WEBSOCKET-KEY: a", "-H", "connection:b"}).empty());
  CHECK(translated({"-H", "Connection:", "-H", "upgrade;"}) == Arguments{"--header=Connection:", "--header=upgrade;"});
  CHECK(pasted({"host", "-H", "Sec-WebSocket-Protocol:", "-H", "Host:"}).request.left_out ==
        Arguments{"Sec-WebSocket-Protocol", "Host"});
}

TEST_CASE("cookies are typed or in a file") {
  CHECK(translated({"-b", "a=b", "--cookie", "c=d; e=f"}) == Arguments{"--cookie=a=b", "--cookie=c=d; e=f"});
  CHECK(translated({"-b", "cookies.txt"}) == Arguments{"--cookie=@cookies.txt"});
  CHECK(translated({"-b", ""}).empty());
}

TEST_CASE("help may be asked for") {
  for (const char* option : {"-h", "--help", "-sh"}) CHECK(translate_curl({"URL", option})->help);
  CHECK(!translate_curl({"URL"})->help);
}
