// wscope: a terminal workbench for WebSocket endpoints.
#include <cstdlib>
#include <string>
#include <vector>

#include "app/run.h"

int main(int argc, char** argv) {
  std::exit(wscope::app::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)));
}
