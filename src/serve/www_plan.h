// What is asked for of a server that has files besides its WebSocket.
#pragma once

#include <string>

namespace wscope::serve {

struct WwwPlan {
  std::string folder;  ///< whose files there are
  bool lists = false;  ///< a folder without an index.html is shown as a list of what is in it
};

}  // namespace wscope::serve
