// A folder for a history, while a test runs.
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

class HistoryFolder {
 public:
  HistoryFolder() : root_((std::filesystem::temp_directory_path() / "wscope-XXXXXX").string()) {
    REQUIRE(::mkdtemp(root_.data()) != nullptr);
  }
  ~HistoryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  HistoryFolder(const HistoryFolder&) = delete;
  HistoryFolder& operator=(const HistoryFolder&) = delete;

  [[nodiscard]] const std::string& root() const { return root_; }
  /// Where the history may be.
  [[nodiscard]] std::string path() const { return root_ + "/history"; }
  [[nodiscard]] std::string content() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(std::string_view content) const { std::ofstream(path(), std::ios::binary) << content; }

 private:
  std::string root_;
};

}  // namespace wscope::test
