// Any bytes, as what a server sends. The first ones set the client up.
#include "frames_properties.h"

using namespace wscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check_frames(ws::Role::client, data, size);
}
