#include "base/file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "base/error_text.h"

namespace wscope::base {

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  std::string text;
  std::array<char, std::size_t{64} * 1024> piece;  // so large that nothing else buffers
  std::size_t size = 0;
  while (file && (size = std::fread(piece.data(), 1, piece.size(), file.get())) > 0) {
    if (size > most - text.size())
      return Error{ErrorKind::io, path + ": has more than " + std::to_string(most) + " bytes"};
    text.append(piece.data(), size);
  }
  if (file && std::ferror(file.get()) == 0) return text;
  return Error{ErrorKind::io, path + ": " + error_text(errno)};
}

}  // namespace wscope::base
