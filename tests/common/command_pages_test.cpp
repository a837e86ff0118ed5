#include "common/base/command_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/flags.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

// A program as the daemons are: common flags, one of its own, a subcommand.
class CommandPages : public testing::Test {
 protected:
  CommandPages() {
    flags_.add_to(app_, ":1");
    add_flag(app_, "--journal.path", journal_, "File of the journal")->type_name("FILE");
    CLI::App* show = app_.add_subcommand("show", "Print one");
    show->add_option("id", id_, "Its number")->required();
    show->add_flag("-v,--verbose", verbose_, "Say more");
    show->fallthrough();
  }

  CLI::App app_{"Does things.", "selfheal-test"};
  CommonFlags flags_;
  std::string journal_ = "/var/lib/x.db";
  std::string id_;
  bool verbose_ = false;
};

TEST_F(CommandPages, TheManPageHasNameUsageAndEveryFlag) {
  const std::string page = man_page(app_);
  EXPECT_THAT(page, HasSubstr(".SH NAME\nselfheal\\-test \\- Does things\n"));
  EXPECT_THAT(page, HasSubstr("\\fBselfheal\\-test show\\fR [\\fIOPTION\\fR...] \\fIid\\fR\n"));
  EXPECT_THAT(page, HasSubstr(".TP\n\\fB\\-\\-journal.path\\fR=\\fIFILE\\fR\nFile of the journal. "
                              "Default: \\fB/var/lib/x.db\\fR. Environment: "
                              "\\fBSELFHEAL_JOURNAL_PATH\\fR.\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-v\\fR, \\fB\\-\\-verbose\\fR\nSay more.\n"));
  for (const CLI::Option* option : app_.get_options()) {
    if (option->get_group().empty() || option->get_lnames().empty()) continue;
    EXPECT_THAT(page, HasSubstr(option->get_description().substr(0, 8)));
  }
}

TEST_F(CommandPages, WhatIsForPackagersIsInNeither) {
  EXPECT_THAT(man_page(app_), Not(HasSubstr("\\-\\-help\\-man\\fR")));
  EXPECT_THAT(bash_completion(app_), Not(HasSubstr("--help-man")));
  EXPECT_THAT(app_.help(), Not(HasSubstr("--help-man")));
}

TEST_F(CommandPages, TheCompletionKnowsWhichValuesArePathsAndWhichAreChoices) {
  const std::string script = bash_completion(app_);
  EXPECT_THAT(script, HasSubstr("--journal.path) how=\"-f\""));
  EXPECT_THAT(script, HasSubstr("--log.level) how=\"-W 'debug info warn error'\""));
  EXPECT_THAT(script, HasSubstr("--web.listen-address) how=\"\""));
  EXPECT_THAT(script, HasSubstr(" --journal.path='"));
  EXPECT_THAT(script, HasSubstr("flags='--help --config.file= --config.check "));
  EXPECT_THAT(script, Not(HasSubstr("--verbose)")));  // has no value
  EXPECT_THAT(script, HasSubstr("complete -F _selfheal_test selfheal-test\n"));
}

TEST_F(CommandPages, TheProgramPrintsThem) {
  const auto printed = [this](const char* flag) {
    const char* arguments[] = {"selfheal-test", flag};
    testing::internal::CaptureStdout();
    EXPECT_EQ(parse_command_line(app_, 2, arguments), kExitDone);
    return testing::internal::GetCapturedStdout();
  };
  EXPECT_EQ(printed("--help-man"), man_page(app_));
  EXPECT_EQ(printed("--completion-script-bash"), bash_completion(app_));
}

}  // namespace
}  // namespace selfheal
