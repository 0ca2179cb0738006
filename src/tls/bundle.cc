#include "tls/bundle.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "net/file.h"
#include "tls/pem.h"

namespace wscope::tls {
namespace {

using NamePointer = std::unique_ptr<X509_NAME, Free<&X509_NAME_free>>;
using Names = std::vector<const X509_NAME*>;

struct FreeBytes {
  void operator()(void* bytes) const noexcept { OPENSSL_free(bytes); }
};
template <typename Byte>
using BytesPointer = std::unique_ptr<Byte[], FreeBytes>;

// One block of a PEM file.
struct Block {
  BytesPointer<char> label{};
  BytesPointer<char> header{};
  BytesPointer<unsigned char> contents{};
  long size = 0;

  [[nodiscard]] bool is_certificate() const noexcept {
    return label && std::string_view(label.get()).ends_with("CERTIFICATE");
  }
};

// Nothing at the end; an empty block for one that is damaged.
std::optional<Block> read_block(BIO* file) {
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* contents = nullptr;
  long size = 0;
  const bool whole = PEM_read_bio(file, &label, &header, &contents, &size) == 1;
  if (whole)
    return Block{BytesPointer<char>(label), BytesPointer<char>(header), BytesPointer<unsigned char>(contents), size};
  const bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  return end ? std::nullopt : std::optional(Block());
}

// Walks over the fields of a certificate (RFC 5280 section 4.1) to the one that is needed: to read all takes long.
NamePointer subject_of(const Block& block) {
  const unsigned char* at = block.contents.get();
  const unsigned char* const end = at + block.size;
  long size = 0;
  int tag = 0;
  int kind = 0;
  const auto enter = [&] { return (ASN1_get_object(&at, &size, &tag, &kind, end - at) & 0x80) == 0; };
  const auto skip = [&] { return enter() && (at += size) <= end; };
  if (!enter() || !enter()) return nullptr;  // Certificate, TBSCertificate
  const unsigned char* const first = at;
  if (!enter()) return nullptr;
  at = kind == V_ASN1_CONTEXT_SPECIFIC ? at + size : first;      // version, which the oldest leave out
  if (!skip() || !skip() || !skip() || !skip()) return nullptr;  // serialNumber, signature, issuer, validity
  return NamePointer(d2i_X509_NAME(nullptr, &at, end - at));
}

// Certificates may have trust settings behind them ("TRUSTED CERTIFICATE").
CertificatePointer certificate_of(const Block& block) {
  const unsigned char* at = block.contents.get();
  return CertificatePointer(d2i_X509_AUX(nullptr, &at, block.size));
}

std::string encoded(const X509_NAME* name) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(name, &bytes, &size) != 1) return {};
  return {reinterpret_cast<const char*>(bytes), size};
}

Names issuers_of(X509_STORE_CTX& verification) {
  Names names{X509_get_issuer_name(X509_STORE_CTX_get0_cert(&verification))};
  const STACK_OF(X509)* others = X509_STORE_CTX_get0_untrusted(&verification);
  for (int i = 0; i < sk_X509_num(others); ++i) names.push_back(X509_get_issuer_name(sk_X509_value(others, i)));
  return names;
}

bool is_known(X509_STORE_CTX& verification, const X509_NAME* name) {
  X509_OBJECT* found = X509_STORE_CTX_get_obj_by_subject(&verification, X509_LU_X509, const_cast<X509_NAME*>(name));
  X509_OBJECT_free(found);
  return found != nullptr;
}

}  // namespace

base::Result<Bundle> Bundle::open(const std::string& path) {
  auto text = net::read_file(path);
  if (!text) return std::move(text).error();
  if (text->find("CERTIFICATE-----") == std::string::npos) return no_certificate_error(path);
  return Bundle(std::move(*text));
}

void Bundle::add_issuers(X509_STORE_CTX& verification) {
  Names names = issuers_of(verification);
  if (std::any_of(names.begin(), names.end(), [&](auto name) { return is_known(verification, name); })) return;
  std::erase_if(names, [&](const X509_NAME* name) {
    return std::find(looked_up_.begin(), looked_up_.end(), encoded(name)) != looked_up_.end();
  });
  if (names.empty()) return;
  for (const X509_NAME* name : names) looked_up_.push_back(encoded(name));
  const BioPointer file(BIO_new_mem_buf(text_.data(), static_cast<int>(text_.size())));
  while (const auto block = read_block(file.get())) {
    const NamePointer subject = block->is_certificate() ? subject_of(*block) : nullptr;
    const auto is_subject = [&](const X509_NAME* name) { return X509_NAME_cmp(name, subject.get()) == 0; };
    if (!subject || std::none_of(names.begin(), names.end(), is_subject)) continue;
    const CertificatePointer certificate = certificate_of(*block);
    if (certificate) X509_STORE_add_cert(X509_STORE_CTX_get0_store(&verification), certificate.get());
  }
  ERR_clear_error();
}

}  // namespace wscope::tls
