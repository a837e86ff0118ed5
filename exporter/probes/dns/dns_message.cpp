#include "exporter/probes/dns/dns_message.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include <ldns/ldns.h>

#include "common/base/ascii_text.h"
#include "exporter/modules/dns_names.h"

namespace selfheal {
namespace {

constexpr size_t kHeader = 12;
constexpr int kIsReply = 0x8000;
constexpr int kTruncated = 0x0200;
constexpr int kRcode = 0x000f;

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
struct FreeRecord {
  void operator()(ldns_rr* record) const { ldns_rr_free(record); }
};
struct FreeName {
  void operator()(ldns_rdf* name) const { ldns_rdf_deep_free(name); }
};
using Text = std::unique_ptr<char, FreeText>;
using Record = std::unique_ptr<ldns_rr, FreeRecord>;
using Name = std::unique_ptr<ldns_rdf, FreeName>;

std::string u16(int value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
}

int u16_at(std::string_view bytes, size_t at) {
  return static_cast<uint8_t>(bytes[at]) << 8 | static_cast<uint8_t>(bytes[at + 1]);
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

Error fault(const char* key, const std::string& value, const char* expected) {
  return Error{std::string(key) + " \"" + value + "\": expected " + expected};
}

// ---- text

std::string text_of(char* made) {
  const Text text(made);
  return text == nullptr ? "" : text.get();
}

// Digests and hashes of these are in capitals with blackbox_exporter, not with ldns.
bool prints_capitals(ldns_rr_type type, ldns_rdf_type field) {
  const bool hexadecimal = field == LDNS_RDF_TYPE_HEX || field == LDNS_RDF_TYPE_NSEC3_SALT ||
                           field == LDNS_RDF_TYPE_B32_EXT ||
                           field == LDNS_RDF_TYPE_NSEC3_NEXT_OWNER;
  return hexadecimal && (type == LDNS_RR_TYPE_DS || type == LDNS_RR_TYPE_CDS ||
                         type == LDNS_RR_TYPE_DLV || type == LDNS_RR_TYPE_SSHFP ||
                         type == LDNS_RR_TYPE_NSEC3 || type == LDNS_RR_TYPE_NSEC3PARAM);
}

std::string data_text(const ldns_rr& record) {
  std::string data;
  for (size_t i = 0; i < ldns_rr_rd_count(&record); ++i) {
    const ldns_rdf* field = ldns_rr_rdf(&record, i);
    std::string text = text_of(ldns_rdf2str(field));
    if (prints_capitals(ldns_rr_get_type(&record), ldns_rdf_get_type(field)))
      std::transform(text.begin(), text.end(), text.begin(), upper);
    while (text.ends_with(' ')) text.pop_back();
    data += (i == 0 ? "" : " ") + text;
  }
  return data;
}

std::string record_text(const ldns_rr& record) {
  return text_of(ldns_rdf2str(ldns_rr_owner(&record))) + "\t" +
         std::to_string(ldns_rr_ttl(&record)) + "\t" +
         text_of(ldns_rr_class2str(ldns_rr_get_class(&record))) + "\t" +
         text_of(ldns_rr_type2str(ldns_rr_get_type(&record))) + "\t" + data_text(record);
}

// ---- reading

class Reader {
 public:
  explicit Reader(std::string_view message) : message_(message), at_(kHeader) {}

  // Null at the end of the message, and when it can't be read.
  Record next(ldns_pkt_section section) {
    ldns_rr* record = nullptr;
    if (at_ >= message_.size()) return nullptr;
    const auto* bytes = reinterpret_cast<const uint8_t*>(message_.data());
    broken_ = ldns_wire2rr(&record, bytes, message_.size(), &at_, section) != LDNS_STATUS_OK;
    return Record(broken_ ? nullptr : record);
  }
  bool broken() const { return broken_; }

 private:
  std::string_view message_;
  size_t at_;
  bool broken_ = false;
};

std::vector<Record> read_section(Reader& reader, int count, ldns_pkt_section section) {
  std::vector<Record> records;
  for (int i = 0; i < count && !reader.broken(); ++i) {
    Record record = reader.next(section);
    if (record == nullptr) break;
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<std::string> texts_of(const std::vector<Record>& records) {
  std::vector<std::string> texts;
  for (const Record& record : records) texts.push_back(record_text(*record));
  return texts;
}

constexpr size_t kSerialOfSoa = 2;

std::optional<uint32_t> serial_of(const std::vector<Record>& records) {
  std::optional<uint32_t> serial;
  for (const Record& record : records) {
    if (ldns_rr_get_type(record.get()) != LDNS_RR_TYPE_SOA) continue;
    // A record that ends too early is one to ldns, with fewer fields.
    const ldns_rdf* field = ldns_rr_rdf(record.get(), kSerialOfSoa);
    if (field != nullptr) serial = ldns_rdf2native_int32(field);
  }
  return serial;
}

}  // namespace

Result<DnsQuery> make_dns_query(const DnsModule& module, uint16_t id) {
  const std::string type_name = module.query_type.empty() ? "ANY" : module.query_type;
  const auto type = dns_type_of(type_name);
  if (!type) return fault("query_type", module.query_type, "a type of DNS records, as SOA");
  const auto class_ =
      module.query_class.empty() ? dns_class_of("IN") : dns_class_of(module.query_class);
  if (!class_) return fault("query_class", module.query_class, "IN, CH, HS, NONE or ANY");
  const std::string fqdn =
      module.query_name.ends_with('.') ? module.query_name : module.query_name + ".";
  const Name name(ldns_dname_new_frm_str(fqdn.c_str()));
  if (name == nullptr) return fault("query_name", module.query_name, "a domain name");
  constexpr int kRecursionDesired = 0x0100;
  DnsQuery query;
  query.type = type_name;
  query.bytes = u16(id) + u16(module.recursion_desired ? kRecursionDesired : 0) + u16(1) + u16(0) +
                u16(0) + u16(0);
  query.bytes.append(reinterpret_cast<const char*>(ldns_rdf_data(name.get())),
                     ldns_rdf_size(name.get()));
  query.bytes += u16(*type) + u16(*class_);
  return query;
}

bool answers_query(const DnsQuery& query, std::string_view message) {
  if (message.size() < kHeader || message.substr(0, 2) != query.bytes.substr(0, 2)) return false;
  if ((u16_at(message, 2) & kIsReply) == 0) return false;
  if (u16_at(message, 4) == 0) return true;
  const std::string_view asked = std::string_view(query.bytes).substr(kHeader);
  return same_ignoring_case(message.substr(kHeader, asked.size()), asked);
}

Result<DnsReply> decode_dns_reply(std::string_view message) {
  if (message.size() < kHeader)
    return Error{"the reply has " + std::to_string(message.size()) + " bytes, less than a header"};
  Reader reader(message);
  read_section(reader, u16_at(message, 4), LDNS_SECTION_QUESTION);
  const auto answer = read_section(reader, u16_at(message, 6), LDNS_SECTION_ANSWER);
  const auto authority = read_section(reader, u16_at(message, 8), LDNS_SECTION_AUTHORITY);
  const auto additional = read_section(reader, u16_at(message, 10), LDNS_SECTION_ADDITIONAL);
  if (reader.broken()) return Error{"the reply is no DNS message"};
  DnsReply reply;
  reply.rcode = u16_at(message, 2) & kRcode;
  reply.truncated = (u16_at(message, 2) & kTruncated) != 0;
  reply.answer = texts_of(answer);
  reply.authority = texts_of(authority);
  reply.additional = texts_of(additional);
  reply.serial = serial_of(answer);
  return reply;
}

}  // namespace selfheal
