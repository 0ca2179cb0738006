// The files of a folder, for those who ask a server for a page.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "link/site.h"
#include "serve/www_conditions.h"
#include "serve/www_folder.h"
#include "serve/www_path.h"
#include "serve/www_plan.h"

namespace wscope::serve {

/// Serves GET and HEAD of what is in a folder: files as they are, a folder by its index.html or, if that is asked for,
/// as a list. What may not be had is not there (404). Where there is neither index.html nor a list, the server's own
/// page is at "/".
class Www final : public link::Site {
 public:
  /// What time it is, for people; it may be another in a test.
  using Calendar = std::function<FileTime()>;
  [[nodiscard]] static FileTime system_calendar();

  /// An Error of kind io: there is no such folder.
  [[nodiscard]] static base::Result<std::unique_ptr<Www>> open(const WwwPlan& plan,
                                                               Calendar calendar = &system_calendar);

  [[nodiscard]] std::optional<link::PageAnswer> handle_visit(const http::RequestHead& request) override;

 private:
  Www(WwwFolder folder, bool lists, Calendar calendar)
      : folder_(std::move(folder)), lists_(lists), calendar_(std::move(calendar)) {}
  [[nodiscard]] std::optional<link::PageAnswer> answer_folder(const http::RequestHead& request, const WwwPath& path,
                                                              const WwwFile& folder) const;
  [[nodiscard]] link::PageAnswer answer_file(const http::RequestHead& request, const std::string& path,
                                             WwwFile file) const;
  [[nodiscard]] link::PageAnswer refuse(int status) const;
  [[nodiscard]] http::Field date() const;

  WwwFolder folder_;
  bool lists_;
  Calendar calendar_;
};

/// What a server has besides its WebSocket: null if nothing is asked for. Errors as Www::open() has them.
[[nodiscard]] base::Result<std::unique_ptr<link::Site>> open_site(const std::optional<WwwPlan>& plan);

}  // namespace wscope::serve
