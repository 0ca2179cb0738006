#include "talk/json.h"

#include <doctest/doctest.h>

#include "base/utf8.h"

using namespace wscope;
using namespace std::string_view_literals;

namespace {

std::string json_string(std::string_view text) {
  std::string out;
  talk::append_json_string(text, out);
  return out;
}

std::string items(std::string_view value) {
  std::string all;
  for (talk::JsonItems items(value); items.next();) {
    all += std::string(items.key()) + "=" + std::string(items.value()) + ";";
  }
  return all;
}

}  // namespace

TEST_CASE("a string is written in quotation marks as it is") {
  CHECK(json_string("") == R"("")");
  CHECK(json_string("plain ASCII ~ /'") == R"("plain ASCII ~ /'")");
  CHECK(json_string("Grüße, 日本語, 😀") == R"("Grüße, 日本語, 😀")");
  CHECK(json_string("\u0080\u2028\ufeff\U0010ffff") == "\"\u0080\u2028\ufeff\U0010ffff\"");
}

TEST_CASE("what JSON wants escaped is escaped, and DEL") {
  CHECK(json_string(R"(say "hi" \o/)") == R"("say \"hi\" \\o/")");
  CHECK(json_string("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(json_string(std::string_view("\0\x01\x1f\x7f", 4)) == R"("\u0000\u0001\u001f\u007f")");
  CHECK(json_string("\nab\n\ncd\n") == R"("\nab\n\ncd\n")");
  CHECK(json_string("ü\x1b[0mü") == R"("ü\u001b[0mü")");
}

TEST_CASE("a character is escaped wherever it stands") {
  for (int code = 0; code < 0x80; ++code) {
    const char c = static_cast<char>(code);
    std::string escaped = json_string(std::string(1, c));
    escaped = escaped.substr(1, escaped.size() - 2);
    for (std::size_t at = 0; at < 20; ++at) {
      const std::string before(at, 'x');
      const std::string behind = std::string(19 - at, '~') + "ü";
      CHECK(json_string(before + c + behind + c) == '"' + before + escaped + behind + escaped + '"');
    }
  }
}

TEST_CASE("a string that is not UTF-8 is taken for Latin-1") {
  CHECK(json_string("caf\xe9") == R"("café")");
  CHECK(json_string("\x80\xff\n\"") == "\"\u0080\u00ff\\n\\\"\"");
  CHECK(json_string("\xc3\xa9 and \xe9") == R"("Ã© and é")");
}

TEST_CASE("whatever a string holds, it is UTF-8 without control characters") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string out = json_string(std::string{static_cast<char>(first), static_cast<char>(second)});
      bool fine = base::is_utf8(base::as_bytes(out));
      for (const char c : out) fine = fine && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
      if (!fine) FAIL_CHECK(first, " ", second);
    }
  }
}

TEST_CASE("the first character of a value tells its type") {
  CHECK(talk::type_of("null") == talk::JsonType::null);
  CHECK(talk::type_of("true") == talk::JsonType::boolean);
  CHECK(talk::type_of("false") == talk::JsonType::boolean);
  CHECK(talk::type_of("-1") == talk::JsonType::number);
  CHECK(talk::type_of("0") == talk::JsonType::number);
  CHECK(talk::type_of("\"\"") == talk::JsonType::string);
  CHECK(talk::type_of("[]") == talk::JsonType::array);
  CHECK(talk::type_of("{}") == talk::JsonType::object);
}

TEST_CASE("a string stands for its characters") {
  CHECK(talk::unescape_json(R"("plain")") == "plain");
  CHECK(talk::unescape_json(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(talk::unescape_json(R"("\u0041\u00e9\u20AC")") == "A\u00e9\u20ac");
  CHECK(talk::unescape_json(R"("\ud83d\ude00!")") == "\U0001f600!");
  CHECK(talk::unescape_json(R"("\u0000")") == std::string(1, '\0'));
}

TEST_CASE("half of a surrogate pair can be told from a whole one") {
  for (const std::string_view whole : {R"("")", R"("a\\ud83d")", R"("\u20ac\ud83d\ude00\n")", R"("\uE000\uD7FF")"}) {
    CAPTURE(whole);
    CHECK(talk::has_whole_pairs(whole));
  }
  for (const std::string_view half : {R"("\ud83d")", R"("\uDE00")", R"("\ud83d\n")", R"("\ud83d\u0041")",
                                      R"("\ud83d\ud83d\ude00")", R"("a\n\ud83dx")"}) {
    CAPTURE(half);
    CHECK_FALSE(talk::has_whole_pairs(half));
  }
}

TEST_CASE("half of a surrogate pair is a replacement character") {
  CHECK(talk::unescape_json(R"("\ud83d")") == "\ufffd");
  CHECK(talk::unescape_json(R"("\ude00x")") == "\ufffdx");
  CHECK(talk::unescape_json(R"("\ud83d\u0041")") == "\ufffdA");
  CHECK(talk::unescape_json(R"("\ud83d\ud83d\ude00")") == "\ufffd\U0001f600");
}

TEST_CASE("items are walked through in their order") {
  CHECK(items("[]") == "");
  CHECK(items(" [ ]"sv.substr(1)) == "");
  CHECK(items(R"([1,"a,]",[2,[]],{"x":"}"} , null ])") == R"(=1;="a,]";=[2,[]];={"x":"}"};=null;)");
  CHECK(items(R"({ "a" : 1,"b\"":"\\" , "c":[{}]})") == R"("a"=1;"b\""="\\";"c"=[{}];)");
  CHECK(items("1") == "");
  CHECK(items("\"text\"") == "");
}

TEST_CASE("of equal keys the last one is found, however it is written") {
  CHECK(talk::find_member(R"({"a":1,"b":2,"a":3})", "a") == "3");
  CHECK(talk::find_member(R"({"\u0061":1})", "a") == "1");
  CHECK(talk::find_member(R"({"a":1})", "b") == std::nullopt);
  CHECK(talk::find_member("[1]", "a") == std::nullopt);
  CHECK(talk::find_member("1", "a") == std::nullopt);
}

TEST_CASE("equal keys are counted once") {
  CHECK(talk::count_items("[1,1]") == 2);
  CHECK(talk::count_items(R"({"a":1,"b":1,"\u0061":1})") == 2);
  CHECK(talk::count_items("{}") == 0);
  CHECK(talk::count_items("\"ab\"") == std::nullopt);
}

TEST_CASE("a value is put on one line, its tokens as they are") {
  CHECK(talk::on_one_line("{ \"b\" : 1.0 ,\n\t\"a\" : [ ] }") == R"({"b":1.0,"a":[]})");
  CHECK(talk::on_one_line("\" \"") == "\" \"");
  CHECK(talk::trim_json(" \t\r\n1 \n") == "1");
}
