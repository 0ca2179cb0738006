// Memory that cannot be had, when a test wants it: for one source of a test program.
#pragma once

#include <cstdlib>
#include <new>

namespace wscope::test {

/// Allocations until one fails; 0: none does.
inline std::size_t allocations_to_failure = 0;

}  // namespace wscope::test

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  const bool fails = wscope::test::allocations_to_failure > 0 && --wscope::test::allocations_to_failure == 0;
  return fails ? nullptr : std::malloc(size > 0 ? size : 1);
}
void* operator new(std::size_t size) {
  void* const memory = operator new(size, std::nothrow);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
// Sanitizers have these of their own, which do not call the ones above.
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept { return operator new(size, nothrow); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
