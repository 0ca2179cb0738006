#include "tls/certificate.h"

#include <array>
#include <ctime>
#include <span>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "tls/digest.h"
#include "tls/handles.h"

namespace wscope::tls {
namespace {

std::string_view text_of(const ASN1_STRING& string) noexcept {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(&string)),
          static_cast<std::size_t>(ASN1_STRING_length(&string))};
}

std::string address_text(std::string_view address) {
  const int family = address.size() == sizeof(in_addr) ? AF_INET : AF_INET6;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family == AF_INET6 && address.size() != sizeof(in6_addr)) return "?";
  return ::inet_ntop(family, address.data(), text.data(), text.size()) != nullptr ? text.data() : "?";
}

std::string time_text(const ASN1_TIME& time, const char* format) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&time, &parts) != 1) return "?";
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

}  // namespace

std::string name_text(const X509_NAME& name) {
  constexpr unsigned long flags = (XN_FLAG_RFC2253 & ~XN_FLAG_SEP_MASK & ~ASN1_STRFLGS_ESC_MSB) | XN_FLAG_SEP_CPLUS_SPC;
  const BioPointer bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), &name, 0, flags) < 0) return "?";
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "nobody";
}

std::string date_text(const ASN1_TIME& time) { return time_text(time, "%Y-%m-%d"); }

CertificateView view_of(const X509& certificate) {
  constexpr const char* precise = "%Y-%m-%d %H:%M:%S UTC";
  return {.subject = name_text(*X509_get_subject_name(&certificate)),
          .issuer = name_text(*X509_get_issuer_name(&certificate)),
          .names = names_held_for(certificate),
          .not_before = time_text(*X509_get0_notBefore(&certificate), precise),
          .not_after = time_text(*X509_get0_notAfter(&certificate), precise)};
}

std::vector<std::string> names_held_for(const X509& certificate) {
  std::vector<std::string> held_for;
  const NamesPointer names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME& name = *sk_GENERAL_NAME_value(names.get(), i);
    if (name.type == GEN_DNS) {
      held_for.emplace_back(text_of(*name.d.dNSName));
    } else if (name.type == GEN_IPADD) {
      held_for.push_back(address_text(text_of(*name.d.iPAddress)));
    }
  }
  return held_for;
}

std::string common_name(const X509& certificate) {
  const X509_NAME* subject = X509_get_subject_name(&certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return std::string(text_of(*X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
}

std::string pin_of(const X509& certificate) {
  unsigned char* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &encoded);
  if (size <= 0) return {};
  const Sha256Digest digest = sha256(std::as_bytes(std::span(encoded, static_cast<std::size_t>(size))));
  OPENSSL_free(encoded);
  return std::string(pin_prefix) + base::base64_encode(digest);
}

}  // namespace wscope::tls
