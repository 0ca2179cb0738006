#include "net/resolver.h"

#include <atomic>
#include <cassert>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <netdb.h>
#ifdef WSCOPE_STATIC_PIE
#include <nss.h>
#endif

#include "net/error.h"

namespace wscope::net {
namespace {

// RFC 6761 section 6.3, with or without the dot of the root.
bool is_localhost(std::string_view host) {
  constexpr std::string_view localhost = "localhost";
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  if (host.size() < localhost.size()) return false;
  const std::size_t begin = host.size() - localhost.size();
  for (std::size_t i = 0; i < localhost.size(); ++i) {
    const char letter = host[begin + i];
    if (letter != localhost[i] && letter != localhost[i] - 'a' + 'A') return false;
  }
  return begin == 0 || host[begin - 1] == '.';
}

Resolver::Addresses loopback(std::uint16_t port, AddressFamily family) {
  Resolver::Addresses addresses;
  for (const AddressFamily each : {AddressFamily::ipv6, AddressFamily::ipv4}) {  // in the order of RFC 6724
    if (family == AddressFamily::any || family == each) addresses.push_back(SocketAddress::loopback(each, port));
  }
  return addresses;
}

// An IPv6 address with one is no name, whatever is wrong with it.
bool has_zone(const std::string& host) noexcept {
  return host.find(':') != std::string::npos && host.find('%') != std::string::npos;
}

// A program that brings its own C library must not load the system's modules of another one, which nsswitch.conf may
// name: it asks /etc/hosts and the servers of /etc/resolv.conf, for which it has all it needs.
void ask_without_modules() noexcept {
#ifdef WSCOPE_STATIC_PIE
  static_cast<void>(::__nss_configure_lookup("hosts", "files dns"));
#endif
}

base::Error not_resolved(const std::string& host, const std::string& why) {
  return {base::ErrorKind::dns, host + ": name not resolved: " + why};
}

}  // namespace

/// What the Resolver and the thread have in common; the last of them frees it.
struct Resolver::Lookup {
  Lookup() = default;
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  ~Lookup() {
    if (found != nullptr) ::freeaddrinfo(found);
  }

  void run() noexcept;

  std::string host;
  std::string port;
  addrinfo hints{};
  UniqueFd announcement;  // closing it makes the other end readable

  addrinfo* found = nullptr;
  int failure = 0;
  int error = 0;
  std::atomic<bool> answered = false;
};

void Resolver::Lookup::run() noexcept {
  failure = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  error = errno;
  answered = true;
  announcement.reset();  // only now: whoever wakes finds the answer
}

void Resolver::start(const std::string& host, std::uint16_t port, AddressFamily family) {
  answer_.reset();
  lookup_.reset();
  announcement_.reset();
  const auto number = SocketAddress::from_numeric(host, port);
  if (number) {
    if (number->fits(family)) {
      answer_ = Addresses{*number};
    } else {
      answer_ = base::Error{base::ErrorKind::dns,
                            host + ": not an " + (family == AddressFamily::ipv4 ? "IPv4" : "IPv6") + " address"};
    }
  } else if (has_zone(host)) {
    answer_ = base::Error{base::ErrorKind::dns, number.error().message};
  } else if (is_localhost(host)) {
    answer_ = loopback(port, family);
  } else if (number.error().kind != base::ErrorKind::usage) {
    answer_ = base::Error{base::ErrorKind::dns, number.error().message};
  } else {
    ask_system(host, port, family);
  }
}

void Resolver::ask_system(const std::string& host, std::uint16_t port, AddressFamily family) {
  ask_without_modules();
  auto pipe = make_pipe();
  if (!pipe) {
    answer_ = not_resolved(host, pipe.error().message);
    return;
  }
  auto lookup = std::make_shared<Lookup>();
  lookup->host = host;
  lookup->port = std::to_string(port);
  // Without AI_ADDRCONFIG: it disregards loopback addresses, so that without a network even local names may fail.
  lookup->hints.ai_flags = AI_NUMERICSERV;
  lookup->hints.ai_family = family == AddressFamily::any    ? AF_UNSPEC
                            : family == AddressFamily::ipv4 ? AF_INET
                                                            : AF_INET6;
  lookup->hints.ai_socktype = SOCK_STREAM;
  lookup->announcement = std::move(pipe->write_end);
  try {
    std::thread([lookup] { lookup->run(); }).detach();
  } catch (const std::system_error& error) {
    answer_ = not_resolved(host, error_text(error.code().value()));
    return;
  }
  lookup_ = std::move(lookup);
  announcement_ = std::move(pipe->read_end);
}

bool Resolver::ready() const noexcept { return answer_ || (lookup_ != nullptr && lookup_->answered); }

base::Result<Resolver::Addresses> Resolver::take() {
  assert(ready());
  announcement_.reset();
  if (answer_) return *std::exchange(answer_, std::nullopt);
  const auto lookup = std::move(lookup_);
  if (lookup->failure != 0) return not_resolved(lookup->host, lookup_error_text(lookup->failure, lookup->error));
  Addresses addresses;
  for (const addrinfo* info = lookup->found; info != nullptr; info = info->ai_next) {
    addresses.push_back(SocketAddress::from(info->ai_addr, info->ai_addrlen));
  }
  if (addresses.empty()) return not_resolved(lookup->host, "no address");
  return addresses;
}

}  // namespace wscope::net
