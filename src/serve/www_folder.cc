#include "serve/www_folder.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

#include "net/error.h"
#include "serve/www_path.h"

namespace wscope::serve {
namespace {

// Neither a pipe without another end nor a terminal line keeps us waiting.
constexpr int reading = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

#ifdef SYS_openat2
// As linux/openat2.h has them, which is younger than the C libraries that we build with.
struct OpenHow {
  std::uint64_t flags;
  std::uint64_t mode;
  std::uint64_t resolve;
};
constexpr std::uint64_t no_magic_links = 0x02;
constexpr std::uint64_t beneath = 0x08;

int open_beneath(int folder, const char* path) noexcept {
  const OpenHow how{reading, 0, beneath | no_magic_links};
  // It may ask to be called again if something was renamed meanwhile.
  constexpr int attempts = 16;
  int fd = -1;
  for (int i = 0; i < attempts; ++i) {
    fd = static_cast<int>(::syscall(SYS_openat2, folder, path, &how, sizeof how));
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  return fd;
}
#else
int open_beneath(int, const char*) noexcept {
  errno = ENOSYS;
  return -1;
}
#endif

// Each segment from the folder before it, so that a link that comes in between is not followed either.
int open_by_hand(int folder, std::string_view path) noexcept {
  net::UniqueFd inside;
  int from = folder;
  while (true) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const bool last = end == path.size();
    const std::string name(path.substr(0, end));
    const int fd = ::openat(from, name.c_str(), reading | O_NOFOLLOW | (last ? 0 : O_DIRECTORY));
    if (last || fd < 0) return fd;
    inside.reset(fd);
    from = fd;
    path.remove_prefix(end + 1);
  }
}

FileTime changed_at(const struct stat& status) noexcept {
#ifdef __APPLE__
  const timespec& time = status.st_mtimespec;
#else
  const timespec& time = status.st_mtim;
#endif
  return FileTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

struct DirectoryCloser {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

bool is_shortage(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

}  // namespace

base::Result<WwwFolder> WwwFolder::open(const std::string& path, Way way) {
  net::UniqueFd fd(::open(path.c_str(), reading | O_DIRECTORY));
  if (!fd.valid()) return net::system_error(path, errno);
  if (way == Way::by_system) {
    const net::UniqueFd itself(open_beneath(fd.get(), "."));
    if (!itself.valid()) way = Way::by_hand;
  }
  return WwwFolder(std::move(fd), way);
}

net::UniqueFd WwwFolder::open_inside(const std::string& path) const noexcept {
  const char* const name = path.empty() ? "." : path.c_str();
  return net::UniqueFd(way_ == Way::by_system ? open_beneath(fd_.get(), name) : open_by_hand(fd_.get(), name));
}

WwwFile WwwFolder::find(const std::string& path) const {
  WwwFile found;
  found.fd = open_inside(path);
  struct stat status {};
  if (!found.fd.valid() || ::fstat(found.fd.get(), &status) != 0) {
    found.kind = is_shortage(errno) ? WwwFile::Kind::no_room : WwwFile::Kind::none;
    return found;
  }
  if (S_ISDIR(status.st_mode)) {
    found.kind = WwwFile::Kind::folder;
  } else if (S_ISREG(status.st_mode)) {
    found.kind = WwwFile::Kind::file;
  } else {
    found.fd.reset();
  }
  found.size = static_cast<std::uint64_t>(status.st_size);
  found.changed = changed_at(status);
  return found;
}

WwwEntries WwwFolder::list(const std::string& path, const WwwFile& folder, std::size_t most) const {
  WwwEntries list;
  // With a descriptor of its own, which closedir() closes.
  net::UniqueFd fd(::openat(folder.fd.get(), ".", reading | O_DIRECTORY));
  const std::unique_ptr<DIR, DirectoryCloser> directory(fd.valid() ? ::fdopendir(fd.get()) : nullptr);
  if (!directory) return list;
  static_cast<void>(fd.release());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else has this one
  while (const dirent* const entry = ::readdir(directory.get())) {
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (!is_www_name(name)) continue;
    if (list.entries.size() == most) {
      list.complete = false;
      break;
    }
    list.entries.push_back({std::string(name)});
  }
  // What is known to be neither is looked at as a request would.
  const auto is_missing = [&](WwwEntry& entry) {
    struct stat status {};
    const bool known = ::fstatat(folder.fd.get(), entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                       (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    if (known) {
      entry.folder = S_ISDIR(status.st_mode);
      return false;
    }
    const WwwFile found = find(path.empty() ? entry.name : path + "/" + entry.name);
    entry.folder = found.kind == WwwFile::Kind::folder;
    return found.kind != WwwFile::Kind::file && !entry.folder;
  };
  std::erase_if(list.entries, is_missing);
  std::sort(list.entries.begin(), list.entries.end(),
            [](const WwwEntry& a, const WwwEntry& b) { return a.name < b.name; });
  return list;
}

}  // namespace wscope::serve
