#include "net/unix_listener.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "net/socket.h"

using namespace wscope;

namespace {

class Folder {
 public:
  Folder() : path_((std::filesystem::temp_directory_path() / "wscope-XXXXXX").string()) {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

bool is_there(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

bool can_connect(const std::string& path) {
  return net::start_connect(net::SocketAddress::from_unix_path(path).value()).ok();
}

std::string refusal(const std::string& path) {
  const auto listener = net::listen_on_unix(path, 0600, 1);
  REQUIRE(!listener.ok());
  CHECK(listener.error().kind == base::ErrorKind::io);
  return listener.error().message.substr(listener.error().message.rfind('/'));
}

}  // namespace

TEST_CASE("a socket has the permissions that it is to have, whatever the umask is") {
  const Folder folder;
  for (const mode_t umask_then : {0000U, 0022U, 0777U}) {
    const mode_t before = ::umask(umask_then);
    for (const mode_t mode : {0600U, 0660U, 0666U, 0000U}) {
      const std::string path = folder.file("socket");
      const auto listener = net::listen_on_unix(path, mode, 1);
      REQUIRE(listener.ok());
      struct stat status {};
      REQUIRE(::lstat(path.c_str(), &status) == 0);
      CHECK((status.st_mode & 0777U) == mode);
      CHECK(test::is_private(listener->socket.get()));
    }
    CHECK(::umask(before) == umask_then);
  }
}

TEST_CASE("the file of a socket goes with it") {
  const Folder folder;
  const std::string path = folder.file("socket");
  {
    auto listener = net::listen_on_unix(path, 0600, 1);
    REQUIRE(listener.ok());
    CHECK(can_connect(path));
    net::SocketFile moved = std::move(listener->file);
    CHECK(is_there(path));
    CHECK(moved.path() == path);
  }
  CHECK_FALSE(is_there(path));
}

TEST_CASE("what has come in place of a socket's file stays") {
  const Folder folder;
  const std::string path = folder.file("socket");
  {
    const auto listener = net::listen_on_unix(path, 0600, 1);
    REQUIRE(listener.ok());
    std::filesystem::rename(path, folder.file("elsewhere"));
    std::ofstream(path) << "another's";
  }
  CHECK(is_there(path));
}

TEST_CASE("a socket that somebody serves is not taken over") {
  const Folder folder;
  const std::string path = folder.file("socket");
  const auto first = net::listen_on_unix(path, 0600, 0);
  REQUIRE(first.ok());
  CHECK(refusal(path) == "/socket: address already in use");
  // Nor one that cannot take anybody more just now.
  std::vector<net::UniqueFd> waiting;
  for (auto fd = net::start_connect(net::SocketAddress::from_unix_path(path).value()); fd.ok();
       fd = net::start_connect(net::SocketAddress::from_unix_path(path).value())) {
    waiting.push_back(std::move(fd).value());
    REQUIRE(waiting.size() < 100);
  }
  CHECK(refusal(path) == "/socket: address already in use");
  CHECK(is_there(path));
}

TEST_CASE("a socket that nobody serves any more is replaced") {
  const Folder folder;
  const std::string path = folder.file("socket");
  auto dead = net::listen_on_unix(path, 0600, 1);
  REQUIRE(dead.ok());
  dead->socket.reset();
  const auto living = net::listen_on_unix(path, 0600, 1);
  REQUIRE(living.ok());
  CHECK(can_connect(path));
}

TEST_CASE("anything but a socket is left where it is") {
  const Folder folder;
  std::ofstream(folder.file("file")) << "text";
  std::filesystem::create_directory(folder.file("folder"));
  std::filesystem::create_symlink(folder.file("nowhere"), folder.file("link"));
  for (const std::string name : {"file", "folder", "link"}) {
    CHECK(refusal(folder.file(name)) == "/" + name + ": is there already, and is not a socket");
    CHECK(is_there(folder.file(name)));
  }
  CHECK(refusal(folder.file("not there/socket")) == "/socket: no such file or directory");
  const auto long_one = net::listen_on_unix(folder.file(std::string(200, 'x')), 0600, 1);
  REQUIRE(!long_one.ok());
  CHECK(long_one.error().kind == base::ErrorKind::usage);
}
