#include "session/ending.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace wscope;
using session::Ending;
using session::Exit;
using session::Patience;

TEST_CASE("the table of endings, for whoever reads this") {
  MESSAGE("\n", session::endings_as_text());
  CHECK(session::endings_as_text() ==
        "it ends by                   Close  waits for         exit          what is missing\n"
        "what was asked for has come  1000   --close-timeout   0             -\n"
        "--for is over                1000   --close-timeout   0             is named\n"
        "silence of -w                1000   --close-timeout   0             is named\n"
        "--eof close                  1000   --close-timeout   0             is named\n"
        "--expect-timeout             1000   --close-timeout   0             is named\n"
        "a person quits               1000   a second          0             -\n"
        "/quit of a script            1000   --close-timeout   0             -\n"
        "the peer closed              -      nothing           0             is named\n"
        "the peer failed              -      nothing           the error's   is named\n"
        "--timeout                    1001   nothing           the error's   is named\n"
        "input that cannot be sent    1001   --close-timeout   the error's   -\n"
        "nobody reads stdout          1001   a second          0             -\n"
        "stdout cannot be written     1001   a second          the error's   -\n"
        "a signal                     1001   a second          the signal's  -\n"
        "a signal, of a server        1001   the same for all  0             -\n");
}

TEST_CASE("each reason has its row") {
  for (const Ending& ending : session::endings()) CHECK(&session::ending_of(ending.reason) == &ending);
}

TEST_CASE("who is closed for what is missing, not for what has gone wrong, is closed normally") {
  for (const Ending& ending : session::endings()) {
    if (!ending.names_missing || ending.exit != Exit::success || !ending.close) continue;
    CHECK(*ending.close == ws::close_code::normal);
    CHECK(ending.patience == Patience::for_close);
  }
}
