// permessage-deflate (RFC 7692).
#pragma once

#include <cstddef>
#include <memory>

#include "ws/deflate_parameters.h"
#include "ws/extension.h"

namespace wscope::ws {

/// How hard to compress. It changes what is sent, never what is understood.
struct DeflateTuning {
  int level = 6;             ///< zlib's 0 to 9
  int mem_level = 8;         ///< zlib's 1 to 9: a compressor takes 2^(window bits + 2) + 2^(mem_level + 9) bytes
  std::size_t min_size = 0;  ///< an unfragmented message of fewer bytes is sent as it is
};

class DeflatePool;

/// The offer of permessage-deflate, for either role.
///
/// One object serves all connections of a thread and outlives them: contexts that no connection needs right now (all
/// but those whose context takeover was agreed) are kept here and used again, so that an idle connection holds none.
///
/// Every window from 8 to 15 bits is honoured in both directions. A peer that reaches back beyond its agreed window is
/// failed, wherever its frames are cut.
class PermessageDeflate final : public ExtensionOffer {
 public:
  /// `wanted`, as a client: what is asked for. As a server: the own limits; what the client asks for is granted within
  /// them. The default is what browsers offer.
  explicit PermessageDeflate(DeflateParameters wanted = {.client_max_window_bits = any_window_bits},
                             DeflateTuning tuning = {});
  ~PermessageDeflate() override;
  PermessageDeflate(const PermessageDeflate&) = delete;
  PermessageDeflate& operator=(const PermessageDeflate&) = delete;

  [[nodiscard]] std::string_view name() const noexcept override { return "permessage-deflate"; }
  [[nodiscard]] ExtensionParameters request() const override;
  [[nodiscard]] base::Result<std::unique_ptr<Extension>> on_response(
      const ExtensionParameters& parameters) const override;
  [[nodiscard]] base::Result<Accepted> on_request(const ExtensionParameters& parameters) const override;

  /// Server: decline clients that do not let their window be limited to the wanted client_max_window_bits.
  void require_client_max_window_bits() noexcept { required_ = true; }

  /// Has connections that have not used their contexts since the last call keep no more of them than the windows, so
  /// that one at rest holds what was sent and received, 32 KiB of each at most, in place of some 300 KiB; the next
  /// message goes on from there. To be called every few seconds while has_contexts(). How many have.
  std::size_t pack_idle() noexcept;
  /// Whether any connection holds contexts.
  [[nodiscard]] bool has_contexts() const noexcept;

  /// The extension as both sides agreed on it, for a handshake done elsewhere.
  [[nodiscard]] std::unique_ptr<Extension> agreed(Role role, const DeflateParameters& agreed) const;

 private:
  DeflateParameters wanted_;
  bool required_ = false;
  std::unique_ptr<DeflatePool> pool_;
};

}  // namespace wscope::ws
