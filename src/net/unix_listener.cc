#include "net/unix_listener.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/address.h"
#include "net/error.h"
#include "net/socket.h"

namespace wscope::net {
namespace {

constexpr mode_t all_permissions = 0777;

// Held from the look at what is there until our own listens. It is that of the folder, as a file for it would stay
// behind. Who cannot have it goes on without: then only two that begin at the same time can disturb each other.
class FolderLock {
 public:
  explicit FolderLock(const std::string& path) noexcept {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    fd_.reset(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Who keeps it for longer than a moment is none of us.
    constexpr int attempts = 100;
    constexpr useconds_t pause = 10'000;
    for (int i = 0; i < attempts && fd_.valid() && ::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0; ++i) ::usleep(pause);
  }

 private:
  UniqueFd fd_;  // closing it ends the lock
};

// No file is made with other permissions, whatever the umask is, and whatever the folder would have new files be.
class Permissions {
 public:
  explicit Permissions(mode_t mode) noexcept : before_(::umask(all_permissions & ~mode)) {}
  ~Permissions() { ::umask(before_); }
  Permissions(const Permissions&) = delete;
  Permissions& operator=(const Permissions&) = delete;

 private:
  mode_t before_;
};

// Returns errno's value, or 0.
int bind_with(int fd, const SocketAddress& address, mode_t mode) noexcept {
  const Permissions permissions(mode);
  // Linux makes the file with what the socket itself has, which a default ACL of the folder then only narrows. Other
  // systems have no permissions of a socket.
  static_cast<void>(::fchmod(fd, mode));
  return ::bind(fd, address.data(), address.size()) == 0 ? 0 : errno;
}

bool is_socket(const std::string& path) noexcept {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

// Only who is refused knows that nobody listens. That somebody is too busy, or does not let us, says the opposite.
bool is_dead(const SocketAddress& address) noexcept {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
  return fd.valid() && make_private(fd.get()) && ::connect(fd.get(), address.data(), address.size()) != 0 &&
         errno == ECONNREFUSED;
}

}  // namespace

SocketFile::SocketFile(SocketFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), device_(other.device_), inode_(other.inode_) {}

SocketFile& SocketFile::operator=(SocketFile&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::exchange(other.path_, {});
  device_ = other.device_;
  inode_ = other.inode_;
  return *this;
}

SocketFile SocketFile::at(std::string path) {
  SocketFile file;
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return file;
  file.path_ = std::move(path);
  file.device_ = status.st_dev;
  file.inode_ = status.st_ino;
  return file;
}

void SocketFile::remove() noexcept {
  if (path_.empty()) return;
  struct stat status {};
  const bool is_ours = ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_;
  if (is_ours) ::unlink(path_.c_str());
  path_.clear();
}

base::Result<UnixListener> listen_on_unix(const std::string& path, mode_t mode, int backlog) {
  const auto address = SocketAddress::from_unix_path(path);
  if (!address) return address.error();
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  if (!socket.valid() || !make_private(socket.get())) return system_error(path, errno);
  const FolderLock lock(path);
  int error = bind_with(socket.get(), *address, mode);
  if (error == EADDRINUSE && !is_socket(path)) {
    return base::Error{base::ErrorKind::io, path + ": is there already, and is not a socket"};
  }
  if (error == EADDRINUSE && is_dead(*address)) {
    static_cast<void>(::unlink(path.c_str()));
    error = bind_with(socket.get(), *address, mode);
  }
  if (error != 0) return system_error(path, error);
  UnixListener listener{std::move(socket), SocketFile::at(path)};
  if (::listen(listener.socket.get(), backlog) != 0) return system_error(path, errno);
  return listener;
}

}  // namespace wscope::net
