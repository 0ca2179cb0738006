#include "serve/www.h"

#include <algorithm>
#include <utility>

#include "http/request_target.h"
#include "serve/www_listing.h"
#include "serve/www_types.h"

namespace wscope::serve {
namespace {

// No page of another site embeds what is here, and no browser takes it for something else.
http::Headers common_headers(std::string_view type) {
  return {{"Content-Type", std::string(type)},
          {"X-Content-Type-Options", "nosniff"},
          {"Cross-Origin-Resource-Policy", "same-origin"}};
}

std::string_view query_of(const std::string& path_and_query) noexcept {
  const std::size_t mark = path_and_query.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(path_and_query).substr(mark);
}

}  // namespace

FileTime Www::system_calendar() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

base::Result<std::unique_ptr<Www>> Www::open(const WwwPlan& plan, Calendar calendar) {
  auto folder = WwwFolder::open(plan.folder);
  if (!folder) return std::move(folder).error();
  return std::unique_ptr<Www>(new Www(std::move(folder).value(), plan.lists, std::move(calendar)));
}

base::Result<std::unique_ptr<link::Site>> open_site(const std::optional<WwwPlan>& plan) {
  if (!plan) return std::unique_ptr<link::Site>();
  auto www = Www::open(*plan);
  if (!www) return std::move(www).error();
  return std::unique_ptr<link::Site>(std::move(www).value());
}

http::Field Www::date() const { return {"Date", write_http_date(calendar_())}; }

link::PageAnswer Www::refuse(int status) const {
  const char* const line = status == 400   ? "the path is not percent-encoded"
                           : status == 503 ? "there are no descriptors left"
                                           : "there is nothing here";
  return {link::plain_answer(status, line, {date()})};
}

std::optional<link::PageAnswer> Www::handle_visit(const http::RequestHead& request) {
  const auto target = http::split_target(request.target);
  if (!target) return refuse(400);
  const WwwPath path = read_www_path(target->path());
  if (path.status != 200) return refuse(path.status);
  WwwFile file = folder_.find(path.path);
  switch (file.kind) {
    case WwwFile::Kind::none:
      return refuse(404);
    case WwwFile::Kind::no_room:
      return refuse(503);
    case WwwFile::Kind::file:
      return path.has_slash ? refuse(404) : answer_file(request, path.path, std::move(file));
    case WwwFile::Kind::folder:
      break;
  }
  if (path.has_slash) return answer_folder(request, path, file);
  link::Answer moved = link::plain_answer(308, "it is a folder", {date()});
  moved.headers.add("Location", "/" + write_www_path(path.path) + "/" + std::string(query_of(target->path_and_query)));
  return link::PageAnswer{std::move(moved)};
}

std::optional<link::PageAnswer> Www::answer_folder(const http::RequestHead& request, const WwwPath& path,
                                                   const WwwFile& folder) const {
  const std::string index = path.path.empty() ? "index.html" : path.path + "/index.html";
  WwwFile file = folder_.find(index);
  if (file.kind == WwwFile::Kind::file) return answer_file(request, index, std::move(file));
  if (file.kind == WwwFile::Kind::no_room) return refuse(503);
  if (!lists_) return path.path.empty() ? std::nullopt : std::optional(refuse(404));
  link::Answer list{200, common_headers("text/html; charset=utf-8"),
                    write_listing(path.path, folder_.list(path.path, folder, most_listed))};
  list.headers.add("Cache-Control", "no-cache");
  list.headers.add("Content-Security-Policy",
                   "default-src 'none'; base-uri 'none'; form-action 'none'; "
                   "frame-ancestors 'none'");
  list.headers.add("Date", date().value);
  return link::PageAnswer{std::move(list)};
}

link::PageAnswer Www::answer_file(const http::RequestHead& request, const std::string& path, WwwFile file) const {
  const FileTime now = calendar_();
  const FileTime changed = std::min(file.changed, now);  // RFC 9110 section 8.8.2.1
  const std::string tag = entity_tag(file.size, file.changed);
  const bool has_it = is_not_modified(request.headers, tag, changed);
  link::Answer answer{has_it ? 304 : 200, has_it ? http::Headers() : common_headers(type_of_file(path))};
  answer.headers.add("ETag", tag);
  answer.headers.add("Last-Modified", write_http_date(changed));
  answer.headers.add("Cache-Control", "no-cache");
  answer.headers.add("Accept-Ranges", "none");
  answer.headers.add("Date", write_http_date(now));
  if (has_it) return {std::move(answer)};
  return {std::move(answer), std::move(file.fd), file.size};
}

}  // namespace wscope::serve
