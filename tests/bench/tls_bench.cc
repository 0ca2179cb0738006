// What TLS costs: the start-up of wscope with it and without, and a server and a client of wscope, joined by TLS,
// beside `openssl s_server` and `openssl s_client` that move the same bytes.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "compare.h"
#include "groups.h"
#include "support.h"

namespace wscope::bench {
namespace {

using Arguments = std::vector<std::string>;

constexpr std::size_t line_size = std::size_t{64} * 1024;
constexpr std::size_t lines = 4096;  // 256 MiB

// A program with pipes at its stdin, stdout and stderr.
class Process {
 public:
  Process(const Arguments& arguments, int core) {
    std::array<int, 2> pipes[3];
    for (auto& ends : pipes) {
      if (pipe2(ends.data(), O_CLOEXEC) != 0) die("pipe");
    }
    pid_ = fork();
    if (pid_ < 0) die("fork");
    if (pid_ == 0) {
      pin(core);
      dup2(pipes[0][0], STDIN_FILENO);
      dup2(pipes[1][1], STDOUT_FILENO);
      dup2(pipes[2][1], STDERR_FILENO);
      std::vector<char*> pointers;
      for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
      pointers.push_back(nullptr);
      execvp(pointers[0], pointers.data());
      die(pointers[0]);
    }
    in_ = pipes[0][1];
    out_ = pipes[1][0];
    error_ = pipes[2][0];
    close(pipes[0][0]);
    close(pipes[1][1]);
    close(pipes[2][1]);
  }
  ~Process() {
    if (!ended_) {
      kill(pid_, SIGKILL);
      wait();
    }
    for (const int fd : {in_, out_, error_}) close(fd);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] int in() const noexcept { return in_; }
  [[nodiscard]] int out() const noexcept { return out_; }
  // A line of stderr.
  [[nodiscard]] std::string complaint() const {
    std::string line;
    for (char c = 0; read(error_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  // Waits for its end, once; its exit status.
  int wait() {
    int status = 0;
    ended_ = waitpid(pid_, &status, 0) == pid_;
    return status;
  }

 private:
  pid_t pid_;
  bool ended_ = false;
  int in_;
  int out_;
  int error_;
};

Arguments command(const std::string& program, const Arguments& options) {
  Arguments all = {program};
  all.insert(all.end(), options.begin(), options.end());
  return all;
}

// A server of wscope, and where it is.
struct Listening {
  Listening(const char* program, const Arguments& options) : process(command(program, options), server_core) {
    const std::string line = process.complaint();
    const std::size_t begin = line.find("ws");
    const std::size_t end = line.find("/ (");
    if (begin == std::string::npos || end == std::string::npos) fail("no readiness line: " + line);
    url = line.substr(begin, end - begin);
  }

  Process process;
  std::string url;
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// --- start-up

// Connects, echoes once, closes and exits.
double start(const Arguments& arguments) {
  const auto begin = std::chrono::steady_clock::now();
  Process client(arguments, load_core);
  if (client.wait() != 0) fail("the client failed: " + client.complaint());
  return seconds_since(begin);
}

void bench_start(Table& table, const char* program) {
  if (!table.wants("tls/start")) return;
  const Listening secure(program, {"echo", "--tls", "0"});
  const Listening plain(program, {"echo", "0"});
  const std::string words = secure.process.complaint();
  const std::string pin = words.substr(std::min(words.find("sha256//"), words.size()));
  const Arguments with_tls = {program, "-x", "hi", "-1", "--pin", pin, secure.url};
  const Arguments without = {program, "-x", "hi", "-1", plain.url};
  const Comparison seconds = compare(
      51, [&] { return start(with_tls); }, [&] { return start(without); });
  table.add({"tls/start", "ms", seconds.ours * 1e3, seconds.other * 1e3, seconds.ratio, {}});
}

// --- throughput

// How long all lines take from one program's stdin to the other's stdout.
double move(const Process& from, const Process& to) {
  std::vector<std::byte> buffer(line_size);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t feeder = fork();
  if (feeder == 0) {
    std::string line(line_size - 1, 'x');
    line += '\n';
    for (std::size_t i = 0; i < lines; ++i) {
      for (std::size_t at = 0; at < line.size();) {
        const ssize_t n = write(from.in(), line.data() + at, line.size() - at);
        if (n <= 0) std::_Exit(1);
        at += static_cast<std::size_t>(n);
      }
    }
    std::_Exit(0);
  }
  read_exactly(to.out(), buffer.data(), 1);
  for (std::size_t left = line_size * lines - 1; left > 0;) {
    const ssize_t n = read(to.out(), buffer.data(), std::min(left, buffer.size()));
    if (n <= 0) fail("a transfer through TLS ended too early: " + to.complaint());
    left -= static_cast<std::size_t>(n);
  }
  const double seconds = seconds_since(begin);
  waitpid(feeder, nullptr, 0);
  return seconds;
}

// Both are connected once a word has gone from the client to the server.
double converse(const Process& server, const Process& client, bool in) {
  if (write(client.in(), "hi\n", 3) != 3) die("write");
  std::byte word[3];
  read_exactly(server.out(), word, sizeof word);
  return in ? move(server, client) : move(client, server);
}

// A throw-away certificate and its key in one file.
class Certificate {
 public:
  Certificate() {
    const int file = mkstemp(path_.data());
    if (file < 0) die("mkstemp");
    close(file);
    Process made({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                  "/CN=localhost", "-keyout", path_, "-out", key_and_certificate()},
                 load_core);
    if (made.wait() != 0) fail("openssl makes no certificate: " + made.complaint());
  }
  ~Certificate() {
    unlink(path_.c_str());
    unlink(key_and_certificate().c_str());
  }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  [[nodiscard]] const std::string& key() const noexcept { return path_; }
  [[nodiscard]] std::string key_and_certificate() const { return path_ + ".pem"; }

 private:
  std::string path_ = "/tmp/wscope-bench-XXXXXX";
};

double wscope_seconds(const char* program, const Certificate& certificate, bool in) {
  const Listening server(program, {"listen", "--tls", "--cert", certificate.key_and_certificate(), "--key",
                                   certificate.key(), "--no-compress", "0"});
  const Process client({program, "--insecure", "--no-compress", server.url}, load_core);
  return converse(server.process, client, in);
}

// Without -quiet it would say so itself, but mix more with the bytes.
bool accepts(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return connected;
}

double openssl_seconds(const Certificate& certificate, bool in) {
  std::uint16_t port = 0;
  close(listen_on_loopback(port));  // free now
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const Process server({"openssl", "s_server", "-quiet", "-accept", address, "-cert", certificate.key_and_certificate(),
                        "-key", certificate.key()},
                       server_core);
  while (!accepts(port)) usleep(1000);
  const Process client({"openssl", "s_client", "-quiet", "-connect", address}, load_core);
  return converse(server, client, in);
}

void bench_throughput(Table& table, const char* program, bool in) {
  const std::string name = in ? "tls/receive-256MiB" : "tls/send-256MiB";
  if (!table.wants(name)) return;
  const Certificate certificate;
  const Comparison seconds = compare(
      5, [&] { return wscope_seconds(program, certificate, in); }, [&] { return openssl_seconds(certificate, in); });
  table.add({name, "ms", seconds.ours * 1e3, seconds.other * 1e3, seconds.ratio, ratio_at_most(1.0)});
}

}  // namespace

void bench_tls(Table& table, const char* program) {
  bench_start(table, program);
  bench_throughput(table, program, false);
  bench_throughput(table, program, true);
}

}  // namespace wscope::bench
