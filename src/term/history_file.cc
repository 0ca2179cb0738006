#include "term/history_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <unordered_set>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "net/error.h"
#include "net/fd.h"
#include "net/file.h"
#include "term/characters.h"

namespace wscope::term {
namespace {

void make_directories(const std::string& path) {
  for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    ::mkdir(path.substr(0, at).c_str(), 0700);  // open() will tell what is wrong
  }
}

// How often to ask for a lock, which others need for milliseconds, unless they hang. A person waits meanwhile.
constexpr int few_tries = 20;
constexpr int most_tries = 100;
constexpr useconds_t between_tries = 10'000;

struct LockedFile {
  net::UniqueFd fd;
  std::size_t size = 0;
  bool locked = false;  // it is somebody else's if not
};

base::Result<bool> take_lock(int fd, int lock, int tries, const std::string& path) {
  while (::flock(fd, lock | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return net::system_error(path, errno);
    if (--tries <= 0) return false;
    ::usleep(between_tries);
  }
  return true;
}

// The file at `path`, if possible with a lock on it. While we waited for it another process may have put a new file in
// its place.
base::Result<LockedFile> open_locked(const std::string& path, int lock, int tries) {
  for (;;) {
    net::UniqueFd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600));
    struct stat opened {};
    if (!fd.valid() || ::fstat(fd.get(), &opened) != 0) return net::system_error(path, errno);
    if (!S_ISREG(opened.st_mode)) return base::Error{base::ErrorKind::io, path + " is no file"};
    const auto locked = take_lock(fd.get(), lock, tries, path);
    if (!locked) return locked.error();
    struct stat now {};
    const bool found = ::stat(path.c_str(), &now) == 0;
    if (!found && errno != ENOENT) return net::system_error(path, errno);
    if (!found || now.st_ino != opened.st_ino || now.st_dev != opened.st_dev) continue;
    return LockedFile{std::move(fd), static_cast<std::size_t>(now.st_size), *locked};
  }
}

base::Result<std::string> read_from(const LockedFile& file, std::size_t offset, const std::string& path) {
  std::string content(file.size - std::min(offset, file.size), '\0');
  std::size_t used = 0;
  while (used < content.size()) {
    const ssize_t got =
        ::pread(file.fd.get(), content.data() + used, content.size() - used, static_cast<off_t>(offset + used));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return net::system_error(path, errno);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  content.resize(used);
  return content;
}

using net::write_all;

// The lines that count, oldest first.
std::vector<std::string_view> lines_of(std::string_view content, std::size_t most) {
  std::vector<std::string_view> lines;
  std::unordered_set<std::string_view> known;
  while (!content.empty() && lines.size() < most) {
    if (content.ends_with('\n')) content.remove_suffix(1);
    const std::size_t end = content.rfind('\n');
    const std::size_t begin = end == std::string_view::npos ? 0 : end + 1;
    const std::string_view line = content.substr(begin);
    if (!line.empty() && base::is_utf8(base::as_bytes(line)) && known.insert(line).second) lines.push_back(line);
    content = content.substr(0, begin);
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

std::size_t size_of(const std::vector<std::string_view>& lines) {
  std::size_t size = 0;
  for (const std::string_view line : lines) size += line.size() + 1;
  return size;
}

// Puts a file with `lines` in the place of the one at `path`, if it can: the old one will do as well.
bool rewrite(const std::string& path, const std::vector<std::string_view>& lines) {
  std::string temporary = path + ".XXXXXX";
  const net::UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) return false;
  std::string content;
  for (const std::string_view line : lines) {
    content += line;
    content += '\n';
  }
  const bool done = write_all(fd.get(), content) && ::fsync(fd.get()) == 0;
  if (done && ::rename(temporary.c_str(), path.c_str()) == 0) return true;
  ::unlink(temporary.c_str());
  return false;
}

// The part that is read of a file, from the beginning of a line on.
base::Result<std::string> latest_of(const LockedFile& file, const std::string& path) {
  if (file.size <= HistoryFile::most_bytes) return read_from(file, 0, path);
  auto content = read_from(file, file.size - HistoryFile::most_bytes, path);
  if (content) content->erase(0, std::min(content->find('\n'), content->size()));
  return content;
}

// A byte of an entry, and how many bytes of its line are it.
struct Escaped {
  char byte = 0;
  std::size_t size = 1;
};

Escaped first_escaped(std::string_view line) noexcept {
  const char next = line[0] == '\\' && line.size() > 1 ? line[1] : '\0';
  if (next == 'n') return {'\n', 2};
  if (next == 'r') return {'\r', 2};
  if (next == '\\') return {'\\', 2};
  unsigned char byte = 0;
  if (next == 'x' && line.size() > 3 && std::from_chars(&line[2], &line[2] + 2, byte, 16).ptr == &line[2] + 2) {
    return {static_cast<char>(byte), 4};
  }
  return {line[0]};
}

}  // namespace

std::string escape_entry(std::string_view entry) {
  std::string line;
  line.reserve(entry.size());
  while (!entry.empty()) {
    const CodePoint point = first_code_point(entry);
    if (!point.valid) {
      line += fmt::format("\\x{:02x}", static_cast<unsigned>(point.value));
    } else if (point.value == '\n') {
      line += "\\n";
    } else if (point.value == '\r') {
      line += "\\r";
    } else if (point.value == '\\') {
      line += "\\\\";
    } else {
      line += entry.substr(0, point.length);
    }
    entry.remove_prefix(point.length);
  }
  return line;
}

std::string unescape_entry(std::string_view line) {
  std::string entry;
  entry.reserve(line.size());
  while (!line.empty()) {
    const Escaped escaped = first_escaped(line);
    entry += escaped.byte;
    line.remove_prefix(escaped.size);
  }
  return entry;
}

base::Result<std::vector<std::string>> HistoryFile::open(std::size_t most) {
  most_ = most;
  // A link is not replaced by what it leads to.
  if (char* real = ::realpath(path_.c_str(), nullptr)) {
    path_ = real;
    std::free(real);
  }
  make_directories(path_);
  auto file = open_locked(path_, LOCK_EX, few_tries);
  if (!file) return std::move(file).error();
  ::fchmod(file->fd.get(), 0600);
  const auto content = latest_of(*file, path_);
  if (!content) return content.error();
  const std::vector<std::string_view> lines = lines_of(*content, most);
  const bool is_whole = file->size <= most_bytes;
  compact_size_ = is_whole ? size_of(lines) : file->size;
  if (file->locked && file->size > 2 * compact_size_ + waste) rewrite(path_, lines);
  std::vector<std::string> entries;
  entries.reserve(lines.size());
  for (const std::string_view line : lines) entries.push_back(unescape_entry(line));
  return entries;
}

base::Result<void> HistoryFile::append(std::string_view entry) {
  if (entry.size() > most_line) return {};
  const std::string escaped = escape_entry(entry);
  if (escaped.size() > most_line) return {};
  const int tries = waiting_.empty() ? few_tries : 1;  // once is enough to wait for one that hangs
  waiting_ += escaped + "\n";
  return write_waiting(tries, false);
}

void HistoryFile::finish() {
  if (!waiting_.empty()) static_cast<void>(write_waiting(most_tries, true).ok());
}

base::Result<void> HistoryFile::write_waiting(int tries, bool anyway) {
  std::size_t size = 0;
  {
    const auto file = open_locked(path_, LOCK_SH, tries);
    if (file && !file->locked && !anyway) return {};
    const std::string waiting = std::exchange(waiting_, "");
    if (!file) return file.error();
    const auto last = read_from(*file, file->size == 0 ? 0 : file->size - 1, path_);
    // What a process left that was ended in the middle is no beginning for this entry.
    const bool torn = last && !last->empty() && *last != "\n";
    const std::string lines = (torn ? "\n" : "") + waiting;
    if (!write_all(file->fd.get(), lines)) return net::system_error(path_, errno);
    size = file->size + lines.size();
  }
  if (size <= 2 * compact_size_ + waste) return {};
  auto entries = open(most_);
  if (!entries) return std::move(entries).error();
  return {};
}

}  // namespace wscope::term
