// Listening sockets that whoever has started us has opened: socket activation, as systemd has it (sd_listen_fds(3)).
#pragma once

#include <string>

#include "base/result.h"
#include "net/fd.h"

namespace wscope::net {

/// How many there are: LISTEN_FDS, if LISTEN_PID is us. They are the descriptors from first_passed on. The variables
/// are gone then, so that no program that we start takes them for its own. An Error of kind io: LISTEN_FDS is no
/// number.
[[nodiscard]] base::Result<int> take_passed_sockets();

inline constexpr int first_passed = 3;

/// Takes one of them over, non-blocking and close-on-exec. An Error of kind io: it is not a stream socket that listens.
[[nodiscard]] base::Result<UniqueFd> adopt_passed_socket(int fd);

}  // namespace wscope::net
