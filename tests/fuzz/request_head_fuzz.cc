// Any bytes, as the head of a request. The first two say where to cut the rest.
#include "head_properties.h"

using namespace wscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::SplitInput input(data, size);
  for (const http::HeadLimits& limits : {http::HeadLimits{}, http::HeadLimits{200}}) {
    const http::HeadParser parser(http::HeadParser::Kind::request, limits);
    fuzz::check_head(parser, &http::HeadParser::take_request, input);
  }
  return 0;
}
