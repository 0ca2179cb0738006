#include "serve/echo_passage.h"

#include <optional>

namespace wscope::serve {

void EchoPassage::handle_message(link::Client& client, const ws::Message& message) {
  static_cast<void>(client.send({.opcode = message.first ? message.type : ws::Opcode::continuation,
                                 .payload = message.data,
                                 .finished = message.finished}));
  if (!client.peer().has_room()) client.pause(link::Link::Wait::for_answers, true);
}

void EchoPassage::handle_progress(link::Client& client) {
  answer_close(client);
  client.pause(link::Link::Wait::for_answers, client.is_open() && !client.peer().has_room());
}

void answer_close(link::Link& link) {
  if (link.connection().state() != ws::State::remote_closing) return;
  const ws::Close& close = *link.connection().closing().received;
  const bool has_code = close.code != ws::close_code::no_status;
  static_cast<void>(
      link.connection().close(link.peer().now(), has_code ? std::optional(close.code) : std::nullopt, close.reason));
}

}  // namespace wscope::serve
