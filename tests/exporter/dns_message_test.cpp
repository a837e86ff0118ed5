#include "exporter/probes/dns/dns_message.h"

#include <gtest/gtest.h>

#include "exporter/probes/dns/dns_verdict.h"
#include "tests/exporter/stub_dns_server.h"

namespace selfheal {
namespace {

DnsQuery query_for(const std::string& name, const std::string& type) {
  DnsModule module;
  module.query_name = name;
  module.query_type = type;
  return *make_dns_query(module, 0x1234);
}

std::string u16(int value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}

TEST(DnsMessage, AQueryIsWhatTheModuleSays) {
  DnsModule module;
  module.query_name = "www.example.org";
  module.query_type = "MX";
  const auto query = make_dns_query(module, 0x1234);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->bytes, "\x12\x34" + std::string("\x01\0\0\x01\0\0\0\0\0\0", 10) +
                              dns_name("www.example.org.") + std::string("\0\x0f\0\x01", 4));
  module.recursion_desired = false;
  module.query_class = "CH";
  const auto chaos = make_dns_query(module, 0);
  EXPECT_EQ(chaos->bytes[2], 0);
  EXPECT_EQ(chaos->bytes.back(), 3);
  module.query_name = ".";
  EXPECT_TRUE(make_dns_query(module, 1));
}

TEST(DnsMessage, TypesAndClassesThatFewKnowCanBeAskedFor) {
  DnsModule module;
  module.query_name = "a";
  const auto end_of_query = [&](const std::string& type, const std::string& class_) {
    module.query_type = type;
    module.query_class = class_;
    const auto query = make_dns_query(module, 1);
    if (!query) return query.error().message;
    EXPECT_EQ(query->type, type.empty() ? "ANY" : type);
    return query->bytes.substr(query->bytes.size() - 4);
  };
  EXPECT_EQ(end_of_query("AMTRELAY", "IN"), u16(260) + u16(1));
  EXPECT_EQ(end_of_query("TA", "CS"), u16(32'768) + u16(2));
  EXPECT_EQ(end_of_query("RESERVED", "ANY"), u16(65'535) + u16(255));
  EXPECT_EQ(end_of_query("None", ""), u16(0) + u16(1));
  EXPECT_EQ(end_of_query("", ""), u16(255) + u16(1));
}

TEST(DnsMessage, WhatCannotBeAskedNamesItsKey) {
  DnsModule module;
  module.query_name = "a";
  module.query_type = "NOPE";
  EXPECT_NE(make_dns_query(module, 1).error().message.find("query_type"), std::string::npos);
  module.query_type = "A";
  module.query_class = "XX";
  EXPECT_NE(make_dns_query(module, 1).error().message.find("query_class"), std::string::npos);
  module.query_class = "IN";
  module.query_name = std::string(70, 'x') + ".org";
  EXPECT_NE(make_dns_query(module, 1).error().message.find("query_name"), std::string::npos);
}

TEST(DnsMessage, ForeignRepliesAreTold) {
  const DnsQuery query = query_for("www.test", "A");
  const std::string good = reply_to(query.bytes, {});
  EXPECT_TRUE(answers_query(query, good));
  EXPECT_TRUE(answers_query(query, reply_to(query_for("WWW.tEst", "A").bytes, {})));
  EXPECT_FALSE(answers_query(query, reply_to(query_for("ww2.test", "A").bytes, {})));
  EXPECT_FALSE(answers_query(query, reply_to(query_for("www.test", "AAAA").bytes, {})));
  EXPECT_FALSE(answers_query(query, "\x12\x35" + good.substr(2)));
  EXPECT_FALSE(answers_query(query, query.bytes)) << "an echo is no reply";
  EXPECT_FALSE(answers_query(query, good.substr(0, 11)));
  EXPECT_FALSE(answers_query(query, ""));
  // An error that leaves the question out.
  EXPECT_TRUE(answers_query(query, "\x12\x34" + std::string("\x81\x81\0\0\0\0\0\0\0\0", 10)));
}

TEST(DnsMessage, RecordsAsInAZoneFile) {
  const DnsQuery query = query_for("example.org", "ANY");
  StubReply written;
  written.answer = {
      {1, 300, ipv4_data("192.0.2.7")},
      {28, 60, ipv6_data("2001:db8::7")},
      {15, 1, u16(10) + dns_name("mail.example.org.")},
      {16, 1,
       std::string("\x03"
                   "a b\x02\"c")},
      {33, 1, u16(1) + u16(2) + u16(443) + dns_name("web.example.org.")},
      {43, 1, u16(4711) + std::string("\x08\x02\xab\xcd")},
      {5, 1, dns_name("other.example.org.")},
  };
  written.authority = {
      {6, 900,
       dns_name("ns.example.org.") + dns_name("me.example.org.") +
           std::string("\x78\xc5\xd8\x01\0\0\x1c\x20\0\0\x0e\x10\0\x12\x75\0\0\0\x01\x2c", 20)}};
  written.additional = {{99, 1, "\x01x", dns_name("spf.example.org.")}};
  const auto reply = decode_dns_reply(reply_to(query.bytes, written));
  ASSERT_TRUE(reply) << reply.error().message;
  const std::vector<std::string> answer{
      "example.org.\t300\tIN\tA\t192.0.2.7",
      "example.org.\t60\tIN\tAAAA\t2001:db8::7",
      "example.org.\t1\tIN\tMX\t10 mail.example.org.",
      "example.org.\t1\tIN\tTXT\t\"a b\" \"\\\"c\"",
      "example.org.\t1\tIN\tSRV\t1 2 443 web.example.org.",
      "example.org.\t1\tIN\tDS\t4711 8 2 ABCD",
      "example.org.\t1\tIN\tCNAME\tother.example.org.",
  };
  EXPECT_EQ(reply->answer, answer);
  EXPECT_EQ(reply->authority,
            std::vector<std::string>{"example.org.\t900\tIN\tSOA\tns.example.org. me.example.org. "
                                     "2026231809 7200 3600 1209600 300"});
  EXPECT_EQ(reply->additional, std::vector<std::string>{"spf.example.org.\t1\tIN\tSPF\t\"x\""});
  EXPECT_FALSE(reply->serial) << "only of the answer";
}

TEST(DnsMessage, TheSerialOfAnSoa) {
  const DnsQuery query = query_for("example.org", "SOA");
  StubReply written;
  written.answer = {{6, 900,
                     dns_name("ns.") + dns_name("me.") + std::string("\xff\xff\xff\xff", 4) +
                         std::string(16, '\0')}};
  EXPECT_EQ(decode_dns_reply(reply_to(query.bytes, written))->serial, 4294967295U);
}

TEST(DnsMessage, AnSoaThatEndsTooEarlyHasNoSerial) {
  const DnsQuery query = query_for("example.org", "SOA");
  for (const std::string& data :
       {std::string(), dns_name("ns."), dns_name("ns.") + dns_name("me.")}) {
    StubReply written;
    written.answer = {{6, 900, data}};
    const auto reply = decode_dns_reply(reply_to(query.bytes, written));
    EXPECT_FALSE(reply && reply->serial) << data.size();
  }
}

TEST(DnsMessage, CutBetweenRecordsIsReadWithinIsNot) {
  const DnsQuery query = query_for("a.test", "A");
  StubReply written;
  written.truncated = true;
  written.answer = {{1, 1, ipv4_data("192.0.2.1")}, {1, 1, ipv4_data("192.0.2.2")}};
  const std::string whole = reply_to(query.bytes, written);
  const auto cut = decode_dns_reply(whole.substr(0, whole.size() - 16));
  ASSERT_TRUE(cut);
  EXPECT_TRUE(cut->truncated);
  EXPECT_EQ(cut->answer.size(), 1U);
  EXPECT_FALSE(decode_dns_reply(whole.substr(0, whole.size() - 3)));
  EXPECT_FALSE(decode_dns_reply("short"));
}

TEST(DnsMessage, NoMessageIsTooBroken) {
  const DnsQuery query = query_for("a.test", "A");
  StubReply written;
  written.answer = {{1, 1, ipv4_data("192.0.2.1")},
                    {15, 1, u16(10) + "\xc0\x0c"},
                    {5, 1, std::string("\xc0\x2b")}};
  const std::string whole = reply_to(query.bytes, written);
  for (size_t at = 2; at < whole.size(); ++at) {
    for (const char value : {'\0', '\xff', '\xc0', '\x3f', '\x7f'}) {
      std::string broken = whole;
      broken[at] = value;
      static_cast<void>(decode_dns_reply(broken));
      static_cast<void>(decode_dns_reply(broken.substr(0, at)));
      static_cast<void>(answers_query(query, broken.substr(0, at)));
    }
  }
}

// ---- verdicts

std::vector<Regexp> regexps(const std::string& text) {
  return {*Regexp::compile(text)};
}

class DnsVerdict : public testing::Test {
 protected:
  ProbeResult judge() const { return judge_dns_reply(module, reply, {}); }
  bool passes(std::vector<Regexp> DnsRecordsCheck::*check, const std::vector<Regexp>& regexps) {
    module.validate_answer_rrs = {};
    module.validate_answer_rrs.*check = regexps;
    return judge().outcome == ProbeOutcome::passed;
  }
  DnsModule module;
  DnsReply reply{0, false, {"a.\t1\tIN\tA\t127.0.0.1", "a.\t1\tIN\tA\t127.0.0.2"}, {}, {}, {}};
};

TEST_F(DnsVerdict, Rcodes) {
  EXPECT_EQ(judge().outcome, ProbeOutcome::passed);
  reply.rcode = 3;
  EXPECT_EQ(judge().reason, ProbeReason::status);
  EXPECT_EQ(judge().detail, "the rcode is NXDOMAIN, expected NOERROR");
  module.valid_rcodes = {"NOERROR", "NXDOMAIN"};
  EXPECT_EQ(judge().outcome, ProbeOutcome::passed);
  reply.rcode = 2;
  EXPECT_EQ(judge().detail, "the rcode is SERVFAIL, expected NOERROR, NXDOMAIN");
  module.valid_rcodes = {"DSOTYPENI", "NOTIMPL", "BADTRUNC"};
  EXPECT_EQ(judge().detail, "the rcode is SERVFAIL, expected DSOTYPENI, NOTIMPL, BADTRUNC");
  for (const int rcode : {4, 11, 22}) {
    reply.rcode = rcode;
    EXPECT_EQ(judge().outcome, ProbeOutcome::passed) << rcode;
  }
}

TEST_F(DnsVerdict, RecordsAsBlackboxExporterJudgesThem) {
  const auto one = regexps("127[.]0[.]0[.]1$");
  const auto both = regexps("127[.]0[.]0[.][12]$");
  const auto none = regexps("^b");
  EXPECT_TRUE(passes(&DnsRecordsCheck::fail_if_matches_regexp, none));
  EXPECT_FALSE(passes(&DnsRecordsCheck::fail_if_matches_regexp, one));
  EXPECT_TRUE(passes(&DnsRecordsCheck::fail_if_not_matches_regexp, both));
  EXPECT_FALSE(passes(&DnsRecordsCheck::fail_if_not_matches_regexp, one));
  EXPECT_TRUE(passes(&DnsRecordsCheck::fail_if_none_matches_regexp, one));
  EXPECT_FALSE(passes(&DnsRecordsCheck::fail_if_none_matches_regexp, none));
  EXPECT_TRUE(passes(&DnsRecordsCheck::fail_if_all_match_regexp, both));
  EXPECT_FALSE(passes(&DnsRecordsCheck::fail_if_all_match_regexp, one));
  reply.answer.clear();
  EXPECT_TRUE(passes(&DnsRecordsCheck::fail_if_matches_regexp, one));
  EXPECT_TRUE(passes(&DnsRecordsCheck::fail_if_all_match_regexp, one));
  EXPECT_FALSE(passes(&DnsRecordsCheck::fail_if_not_matches_regexp, both));
  EXPECT_FALSE(passes(&DnsRecordsCheck::fail_if_none_matches_regexp, one));
}

TEST_F(DnsVerdict, EachSectionIsNamed) {
  module.validate_additional_rrs.fail_if_none_matches_regexp = regexps("x");
  EXPECT_EQ(judge().reason, ProbeReason::body);
  EXPECT_EQ(judge().detail.find("additional records: "), 0U) << judge().detail;
}

}  // namespace
}  // namespace selfheal
