#include <wscope/ws/opcode.h>

int main() { return 0; }
