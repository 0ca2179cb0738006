// The cases of the conformance suite, as rows of data: what is sent to an endpoint, and what it has to do then.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wscope::check {

/// How much what a case is about is asked for (RFC 2119).
enum class Level : std::uint8_t {
  must,
  should,  ///< or no rule says it, but common sense
  info,    ///< neither: it is only told what is so
};

/// "MUST", "SHOULD", "info"
[[nodiscard]] std::string_view name_of(Level level) noexcept;

/// Which side is looked at.
enum class Role : std::uint8_t { server, client };

/// One row of a table, which may stand for several cases.
struct Row {
  std::string_view id;  ///< "group.name"; of "frame.opcode-{3,4}" there are two
  /// S: a server is looked at, C: a client; M, S or i: the level; e: only if it echoes; !: it costs the other side
  /// memory, CPU or many connections; z: it takes longer than five seconds; t: only with TLS; p: only without; d: only
  /// with permessage-deflate; g: only of a client that is a program we start. "SC Me"
  std::string_view marks;
  std::string_view section;  ///< of RFC 6455, or with a number in front of another one; "-": none
  std::string_view sent;     ///< in words
  std::string_view passes;   ///< what passes, in words
  /// What is done, as parse_program() reads it. In it, $ stands for the part of the id in braces, or its value. Empty:
  /// there is no script, the suite knows what to do.
  std::string_view program = {};
  std::string_view values = {};  ///< in place of what is in braces, for $: "a|b"
};

/// A group of rows, whose ids begin with its name and a dot.
struct Group {
  std::string_view name;
  std::string_view title;  ///< "Opening handshake, RFC 6455 4.2"
  std::span<const Row> rows;
};

/// All of them, in the order of reports. They live as long as the program.
[[nodiscard]] std::span<const Group> all_groups() noexcept;

/// One case.
struct Case {
  const Group* group = nullptr;
  const Row* row = nullptr;
  std::string id{};
  std::string program{};  ///< with everything filled in

  [[nodiscard]] Level level() const noexcept;
  [[nodiscard]] bool is_for(Role role) const noexcept { return has(role == Role::server ? 'S' : 'C'); }
  [[nodiscard]] bool wants_echo() const noexcept { return marked('e'); }
  [[nodiscard]] bool aggressive() const noexcept { return marked('!'); }
  [[nodiscard]] bool slow() const noexcept { return marked('z'); }
  [[nodiscard]] bool wants_tls() const noexcept { return marked('t'); }
  [[nodiscard]] bool wants_plain() const noexcept { return marked('p'); }
  [[nodiscard]] bool wants_deflate() const noexcept { return marked('d'); }
  [[nodiscard]] bool wants_program() const noexcept { return marked('g'); }

 private:
  [[nodiscard]] bool has(char role) const noexcept;
  [[nodiscard]] bool marked(char mark) const noexcept;
};

/// The cases that the rows of a group stand for, in order.
[[nodiscard]] std::vector<Case> cases_of(const Group& group);
/// Those of all groups.
[[nodiscard]] std::vector<Case> all_cases();

/// Whether an id fits a pattern in which * stands for any characters and ? for one.
[[nodiscard]] bool fits(std::string_view id, std::string_view pattern) noexcept;

/// Whether a case is about this section, or one below it: "6455/5.5" or "5.5" has 5.5.1; "7692" has all of that RFC.
[[nodiscard]] bool is_about(const Case& one, std::string_view section);

}  // namespace wscope::check
