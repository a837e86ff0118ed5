#include "exporter/probes/tcp/tcp_dialogue.h"

#include <gtest/gtest.h>

#include "exporter/modules/regexp_groups.h"

namespace selfheal {
namespace {

using Step = TcpDialogue::Step;

Regexp regexp(const std::string& text) {
  return *Regexp::compile(text);
}

QueryResponse expecting(const std::string& text) {
  QueryResponse step;
  step.expect = regexp(text);
  return step;
}

QueryResponse sending(const std::string& text) {
  QueryResponse step;
  step.send = text;
  return step;
}

TEST(RegexpGroups, TemplatesAreThoseOfGo) {
  const Regexp both = regexp("^(?P<code>[0-9]+) ([^ ]*)(x)?");
  const auto groups = match_groups(both, "220 mail rest");
  ASSERT_TRUE(groups);
  const auto expanded = [&](const char* text) { return expand_groups(text, both, *groups); };
  EXPECT_EQ(expanded("EHLO ${2}!"), "EHLO mail!");
  EXPECT_EQ(expanded("$2-$1"), "mail-220");
  EXPECT_EQ(expanded("$code ${code}"), "220 220");
  EXPECT_EQ(expanded("<$0>"), "<220 mail>");
  EXPECT_EQ(expanded("$1x ${nobody} $9 $3"), "   ");
  EXPECT_EQ(expanded("costs $$5, ${, ${1, $-, $"), "costs $5, ${, ${1, $-, $");
  EXPECT_FALSE(match_groups(both, "mail"));
}

TEST(RegexpGroups, BytesThatAreNoTextAreCharactersAndStayWhatTheyAre) {
  const auto groups = match_groups(regexp("^(caf.) (au)(x)? ([^x]+)$"), "caf\xe9 au l\xff\xe2it");
  ASSERT_TRUE(groups);
  EXPECT_EQ(groups->at(0), "caf\xe9 au l\xff\xe2it");
  EXPECT_EQ(groups->at(1), "caf\xe9");
  EXPECT_EQ(groups->at(2), "au");
  EXPECT_EQ(groups->at(3), "");
  EXPECT_EQ(groups->at(4), "l\xff\xe2it");
  EXPECT_FALSE(match_groups(regexp("^caf$"), "caf\xe9"));
  EXPECT_FALSE(match_groups(regexp("\u00e9"), "caf\xe9")) << "nobody knows that it is Latin-1";
}

TEST(Dialogue, WithoutAScriptItPasses) {
  EXPECT_EQ(TcpDialogue({}, {}).next().step, Step::passed);
}

TEST(Dialogue, ReadsLinesUntilOneMatches) {
  QueryResponse step = expecting("^220 ([^ ]+)");
  step.send = "EHLO ${1}";
  step.labels = {{"host", "${1}"}, {"kind", "smtp"}};
  const std::vector<QueryResponse> script{step, sending("QUIT\r")};
  TcpDialogue dialogue(script, {});
  EXPECT_EQ(dialogue.next().step, Step::wait);
  EXPECT_EQ(dialogue.awaited(), "a line that matches \"^220 ([^ ]+)\"");
  dialogue.received("hello\r\n\n22");
  EXPECT_EQ(dialogue.next().step, Step::wait);
  dialogue.received("0 mail ESMTP\r\nleft over");
  EXPECT_EQ(dialogue.next().bytes, "EHLO mail\n");
  EXPECT_EQ(dialogue.next().bytes, "QUIT\r\n");
  EXPECT_EQ(dialogue.next().step, Step::passed);
  const std::vector<std::pair<std::string, std::string>> info{{"host", "mail"}, {"kind", "smtp"}};
  EXPECT_EQ(dialogue.expect_info(), info);
}

TEST(Dialogue, ALineThatWasReadIsNotReadAgain) {
  const std::vector<QueryResponse> script{expecting("a"), expecting("b"), expecting("a")};
  TcpDialogue dialogue(script, {});
  dialogue.received("a\na\nb\n");
  EXPECT_EQ(dialogue.next().step, Step::wait);
  dialogue.received("a\n");
  EXPECT_EQ(dialogue.next().step, Step::passed);
}

TEST(Dialogue, TheEndOfTheStreamEndsALineAndIsAMismatch) {
  const std::vector<QueryResponse> script{expecting("^OK$")};
  TcpDialogue good(script, {});
  good.received("OK");
  EXPECT_EQ(good.next().step, Step::wait);
  good.ended();
  EXPECT_EQ(good.next().step, Step::passed);

  TcpDialogue bad(script, {});
  bad.received("no\n");
  bad.ended();
  const TcpDialogue::Action action = bad.next();
  EXPECT_EQ(action.step, Step::failed);
  EXPECT_EQ(action.reason, ProbeReason::body);
  EXPECT_TRUE(bad.failed_due_to_regex());
}

TEST(Dialogue, BytesAreComparedWithoutWaitingForMore) {
  QueryResponse step;
  step.expect_bytes = std::string("S\0T", 3);
  const std::vector<QueryResponse> script{step, expecting("^next$")};
  TcpDialogue dialogue(script, {});
  dialogue.received("S");
  EXPECT_EQ(dialogue.next().step, Step::wait);
  dialogue.received(std::string("\0Tnext\n", 7));
  EXPECT_EQ(dialogue.next().step, Step::passed);

  TcpDialogue other(script, {});
  other.received("N");
  EXPECT_EQ(other.next().reason, ProbeReason::body);
  EXPECT_FALSE(other.failed_due_to_regex());
}

TEST(Dialogue, WhatWasReadAheadOfTlsIsForgotten) {
  QueryResponse upgrade = expecting("^220");
  upgrade.starttls = true;
  const std::vector<QueryResponse> script{upgrade, expecting("injected")};
  TcpDialogue dialogue(script, {});
  dialogue.received("220 go ahead\ninjected\n");
  EXPECT_EQ(dialogue.next().step, Step::starttls);
  EXPECT_EQ(dialogue.next().step, Step::wait);
}

TEST(Dialogue, ALineWithoutAnEndIsCutShort) {
  const std::vector<QueryResponse> script{expecting("^OK$")};
  TcpDialogue dialogue(script, {});
  dialogue.received(std::string(64 * 1'024 - 1, 'x'));
  EXPECT_EQ(dialogue.next().step, Step::wait);
  dialogue.received("x");
  const TcpDialogue::Action action = dialogue.next();
  EXPECT_EQ(action.step, Step::failed);
  EXPECT_EQ(action.reason, ProbeReason::protocol);
  EXPECT_FALSE(dialogue.failed_due_to_regex());
}

TEST(Dialogue, LinesForEverAreCutShort) {
  const std::vector<QueryResponse> script{expecting("^OK$")};
  TcpDialogue dialogue(script, {});
  std::string lines;
  while (lines.size() < 16'384) lines += "not yet\n";
  TcpDialogue::Action action;
  for (int i = 0; i < 2'000 && action.step == Step::wait; ++i) {
    dialogue.received(lines);
    action = dialogue.next();
  }
  EXPECT_EQ(action.step, Step::failed);
  EXPECT_EQ(action.reason, ProbeReason::body);
}

}  // namespace
}  // namespace selfheal
