#include <openssl/ssl.h>

int main() { return SSL_CTX_new(TLS_method()) != nullptr ? 0 : 1; }
