#include "exporter/probes/net/redacted_url.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(RedactedUrl, APasswordIsNotShown) {
  EXPECT_EQ(redacted_url("http://me:hush@web:8080/a?b#c"), "http://me:xxxxx@web:8080/a?b#c");
  EXPECT_EQ(redacted_url("https://me:@web"), "https://me:xxxxx@web");
  EXPECT_EQ(redacted_url("http://:hush@[::1]:1"), "http://:xxxxx@[::1]:1");
  EXPECT_EQ(redacted_url("http://me:hu@s:h@web/"), "http://me:xxxxx@web/");
  EXPECT_EQ(redacted_url("me:hush@web:8080/a"), "me:xxxxx@web:8080/a") << "the scheme is http";
}

TEST(RedactedUrl, EverythingElseIs) {
  for (const char* url :
       {"", "web", "web:8080", "http://web:8080/", "http://[::1]:80/a:b@c", "http://me@web:8080/",
        "http://web/?to=me:you@there", "http://@web", "://"})
    EXPECT_EQ(redacted_url(url), url);
}

}  // namespace
}  // namespace selfheal
