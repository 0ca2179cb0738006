#include "script/parser.h"

#include <utility>

#include "repl/words.h"
#include "script/statement_parser.h"

namespace wscope::script {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::string path_in(const std::string& folder, const std::string& path) {
  const std::string expanded = repl::expand_home(path);
  return expanded.starts_with('/') ? expanded : folder + expanded;
}

base::Result<Script> parse_script(const std::string& name, const std::string& text, const ParseContext& context) {
  ParseState state{context};
  state.known = context.known;
  state.script.name = name;
  state.script.files.push_back(name);
  StatementParser parser(state, 0, folder_of(name), text, 0);
  if (auto parsed = parser.parse(state.script.statements); !parsed) return std::move(parsed).error();
  return std::move(state.script);
}

}  // namespace wscope::script
