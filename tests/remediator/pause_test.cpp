#include "remediator/incident/pause.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::HasSubstr;

TEST(Pause, CoversWhatItsScopeSays) {
  struct Case {
    PauseTarget target;
    bool web, db, elsewhere;  // box/shop/web/web-1, box/shop/db/db-1, other/shop/web/web-1
  };
  for (const Case& one : {Case{{PauseScope::all, "", ""}, true, true, true},
                          Case{{PauseScope::host, "box", ""}, true, true, false},
                          Case{{PauseScope::group, "box", "shop/web"}, true, false, false},
                          Case{{PauseScope::group, "box", "web-1"}, false, false, false},
                          Case{{PauseScope::container, "box", "web-1"}, true, false, false},
                          Case{{PauseScope::container, "box", "shop/web"}, false, false, false}}) {
    const std::string what = to_text(one.target);
    EXPECT_EQ(covers(one.target, "box", "shop/web", "web-1"), one.web) << what;
    EXPECT_EQ(covers(one.target, "box", "shop/db", "db-1"), one.db) << what;
    EXPECT_EQ(covers(one.target, "other", "shop/web", "web-1"), one.elsewhere) << what;
  }
}

TEST(Pause, ATargetNeedsWhatItsScopeNamesAndNothingElse) {
  for (const auto& [scope, host, name] :
       {std::array{"all", "", ""}, std::array{"host", "box", ""},
        std::array{"group", "box", "shop/web"}, std::array{"container", "box", "web"}}) {
    const auto target = pause_target(scope, host, name);
    ASSERT_TRUE(target.ok()) << scope;
    EXPECT_EQ(to_string(target->scope), scope);
  }
  for (const auto& [scope, host, name, fault] :
       {std::array{"", "", "", "scope"}, std::array{"world", "", "", "scope"},
        std::array{"all", "box", "", "host"}, std::array{"all", "", "web", "name"},
        std::array{"host", "", "", "host"}, std::array{"host", "box", "web", "name"},
        std::array{"group", "box", "", "name"}, std::array{"container", "", "web", "host"}}) {
    const auto target = pause_target(scope, host, name);
    ASSERT_FALSE(target.ok()) << scope << " " << host << " " << name;
    EXPECT_THAT(target.error().message, HasSubstr(fault));
  }
}

TEST(Pause, IsNamedForPeople) {
  EXPECT_EQ(to_text({PauseScope::all, "", ""}), "all");
  EXPECT_EQ(to_text({PauseScope::host, "box", ""}), "host box");
  EXPECT_EQ(to_text({PauseScope::group, "box", "shop/web"}), "group box/shop/web");
}

}  // namespace
}  // namespace selfheal
