#include "ws/extension_header.h"

#include "http/field_syntax.h"

namespace wscope::ws {
namespace {

using base::Result;
using http::FieldScanner;

Result<ExtensionParameter> parse_parameter(FieldScanner& scanner) {
  auto name = scanner.token();
  if (!name) return std::move(name).error();
  ExtensionParameter parameter{std::string(*name), std::nullopt};
  scanner.skip_white_space();
  if (!scanner.take('=')) return parameter;
  scanner.skip_white_space();
  if (scanner.next_is('"')) {
    auto value = scanner.quoted_string();
    if (!value) return std::move(value).error();
    if (!http::is_token(*value)) return scanner.expected("a quoted token before");
    parameter.value = std::move(*value);
  } else {
    auto value = scanner.token();
    if (!value) return std::move(value).error();
    parameter.value = std::string(*value);
  }
  scanner.skip_white_space();
  return parameter;
}

Result<ExtensionElement> parse_element(FieldScanner& scanner) {
  auto name = scanner.token();
  if (!name) return std::move(name).error();
  ExtensionElement element{std::string(*name), {}};
  scanner.skip_white_space();
  while (scanner.take(';')) {
    scanner.skip_white_space();
    auto parameter = parse_parameter(scanner);
    if (!parameter) return std::move(parameter).error();
    element.parameters.push_back(std::move(*parameter));
  }
  return element;
}

}  // namespace

Result<std::vector<ExtensionElement>> parse_extensions(std::string_view value) {
  std::vector<ExtensionElement> elements;
  FieldScanner scanner(value);
  scanner.skip_list_separators();
  do {
    auto element = parse_element(scanner);
    if (!element) return std::move(element).error();
    elements.push_back(std::move(*element));
    if (auto end = scanner.end_of_element(); !end) return std::move(end).error();
  } while (!scanner.at_end());
  return elements;
}

Result<ExtensionParameters> parse_extension_parameters(std::string_view text) {
  ExtensionParameters parameters;
  FieldScanner scanner(text);
  scanner.skip_white_space();
  while (!scanner.at_end()) {
    auto parameter = parse_parameter(scanner);
    if (!parameter) return std::move(parameter).error();
    parameters.push_back(std::move(*parameter));
    if (scanner.at_end()) break;
    if (!scanner.take(';')) return scanner.expected("';'");
    scanner.skip_white_space();
  }
  return parameters;
}

std::string write_extension(const ExtensionElement& element) {
  std::string text = element.name;
  for (const ExtensionParameter& parameter : element.parameters) {
    text += "; " + parameter.name;
    if (parameter.value) text += "=" + *parameter.value;
  }
  return text;
}

std::string write_extensions(const std::vector<ExtensionElement>& elements) {
  std::string text;
  for (const ExtensionElement& element : elements) {
    if (!text.empty()) text += ", ";
    text += write_extension(element);
  }
  return text;
}

}  // namespace wscope::ws
