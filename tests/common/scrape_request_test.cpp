#include "common/exposition/scrape_request.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

using std::chrono::milliseconds;

TEST(WantedFormat, WhoAsksForNothingGetsText) {
  for (const char* accept : {"", "*/*", "text/*", "text/html,application/xhtml+xml,*/*;q=0.8",
                             "application/json", ";;,,;q=", "text/plain;version=0.0.4"})
    EXPECT_EQ(wanted_format(accept), MetricsFormat::text) << accept;
}

TEST(WantedFormat, PrometheusGetsOpenMetrics) {
  for (const char* accept :
       {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
        "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",  // 2.42
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;"
        "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",  // 3.5
        "application/openmetrics-text", "Application/OpenMetrics-Text ; Version = 1.0.0"})
    EXPECT_EQ(wanted_format(accept), MetricsFormat::openmetrics) << accept;
}

TEST(WantedFormat, WeightsDecide) {
  EXPECT_EQ(wanted_format("application/openmetrics-text;q=0.3,text/plain;q=0.9"),
            MetricsFormat::text);
  EXPECT_EQ(wanted_format("application/openmetrics-text;q=0"), MetricsFormat::text);
  EXPECT_EQ(wanted_format("application/openmetrics-text;q=nonsense"), MetricsFormat::text);
  EXPECT_EQ(wanted_format("application/openmetrics-text;version=2.0.0"), MetricsFormat::text);
}

TEST(WantsGzip, WhenItIsAskedFor) {
  for (const char* encoding : {"gzip", "GZIP", "deflate, gzip;q=1.0, *;q=0.5", "*", "br , gzip",
                               "gzip;q=0.5, identity;q=0.2"})
    EXPECT_TRUE(wants_gzip(encoding)) << encoding;
}

TEST(WantsGzip, NotWhenItIsRefusedOrNotNamed) {
  for (const char* encoding : {"", "identity", "br", "gzip;q=0", "gzip;q=0, *", "*;q=0",
                               "gzip;q=0.2, identity;q=0.5", "x-gzip-not", "gzipped"})
    EXPECT_FALSE(wants_gzip(encoding)) << encoding;
}

TEST(ScrapeTimeout, IsReadAndBounded) {
  EXPECT_EQ(scrape_timeout("10"), milliseconds(10'000));
  EXPECT_EQ(scrape_timeout("0.25"), milliseconds(250));
  EXPECT_EQ(scrape_timeout(" 5 "), milliseconds(5'000));
  EXPECT_EQ(scrape_timeout("1e300"), std::chrono::hours(1));
  EXPECT_EQ(scrape_timeout("2e-79"), milliseconds(1));
  for (const char* header : {"", "soon", "5s", "0", "-1", "nan", "inf inf"})
    EXPECT_FALSE(scrape_timeout(header)) << header;
}

}  // namespace
}  // namespace selfheal
