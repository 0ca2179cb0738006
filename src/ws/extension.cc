#include "ws/extension.h"

#include <algorithm>

namespace wscope::ws {
namespace {

bool has_element(const AgreedExtensions& agreed, std::string_view name) {
  return std::any_of(agreed.elements.begin(), agreed.elements.end(),
                     [&](const ExtensionElement& element) { return element.name == name; });
}

// Section 9.1: extensions that use the same bits cannot be used together.
bool shares_bits(const AgreedExtensions& agreed, const Extension& candidate) {
  const auto wanted = candidate.rsv_use();
  return std::any_of(agreed.extensions.begin(), agreed.extensions.end(), [&](const auto& other) {
    const auto used = other->rsv_use();
    return ((used.first & wanted.first) | (used.continuation & wanted.continuation)) != 0;
  });
}

// An element that we cannot accept is no error: the client has asked whether we would (section 9.1).
std::optional<ExtensionOffer::Accepted> first_acceptance(const ExtensionElement& element,
                                                         const std::vector<const ExtensionOffer*>& supported) {
  for (const ExtensionOffer* offer : supported) {
    if (offer->name() != element.name) continue;
    if (auto accepted = offer->on_request(element.parameters)) return std::move(accepted).value();
  }
  return std::nullopt;
}

// An answer that fits no offer is one: the client must fail the connection (section 9.1). A name may have been offered
// several times with other parameters, and the reason of the last that did not fit is as good as any.
base::Result<std::unique_ptr<Extension>> first_match(const ExtensionElement& element,
                                                     const std::vector<const ExtensionOffer*>& offered) {
  base::Error why{base::ErrorKind::http, "the server accepted an extension that was not offered: " + element.name};
  for (const ExtensionOffer* offer : offered) {
    if (offer->name() != element.name) continue;
    auto extension = offer->on_response(element.parameters);
    if (extension) return extension;
    why = std::move(extension).error();
  }
  return why;
}

}  // namespace

AgreedExtensions accept_extensions(const std::vector<ExtensionElement>& requested,
                                   const std::vector<const ExtensionOffer*>& supported) {
  AgreedExtensions agreed;
  for (const ExtensionElement& element : requested) {
    if (has_element(agreed, element.name)) continue;
    auto accepted = first_acceptance(element, supported);
    if (!accepted || shares_bits(agreed, *accepted->extension)) continue;
    agreed.elements.push_back({element.name, std::move(accepted->parameters)});
    agreed.extensions.push_back(std::move(accepted->extension));
  }
  return agreed;
}

base::Result<AgreedExtensions> confirm_extensions(const std::vector<ExtensionElement>& accepted,
                                                  const std::vector<const ExtensionOffer*>& offered) {
  AgreedExtensions agreed;
  for (const ExtensionElement& element : accepted) {
    if (has_element(agreed, element.name)) {
      return base::Error{base::ErrorKind::http, "the server accepted an extension twice: " + element.name};
    }
    auto extension = first_match(element, offered);
    if (!extension) return std::move(extension).error();
    if (shares_bits(agreed, **extension)) {
      return base::Error{base::ErrorKind::http, "the server accepted extensions that exclude each other"};
    }
    agreed.elements.push_back(element);
    agreed.extensions.push_back(std::move(extension).value());
  }
  return agreed;
}

ExtensionChain::ExtensionChain(std::vector<std::unique_ptr<Extension>> extensions) {
  stages_.reserve(extensions.size());
  for (auto& extension : extensions) stages_.push_back({std::move(extension), {}, false, true});
}

Extension::RsvUse ExtensionChain::rsv_use() const noexcept {
  Extension::RsvUse all;
  for (const Stage& stage : stages_) {
    const auto use = stage.extension->rsv_use();
    all.first |= use.first;
    all.continuation |= use.continuation;
  }
  return all;
}

void ExtensionChain::begin_frame(const FrameInfo& frame) noexcept {
  for (Stage& stage : stages_) stage.extension->begin_frame(frame);
}

// Stages are in the order of the response header, which is the order in which a message goes through them on its way to
// the wire (section 9.1): what comes from there meets the last one first.
void ExtensionChain::push(base::Bytes payload, bool message_ends) noexcept {
  Stage& nearest_to_wire = stages_.back();
  nearest_to_wire.input = payload;
  nearest_to_wire.input_ends = message_ends;
  nearest_to_wire.starved = false;
}

// Each stage asks the one nearer to the wire only when it has used up its input, so that no stage needs a queue.
ExtensionChain::Pulled ExtensionChain::pull(std::size_t index) {
  Stage& stage = stages_[index];
  for (;;) {
    if (!stage.starved) {
      const auto decoded = stage.extension->decode(stage.input, stage.input_ends);
      if (decoded.violation) return {{}, false, false, decoded.violation};
      stage.starved = decoded.drained;
      const bool ends = decoded.drained && stage.input_ends;
      if (!decoded.data.empty() || ends) return {decoded.data, false, ends, std::nullopt};
      continue;
    }
    if (index + 1 == stages_.size()) return {{}, true, false, std::nullopt};
    const Pulled from_wire = pull(index + 1);
    if (from_wire.need_more || from_wire.violation) return from_wire;
    stage.input = from_wire.data;
    stage.input_ends = from_wire.message_ends;
    stage.starved = false;
  }
}

void ExtensionChain::end_message() noexcept {
  for (Stage& stage : stages_) stage.extension->end_message();
}

std::optional<base::Bytes> ExtensionChain::encode(const FrameInfo& frame, bool compress, base::Bytes payload,
                                                  Rsv& rsv) {
  std::optional<base::Bytes> encoded = payload;
  for (Stage& stage : stages_) {
    encoded = stage.extension->encode(frame, compress, *encoded, rsv);
    if (!encoded) break;
  }
  return encoded;
}

}  // namespace wscope::ws
