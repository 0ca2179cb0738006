// A folder with files, while a test runs.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include <stdlib.h>

namespace wscope::test {

class Folder {
 public:
  Folder() : path_((std::filesystem::temp_directory_path() / "wscope-XXXXXX").string()) {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The path of a file in it, which need not be there.
  [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  /// Makes a file; its path.
  [[nodiscard]] std::string file(const std::string& name, std::string_view content) const {
    std::ofstream(path_of(name), std::ios::binary) << content;
    return path_of(name);
  }
  [[nodiscard]] std::string content_of(const std::string& name) const {
    std::ifstream file(path_of(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string path_;
};

}  // namespace wscope::test
