#include "remediator/act/secret_mask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace selfheal {
namespace {

using testing::ElementsAre;

std::vector<std::string> shown(const std::vector<std::string>& environment,
                               const std::vector<NamePattern>& more = {}) {
  std::vector<std::string> all;
  const SecretMask mask(environment, more);
  for (const SecretMask::Variable& variable : mask.environment())
    all.push_back(variable.name + "=" + variable.value);
  return all;
}

TEST(SecretMask, KnowsSecretsByTheirNames) {
  for (const char* name : {"PASSWORD", "DB_PASSWORD", "db_passwd", "ClientSecretId", "GITHUB_TOKEN",
                           "API_KEY", "AWS_CREDENTIALS", "BASIC_AUTH", "private_thing",
                           "SENTRY_DSN", "DB_PASS", "MYSQL_PWD", "PASSPHRASE"})
    EXPECT_THAT(shown({std::string(name) + "=x"}), ElementsAre(std::string(name) + "=***")) << name;
  EXPECT_THAT(shown({"PATH=/bin", "LANG=C", "PWD=/srv", "OLDPWD=/", "EMPTY=", "BARE"}),
              ElementsAre("PATH=/bin", "LANG=C", "PWD=/srv", "OLDPWD=/", "EMPTY=", "BARE="));
  EXPECT_THAT(shown({"TOKEN=a=b", "TOKEN="}), ElementsAre("TOKEN=***", "TOKEN="))
      << "that one is missing may be what is wrong";
}

TEST(SecretMask, KnowsUrlsWithPasswords) {
  for (const char* value :
       {"postgres://app:pw@db/shop", "http://u:p@h", "redis://:pw@cache:6379/0",
        "amqp://a:b@one,amqp://a:b@two", "postgres://u:p,w@h", "jdbc:x://h/db?user=a&password=x",
        "Server=db;Password=x;", "see https://me:it@host/x for it", "db://u:p/w@host"})
    EXPECT_THAT(shown({std::string("WHERE=") + value}), ElementsAre("WHERE=***")) << value;
  for (const char* value : {"http://host:8080/path", "https://user@host/", "postgres://db/shop",
                            "http://host:80,http://other:80", "mail:me@host"})
    EXPECT_THAT(shown({std::string("WHERE=") + value}), ElementsAre(std::string("WHERE=") + value));
}

TEST(SecretMask, OfAListOfAddressesEachPasswordIsKnown) {
  const SecretMask mask({"WHERE=amqp://a:secret,1@one,amqp://b:secret-2@two",
                         "CONN=Host=db; Password = hunter22;User=app"},
                        {});
  EXPECT_EQ(mask.masked("secret,1 and secret-2 and hunter22 of app"), "*** and *** and *** of app");
}

TEST(SecretMask, KnowsWhatTheConfigurationNames) {
  const NamePattern pattern = *NamePattern::compile("^LICENCE_|(?i)pepper$");
  EXPECT_THAT(
      shown({"LICENCE_ID=one", "MY_LICENCE_ID=two", "pepper=three", "Peppers=four"}, {pattern}),
      ElementsAre("LICENCE_ID=***", "MY_LICENCE_ID=two", "pepper=***", "Peppers=four"));
  EXPECT_FALSE(NamePattern::compile("(").ok());
}

TEST(SecretMask, SecretsAreHiddenWhereverTheyStand) {
  const SecretMask mask({"TOKEN=s3cr3t-token", "PIN_KEY=1234", "URL=db://app:hunter22@db/shop",
                         "CONN=host=db pw=hunter22"},
                        {});
  EXPECT_EQ(mask.masked("got s3cr3t-token, s3cr3t-tokens3cr3t-token."), "got ***, ******.");
  EXPECT_EQ(mask.masked("pin 1234 of s3cr3t"), "pin 1234 of s3cr3t")
      << "short ones are in anything";
  EXPECT_EQ(mask.masked("login app with hunter22"), "login app with ***");
  EXPECT_EQ(mask.masked("to db://app:hunter22@db/shop"), "to ***");
  EXPECT_EQ(mask.environment()[3].value, "host=db pw=***");
  EXPECT_EQ(mask.longest(), std::string("db%3A%2F%2Fapp%3Ahunter22%40db%2Fshop").size());
}

TEST(SecretMask, NoPartOfOverlappingSecretsIsLeft) {
  const SecretMask mask({"KEY_1=abcdefgh", "KEY_2=efghijkl", "KEY_3=abcdefghXYZ", "KEY_4=abcdef"},
                        {});
  EXPECT_EQ(mask.masked("-abcdefghijkl-abcdefghXYZ-abcdef-"), "-***-***-***-");
}

TEST(SecretMask, EachLineOfASecretIsOne) {
  const SecretMask mask({"PRIVATE_KEY=-----BEGIN-----\nMIIEow\r\nshort\n-----END-----\n"}, {});
  EXPECT_EQ(mask.masked("t1 -----BEGIN-----\nt2 MIIEow\nt3 short\nt4 -----END-----\n"),
            "t1 ***\nt2 ***\nt3 short\nt4 ***\n");
}

TEST(SecretMask, SecretsAreHiddenAsJsonAndUrlsWriteThem) {
  const SecretMask mask({R"(PASSWORD=p@ss"w\rd)"}, {});
  EXPECT_EQ(mask.masked(R"({"password":"p@ss\"w\\rd"})"), R"({"password":"***"})");
  EXPECT_EQ(mask.masked("db://app:p%40ss%22w%5Crd@db"), "db://app:***@db");
}

TEST(SecretMask, BytesOfAnyKindAreFine) {
  const std::string secret("\xff\0\x1b[1m\x80", 7);
  const SecretMask mask({"TOKEN=" + secret, "=KEY", "", "KEY"}, {});
  EXPECT_EQ(mask.masked("a" + secret + "b"), "a***b");
  EXPECT_EQ(mask.masked(""), "");
  EXPECT_EQ(SecretMask({}, {}).masked("as it is"), "as it is");
}

}  // namespace
}  // namespace selfheal
