// What --write-out prints at the end, as curl has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/figures.h"

namespace wscope::report {

/// What is known at the end.
struct FinalFigures {
  const Figures& figures;
  std::string url;  ///< where it went last, without credentials
  int exit_status = 0;
  std::string error;  ///< the line about it, without "wscope: "; empty: none
};

/// A format that was read: text, and variables in it.
class WriteOut {
 public:
  /// Prints nothing.
  WriteOut() = default;
  /// Reads %{NAME}, %% for a per cent sign, and \n, \r, \t. An error, of kind usage, says what else is in `format`.
  [[nodiscard]] static base::Result<WriteOut> parse(std::string_view format);

  [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }

  struct Text {
    std::string for_stderr;
    std::string for_stdout;  ///< behind %{stdout}
  };
  [[nodiscard]] Text fill_in(const FinalFigures& known) const;

 private:
  struct Part {
    std::string text;
    const void* variable = nullptr;  // its row; null: the text stands for itself
  };
  void add(char c);

  std::vector<Part> parts_{};
};

}  // namespace wscope::report
