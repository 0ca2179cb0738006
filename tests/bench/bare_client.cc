// A client of plain TCP on 127.0.0.1 as small as one can be: what every start costs at least, and what pipes are held
// against where there is no nc. It sends its stdin, says that it has ended, and prints what comes. It uses nothing of
// the C++ library.
//   wscope_bench_client PORT
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr size_t buffer_size = 16 * 1024;  // as nc's

bool copy(int from, int to) {
  static char buffer[buffer_size];
  ssize_t n = 0;
  while ((n = read(from, buffer, sizeof buffer)) > 0) {
    for (ssize_t done = 0; done < n;) {
      const ssize_t written = write(to, buffer + done, static_cast<size_t>(n - done));
      if (written <= 0) return false;
      done += written;
    }
  }
  return n == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(std::atoi(argv[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 1;
  if (!copy(STDIN_FILENO, fd)) return 1;
  shutdown(fd, SHUT_WR);
  return copy(fd, STDOUT_FILENO) ? 0 : 1;
}
