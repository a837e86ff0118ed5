#include "exporter/probes/grpc/grpc_message.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

using std::string_literals::operator""s;

std::string decoded(const std::string& bytes) {
  const Result<std::string> status = decode_health_response(bytes);
  return status ? *status : "no";
}

TEST(GrpcMessage, Requests) {
  EXPECT_EQ(encode_health_request(""), "\0\0\0\0\0"s);
  EXPECT_EQ(encode_health_request("shop"), "\0\0\0\0\x06\x0a\x04shop"s);
  const std::string service(300, 's');
  EXPECT_EQ(encode_health_request(service), "\0\0\0\x01\x2f\x0a\xac\x02"s + service);
}

TEST(GrpcMessage, Responses) {
  EXPECT_EQ(decoded("\0\0\0\0\x02\x08\x01"s), "SERVING");
  EXPECT_EQ(decoded("\0\0\0\0\x02\x08\x02"s), "NOT_SERVING");
  EXPECT_EQ(decoded("\0\0\0\0\x02\x08\x03"s), "SERVICE_UNKNOWN");
  EXPECT_EQ(decoded("\0\0\0\0\x02\x08\x2a"s), "42");
  EXPECT_EQ(decoded("\0\0\0\0\0"s), "UNKNOWN") << "the default is left out";
}

TEST(GrpcMessage, FieldsOfALaterVersionAreSkipped) {
  EXPECT_EQ(decoded("\0\0\0\0\x13"
                    "\x12\x02hi"            // a string
                    "\x18\x80\x01"          // a number
                    "\x25\x01\x02\x03\x04"  // four bytes
                    "\x2a\x01x"             // a string
                    "\x08\x01"
                    "\x30\x05"s),
            "SERVING");
}

TEST(GrpcMessage, WhatIsNoResponse) {
  for (const std::string& bytes :
       {""s, "\0\0\0\0"s, "\x01\0\0\0\x02\x08\x01"s, "\0\0\0\0\x03\x08\x01"s,
        "\0\0\0\0\x01\x08\x01"s, "\0\0\0\0\x01\x08"s, "\0\0\0\0\x03\x12\x05x"s,
        "\0\0\0\0\x02\x0b\x01"s, "\0\xff\xff\xff\xff\x08\x01"s,
        "\0\0\0\0\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s})
    EXPECT_EQ(decoded(bytes), "no");
}

TEST(GrpcMessage, StatusAndMessageForAPerson) {
  EXPECT_EQ(grpc_status_text(12), "UNIMPLEMENTED");
  EXPECT_EQ(grpc_status_text(99), "status 99");
  EXPECT_EQ(grpc_message_text("no%20such%3a %zz %"), "no such: %zz %");
}

}  // namespace
}  // namespace selfheal
