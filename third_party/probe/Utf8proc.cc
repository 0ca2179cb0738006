#include <utf8proc.h>

int main() { return utf8proc_charwidth('x'); }
