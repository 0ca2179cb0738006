#include "net/input_file.h"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/error.h"

namespace wscope::net {

base::Result<InputFile> InputFile::open(const std::string& path) {
  if (path == "-") return InputFile({}, STDIN_FILENO);
  // A FIFO without another end would keep open() waiting, where no signal ends that.
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) return system_error(path, errno);
  if (S_ISDIR(status.st_mode)) return system_error(path, EISDIR);
  const int fd = file.get();
  return InputFile(std::move(file), fd);
}

InputFile::InputFile(UniqueFd own, int fd) noexcept : own_(std::move(own)), fd_(fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return;
  const off_t begin = ::lseek(fd, 0, SEEK_CUR);
  if (begin >= 0 && begin <= status.st_size) size_ = static_cast<std::uint64_t>(status.st_size - begin);
}

InputFile::Waited InputFile::wait(const Interruption& by,
                                  std::optional<std::chrono::milliseconds> most) const noexcept {
  std::array<pollfd, 3> waited = {{{fd_, POLLIN, 0}, {by.wakes, POLLIN, 0}, {by.output, 0, 0}}};
  const int found = ::poll(waited.data(), waited.size(), most ? static_cast<int>(most->count()) : -1);
  if (found < 0 || waited[1].revents != 0) return Waited::woken;  // by a signal, which may be none of those
  if ((waited[2].revents & (POLLERR | POLLNVAL)) == POLLERR) return Waited::no_reader;
  return waited[0].revents != 0 ? Waited::readable : Waited::timed_out;
}

}  // namespace wscope::net
