// Owners of what is forwarded, and where that goes in a test.
#pragma once

#include "serve/forwarded.h"
#include "unit/link/notes.h"
#include "unit/serve/relaying.h"

namespace wscope::test {

struct ForwardedNotes final : serve::ForwardedOwner {
  void handle_forwarded_open(serve::Forwarded&) override { ++opened; }
  void handle_forwarded_over(serve::Forwarded&) override { ++over; }
  int opened = 0;
  int over = 0;
};

/// An echo, and a plan to connect to it.
struct EchoBehind {
  EchoBehind() {
    plan.endpoint.url = relayed.served->url;
    plan.answers_close = false;
  }

  Relayed relayed{{"echo:"}};
  link::Loop& loop = relayed.loop;
  link::ConnectPlan plan{};
  NotedReports report;
  ForwardedNotes owner;
};

}  // namespace wscope::test
