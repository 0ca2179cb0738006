#include "link/downloads.h"

#include <algorithm>
#include <utility>

namespace wscope::link {

void Downloads::begin(Client& client, const http::RequestHead& request, PageAnswer answer) {
  const std::uint64_t rest = answer.file.valid() ? answer.size : 0;
  const bool sends = rest > 0 && request.method != "HEAD";  // respond() ends the life of `request`
  const ws::Status status = client.peer().respond(answer.answer.status, answer.answer.headers,
                                                  base::as_bytes(answer.answer.body), rest, patience);
  if (status == ws::Status::ok && sends) {
    files_.insert_or_assign(client.number(), File{std::move(answer.file), 0, rest});
  }
}

void Downloads::advance(Client& client) {
  ws::Connection& connection = client.connection();
  if (!connection.answering()) return;
  if (!connection.output().empty()) return connection.answer_progress(client.peer().now(), patience);
  const auto found = files_.find(client.number());
  if (found != files_.end()) {
    if (!send(client, found->second)) return;
    files_.erase(found);
  }
  client.peer().next_request();
}

bool Downloads::send(Client& client, File& file) {
  const std::uint64_t until = std::min(file.size, file.sent + most_a_turn);
  while (file.sent < until) {
    const net::IoResult result =
        client.peer().send_file(file.fd.get(), file.sent, static_cast<std::size_t>(until - file.sent));
    if (result.kind == net::IoResult::Kind::would_block) return false;
    if (result.kind != net::IoResult::Kind::done) {
      // The file has become shorter, or cannot be read: nothing can make up for what was announced.
      client.peer().abandon();
      return false;
    }
    file.sent += result.bytes;
    client.connection().answer_progress(client.peer().now(), patience);
  }
  return file.sent == file.size;
}

}  // namespace wscope::link
