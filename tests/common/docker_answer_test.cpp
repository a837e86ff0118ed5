#include "common/docker/docker_answer.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

using Kind = DockerFailureKind;

TEST(DockerAnswer, ANoIsDefiniteWhereDockerSaysIt) {
  for (const Kind kind : {Kind::not_found, Kind::conflict, Kind::refused, Kind::failed})
    EXPECT_TRUE(is_definite_no(kind)) << to_string(kind);
}

TEST(DockerAnswer, WhatMayHaveHappenedIsNoDefiniteNo) {
  for (const Kind kind : {Kind::unreachable, Kind::timeout, Kind::closed, Kind::unavailable,
                          Kind::malformed, Kind::aborted})
    EXPECT_FALSE(is_definite_no(kind)) << to_string(kind);
}

TEST(DockerAnswer, OneThatCantBeReadKeepsWhatIsWrongWithIt) {
  const DockerFailure failure = malformed_answer(Error{"no Id"});
  EXPECT_EQ(failure.kind, Kind::malformed);
  EXPECT_EQ(failure.message, "no Id");
}

}  // namespace
}  // namespace selfheal
