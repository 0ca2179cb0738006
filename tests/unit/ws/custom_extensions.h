// Extensions that exist only in tests.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ws/extension.h"

namespace wscope::test {

/// Changes every byte, a few at a time when decoding.
class MappingExtension final : public ws::Extension {
 public:
  using Map = unsigned (*)(unsigned byte);
  struct Ways {
    Map encode, decode;
    ws::Rsv rsv = 0;  ///< that it sets on the first frame of a message
    ws::Rsv continuation_rsv = 0;
    std::size_t step = 3;  ///< bytes decoded at a time
  };
  explicit MappingExtension(Ways ways) : ways_(ways) {}

  [[nodiscard]] RsvUse rsv_use() const noexcept override { return {ways_.rsv, ways_.continuation_rsv}; }
  void begin_frame(const ws::FrameInfo& frame) noexcept override {
    if (frame.first) on_ = ways_.rsv == 0 || (frame.rsv & ways_.rsv) != 0;
  }
  [[nodiscard]] Decoded decode(base::Bytes& in, bool) noexcept override {
    if (!on_) return {std::exchange(in, {}), true, std::nullopt};
    const base::Bytes now = in.first(std::min(in.size(), ways_.step));
    in = in.subspan(now.size());
    return {map(now, ways_.decode), in.empty(), std::nullopt};
  }
  void end_message() noexcept override { out_.clear(); }
  [[nodiscard]] std::optional<base::Bytes> encode(const ws::FrameInfo& frame, bool compress, base::Bytes payload,
                                                  ws::Rsv& rsv) noexcept override {
    if (frame.first) sends_ = compress;
    if (!sends_) return payload;
    rsv = static_cast<ws::Rsv>(rsv | (frame.first ? ways_.rsv : ways_.continuation_rsv));
    return map(payload, ways_.encode);
  }

 private:
  base::Bytes map(base::Bytes bytes, Map by) {
    out_.clear();
    for (const std::byte byte : bytes) out_.push_back(static_cast<std::byte>(by(std::to_integer<unsigned>(byte))));
    return out_;
  }

  Ways ways_;
  bool on_ = true;
  bool sends_ = true;
  std::vector<std::byte> out_;
};

/// Every byte received stands for two. The second one is held back for the next step, when nothing is left to read.
class DoublingExtension final : public ws::Extension {
 public:
  [[nodiscard]] RsvUse rsv_use() const noexcept override { return {}; }
  void begin_frame(const ws::FrameInfo&) noexcept override {}
  [[nodiscard]] Decoded decode(base::Bytes& in, bool) noexcept override {
    if (holds_) return {{&byte_, 1}, !std::exchange(holds_, false) || in.empty(), std::nullopt};
    if (in.empty()) return {};
    byte_ = in.front();
    in = in.subspan(1);
    holds_ = true;
    return {{&byte_, 1}, false, std::nullopt};
  }
  void end_message() noexcept override {}
  [[nodiscard]] std::optional<base::Bytes> encode(const ws::FrameInfo&, bool, base::Bytes payload,
                                                  ws::Rsv&) noexcept override {
    out_.clear();
    for (std::size_t i = 0; i < payload.size(); i += 2) out_.push_back(payload[i]);
    return out_;
  }

 private:
  std::byte byte_{};
  bool holds_ = false;
  std::vector<std::byte> out_;
};

/// Can neither decode nor encode.
class BrokenExtension final : public ws::Extension {
 public:
  [[nodiscard]] RsvUse rsv_use() const noexcept override { return {}; }
  void begin_frame(const ws::FrameInfo&) noexcept override {}
  [[nodiscard]] Decoded decode(base::Bytes&, bool) noexcept override {
    return {{}, true, ws::Violation::extension_failed};
  }
  void end_message() noexcept override {}
  [[nodiscard]] std::optional<base::Bytes> encode(const ws::FrameInfo&, bool, base::Bytes, ws::Rsv&) noexcept override {
    return std::nullopt;
  }
};

/// Makes long messages out of empty ones, both ways.
class InflatingExtension final : public ws::Extension {
 public:
  explicit InflatingExtension(std::size_t size) : out_(size, std::byte{'x'}) {}
  [[nodiscard]] RsvUse rsv_use() const noexcept override { return {}; }
  void begin_frame(const ws::FrameInfo&) noexcept override {}
  [[nodiscard]] Decoded decode(base::Bytes& in, bool) noexcept override {
    in = {};
    return {out_, true, std::nullopt};
  }
  void end_message() noexcept override {}
  [[nodiscard]] std::optional<base::Bytes> encode(const ws::FrameInfo&, bool, base::Bytes, ws::Rsv&) noexcept override {
    return out_;
  }

 private:
  std::vector<std::byte> out_;
};

inline std::unique_ptr<ws::Extension> flip_case(ws::Rsv rsv = ws::rsv2) {
  const auto flip = [](unsigned byte) { return byte ^ 0x20U; };
  return std::make_unique<MappingExtension>(MappingExtension::Ways{flip, flip, rsv});
}

inline std::unique_ptr<ws::Extension> add_one(ws::Rsv rsv = ws::rsv3) {
  return std::make_unique<MappingExtension>(MappingExtension::Ways{
      [](unsigned byte) { return (byte + 1) & 0xff; }, [](unsigned byte) { return (byte - 1) & 0xff; }, rsv});
}

/// Offers an extension under a name. A parameter "no" in the other side's words is refused.
class CustomOffer final : public ws::ExtensionOffer {
 public:
  using Make = std::unique_ptr<ws::Extension> (*)();
  CustomOffer(std::string name, Make make, ws::ExtensionParameters parameters = {})
      : name_(std::move(name)), parameters_(std::move(parameters)), make_(make) {}

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] ws::ExtensionParameters request() const override { return parameters_; }
  [[nodiscard]] base::Result<std::unique_ptr<ws::Extension>> on_response(
      const ws::ExtensionParameters& parameters) const override {
    if (refuses(parameters)) return base::Error{base::ErrorKind::http, "no"};
    return make_();
  }
  [[nodiscard]] base::Result<Accepted> on_request(const ws::ExtensionParameters& parameters) const override {
    if (refuses(parameters)) return base::Error{base::ErrorKind::http, "no"};
    return Accepted{parameters_, make_()};
  }

 private:
  static bool refuses(const ws::ExtensionParameters& parameters) {
    return std::any_of(parameters.begin(), parameters.end(), [](const auto& each) { return each.name == "no"; });
  }

  std::string name_;
  ws::ExtensionParameters parameters_;
  Make make_;
};

/// A chain of these extensions.
template <typename... Extensions>
ws::ExtensionChain chain_of(Extensions... extensions) {
  std::vector<std::unique_ptr<ws::Extension>> all;
  (all.push_back(std::move(extensions)), ...);
  return ws::ExtensionChain(std::move(all));
}

}  // namespace wscope::test
