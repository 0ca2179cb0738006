#include "serve/token_file.h"

#include <utility>

#include <sys/stat.h>

#include "net/file.h"

namespace wscope::serve {

std::optional<TokenFile::Identity> TokenFile::identify() const {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) return std::nullopt;
#ifdef __APPLE__
  const timespec time = status.st_mtimespec;
#else
  const timespec time = status.st_mtim;
#endif
  return Identity(status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), time.tv_sec, time.tv_nsec);
}

base::Result<void> TokenFile::look() {
  const auto identity = identify();
  if (looked_ && identity == seen_) return {};
  looked_ = true;
  seen_ = identity;
  const auto text = net::read_regular_file(path_);
  if (!text) return text.error();
  auto table = TokenTable::parse(*text);
  if (!table) {
    constexpr std::string_view line = "line ";
    return base::Error{base::ErrorKind::io, path_ + ":" + table.error().message.substr(line.size())};
  }
  table_ = std::move(table).value();
  return {};
}

}  // namespace wscope::serve
