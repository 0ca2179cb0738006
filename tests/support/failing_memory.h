// Memory that cannot be had, when a test wants it: for one source of a test program.
#pragma once

#include <cstdlib>
#include <new>

namespace wscope::test {

/// Allocations until one fails; 0: none does.
inline std::size_t allocations_to_failure = 0;

}  // namespace wscope::test

void* operator new(std::size_t size) {
  const bool fails = wscope::test::allocations_to_failure > 0 && --wscope::test::allocations_to_failure == 0;
  void* const memory = fails ? nullptr : std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
