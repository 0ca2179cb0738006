// A folder of which nothing outside can be reached.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/fd.h"
#include "serve/www_conditions.h"

namespace wscope::serve {

/// What is at a path, open to be read.
struct WwwFile {
  enum class Kind : std::uint8_t {
    none,     ///< nothing, or nothing that may be read
    no_room,  ///< descriptors or memory have run out
    file,     ///< regular
    folder,
  };
  Kind kind = Kind::none;
  net::UniqueFd fd{};
  std::uint64_t size = 0;
  FileTime changed{};
};

/// What is in a folder.
struct WwwEntry {
  std::string name;
  bool folder = false;
};

struct WwwEntries {
  std::vector<WwwEntry> entries{};  ///< by their names, bytewise
  bool complete = true;             ///< there are no more
};

/// Opened once, by its name then; its files are looked for each time.
class WwwFolder {
 public:
  /// How it is made sure that a path stays inside.
  enum class Way : std::uint8_t {
    by_system,  ///< openat2(): symbolic links work as long as they stay inside, too
    by_hand,    ///< segment by segment, no symbolic links
  };

  /// An Error of kind io: there is no folder of that name, or it cannot be read. Without openat2(), which older Linux
  /// and other systems do not have and sandboxes forbid, the way is by hand.
  [[nodiscard]] static base::Result<WwwFolder> open(const std::string& path, Way way = Way::by_system);

  /// `path` is relative, without a dot segment (see read_www_path()); empty: the folder itself. Neither waits for
  /// anything nor takes a terminal: a pipe or a device is none.
  [[nodiscard]] WwwFile find(const std::string& path) const;

  /// Of the folder `folder` at `path`, at most `most`: all that can be asked for by its name and is there.
  [[nodiscard]] WwwEntries list(const std::string& path, const WwwFile& folder, std::size_t most) const;

  [[nodiscard]] Way way() const noexcept { return way_; }

 private:
  WwwFolder(net::UniqueFd fd, Way way) noexcept : fd_(std::move(fd)), way_(way) {}
  [[nodiscard]] net::UniqueFd open_inside(const std::string& path) const noexcept;

  net::UniqueFd fd_;
  Way way_;
};

}  // namespace wscope::serve
