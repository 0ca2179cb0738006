// Listening on a Unix domain socket that has a place in the file system.
#pragma once

#include <string>

#include <sys/types.h>

#include "base/result.h"
#include "net/fd.h"

namespace wscope::net {

/// The file of a socket of our own, which goes with this object unless something else is in its place by then. Move
/// only.
class SocketFile {
 public:
  SocketFile() noexcept = default;  ///< none
  SocketFile(SocketFile&& other) noexcept;
  SocketFile& operator=(SocketFile&& other) noexcept;
  ~SocketFile() { remove(); }

  /// Of the socket that is at `path`, a moment after it was bound there; none if there is nothing.
  [[nodiscard]] static SocketFile at(std::string path);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Removes it now.
  void remove() noexcept;

 private:
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// A socket that listens, and the file that it has.
struct UnixListener {
  UniqueFd socket;
  SocketFile file;  ///< gone before the socket: nobody finds one that nobody serves, and its inode is nobody else's
};

/// Listens at `path`, which whoever may write to it by `mode` (such as 0600) can connect to, from its first moment on:
/// the umask does not count.
///
/// A socket that is there and that nobody serves any more is replaced. One that somebody serves, or that does not let
/// us find out, stays, as does anything else: an Error of kind io, "PATH: address already in use" or "PATH: is there
/// already, and is not a socket". Two of these that begin at the same time do not take each other's for dead. A path
/// that no socket can have is an Error of kind usage.
base::Result<UnixListener> listen_on_unix(const std::string& path, mode_t mode, int backlog);

}  // namespace wscope::net
