#include "ws/deflate.h"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "ws/zlib_stream.h"

namespace wscope::ws {
namespace {

constexpr std::size_t scratch_kept = std::size_t{64} * 1024;

// One direction as it was agreed.
struct Context {
  std::uint8_t window_bits;
  bool context_takeover;
};

class DeflateExtension final : public Extension, private Packable {
 public:
  DeflateExtension(Context sending, Context receiving, DeflatePool& pool) noexcept
      : pool_(pool), sending_(sending), receiving_(receiving) {}
  ~DeflateExtension() override { pool_.remove(*this); }
  DeflateExtension(const DeflateExtension&) = delete;
  DeflateExtension& operator=(const DeflateExtension&) = delete;

  [[nodiscard]] RsvUse rsv_use() const noexcept override { return {rsv1, 0}; }

  void begin_frame(const FrameInfo& frame) noexcept override {
    if (frame.first) message_is_compressed_ = (frame.rsv & rsv1) != 0;
    receives_ = true;
  }

  [[nodiscard]] Decoded decode(base::Bytes& in, bool message_ends) override {
    if (!message_is_compressed_) return {std::exchange(in, {}), true, std::nullopt};
    used_ = true;
    if (!inflater_) take_inflater();
    if (!window_) window_ = pool_.take_window();
    if (!inflater_) return {{}, true, Violation::extension_failed};
    const Inflater::Step step = inflater_->inflate(in, message_ends, *window_);
    return {base::Bytes(*window_).first(step.size), step.drained, step.violation};
  }

  void end_message() noexcept override {
    receives_ = false;
    pool_.give_back(std::move(window_));
    if (!receiving_.context_takeover) pool_.give_back(std::move(inflater_));
  }

  [[nodiscard]] std::optional<base::Bytes> encode(const FrameInfo& frame, bool compress, base::Bytes payload,
                                                  Rsv& rsv) override {
    if (frame.first) {
      const bool too_small = frame.finished && payload.size() < pool_.tuning().min_size;
      sends_compressed_ = compress && !too_small;
    }
    if (!sends_compressed_) return payload;
    sends_ = !frame.finished;
    if (frame.first) rsv |= rsv1;
    used_ = true;
    if (!deflater_) take_deflater();
    base::Buffer& scratch = pool_.scratch();
    scratch.clear();
    if (scratch.capacity() > scratch_kept) scratch.release();
    if (!deflater_ || !deflater_->compress(payload, scratch)) return std::nullopt;
    if (frame.finished) {
      cut_tail(scratch);
      if (!sending_.context_takeover) pool_.give_back(std::move(deflater_));
    }
    return scratch.view();
  }

 private:
  void take_inflater() {
    inflater_ = pool_.take_inflater(receiving_.window_bits);
    if (!inflater_ || !receiving_.context_takeover) return;
    inflater_->set_window(received_);
    received_ = {};
    pool_.add(*this);
  }

  void take_deflater() {
    deflater_ = pool_.take_deflater(sending_.window_bits);
    if (!deflater_ || !sending_.context_takeover) return;
    deflater_->set_window(sent_);
    sent_ = {};
    pool_.add(*this);
  }

  [[nodiscard]] bool pack() noexcept override {
    if (std::exchange(used_, false) || sends_ || receives_ || (inflater_ && !inflater_->at_rest())) return false;
    try {
      std::vector<std::byte> received = inflater_ ? inflater_->window() : std::vector<std::byte>();
      if (deflater_) sent_ = deflater_->window();
      if (inflater_) received_ = std::move(received);  // or else it is packed already
    } catch (const std::bad_alloc&) {                  // there is no better time than the next
      return false;
    }
    pool_.give_back(std::move(deflater_));
    pool_.give_back(std::move(inflater_));
    return true;
  }

  // Section 7.2.1: the 00 00 ff ff of the flush is not sent, but a compressed message is never empty.
  static void cut_tail(base::Buffer& scratch) {
    constexpr std::size_t tail = 4;
    if (scratch.size() > tail) return scratch.truncate(scratch.size() - tail);
    const base::MutableBytes room = scratch.prepare(1);
    room.front() = std::byte{0};  // zlib does not repeat a flush: this is the head of the empty block it left out
    scratch.commit(1);
  }

  DeflatePool& pool_;
  std::unique_ptr<Deflater> deflater_;
  std::unique_ptr<Inflater> inflater_;
  std::unique_ptr<InflateWindow> window_;
  Context sending_;
  Context receiving_;
  std::vector<std::byte> received_;  // the windows, while packed
  std::vector<std::byte> sent_;
  bool used_ = false;      // since the last pack()
  bool receives_ = false;  // in the middle of a message
  bool sends_ = false;     // in the middle of a compressed one
  bool message_is_compressed_ = false;
  bool sends_compressed_ = false;
};

base::Error does_not_answer(const char* what) {
  return {base::ErrorKind::http, std::string("the server's permessage-deflate does not answer the offer: ") + what};
}

bool names_bits(std::optional<std::uint8_t> bits) noexcept { return bits && *bits != any_window_bits; }

}  // namespace

PermessageDeflate::PermessageDeflate(DeflateParameters wanted, DeflateTuning tuning)
    : wanted_(wanted), pool_(std::make_unique<DeflatePool>(tuning)) {}

PermessageDeflate::~PermessageDeflate() = default;

ExtensionParameters PermessageDeflate::request() const { return write_deflate_parameters(wanted_); }

std::size_t PermessageDeflate::pack_idle() noexcept { return pool_->pack(); }

bool PermessageDeflate::has_contexts() const noexcept { return pool_->has_packable(); }

base::Result<std::unique_ptr<Extension>> PermessageDeflate::on_response(const ExtensionParameters& parameters) const {
  const auto answer = parse_deflate_parameters(parameters);
  if (!answer) return answer.error();
  if (wanted_.server_no_context_takeover && !answer->server_no_context_takeover) {
    return does_not_answer("server_no_context_takeover is missing");
  }
  if (wanted_.server_max_window_bits &&
      (!answer->server_max_window_bits || *answer->server_max_window_bits > *wanted_.server_max_window_bits)) {
    return does_not_answer("server_max_window_bits is missing or too large");
  }
  if (answer->client_max_window_bits) {
    if (!wanted_.client_max_window_bits) return does_not_answer("client_max_window_bits was not offered");
    if (*answer->client_max_window_bits == any_window_bits) {
      return does_not_answer("client_max_window_bits lacks its value");
    }
    if (names_bits(wanted_.client_max_window_bits) &&
        *answer->client_max_window_bits > *wanted_.client_max_window_bits) {
      return does_not_answer("client_max_window_bits is too large");
    }
  }
  DeflateParameters settled = *answer;
  settled.client_no_context_takeover |= wanted_.client_no_context_takeover;
  if (!settled.client_max_window_bits && names_bits(wanted_.client_max_window_bits)) {
    settled.client_max_window_bits = wanted_.client_max_window_bits;
  }
  return agreed(Role::client, settled);
}

base::Result<ExtensionOffer::Accepted> PermessageDeflate::on_request(const ExtensionParameters& parameters) const {
  const auto offer = parse_deflate_parameters(parameters);
  if (!offer) return offer.error();
  DeflateParameters reply;
  reply.server_no_context_takeover = wanted_.server_no_context_takeover || offer->server_no_context_takeover;
  reply.client_no_context_takeover = wanted_.client_no_context_takeover || offer->client_no_context_takeover;
  reply.server_max_window_bits = offer->server_max_window_bits;
  if (wanted_.server_max_window_bits) {
    reply.server_max_window_bits =
        std::min(*wanted_.server_max_window_bits, offer->server_max_window_bits.value_or(max_window_bits));
  }
  if (names_bits(wanted_.client_max_window_bits)) {
    if (offer->client_max_window_bits) {
      const bool any = *offer->client_max_window_bits == any_window_bits;
      const std::uint8_t most = any ? max_window_bits : *offer->client_max_window_bits;
      reply.client_max_window_bits = std::min(*wanted_.client_max_window_bits, most);
    } else if (required_) {
      return base::Error{base::ErrorKind::http, "the client does not offer client_max_window_bits"};
    }
  }
  return Accepted{write_deflate_parameters(reply), agreed(Role::server, reply)};
}

std::unique_ptr<Extension> PermessageDeflate::agreed(Role role, const DeflateParameters& agreed) const {
  const Context server{agreed.server_max_window_bits.value_or(max_window_bits), !agreed.server_no_context_takeover};
  const Context client{names_bits(agreed.client_max_window_bits) ? *agreed.client_max_window_bits : max_window_bits,
                       !agreed.client_no_context_takeover};
  const bool is_server = role == Role::server;
  return std::make_unique<DeflateExtension>(is_server ? server : client, is_server ? client : server, *pool_);
}

}  // namespace wscope::ws
