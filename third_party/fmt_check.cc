// Links only if fmt_library.cc holds what formatted text takes with the version of {fmt} that is installed.
#include <iterator>
#include <string>

#include <fmt/format.h>

int main(int argc, char** argv) {
  std::string text = fmt::format("{:>8} {:.3f} {:g} {:x} {:c}", argv[0], argc / 3.0, argc / 3.0F, argc, 'a');
  fmt::format_to(std::back_inserter(text), "{} {:L} {}", text, 12345, true);
  return text.empty() ? 1 : 0;
}
