#include "peer/transport.h"

#include <algorithm>
#include <cerrno>

#include <sys/types.h>
#include <unistd.h>

namespace wscope::peer {

net::IoResult Transport::send_file(int file, std::uint64_t offset, std::size_t count, ReadBlocks& blocks) {
  if (!stack_) {
    const net::IoResult result = net::send_file(fd(), file, offset, count);
    // Some file systems cannot do that.
    const bool refused =
        result.kind == net::IoResult::Kind::failed && (result.error == EINVAL || result.error == ENOSYS);
    if (!refused) return result;
  }
  ReadBlock block = blocks.take();
  const base::MutableBytes room = block.bytes().first(std::min(count, block.bytes().size()));
  net::IoResult result =
      net::attempt([&] { return ::pread(file, room.data(), room.size(), static_cast<off_t>(offset)); });
  if (result.kind == net::IoResult::Kind::done) result = send(room.first(result.bytes));
  blocks.give_back(std::move(block));
  return result;
}

}  // namespace wscope::peer
