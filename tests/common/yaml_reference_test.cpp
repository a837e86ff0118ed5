#include "common/base/yaml_reference.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/reference_page.h"
#include "common/base/yaml_fields.h"
#include "tests/support/reference_keys.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Settings {
  Milliseconds pause{1500};
  int count = 3;
  std::vector<std::string> hosts{"here", "there"};
  std::string name;
  std::optional<std::string> colour;
};

void read_tls(YamlFields& tls) {
  std::string text;
  for (const char* key : {"ca", "cert", "key", "name"}) tls.read({key, "Of TLS"}, text);
}

void read_section(YamlFields& fields, Settings& settings) {
  fields.read({"count", "How many"}, settings.count, 1, 10);
  fields.section({"tls", "TLS"}, read_tls);
  // Read only where it is there, as some readers do.
  const YamlKey colour("colour", "Such as red|blue", "the light's");
  if (!fields.has("colour")) return fields.skip(colour);
  fields.read(colour, settings.colour.emplace());
}

void read_root(YamlFields& root, Settings& settings) {
  root.read({"pause", "For how long"}, settings.pause, Milliseconds(100), Milliseconds(60'000));
  root.read({"hosts", "Which"}, settings.hosts);
  root.section({"section", "A part"}, [&](YamlFields& fields) { read_section(fields, settings); });
  root.list({"things", "Things"}, [&](YamlFields& thing) {
    thing.read({"name", "Its name"}, settings.name);
    thing.section({"tls", "TLS"}, read_tls);
  });
  root.map({"modules", "By name"}, [&](const std::string&, YamlFields& module) {
    module.read({"name", "Its name"}, settings.name);
  });
  root.section({"users", "Who"}, [](YamlFields& users) {
    std::string hash;
    for (const std::string& name : users.keys()) users.read({name, "A hash"}, hash);
  });
  root.section({"headers", "By name"}, [](YamlFields& headers) {
    std::vector<std::string> values;
    for (const std::string& name : headers.keys())
      headers.section({name, "A header"}, [&](YamlFields& header) {
        header.read({"values", "Its values"}, values);
      });
  });
}

YamlReference reference() {
  Settings usual;
  return describe_yaml([&](YamlFields& root) { read_root(root, usual); });
}

TEST(YamlReferenceTest, KnowsTheKeysThatTheReaderTakes) {
  expect_told(reference());
  expect_same_keys(reference(), [](const std::string& text) {
    Settings settings;
    const Outcome<> read =
        read_yaml_text(text, "f", [&](YamlFields& root) { read_root(root, settings); });
    return read ? "none" : read.error().message;
  });
}

TEST(YamlReferenceTest, AKeyOfWhichNothingIsSaidShows) {
  const YamlReference silent = describe_yaml([](YamlFields& root) { root.skip("what"); });
  ASSERT_EQ(silent.sections().size(), 1U);
  EXPECT_EQ(silent.sections()[0].keys[0].about, "");
}

TEST(YamlReferenceTest, HasTypesRangesAndWhatHoldsWithout) {
  const std::string page = reference_of({"--config.file", "YAML.", reference()});
  EXPECT_THAT(page, HasSubstr("## The file of `--config.file`\nYAML.\n\n| key | type |"));
  EXPECT_THAT(page,
              HasSubstr("| `pause` | a duration from 100ms to 1m | `1s500ms` | For how long. |"));
  EXPECT_THAT(page, HasSubstr("| `hosts` | a list of texts | `[here, there]` | Which. |"));
  EXPECT_THAT(page, HasSubstr("| `count` | a whole number from 1 to 10 | `3` | How many. |"));
  EXPECT_THAT(page, HasSubstr("| `colour` | text | the light's | Such as red\\|blue. |"));
}

TEST(YamlReferenceTest, SmallMappingsStandWhereTheyAreAndTheSameIsToldOnce) {
  const std::string page = reference_of({"--config.file", "YAML.", reference()});
  EXPECT_THAT(page, HasSubstr("| `modules.NAME.name` | text | | Its name. |"));
  EXPECT_THAT(page, HasSubstr("| `users.NAME` | text | | A hash. |"));
  EXPECT_THAT(page, HasSubstr("| `headers.NAME.values` | a list of texts | | Its values. |"));
  EXPECT_THAT(page, HasSubstr("### `section.tls`\n"));
  EXPECT_THAT(page, HasSubstr("### `things[]`\n"));
  EXPECT_THAT(page, HasSubstr("| [`things`](#things) | a list of mappings | | Things. |"));
  EXPECT_THAT(page, Not(HasSubstr("### `things[].tls`")));
  const std::string link = "| [`tls`](#sectiontls) | a mapping | | TLS. |";
  EXPECT_NE(page.find(link), page.rfind(link));  // from both
}

class ReferencePage : public testing::Test {
 protected:
  ReferencePage() {
    app_.add_option("--url", url_, "Where|how")
        ->envname("X_URL")
        ->type_name("URL")
        ->capture_default_str();
    app_.add_flag("--hidden", hidden_, "For packagers")->group("");
    CLI::App* show = app_.add_subcommand("show", "Print one");
    show->add_option("id", id_, "Its number")->required();
  }
  CLI::App app_{"Does things.", "selfheal-test"};
  std::string url_ = "http://x";
  bool hidden_ = false;
  std::string id_;
};

TEST_F(ReferencePage, HasFlagsAndCommands) {
  const std::string page = reference_page(app_, {{"--config.file", "YAML.", reference()}});
  EXPECT_THAT(page, HasSubstr("# What selfheal-test can be told\n"));
  EXPECT_THAT(page, HasSubstr("| `--url=URL` | `http://x` | `X_URL` | Where\\|how. |\n"));
  EXPECT_THAT(page, HasSubstr("### `show`\nPrint one.\n\n| flag |"));
  EXPECT_THAT(page, HasSubstr("| `id` | | | Its number. |\n"));
  EXPECT_THAT(page, Not(HasSubstr("--hidden")));
  EXPECT_THAT(page, Not(HasSubstr("--help`")));
  EXPECT_TRUE(page.ends_with("|\n"));
}

}  // namespace
}  // namespace selfheal
