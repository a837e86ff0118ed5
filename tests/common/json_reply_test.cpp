#include "common/http/json_reply.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

TEST(JsonReply, IsJsonAndNotTheEndOfTheConnection) {
  const ServerResponse reply = json_reply("[1]\n", 201);
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_EQ(reply.body, "[1]\n");
  EXPECT_FALSE(reply.close_connection);
}

TEST(JsonReply, AFaultSaysWhyAndARefusalEndsTheConnection) {
  EXPECT_EQ(json_fault(404, "no \"web\"").body, "{\"error\":\"no \\\"web\\\"\"}\n");
  EXPECT_EQ(json_fault(404, "").status, 404);
  EXPECT_FALSE(json_fault(404, "").close_connection);
  EXPECT_EQ(json_refusal(401, "no token").body, "{\"error\":\"no token\"}\n");
  EXPECT_EQ(json_refusal(401, "").status, 401);
  EXPECT_TRUE(json_refusal(401, "").close_connection);
}

TEST(JsonReply, WhatIsNoTextIsReplaced) {
  EXPECT_EQ(json_object("path", "a\xff"), "{\"path\":\"a\xef\xbf\xbd\"}\n");
}

}  // namespace
}  // namespace selfheal
