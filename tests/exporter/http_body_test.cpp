// What an HTTP probe makes of headers and bodies: regular expressions, compression, the limit.
#include "exporter/probes/http/http_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/exporter/http_probing.h"
#include "tests/exporter/http_site.h"

namespace selfheal {
namespace {

using testing::HasSubstr;

// "hello, brotli" by the brotli tool.
constexpr std::string_view kBrotli{"\x0b\x06\x80hello, brotli\x03", 17};

// 64 MB of zeros.
constexpr std::string_view kBrotliBomb{
    "\xcf\xff\xff\x7f\xf8\x27\x00\xe2\xb1\x40\x20\xf7\xfe\x9f\xff\xff\xff\xf0"
    "\x4f\x00\xc4\x61\x01\x80\xee\xfd\x3f\xff\xff\xff\xe1\x9f\x00\x88\xc3\x22"
    "\x00\xdd\xfb\xff\xfc\xff\xff\xc7\x3f\x01\x10\x87\x05\x00\xba\xf7\xff",
    53};

// `bits` as zlib's windowBits: 31 gzip, -15 raw.
std::string deflated(const std::string& text, int bits) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
std::string gzipped(const std::string& text) {
  return deflated(text, 31);
}

template <class Change>
ProbeResult probe_page(const std::string& body, const std::string& headers, const Change& change) {
  const HttpSite site(http_response(200, body, headers));
  return probe_http(http_module(change), site.url());
}
template <class Change>
ProbeResult probe_body(const std::string& body, const Change& change) {
  return probe_page(body, "", change);
}

bool failed_by_regexp(const ProbeResult& result) {
  const bool failed = result.outcome == ProbeOutcome::failed;
  EXPECT_EQ(failed, result.trace->http->failed_due_to_regex) << result.detail;
  EXPECT_TRUE(!failed || result.reason == ProbeReason::body) << to_string(result.reason);
  return failed;
}

HeaderMatch header(const std::string& name, const std::string& text, bool allow_missing = false) {
  return {name, regexp(text), allow_missing};
}

TEST(HttpBodyProbe, RegularExpressionsOnTheBody) {
  const auto refuses = [](const std::string& text) {
    return failed_by_regexp(probe_body("all is well\nbut Error 42", [&](HttpModule& http) {
      http.fail_if_body_matches_regexp = {regexp("never there"), regexp(text)};
    }));
  };
  EXPECT_TRUE(refuses("Err.r [0-9]+"));
  EXPECT_FALSE(refuses("error"));
  EXPECT_TRUE(refuses("(?i)ERROR"));
  const auto demands = [](const std::string& text) {
    return failed_by_regexp(probe_body("all is well", [&](HttpModule& http) {
      http.fail_if_body_not_matches_regexp = {regexp("all"), regexp(text)};
    }));
  };
  EXPECT_FALSE(demands("well$"));
  EXPECT_TRUE(demands("^well"));
  EXPECT_TRUE(demands("sick"));
}

TEST(HttpBodyProbe, RegularExpressionsOnABodyThatIsNoUtf8) {
  const auto demands = [](const std::string& text) {
    return failed_by_regexp(probe_body("caf\xe9 au lait", [&](HttpModule& http) {
      http.fail_if_body_not_matches_regexp = {regexp(text)};
    }));
  };
  EXPECT_FALSE(demands("^caf. au lait$"));
  EXPECT_FALSE(demands("^[^x]+$"));
  EXPECT_FALSE(demands("lait"));
  EXPECT_TRUE(demands("^caf au"));
}

TEST(HttpBodyProbe, AFailedStatusNeedsNoRegularExpression) {
  const HttpSite site(http_response(500, "Error"));
  const Module module =
      http_module([](HttpModule& http) { http.fail_if_body_matches_regexp = {regexp("Error")}; });
  const ProbeResult result = probe_http(module, site.url());
  EXPECT_EQ(result.reason, ProbeReason::status);
  EXPECT_FALSE(result.trace->http->failed_due_to_regex);
}

TEST(HttpBodyProbe, RegularExpressionsOnHeaders) {
  const std::string headers = "X-State: good\r\nx-state: better\r\nServer: stub\r\n";
  const auto refuses = [&](const HeaderMatch& match) {
    return failed_by_regexp(
        probe_page("", headers, [&](HttpModule& http) { http.fail_if_header_matches = {match}; }));
  };
  EXPECT_TRUE(refuses(header("X-State", "bett")));
  EXPECT_TRUE(refuses(header("x-STATE", "^good$")));
  EXPECT_FALSE(refuses(header("X-State", "bad")));
  EXPECT_TRUE(refuses(header("X-None", "bad"))) << "it must be there";
  EXPECT_FALSE(refuses(header("X-None", "bad", true)));
  const auto demands = [&](const HeaderMatch& match) {
    return failed_by_regexp(probe_page(
        "", headers, [&](HttpModule& http) { http.fail_if_header_not_matches = {match}; }));
  };
  EXPECT_FALSE(demands(header("X-State", "^better$")));
  EXPECT_TRUE(demands(header("X-State", "best")));
  EXPECT_TRUE(demands(header("X-None", "")));
  EXPECT_FALSE(demands(header("X-None", "x", true)));
}

TEST(HttpBodyProbe, CompressionAsTheModuleSaysIt) {
  const auto probe = [](const std::string& body, const char* compression, const char* text) {
    return probe_body(body, [&](HttpModule& http) {
      http.compression = compression;
      http.fail_if_body_not_matches_regexp = {regexp(text)};
    });
  };
  const std::string text = "hello, compression " + std::string(100'000, 'x');
  const ProbeResult gzip = probe(gzipped(text), "gzip", "^hello, c");
  EXPECT_EQ(gzip.outcome, ProbeOutcome::passed) << gzip.detail;
  EXPECT_EQ(gzip.trace->http->uncompressed_body_length, static_cast<double>(text.size()));
  EXPECT_EQ(gzip.trace->http->content_length, static_cast<double>(gzipped(text).size()));
  EXPECT_EQ(probe(gzipped("one ") + gzipped("two"), "GZIP", "^one two$").outcome,
            ProbeOutcome::passed);
  EXPECT_EQ(probe(deflated(text, -15), "deflate", "^hello").outcome, ProbeOutcome::passed);
  const ProbeResult brotli = probe(std::string(kBrotli), "br", "^hello, brotli$");
  EXPECT_EQ(brotli.outcome, ProbeOutcome::passed) << brotli.detail;
  EXPECT_EQ(probe("hello", "identity", "^hello$").outcome, ProbeOutcome::passed);
}

TEST(HttpBodyProbe, WithoutCompressionTheBytesAreTakenAsTheyCome) {
  const std::string bytes = gzipped("hello");
  const ProbeResult result = probe_page(bytes, "Content-Encoding: gzip\r\n", [](HttpModule&) {});
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.trace->http->uncompressed_body_length, static_cast<double>(bytes.size()));
}

TEST(HttpBodyProbe, ABodyThatIsNotCompressedAsTheModuleSays) {
  const auto fails = [](const std::string& body, const char* compression) {
    const ProbeResult result =
        probe_body(body, [&](HttpModule& http) { http.compression = compression; });
    EXPECT_EQ(result.outcome, ProbeOutcome::failed) << compression;
    EXPECT_EQ(result.reason, ProbeReason::body) << compression;
    EXPECT_EQ(result.http_status, 200);
    EXPECT_FALSE(result.trace->http->failed_due_to_regex);
    EXPECT_THAT(result.detail, HasSubstr(compression));
  };
  for (const char* compression : {"gzip", "deflate", "br"})
    fails("this is plain text, and no small one", compression);
  fails("", "gzip");
  fails("", "deflate");
  const std::string whole = gzipped("hello, compression");
  fails(whole.substr(0, whole.size() - 6), "gzip");
  fails(whole + "rubbish", "gzip");
  std::string wrong_checksum = whole;
  wrong_checksum[whole.size() - 8] ^= 1;
  fails(wrong_checksum, "gzip");
  fails(deflated("hello", 15), "deflate");  // with zlib's header
}

TEST(HttpBodyProbe, TheLimitCountsAfterDecompression) {
  const auto probe = [](const std::string& body, uint64_t limit, const char* compression) {
    return probe_body(body, [&](HttpModule& http) {
      http.body_size_limit = limit;
      http.compression = compression;
    });
  };
  EXPECT_EQ(probe("12345", 5, "").outcome, ProbeOutcome::passed);
  const ProbeResult over = probe("123456", 5, "");
  EXPECT_EQ(over.reason, ProbeReason::body);
  EXPECT_EQ(over.trace->http->uncompressed_body_length, 5);
  EXPECT_THAT(over.detail, HasSubstr("body_size_limit, 5 bytes"));
  const std::string bomb = gzipped(std::string(50'000'000, '\0'));
  ASSERT_LT(bomb.size(), 100'000U);
  const ProbeResult exploded = probe(bomb, 1'000'000, "gzip");
  EXPECT_EQ(exploded.reason, ProbeReason::body);
  EXPECT_EQ(exploded.trace->http->uncompressed_body_length, 1'000'000);
}

TEST(HttpBodyProbe, AnHonestBodyMayBeCompressedWell) {
  const std::string zeros(15'000'000, '\0');
  const ProbeResult result =
      probe_body(gzipped(zeros), [](HttpModule& http) { http.compression = "gzip"; });
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.trace->http->uncompressed_body_length, static_cast<double>(zeros.size()));
}

TEST(HttpBodyProbe, AFewBytesThatExpandWithoutMeasureAreAFault) {
  const ProbeResult result =
      probe_body(std::string(kBrotliBomb), [](HttpModule& http) { http.compression = "br"; });
  EXPECT_EQ(result.reason, ProbeReason::body);
  EXPECT_THAT(result.detail, HasSubstr("expands without measure"));
}

TEST(HttpBodyProbe, AllThatABodyExpandsToIsBounded) {
  const std::string body = gzipped(std::string(ResponseBody::kMostExpandedBytes + 1, '\0'));
  const auto probe = [&](uint64_t limit) {
    return probe_body(body, [&](HttpModule& http) {
      http.compression = "gzip";
      http.body_size_limit = limit;
    });
  };
  const ProbeResult over = probe(0);
  EXPECT_EQ(over.reason, ProbeReason::body);
  EXPECT_THAT(over.detail, HasSubstr("expands to more than 67108864 bytes"));
  EXPECT_LE(over.trace->http->uncompressed_body_length, ResponseBody::kMostExpandedBytes);
  const ProbeResult allowed = probe(2 * ResponseBody::kMostExpandedBytes);
  EXPECT_EQ(allowed.outcome, ProbeOutcome::passed) << allowed.detail;
}

TEST(HttpBodyProbe, RegularExpressionsGetABoundedBody) {
  const auto probe = [](uint64_t size, uint64_t limit) {
    return probe_body(std::string(size, 'x'), [&](HttpModule& http) {
      http.fail_if_body_matches_regexp = {regexp("never")};
      http.body_size_limit = limit;
    });
  };
  const uint64_t unasked = ResponseBody::kMatchedBytes;
  const uint64_t most = ResponseBody::kMostMatchedBytes;
  EXPECT_EQ(probe(unasked, 0).outcome, ProbeOutcome::passed);
  const ProbeResult over = probe(unasked + 1, 0);
  EXPECT_EQ(over.reason, ProbeReason::body);
  EXPECT_THAT(over.detail, HasSubstr("body_size_limit can allow for 4194304"));
  EXPECT_EQ(probe(most, 2 * most).outcome, ProbeOutcome::passed);
  const ProbeResult far_over = probe(most + 1, 2 * most);
  EXPECT_EQ(far_over.reason, ProbeReason::body);
  EXPECT_THAT(far_over.detail, HasSubstr("4194304 bytes that regular expressions are tried on"));
}

TEST(HttpBodyProbe, Chunked) {
  const HttpSite site(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
      "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n");
  const Module module = http_module([](HttpModule& http) {
    http.fail_if_body_not_matches_regexp = {regexp("^hello world$")};
    http.fail_if_header_matches = {header("X-Sum", ".", true)};
  });
  const ProbeResult result = probe_http(module, site.url());
  EXPECT_EQ(result.outcome, ProbeOutcome::passed) << result.detail;
  EXPECT_EQ(result.trace->http->content_length, -1);
  EXPECT_EQ(result.trace->http->uncompressed_body_length, 11);
}

TEST(HttpBodyProbe, ChunksThatAreNone) {
  const HttpSite site("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n");
  const ProbeResult result = probe_http(http_module(), site.url());
  EXPECT_EQ(result.reason, ProbeReason::protocol) << result.detail;
  EXPECT_EQ(result.http_status, 200);
}

TEST(HttpBodyProbe, ABodyThatBreaksOffCantBeMatched) {
  const StubServer server([](StubConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  });
  const Module module =
      http_module([](HttpModule& http) { http.fail_if_body_matches_regexp = {regexp("xyz")}; });
  const ProbeResult result = probe_http(module, server.url());
  EXPECT_EQ(result.reason, ProbeReason::reset);
  EXPECT_TRUE(result.trace->http->failed_due_to_regex) << "as blackbox_exporter counts it";
}

}  // namespace
}  // namespace selfheal
