// Files, read and written whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/fd.h"

namespace wscope::net {

/// What is read whole has at most so many bytes, unless somebody says otherwise: an endless file is refused.
inline constexpr std::size_t longest_file = std::size_t{16} << 20;

/// The content of a file, which may be a pipe or a device: then it waits for the end of it, or for a signal, which is
/// an error, too. An error of kind io, "PATH: why", if it cannot be read or has more than `most` bytes.
[[nodiscard]] base::Result<std::string> read_file(const std::string& path, std::size_t most = longest_file);

/// The same of what is open already, such as stdin, which errors call `name`.
[[nodiscard]] base::Result<std::string> read_descriptor(int fd, const std::string& name,
                                                        std::size_t most = longest_file);

/// Whether there is anything at `path`.
[[nodiscard]] bool exists(const std::string& path) noexcept;

/// The same of a regular file alone, which is there at once; anything else is refused.
[[nodiscard]] base::Result<std::string> read_regular_file(const std::string& path, std::size_t most = longest_file);

/// An error of kind io, "PATH: is not a regular file", if there is something else at `path`, which may keep whoever
/// reads it waiting.
[[nodiscard]] base::Result<void> expect_regular_file(const std::string& path);

/// Makes a regular file have this content, made anew or in place of what it had; anything else is refused. An error
/// of kind io, "PATH: why", if it cannot be written.
[[nodiscard]] base::Result<void> write_regular_file(const std::string& path, std::string_view content);

/// Opens a regular file to append to, made anew with mode 0600 if there is none; anything else is refused, at once.
/// Links are followed. An error of kind io, "PATH: why".
[[nodiscard]] base::Result<UniqueFd> append_to_regular_file(const std::string& path);

/// Makes a new regular file with mode 0600, to be written. An error of kind io, "PATH: why", also if there is anything
/// at `path` already.
[[nodiscard]] base::Result<UniqueFd> make_new_file(const std::string& path);

/// Writes all of `text`. False, and errno says why, if the system does not take it.
[[nodiscard]] bool write_all(int fd, std::string_view text) noexcept;

}  // namespace wscope::net
