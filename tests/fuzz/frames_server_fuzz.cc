// Any bytes, as what a client sends. The first ones set the server up.
#include "frames_properties.h"

using namespace wscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check_frames(ws::Role::server, data, size);
}
