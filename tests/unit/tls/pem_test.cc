#include "tls/pem.h"

#include <unistd.h>

#include "authority.h"
#include "net/file.h"

using namespace wscope;
using test::pem;

namespace {

// A key in the form of old, whose encryption is OpenSSL's own.
std::string traditional_pem(const tls::KeyPointer& key, const std::string& passphrase) {
  const tls::BioPointer bio(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_PrivateKey_traditional(bio.get(), key.get(), EVP_aes_128_cbc(),
                                               reinterpret_cast<const unsigned char*>(passphrase.data()),
                                               static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  return test::contents(bio.get());
}

base::Result<tls::KeyPointer> read_key(const std::string& path, const std::string& passphrase) {
  const auto text = net::read_file(path);
  return text ? tls::parse_key(*text, path, passphrase) : text.error();
}

std::string key_error(const std::string& path, const std::string& passphrase, base::ErrorKind kind) {
  const auto key = read_key(path, passphrase);
  REQUIRE_FALSE(key.ok());
  CHECK(key.error().kind == kind);
  REQUIRE(key.error().message.starts_with(path + ": "));
  return key.error().message.substr(path.size() + 2);
}

std::string certificate_error(const std::string& path) {
  const auto certificates = tls::read_certificates(path);
  REQUIRE_FALSE(certificates.ok());
  CHECK(certificates.error().kind == base::ErrorKind::io);
  REQUIRE(certificates.error().message.starts_with(path + ": "));
  return certificates.error().message.substr(path.size() + 2);
}

}  // namespace

TEST_CASE("all certificates of a file are read, in order, whatever is around them") {
  const test::TemporaryFolder folder;
  const test::Certified one = test::issue({.subject = "one"});
  const test::Certified two = test::issue({.subject = "two"});
  const auto read = tls::read_certificates(
      folder.put("chain.pem", "A comment\n" + pem(one.key) + pem(one.certificate) + "\n\n" + pem(two) + "the end\n"));
  REQUIRE(read.ok());
  REQUIRE(read->size() == 2);
  CHECK(X509_cmp(read->at(0).get(), one.certificate.get()) == 0);
  CHECK(X509_cmp(read->at(1).get(), two.certificate.get()) == 0);
}

TEST_CASE("a file without usable certificates is told by name") {
  const test::TemporaryFolder folder;
  const test::Certified one = test::issue({});
  CHECK(certificate_error(folder.at("none.pem")) == "no such file or directory");
  CHECK(certificate_error(folder.path()) == "is a directory");
  CHECK(certificate_error(folder.put("empty.pem", "")) == "holds no certificate in PEM form");
  CHECK(certificate_error(folder.put("key.pem", pem(one.key))) == "holds no certificate in PEM form");
  CHECK(certificate_error(folder.put("binary.pem", std::string("\x30\x82\0\1", 4))) ==
        "holds no certificate in PEM form");
  std::string damaged = pem(one.certificate);
  damaged[100] = '!';
  CHECK(certificate_error(folder.put("damaged.pem", damaged)) == "holds a damaged certificate");
  CHECK(certificate_error(folder.put("half.pem", pem(one.certificate) + damaged)) == "holds a damaged certificate");
}

TEST_CASE("a key is read, whatever is around it") {
  const test::TemporaryFolder folder;
  const test::Certified one = test::issue({});
  const auto key = read_key(folder.put("key.pem", "A comment\n" + pem(one.certificate) + pem(one.key)), {});
  REQUIRE(key.ok());
  CHECK(EVP_PKEY_eq(key->get(), one.key.get()) == 1);
}

TEST_CASE("a key that needs no passphrase does not mind one") {
  const test::TemporaryFolder folder;
  CHECK(read_key(folder.put("key.pem", pem(test::issue({}).key)), "secret").ok());
}

TEST_CASE("an encrypted key takes its passphrase, and nobody is asked for it") {
  const test::TemporaryFolder folder;
  const test::Certified one = test::issue({});
  for (const std::string& text : {pem(one.key, "secret"), traditional_pem(one.key, "secret")}) {
    CAPTURE(text);
    const std::string path = folder.put("key.pem", text);
    const auto key = read_key(path, "secret");
    REQUIRE(key.ok());
    CHECK(EVP_PKEY_eq(key->get(), one.key.get()) == 1);
    CHECK(key_error(path, "wrong", base::ErrorKind::usage) == "the passphrase is wrong");
    CHECK(key_error(path, std::string(5000, 'x'), base::ErrorKind::usage) == "the passphrase is wrong");
    CHECK(key_error(path, "", base::ErrorKind::usage) == "the key is encrypted");
    CHECK(read_key(path, "").error().hint == "--passphrase unlocks it");
  }
}

TEST_CASE("a file without a usable key is told by name") {
  const test::TemporaryFolder folder;
  const auto io = base::ErrorKind::io;
  CHECK(key_error(folder.at("none.pem"), "", io) == "no such file or directory");
  CHECK(key_error(folder.path(), "", io) == "is a directory");
  CHECK(key_error(folder.put("empty.pem", ""), "", io) == "holds no private key in PEM form");
  CHECK(key_error(folder.put("certificate.pem", pem(test::issue({}).certificate)), "x", io) ==
        "holds no private key in PEM form");
}

TEST_CASE("certificate and key may come through a pipe") {
  const test::Certified one = test::issue({});
  const std::string text = pem(one);
  for (const bool wants_key : {false, true}) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    const std::string path = "/dev/fd/" + std::to_string(ends[0]);
    CHECK((wants_key ? read_key(path, {}).ok() : tls::read_certificates(path).ok()));
    ::close(ends[0]);
  }
}
