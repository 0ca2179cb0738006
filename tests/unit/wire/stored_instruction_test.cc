#include "wire/stored_instruction.h"

#include <doctest/doctest.h>

#include <string>

#include "instructions.h"

using namespace wscope;
using wire::StoredInstruction;

TEST_CASE("what is stored is what was to be sent, also once that is gone") {
  for (const StoredInstruction& wanted :
       {StoredInstruction{ws::Opcode::text, "hello"}, StoredInstruction{ws::Opcode::binary, "\xff"},
        StoredInstruction{ws::Opcode::ping, "a"}, StoredInstruction{ws::Opcode::pong, ""},
        StoredInstruction{ws::Opcode::close, "", std::nullopt},
        StoredInstruction{ws::Opcode::close, "bye", ws::CloseCode{4000}}}) {
    StoredInstruction copy;
    {
      const StoredInstruction original = wanted;
      copy = wire::stored(original.instruction());
    }
    CHECK(copy == wanted);
    CHECK(test::in_words(copy.instruction()) == test::in_words(wanted.instruction()));
  }
}

TEST_CASE("each is sent as what it is") {
  CHECK(test::in_words(StoredInstruction{ws::Opcode::text, "hello"}.instruction()) == "text hello");
  CHECK(test::in_words(StoredInstruction{ws::Opcode::binary, "\xff"}.instruction()) == "binary ff");
  CHECK(test::in_words(StoredInstruction{ws::Opcode::ping, "a"}.instruction()) == "ping a");
  CHECK(test::in_words(StoredInstruction{ws::Opcode::pong, "b"}.instruction()) == "pong b");
  CHECK(test::in_words(StoredInstruction{ws::Opcode::close, "bye", ws::CloseCode{4000}}.instruction()) ==
        "close 4000 bye");
  CHECK(test::in_words(StoredInstruction{ws::Opcode::close}.instruction()) == "close");
}
