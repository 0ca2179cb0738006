#include "base/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <cerrno>
#include <cstddef>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#endif

using namespace wscope::base;

TEST_CASE("every byte asked for is filled, at every size around the block's") {
  SystemRandom random;
  for (const std::size_t size : {0U, 1U, 4U, 63U, 64U, 65U, 255U, 256U, 257U, 65'535U, 65'536U, 65'537U, 100'000U}) {
    CAPTURE(size);
    // A byte that is still zero after eight rounds was not written (an error once in 2^64 / size runs).
    std::vector<std::byte> seen(size + 2);
    for (int round = 0; round < 8; ++round) {
      std::vector<std::byte> out(size + 2);
      random.fill(MutableBytes(out).subspan(1, size));
      for (std::size_t i = 0; i < out.size(); ++i) seen[i] |= out[i];
    }
    CHECK(seen.front() == std::byte{0});
    CHECK(seen.back() == std::byte{0});
    CHECK(std::count(seen.begin() + 1, seen.end() - 1, std::byte{0}) == 0);
  }
}

TEST_CASE("no bytes are handed out twice") {
  SystemRandom random;
  std::set<std::array<std::byte, 8>> keys;
  constexpr std::size_t many = 1000;
  for (std::size_t i = 0; i < many; ++i) {
    std::array<std::byte, 8> key{};
    random.fill(key);
    keys.insert(key);
  }
  CHECK(keys.size() == many);
}

TEST_CASE("bytes handed out are wiped from the source") {
  SystemRandom random;
  std::array<std::byte, 16> secret{};
  random.fill(secret);
  const Bytes memory = std::as_bytes(std::span(&random, 1));
  CHECK(std::search(memory.begin(), memory.end(), secret.begin(), secret.end()) == memory.end());
}

#ifdef __linux__
// A sandbox that refuses getrandom().
TEST_CASE("a system that refuses the call is asked through its device") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    sock_filter filter[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, __NR_getrandom},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    const sock_fprog program{4, filter};
    const bool refused = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 && ::getrandom(&filter, 1, 0) < 0;
    if (!refused) ::_exit(2);
    SystemRandom random;
    std::array<std::byte, 2000> out{};
    random.fill(out);
    const auto zeros = std::count(out.begin(), out.end(), std::byte{0});
    ::_exit(zeros < 100 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 2) return;  // we are in a sandbox that lets nobody make one
  CHECK(WEXITSTATUS(status) == 0);
}
#endif

TEST_CASE("a machine can be given any source") {
  struct Sevens final : RandomSource {
    void fill(MutableBytes out) noexcept override { std::fill(out.begin(), out.end(), std::byte{7}); }
  } sevens;
  RandomSource& source = sevens;
  std::array<std::byte, 2> out{};
  source.fill(out);
  CHECK(out[1] == std::byte{7});
}
