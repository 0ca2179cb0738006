// What a program writes: the first byte says in which format, the second how it comes. Messages are the same however
// that is, text is UTF-8, and memory is bounded.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "require.h"
#include "serve/program_output.h"

using namespace wscope;
using fuzz::require;
using serve::ExecFormat;
using serve::ProgramOutput;

namespace {

constexpr std::uint64_t longest_object = 50;

/// Puts messages together again.
class Reader {
 public:
  explicit Reader(const ProgramOutput::Options& options) : output_(options) {}

  void feed(base::Bytes bytes) {
    output_.receive(bytes);
    take_all();
    require(output_.held() < 100'000);
  }
  void end() {
    output_.end();
    take_all();
    require(!output_.in_message() || failed_);
  }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] const std::vector<std::string>& items() const noexcept { return items_; }

 private:
  void take_all() {
    while (true) {
      while (const serve::OutputItem* item = output_.next()) take(*item);
      if (!output_.flaw()) return;
      require(output_.flaw()->reason.size() <= 123);
      items_.push_back(output_.flaw()->error.message);
      if (!failed_) failed_ = items_.back().find("line ") == std::string::npos;
      if (failed_) return;
      output_.pass_over();
    }
  }

  void take(const serve::OutputItem& item) {
    const auto* const piece = std::get_if<ws::Piece>(&item.instruction);
    if (piece == nullptr) return items_.push_back("control");
    require((piece->opcode == ws::Opcode::continuation) == in_message_);
    if (!in_message_) is_text_ = piece->opcode == ws::Opcode::text;
    if (!in_message_) message_.clear();
    require(!is_text_ || base::is_utf8(piece->payload));
    message_ += base::as_text(piece->payload);
    in_message_ = !piece->finished;
    require(output_.in_message() == in_message_);
    if (!in_message_) items_.push_back((is_text_ ? "text " : "binary ") + message_);
  }

  ProgramOutput output_;
  std::vector<std::string> items_{};
  std::string message_{};
  bool in_message_ = false;
  bool is_text_ = false;
  bool failed_ = false;
};

/// The messages, but those of which no end came.
std::vector<std::string> read(base::Bytes written, std::size_t block, const ProgramOutput::Options& options) {
  Reader reader(options);
  for (; !written.empty() && !reader.failed(); written = written.subspan(std::min(block, written.size()))) {
    reader.feed(written.first(std::min(block, written.size())));
  }
  if (!reader.failed()) reader.end();
  return reader.items();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 30'000) return 0;
  constexpr std::array formats = {ExecFormat::lines, ExecFormat::nul,    ExecFormat::whole,
                                  ExecFormat::raw,   ExecFormat::base64, ExecFormat::json};
  const unsigned choice = data[0];
  const std::size_t block = 1 + data[1];
  ProgramOutput::Options options{.format = formats[choice % formats.size()], .longest_held = longest_object};
  if (choice >= 64) options.type = streams::MessageType::binary;
  options.names_stream = options.format == ExecFormat::lines && choice >= 128;
  const base::Bytes written(reinterpret_cast<const std::byte*>(data + 2), size - 2);

  const std::vector<std::string> whole = read(written, size, options);
  const std::vector<std::string> parts = read(written, block, options);
  if (options.format != ExecFormat::raw) require(whole == parts);

  serve::ProgramErrors errors;
  errors.receive(written);
  while (const auto line = errors.next()) require(line->size() <= serve::ProgramErrors::longest_line);
  return 0;
}
