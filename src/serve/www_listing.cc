#include "serve/www_listing.h"

#include "serve/www_path.h"

namespace wscope::serve {
namespace {

void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

std::string write_listing(std::string_view path, const WwwEntries& list) {
  std::string title = "/";
  if (!path.empty()) {
    append_escaped(path, title);
    title += '/';
  }
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>" +
      title + "</title>\n<h1>" + title + "</h1>\n<ul>\n";
  if (!path.empty()) page += "<li><a href=\"../\">../</a>\n";
  bool complete = list.complete;
  for (const WwwEntry& entry : list.entries) {
    if (page.size() > longest_listing) {
      complete = false;
      break;
    }
    const std::string_view slash = entry.folder ? "/" : "";
    // Behind "./" no name is taken for a scheme.
    page.append("<li><a href=\"./").append(write_www_path(entry.name)).append(slash).append("\">");
    append_escaped(entry.name, page);
    page.append(slash).append("</a>\n");
  }
  page += "</ul>\n";
  if (!complete) page += "<p>There are more.</p>\n";
  return page;
}

}  // namespace wscope::serve
