#include "cli/stream_arguments.h"

#include <cstdint>
#include <limits>

#include "arguments.h"

using namespace wscope;
using namespace wscope::test;
using namespace std::chrono_literals;
using report::Verbosity;
using session::ConnectCommand;
using session::ServeCommand;
using streams::InputFormat;
using streams::MessageType;
using streams::OutputFormat;

// --- formats

TEST_CASE_TEMPLATE("messages are lines, both ways", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({}).input.format == InputFormat::lines);
  CHECK(with<Wanted>({}).reporting.format == OutputFormat::lines);
  CHECK(with<Wanted>({}).input.type == MessageType::text);
}

TEST_CASE_TEMPLATE("--in chooses how stdin is cut, and nothing else", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({"--in", "lines"}).input.format == InputFormat::lines);
  CHECK(with<Wanted>({"--in=nul"}).input.format == InputFormat::nul);
  CHECK(with<Wanted>({"--in", "raw"}).input.format == InputFormat::raw);
  CHECK(with<Wanted>({"--in", "hex"}).input.format == InputFormat::hex);
  CHECK(with<Wanted>({"--in", "base64"}).input.format == InputFormat::base64);
  CHECK(with<Wanted>({"--in", "json"}).input.format == InputFormat::json);
  CHECK(with<Wanted>({"--in", "json"}).reporting.format == OutputFormat::lines);
}

TEST_CASE_TEMPLATE("--out chooses how messages are printed, and nothing else", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({"--out", "lines"}).reporting.format == OutputFormat::lines);
  CHECK(with<Wanted>({"--out=nul"}).reporting.format == OutputFormat::nul);
  CHECK(with<Wanted>({"--out", "raw"}).reporting.format == OutputFormat::raw);
  CHECK(with<Wanted>({"--out", "hex"}).reporting.format == OutputFormat::hex);
  CHECK(with<Wanted>({"--out", "base64"}).reporting.format == OutputFormat::base64);
  CHECK(with<Wanted>({"--out", "json"}).reporting.format == OutputFormat::json);
  CHECK(with<Wanted>({"--out", "hex"}).input.format == InputFormat::lines);
  CHECK(with<Wanted>({"--out", "hex"}).input.type == MessageType::text);
  CHECK(with<Wanted>({"--json"}).reporting.format == OutputFormat::json);
  CHECK(with<Wanted>({"--json"}).input.format == InputFormat::lines);
}

TEST_CASE_TEMPLATE("--format is for both ways", Wanted, ConnectCommand, ServeCommand) {
  const auto formats = [](const Arguments& options) {
    const Wanted command = with<Wanted>(options);
    return std::pair(command.input.format, command.reporting.format);
  };
  CHECK(formats({"--format", "lines"}) == std::pair(InputFormat::lines, OutputFormat::lines));
  CHECK(formats({"--format=nul"}) == std::pair(InputFormat::nul, OutputFormat::nul));
  CHECK(formats({"--format", "raw"}) == std::pair(InputFormat::raw, OutputFormat::raw));
  CHECK(formats({"--format", "hex"}) == std::pair(InputFormat::hex, OutputFormat::hex));
  CHECK(formats({"--format", "base64"}) == std::pair(InputFormat::base64, OutputFormat::base64));
  CHECK(formats({"--format", "json"}) == std::pair(InputFormat::json, OutputFormat::json));
  CHECK(formats({"-0"}) == std::pair(InputFormat::nul, OutputFormat::nul));
  CHECK(formats({"--null"}) == std::pair(InputFormat::nul, OutputFormat::nul));
  CHECK(formats({"--in", "hex", "--out", "base64"}) == std::pair(InputFormat::hex, OutputFormat::base64));
  CHECK(formats({"--in", "hex", "--json"}) == std::pair(InputFormat::hex, OutputFormat::json));
}

TEST_CASE_TEMPLATE("what is no format is a usage error", Wanted, ConnectCommand, ServeCommand) {
  for (const char* text : {"RAW", "LINES", "line", "text", "lines|nul", " lines"}) {
    CHECK(complaint_with<Wanted>({"--in", text}) ==
          std::string("--in wants lines|nul|whole|raw|hex|base64|json, not \"") + text + "\"");
  }
  for (const char* text : {"whole", "JSON", "0"}) {
    CHECK(complaint_with<Wanted>({"--out", text}) ==
          std::string("--out wants lines|nul|raw|hex|base64|json, not \"") + text + "\"");
  }
  for (const char* text : {"whole", "Raw", "Hex"}) {
    CHECK(complaint_with<Wanted>({"--format", text}) ==
          std::string("--format wants lines|nul|raw|hex|base64|json, not \"") + text + "\"");
  }
}

TEST_CASE_TEMPLATE("a format is said once", Wanted, ConnectCommand, ServeCommand) {
  CHECK(complaint_with<Wanted>({"--format", "hex", "--in", "hex"}) == "--in excludes --format");
  CHECK(complaint_with<Wanted>({"--out", "hex", "--format", "hex"}) == "--out excludes --format");
  CHECK(complaint_with<Wanted>({"--json", "--out", "json"}) == "--out excludes --json");
  CHECK(complaint_with<Wanted>({"--json", "--format", "json"}) == "--format excludes --json");
  CHECK(complaint_with<Wanted>({"-0", "--in", "nul"}) == "--in excludes --null");
  CHECK(complaint_with<Wanted>({"-0", "--out", "nul"}) == "--out excludes --null");
  CHECK(complaint_with<Wanted>({"--null", "--format", "nul"}) == "--format excludes --null");
  CHECK(complaint_with<Wanted>({"-0", "--json"}) == "--json excludes --null");
  CHECK(complaint_with<Wanted>({"--in", "hex", "--in", "hex"}).find("--in") == 0);
  CHECK(complaint_with<Wanted>({"--in"}).find("--in") == 0);
}

TEST_CASE_TEMPLATE("messages are text unless binary ones are asked for", Wanted, ConnectCommand, ServeCommand) {
  for (const char* option : {"-b", "--binary"}) CHECK(with<Wanted>({option}).input.type == MessageType::binary);
  for (const char* option : {"-t", "--text"}) CHECK(with<Wanted>({option}).input.type == MessageType::text);
  CHECK(with<Wanted>({"-0b"}).input.type == MessageType::binary);
  CHECK(with<Wanted>({"--in", "json", "-b"}).input.type == MessageType::binary);
  CHECK(complaint_with<Wanted>({"-b", "-t"}) == "--binary excludes --text");
}

TEST_CASE_TEMPLATE("what is typed in hex or base64 is binary unless text is asked for", Wanted, ConnectCommand,
                   ServeCommand) {
  for (const char* format : {"hex", "base64"}) {
    CHECK(with<Wanted>({"--in", format}).input.type == MessageType::binary);
    CHECK(with<Wanted>({"--format", format}).input.type == MessageType::binary);
    CHECK(with<Wanted>({"--in", format, "-b"}).input.type == MessageType::binary);
    CHECK(with<Wanted>({"--in", format, "-t"}).input.type == MessageType::text);
  }
  for (const char* format : {"lines", "nul", "json"}) {
    CHECK(with<Wanted>({"--in", format}).input.type == MessageType::text);
  }
}

TEST_CASE_TEMPLATE("what is read as it comes is binary, and never text", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({"--in", "raw"}).input.type == MessageType::binary);
  CHECK(with<Wanted>({"--in", "raw", "-b"}).input.type == MessageType::binary);
  CHECK(complaint_with<Wanted>({"--in", "raw", "-t"}) ==
        "--in raw sends binary messages: a read may end inside a character");
}

TEST_CASE_TEMPLATE("line feeds are kept, and escapes read, where there are lines", Wanted, ConnectCommand,
                   ServeCommand) {
  CHECK(with<Wanted>({}).input.is_plain());
  CHECK(with<Wanted>({"--keep-newline"}).input.keeps_line_ends);
  CHECK_FALSE(with<Wanted>({"--keep-newline"}).input.is_plain());
  CHECK(with<Wanted>({"--escape", "-0"}).input.escapes);
  CHECK_FALSE(with<Wanted>({"--escape"}).input.is_plain());
  CHECK(with<Wanted>({"--escape", "--keep-newline", "-b"}).input.escapes);
  CHECK(complaint_with<Wanted>({"-0", "--keep-newline"}) == "--null excludes --keep-newline");
  for (const char* format : {"nul", "raw", "hex", "base64", "json"}) {
    CHECK(complaint_with<Wanted>({"--keep-newline", "--in", format}) ==
          "--keep-newline is for --in lines, where there is one to be kept");
  }
  for (const char* format : {"raw", "hex", "base64", "json"}) {
    CHECK(complaint_with<Wanted>({"--escape", "--in", format}) ==
          "--escape is for --in lines and --in nul, which are sent as they stand");
  }
}

// --- what is shown

TEST_CASE_TEMPLATE("usually there are hints, and no frames", Wanted, ConnectCommand, ServeCommand) {
  const report::Reporting usual = with<Wanted>({}).reporting;
  CHECK(usual.verbosity == Verbosity::normal);
  CHECK(!usual.sent);
  CHECK(!usual.frames);
  CHECK(usual.dump_size == 256);
}

TEST_CASE_TEMPLATE("-v says more, -vv shows frames, -q says less", Wanted, ConnectCommand, ServeCommand) {
  for (const char* option : {"-v", "--verbose"}) {
    CHECK(with<Wanted>({option}).reporting.verbosity == Verbosity::verbose);
    CHECK(!with<Wanted>({option}).reporting.frames);
  }
  for (const Arguments& options : {Arguments{"-vv"}, Arguments{"-v", "-v"}, Arguments{"-v", "--verbose"},
                                   Arguments{"-vvv"}, Arguments{"-vvvvvvvv"}, Arguments{"-v", "--frames"}}) {
    CHECK(with<Wanted>(options).reporting.verbosity == Verbosity::verbose);
    CHECK(with<Wanted>(options).reporting.frames);
  }
  CHECK(with<Wanted>({"--frames"}).reporting.verbosity == Verbosity::normal);
  CHECK(with<Wanted>({"--frames"}).reporting.frames);
  for (const char* option : {"-q", "--quiet", "-qq"}) {
    CHECK(with<Wanted>({option}).reporting.verbosity == Verbosity::quiet);
  }
  CHECK(with<Wanted>({"-q", "--frames"}).reporting.frames);
  CHECK(complaint_with<Wanted>({"-q", "-v"}) == "--verbose excludes --quiet");
  CHECK(complaint_with<Wanted>({"-vvq"}) == "--verbose excludes --quiet");
}

TEST_CASE_TEMPLATE("a dump has a size", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({"--dump-size", "1"}).reporting.dump_size == 1);
  CHECK(with<Wanted>({"--dump-size=64K"}).reporting.dump_size == 65536);
  CHECK(!with<Wanted>({"--dump-size", "1"}).reporting.frames);
  for (const char* text : {"", "0", "-1", "all", "1T", "17179869184G"}) {
    CHECK(complaint_with<Wanted>({"--dump-size", text}) ==
          std::string("--dump-size wants a number of bytes such as 100, 64K or 16M, not \"") + text + "\"");
  }
}

TEST_CASE_TEMPLATE("--show sent is what JSON has no flag for", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({"--json", "--show", "sent"}).reporting.sent);
  CHECK(with<Wanted>({"--show=sent", "--out", "json"}).reporting.sent);
  CHECK(complaint_with<Wanted>({"--json", "--show", "all"}) == "--show wants sent, not \"all\"");
}

// --- limits

TEST_CASE_TEMPLATE("nothing is limited by an option unless it is there", Wanted, ConnectCommand, ServeCommand) {
  const link::SizeLimits usual = with<Wanted>({}).limits;
  CHECK(!usual.message);
  CHECK(usual.frame == ws::unlimited);
  CHECK(!usual.head);
}

TEST_CASE_TEMPLATE("messages, frames and heads have limits", Wanted, ConnectCommand, ServeCommand) {
  const link::SizeLimits limits = with<Wanted>({"--max-size", "16M", "--max-frame=100", "--max-header", "8k"}).limits;
  CHECK(limits.message == 16777216);
  CHECK(limits.frame == 100);
  CHECK(limits.head == 8192);
  CHECK(with<Wanted>({"--max-size", "18446744073709551615"}).limits.message ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK(with<Wanted>({"--max-size", "1"}).limits.message == 1);
}

TEST_CASE_TEMPLATE("a limit is a number of bytes", Wanted, ConnectCommand, ServeCommand) {
  for (const char* option : {"--max-size", "--max-frame", "--max-header"}) {
    for (const char* text : {"", " ", "0", "-1", "none", "1.5M", "16MB", "18446744073709551616", "17179869184G"}) {
      CHECK(complaint_with<Wanted>({option, text}) ==
            std::string(option) + " wants a number of bytes such as 100, 64K or 16M, not \"" + text + "\"");
    }
    CHECK(complaint_with<Wanted>({option, "1", option, "2"}).find(option) == 0);
  }
}

// --- timeouts

TEST_CASE_TEMPLATE("timeouts are ten seconds, and there is no keepalive", Wanted, ConnectCommand, ServeCommand) {
  const link::Timeouts usual = with<Wanted>({}).timeouts;
  CHECK(usual.connect == 10s);
  CHECK(usual.handshake == 10s);
  CHECK(usual.close == 10s);
  CHECK(usual.ping_interval == 0s);
  CHECK(usual.ping_timeout == 10s);
}

TEST_CASE_TEMPLATE("every timeout has its option", Wanted, ConnectCommand, ServeCommand) {
  const link::Timeouts timeouts = with<Wanted>({"--handshake-timeout", "0.25", "--close-timeout=0", "--ping-interval",
                                                "30", "--ping-timeout", "2.5"})
                                      .timeouts;
  CHECK(timeouts.handshake == 250ms);
  CHECK(timeouts.close == 0s);
  CHECK(timeouts.ping_interval == 30s);
  CHECK(timeouts.ping_timeout == 2500ms);
  CHECK(with<Wanted>({"--handshake-timeout", "0"}).timeouts.handshake == 0s);
  CHECK(with<Wanted>({"--ping-timeout", "0"}).timeouts.ping_timeout == 0s);
}

TEST_CASE_TEMPLATE("every timeout is a number of seconds", Wanted, ConnectCommand, ServeCommand) {
  for (const char* option : {"--handshake-timeout", "--close-timeout", "--ping-interval", "--ping-timeout"}) {
    for (const char* text : {"", "x", "-1", "1m", "1e10"}) {
      CHECK(complaint_with<Wanted>({option, text}) ==
            std::string(option) + " wants a number of seconds, not \"" + text + "\"");
    }
    CHECK(complaint_with<Wanted>({option, "1", option, "2"}).find(option) == 0);
  }
}

TEST_CASE("only a client waits for a connection") {
  CHECK(connect({"--connect-timeout", "1", "host"}).timeouts.connect == 1s);
  CHECK(connect({"--connect-timeout=0", "host"}).timeouts.connect == 0s);
  CHECK(complaint({"--connect-timeout", "soon", "host"}) ==
        "--connect-timeout wants a number of seconds, not \"soon\"");
  CHECK(complaint({"listen", "80", "--connect-timeout=1"}).find("--connect-timeout") != std::string::npos);
}

// --- when messages are sent

TEST_CASE_TEMPLATE("a beat has an interval and a message, as --in has it", Wanted, ConnectCommand, ServeCommand) {
  const auto beats = with<Wanted>({"--every", "0.5", "a", "--every=300", "--x", "--every", "1", ""}).beats;
  REQUIRE(beats.size() == 3);
  CHECK(beats[0].interval == 500ms);
  CHECK(beats[0].says.message == wire::StoredInstruction{ws::Opcode::text, "a"});
  CHECK(beats[1].interval == 300s);
  CHECK(beats[1].says.message.payload == "--x");
  CHECK(beats[2].says.message.payload.empty());
  CHECK(with<Wanted>({"--every", "1", "\\x41", "--escape"}).beats.at(0).says.message.payload == "A");
  CHECK(with<Wanted>({"--every", "1", "ff", "--in", "hex"}).beats.at(0).says.message ==
        wire::StoredInstruction{ws::Opcode::binary, "\xff"});
  CHECK(with<Wanted>({"--every", "1", R"({"type":"ping"})", "--in", "json"}).beats.at(0).says.message.opcode ==
        ws::Opcode::ping);
  CHECK(with<Wanted>({}).beats.empty());
  CHECK(with<Wanted>({"--every", "1", "{{n}} {{uuid}}"}).beats.at(0).says.payload->has_names());
  CHECK(complaint_with<Wanted>({"--every", "1", "{{.a}}"}) == "--every: no message was matched by then");
  CHECK(complaint_with<Wanted>({"--every", "1", "{{x"}) == "--every: expected }}");
}

TEST_CASE_TEMPLATE("a beat takes both of its words, and no more", Wanted, ConnectCommand, ServeCommand) {
  CHECK(complaint_with<Wanted>({"--every", "0", "a"}) == "--every wants more than 0 seconds");
  CHECK(complaint_with<Wanted>({"--every", "x", "a"}) == "--every wants a number of seconds, not \"x\"");
  CHECK(complaint_with<Wanted>({"--every", "", "a"}) == "--every wants a number of seconds, not \"\"");
  CHECK(complaint_with<Wanted>({"--every", "1", "\xff"}) == "--every: not UTF-8");
  CHECK(complaint_with<Wanted>({"--every", "1"}).find("--every") == 0);
  CHECK(complaint_with<Wanted>({"--every", "1", "a", "b"}) == "The following argument was not expected: b");
}

TEST_CASE_TEMPLATE("a rate is a number of messages a second", Wanted, ConnectCommand, ServeCommand) {
  CHECK(with<Wanted>({}).rate == 0);
  CHECK(with<Wanted>({"--rate", "100"}).rate == 100);
  CHECK(with<Wanted>({"--rate", "0.5"}).rate == 0.5);
  for (const char* rate : {"0", "-1", "", "1x", "inf", "nan", "1e-9"}) {
    CHECK(complaint_with<Wanted>({"--rate", rate}) ==
          std::string("--rate wants a number of messages a second, not \"") + rate + "\"");
  }
  CHECK(complaint_with<Wanted>({"--rate", "1", "--commands", "-"}) == "--rate excludes --commands");
}

TEST_CASE_TEMPLATE("messages may be stamped with their times", Wanted, ConnectCommand, ServeCommand) {
  using report::Timestamps;
  CHECK(with<Wanted>({}).reporting.timestamps == Timestamps::off);
  CHECK(with<Wanted>({"--timestamps"}).reporting.timestamps == Timestamps::absolute);
  CHECK(with<Wanted>({"--timestamps=absolute"}).reporting.timestamps == Timestamps::absolute);
  CHECK(with<Wanted>({"--timestamps=relative"}).reporting.timestamps == Timestamps::relative);
  CHECK(complaint_with<Wanted>({"--timestamps=x"}) == "--timestamps wants absolute|relative, not \"x\"");
  for (const char* format : {"nul", "raw", "hex", "base64", "json"}) {
    CHECK(complaint_with<Wanted>({"--timestamps", "--out", format}) == "--timestamps is for --out lines");
  }
}
