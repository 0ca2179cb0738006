#include <re2/re2.h>

int main() { return RE2::PartialMatch("text", RE2("t$")) ? 0 : 1; }
