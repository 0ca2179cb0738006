#include "net/file.h"

#include <cerrno>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/error.h"

namespace wscope::net {
namespace {

enum class Kind : unsigned char { any, regular };

// A pipe without another end must not keep open() waiting, where no signal would end that.
constexpr int without_waiting = O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

base::Error not_regular(const std::string& path) { return {base::ErrorKind::io, path + ": is not a regular file"}; }

// After open().
base::Result<void> check(const std::string& path, const UniqueFd& file, Kind kind) {
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    const bool no_other_end = kind == Kind::regular && errno == ENXIO;
    return no_other_end ? not_regular(path) : system_error(path, errno);
  }
  if (S_ISDIR(status.st_mode)) return system_error(path, EISDIR);
  return kind == Kind::any || S_ISREG(status.st_mode) ? base::Result<void>() : base::Result<void>(not_regular(path));
}

// As read(), but it waits for something to be there. A signal interrupts it, whatever its handler says.
ssize_t wait_and_read(int fd, char* into, std::size_t size) noexcept {
  while (true) {
    pollfd readable{fd, POLLIN, 0};
    if (::poll(&readable, 1, -1) < 0) return -1;
    const ssize_t got = ::read(fd, into, size);
    if (got >= 0 || errno != EAGAIN) return got;
  }
}

// Of a descriptor that errors call `path`.
base::Result<std::string> read_all(int fd, const std::string& path, std::size_t most) {
  constexpr std::size_t piece_size = std::size_t{64} * 1024;
  const auto piece = std::make_unique<char[]>(piece_size);
  std::string text;
  while (true) {
    const ssize_t got = wait_and_read(fd, piece.get(), piece_size);
    if (got == 0) return text;
    if (got < 0) return system_error(path, errno);
    const auto size = static_cast<std::size_t>(got);
    if (size > most - text.size()) {
      return base::Error{base::ErrorKind::io, path + ": has more than " + std::to_string(most) + " bytes"};
    }
    text.append(piece.get(), size);
  }
}

base::Result<std::string> read_kind(const std::string& path, std::size_t most, Kind kind) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | without_waiting));
  if (auto checked = check(path, file, kind); !checked) return std::move(checked).error();
  return read_all(file.get(), path, most);
}

}  // namespace

base::Result<std::string> read_file(const std::string& path, std::size_t most) {
  return read_kind(path, most, Kind::any);
}

base::Result<std::string> read_descriptor(int fd, const std::string& name, std::size_t most) {
  if (fd < 0) return system_error(name, EBADF);  // which poll() would wait for
  return read_all(fd, name, most);
}

bool exists(const std::string& path) noexcept { return ::access(path.c_str(), F_OK) == 0; }

base::Result<std::string> read_regular_file(const std::string& path, std::size_t most) {
  return read_kind(path, most, Kind::regular);
}

base::Result<void> expect_regular_file(const std::string& path) {
  struct stat status {};
  const bool other = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  return other ? base::Result<void>(not_regular(path)) : base::Result<void>();
}

base::Result<void> write_regular_file(const std::string& path, std::string_view content) {
  constexpr mode_t as_the_umask_says = 0666;
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | without_waiting, as_the_umask_says));
  if (auto checked = check(path, file, Kind::regular); !checked) return checked;
  if (!write_all(file.get(), content)) return system_error(path, errno);
  // What a disk or a server far away refuses may be told here and nowhere else.
  return ::close(file.release()) == 0 ? base::Result<void>() : base::Result<void>(system_error(path, errno));
}

base::Result<UniqueFd> append_to_regular_file(const std::string& path) {
  constexpr mode_t for_us_alone = 0600;
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | without_waiting, for_us_alone));
  if (auto checked = check(path, file, Kind::regular); !checked) return std::move(checked).error();
  return file;
}

base::Result<UniqueFd> make_new_file(const std::string& path) {
  constexpr mode_t for_us_alone = 0600;
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, for_us_alone));
  if (!file.valid()) return system_error(path, errno);
  return file;
}

bool write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace wscope::net
