#include "serve/stdio_stream.h"

#include <unistd.h>

#include "unit/serve/relaying.h"

using namespace wscope;

namespace {

struct Owner final : serve::ByteStreamOwner {
  void handle_stream(net::Readiness found) override { readable = readable || found.readable; }
  void handle_reader_gone() override { gone = true; }
  bool readable = false;
  bool gone = false;
};

// Pipes in place of stdin and stdout, for a while.
struct Stdio {
  Stdio() : in(net::make_pipe().value()), out(net::make_pipe().value()) {
    ::dup2(in.read_end.get(), STDIN_FILENO);
    ::dup2(out.write_end.get(), STDOUT_FILENO);
    out.write_end.reset();
  }
  ~Stdio() {
    ::dup2(kept_in.get(), STDIN_FILENO);
    ::dup2(kept_out.get(), STDOUT_FILENO);
  }

  net::UniqueFd kept_in{::dup(STDIN_FILENO)};
  net::UniqueFd kept_out{::dup(STDOUT_FILENO)};
  net::Pipe in;
  net::Pipe out;
};

std::string read_once(const net::UniqueFd& fd) {
  std::byte room[16];
  const net::IoResult result = net::read_some(fd.get(), room);
  if (result.kind == net::IoResult::Kind::end) return "(end)";
  return std::string(base::as_text(base::Bytes(room).first(result.bytes)));
}

}  // namespace

TEST_CASE("stdin and stdout are a stream whose half can be closed") {
  link::Loop loop;
  Owner owner;
  Stdio stdio;
  std::string came;
  std::string rest;
  bool readable = false;
  {
    serve::StdioStream stream(loop.poller, serve::take_stdout());
    stream.watch({.readable = true}, owner);
    static_cast<void>(net::write_some(stdio.in.write_end.get(), base::as_bytes("in")));
    readable = test::run_until(loop.poller, [&] { return owner.readable; });
    std::byte room[8];
    came = base::as_text(base::Bytes(room).first(stream.receive(room).bytes));
    static_cast<void>(stream.send(base::as_bytes("out")));
    rest = read_once(stdio.out.read_end);
    stream.half_close();
    rest += read_once(stdio.out.read_end);
    stream.close();
  }
  CHECK(readable);
  CHECK(came == "in");
  CHECK(rest == "out(end)");
  CHECK_FALSE(owner.gone);
}

TEST_CASE("that nobody reads stdout is told at once") {
  link::Loop loop;
  Owner owner;
  bool told = false;
  {
    Stdio stdio;
    serve::StdioStream stream(loop.poller, serve::take_stdout());
    stream.watch({}, owner);
    stdio.out.read_end.reset();
    told = test::run_until(loop.poller, [&] { return owner.gone; });
  }
  CHECK(told);
}
