// Any bytes, as a response: its head, then its body until the end of the stream. The first two say where to cut.
#include <initializer_list>
#include <string>

#include "head_properties.h"
#include "http/body_decoder.h"

using namespace wscope;

namespace {

using Progress = http::BodyDecoder::Progress;

struct BodyOutcome {
  Progress progress = Progress::need_more;
  std::string data{};
  std::string error{};
  std::size_t left = 0;  ///< bytes behind the body

  bool operator==(const BodyOutcome&) const = default;
};

BodyOutcome decode(http::BodyDecoder decoder, std::initializer_list<base::Bytes> pieces) {
  BodyOutcome outcome;
  for (base::Bytes in : pieces) {
    base::Bytes data;
    while ((outcome.progress = decoder.receive(in, data)) == Progress::data) {
      fuzz::require(!data.empty());
      outcome.data += base::as_text(data);
    }
    if (outcome.progress == Progress::done) outcome.left += in.size();
  }
  outcome.progress = decoder.receive_eof();
  outcome.error = decoder.error();
  return outcome;
}

void check_body(const http::ResponseHead& head, const fuzz::SplitInput& input) {
  const auto decoder = http::BodyDecoder::for_response(head);
  if (!decoder) return fuzz::require(!decoder.error().message.empty());
  const BodyOutcome whole = decode(*decoder, {input.all});
  fuzz::require(whole == decode(*decoder, {input.front, input.back}));
  fuzz::require(whole.data.size() + whole.left <= input.all.size());
  fuzz::require((whole.progress == Progress::failed) == !whole.error.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::SplitInput input(data, size);
  for (const http::HeadLimits& limits : {http::HeadLimits{}, http::HeadLimits{200}}) {
    const http::HeadParser parser(http::HeadParser::Kind::response, limits);
    const auto outcome = fuzz::check_head(parser, &http::HeadParser::take_response, input);
    if (outcome.head) check_body(*outcome.head, fuzz::SplitInput(input.cut, input.all.last(outcome.left)));
  }
  return 0;
}
