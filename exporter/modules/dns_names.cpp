#include "exporter/modules/dns_names.h"

#include <algorithm>
#include <array>

namespace selfheal {
namespace {

constexpr std::array kTypes{
    "A",       "AAAA",  "AFSDB",   "AMTRELAY",   "ANY",      "APL",    "ATMA",       "AVC",
    "AXFR",    "CAA",   "CDNSKEY", "CDS",        "CERT",     "CNAME",  "CSYNC",      "DHCID",
    "DLV",     "DNAME", "DNSKEY",  "DS",         "EID",      "EUI48",  "EUI64",      "GID",
    "GPOS",    "HINFO", "HIP",     "HTTPS",      "IPSECKEY", "ISDN",   "IXFR",       "KEY",
    "KX",      "L32",   "L64",     "LOC",        "LP",       "MAILA",  "MAILB",      "MB",
    "MD",      "MF",    "MG",      "MINFO",      "MR",       "MX",     "NAPTR",      "NID",
    "NIMLOC",  "NINFO", "NS",      "NSAP-PTR",   "NSEC",     "NSEC3",  "NSEC3PARAM", "NULL",
    "NXNAME",  "NXT",   "None",    "OPENPGPKEY", "OPT",      "PTR",    "PX",         "RESERVED",
    "RESINFO", "RKEY",  "RP",      "RRSIG",      "RT",       "SIG",    "SMIMEA",     "SOA",
    "SPF",     "SRV",   "SSHFP",   "SVCB",       "TA",       "TALINK", "TKEY",       "TLSA",
    "TSIG",    "TXT",   "UID",     "UINFO",      "UNSPEC",   "URI",    "X25",        "ZONEMD"};

constexpr std::array kClasses{"ANY", "CH", "CS", "HS", "IN", "NONE"};

constexpr std::array kRcodes{"NOERROR",  "FORMERR",   "SERVFAIL", "NXDOMAIN", "NOTIMP",  "NOTIMPL",
                             "REFUSED",  "YXDOMAIN",  "YXRRSET",  "NXRRSET",  "NOTAUTH", "NOTZONE",
                             "BADSIG",   "BADKEY",    "BADTIME",  "BADMODE",  "BADNAME", "BADALG",
                             "BADTRUNC", "BADCOOKIE", "DSOTYPENI"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_dns_type(std::string_view name) {
  return contains(kTypes, name);
}

bool is_dns_class(std::string_view name) {
  return contains(kClasses, name);
}

bool is_dns_rcode(std::string_view name) {
  return contains(kRcodes, name);
}

}  // namespace selfheal
