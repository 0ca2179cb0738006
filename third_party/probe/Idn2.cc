#include <idn2.h>

int main() {
  char* name = nullptr;
  return idn2_to_ascii_8z("xn--bcher-kva", &name, IDN2_NFC_INPUT);
}
