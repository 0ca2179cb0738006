// Names for endpoints: @prod, from a file of the person's.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// `arguments` of connect with what stands for the @NAME that is there in place of a URL, if one is: the URL and the
/// options of the line `NAME = URL [OPTIONS]` of $XDG_CONFIG_HOME/wscope/targets. They come in front of the others; of
/// an option that may be given once, that of the arguments counts.
///
/// The file is UTF-8, a target a line; names have letters, digits, ., _ and -; lines that begin with # are comments;
/// words are quoted as in a session, and options are those of /connect. It is read for such a name only. An error of
/// kind usage: it is another's, or others can write it, or can read it though it holds a secret; or a line of it is
/// wrong ("targets:3: …"), or there is no such name.
[[nodiscard]] base::Result<std::vector<std::string>> with_target(const std::vector<std::string>& arguments);

/// The path of the file; empty: it has none.
[[nodiscard]] std::string targets_path();

}  // namespace wscope::cli
