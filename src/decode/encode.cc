#include "decode/encode.h"

#include <algorithm>
#include <variant>
#include <vector>

#include <unistd.h>

#include "base/base64.h"
#include "decode/stdout_writer.h"
#include "decode/text_position.h"
#include "net/error.h"
#include "net/input_file.h"
#include "streams/line_splitter.h"
#include "view/hexdump.h"
#include "view/json_events.h"
#include "wire/frame_writer.h"
#include "ws/frame.h"

namespace wscope::decode {
namespace {

constexpr std::size_t written_at_once = std::size_t{64} << 10;
constexpr std::size_t longest_line = std::size_t{64} << 20;

constexpr bool is_message(ws::Opcode opcode) noexcept { return !ws::is_control(opcode); }

// Frames as they are printed.
class Printer {
 public:
  explicit Printer(OutputKind kind, std::string& out) : kind_(kind), out_(out) {
    if (kind_ == OutputKind::c) out_ += "static const unsigned char frames[] = {\n";
  }
  void print(std::string_view frame) {
    const base::Bytes bytes = base::as_bytes(frame);
    switch (kind_) {
      case OutputKind::raw:
        out_ += frame;
        return;
      case OutputKind::hex:
        view::append_hex(bytes, out_);
        out_ += '\n';
        return;
      case OutputKind::base64:
        out_ += base::base64_encode(bytes) + "\n";
        return;
      case OutputKind::c:
        return print_c(bytes);
    }
  }
  void finish() {
    if (kind_ == OutputKind::c) out_ += "};\n";
  }

 private:
  void print_c(base::Bytes bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      out_ += i % 12 == 0 ? "  0x" : " 0x";
      view::append_hex(bytes.subspan(i, 1), out_);
      out_ += i % 12 == 11 || i + 1 == bytes.size() ? ",\n" : ",";
    }
  }

  OutputKind kind_;
  std::string& out_;
};

class Run {
 public:
  Run(const EncodePlan& plan, base::RandomSource& random, net::Signals& signals)
      : plan_(plan), signals_(signals), writer_(signals, outcome_), encoder_(plan, random), printer_(plan.out, out_) {}

  streams::Outcome run() {
    const Encoder::Take take = [this](std::string_view frame) { printer_.print(frame); };
    for (const EncodePlan::Item& item : plan_.items) {
      std::visit([&](const auto& what) { encoder_.encode(what, take); }, item);
      write(written_at_once);
    }
    if (plan_.reads_json) read_lines(take);
    printer_.finish();
    write(1);
    return outcome_;
  }

 private:
  void read_lines(const Encoder::Take& take) {
    const auto input = net::InputFile::open("-");
    streams::LineSplitter lines(longest_line);
    while (!outcome_.decided() && !lines.done()) {
      while (const auto line = lines.next()) {
        if (!line->finished) return fail(lines.line(), "a line of more than 64 MiB");
        take_line(base::as_text(line->data), lines.line(), take);
        if (outcome_.decided()) return;
      }
      if (lines.done()) return;
      read(*input, lines);
    }
  }

  void read(const net::InputFile& input, streams::LineSplitter& lines) {
    using Waited = net::InputFile::Waited;
    Waited waited = input.wait({signals_.fd(), writer_.poll_fd()}, std::chrono::milliseconds(0));
    if (waited == Waited::timed_out) {
      write(1);
      if (outcome_.decided()) return;
      waited = input.wait({signals_.fd(), writer_.poll_fd()});
    }
    if (waited == Waited::woken) return writer_.look_at_signals();
    if (waited == Waited::no_reader) return outcome_.end(0);
    const net::IoResult result = input.read(lines.room());
    if (result.kind == net::IoResult::Kind::failed) {
      outcome_.fail(net::system_error("standard input", result.error));
    } else if (result.kind == net::IoResult::Kind::end) {
      lines.end();
    } else if (result.kind == net::IoResult::Kind::done) {
      lines.commit(result.bytes);
    }
  }

  void take_line(std::string_view line, std::uint64_t number, const Encoder::Take& take) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    const auto event = events_.read(line, storage_);
    if (!event) return fail(number, event.error().message);
    if (*event) encoder_.encode(wire::stored((*event)->instruction), take);
    write(written_at_once);
  }

  void fail(std::uint64_t line, std::string_view why) {
    write(1);
    outcome_.fail({base::ErrorKind::io, "standard input:" + std::to_string(line) + ": " + std::string(why)});
  }

  void write(std::size_t least) {
    if (out_.size() >= least) writer_.write(out_);
  }

  const EncodePlan& plan_;
  net::Signals& signals_;
  streams::Outcome outcome_{};
  std::string out_{};
  StdoutWriter writer_;
  Encoder encoder_;
  Printer printer_;
  view::EventReader events_{};
  std::string storage_{};
};

}  // namespace

Encoder::Encoder(const EncodePlan& plan, base::RandomSource& random) : plan_(plan), random_(random) {
  if (plan.deflate) extension_ = deflate_.agreed(plan.role, *plan.deflate);
}

void Encoder::encode(const wire::StoredInstruction& item, const Take& take) {
  if (is_message(item.opcode)) return encode_message(item, take);
  wire::Header header{.opcode = static_cast<std::uint8_t>(item.opcode), .mask = key()};
  std::string payload;
  if (item.code) {
    payload = {static_cast<char>(item.code->value >> 8), static_cast<char>(item.code->value & 0xff)};
  }
  payload += item.payload;
  add_frame(header, base::as_bytes(payload), take);
}

void Encoder::encode_message(const wire::StoredInstruction& item, const Take& take) {
  base::Bytes rest = base::as_bytes(item.payload);
  const std::size_t most = plan_.fragment.value_or(std::max<std::size_t>(rest.size(), 1));
  bool first = true;
  do {
    base::Bytes part = rest.first(std::min(rest.size(), most));
    rest = rest.subspan(part.size());
    wire::Header header;
    header.opcode = first ? static_cast<std::uint8_t>(item.opcode) : std::uint8_t{0};
    header.fin = rest.empty();
    header.mask = key();
    if (extension_) {
      const auto encoded = extension_->encode({item.opcode, 0, first, header.fin}, true, part, header.rsv);
      part = encoded.value_or(base::Bytes());
    }
    add_frame(header, part, take);
    first = false;
  } while (!rest.empty());
}

void Encoder::encode(const StoredFrame& item, const Take& take) {
  wire::Header header = item.header;
  if (item.masked_by_role) header.mask = key();
  frame_.clear();
  wire::append_frame(header, base::as_bytes(item.payload), frame_);
  take(frame_);
}

void Encoder::add_frame(wire::Header header, base::Bytes payload, const Take& take) {
  header.length = payload.size();
  header.form = ws::shortest_form(header.length);
  frame_.clear();
  wire::append_frame(header, payload, frame_);
  take(frame_);
}

std::optional<ws::MaskKey> Encoder::key() {
  if (plan_.masking == EncodePlan::Masking::none) return std::nullopt;
  if (plan_.masking == EncodePlan::Masking::key) return plan_.key;
  if (plan_.masking == EncodePlan::Masking::by_role && plan_.role == ws::Role::server) return std::nullopt;
  ws::MaskKey key{};
  random_.fill(key);
  return key;
}

streams::Outcome encode(const EncodePlan& plan, base::RandomSource& random, net::Signals& signals) {
  if (plan.out == OutputKind::raw && ::isatty(STDOUT_FILENO) != 0) {
    streams::Outcome outcome;
    outcome.fail(base::usage_error("--out raw is not for a terminal", "send it into a pipe or a file"));
    return outcome;
  }
  return Run(plan, random, signals).run();
}

}  // namespace wscope::decode
