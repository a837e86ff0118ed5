// The judge of other tests, judged: it must find what is wrong.
#include "tests/support/openmetrics_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(OpenmetricsCheck, FindsNothingInWhatIsRight) {
  EXPECT_THAT(
      openmetrics_faults("# TYPE a_seconds histogram\n# UNIT a_seconds seconds\n"
                         "# HELP a_seconds A.\na_seconds_bucket{le=\"1.0\"} 1\n"
                         "a_seconds_bucket{le=\"+Inf\"} 2\na_seconds_count 2\n"
                         "a_seconds_sum 3.5\n# TYPE b counter\nb_total{x=\"}\"} 0\n# EOF\n"),
      IsEmpty());
}

TEST(OpenmetricsCheck, FindsEachFault) {
  const auto fault = [](const std::string& lines) { return openmetrics_faults(lines + "# EOF\n"); };
  EXPECT_THAT(openmetrics_faults("# TYPE a gauge\na 1\n"), ElementsAre(HasSubstr("EOF")));
  EXPECT_THAT(fault("# EOF\n"), ElementsAre(HasSubstr("after")));
  EXPECT_THAT(fault("# TYPE a gauge\na 1\n# HELP a A.\n"),
              ElementsAre(HasSubstr("metadata after")));
  EXPECT_THAT(fault("# TYPE a gauge\n# TYPE a gauge\n"), ElementsAre(HasSubstr("twice")));
  EXPECT_THAT(fault("# TYPE a gauge\n# TYPE b gauge\n# HELP a A.\n"),
              ElementsAre(HasSubstr("two places")));
  EXPECT_THAT(fault("# TYPE a counter\na 1\n"), ElementsAre(HasSubstr("not of the family")));
  EXPECT_THAT(fault("# TYPE a counter\na_total -1\n"), ElementsAre(HasSubstr("counter")));
  EXPECT_THAT(fault("# TYPE a_total counter\na_total 1\n"), ElementsAre(HasSubstr("family")));
  EXPECT_THAT(fault("# TYPE a info\na_info 2\n"), ElementsAre(HasSubstr("not 1")));
  EXPECT_THAT(fault("# TYPE a gauge\n# UNIT a seconds\n"), ElementsAre(HasSubstr("unit")));
  EXPECT_THAT(fault("# TYPE a gauge\na{b=\"1\"} 1\na{b=\"1\"} 1\n"),
              ElementsAre(HasSubstr("series twice")));
  EXPECT_THAT(fault("# TYPE a gauge\na one\n"), ElementsAre(HasSubstr("no sample")));
}

TEST(OpenmetricsCheck, FindsFaultsOfHistograms) {
  const auto fault = [](const std::string& lines) {
    return openmetrics_faults("# TYPE a histogram\n" + lines + "# EOF\n");
  };
  EXPECT_THAT(fault("a_bucket{le=\"1\"} 1\n"), ElementsAre(HasSubstr("float")));
  EXPECT_THAT(fault("a_bucket{le=\"1.0\"} 2\na_bucket{le=\"+Inf\"} 1\n"),
              ElementsAre(HasSubstr("rise")));
  EXPECT_THAT(fault("a_bucket{le=\"1.0\"} 2\na_count 2\n"), ElementsAre(HasSubstr("+Inf")));
  EXPECT_THAT(fault("a_bucket{le=\"+Inf\"} 2\na_count 3\n"), ElementsAre(HasSubstr("count")));
}

}  // namespace
}  // namespace selfheal
