// A name server on loopback, UDP and TCP on the same port, whose answers a test writes: from the
// bytes of a query to the messages that go back, none, one or several, right or wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/base/unique_fd.h"

namespace selfheal {

class StubDnsServer {
 public:
  // On the server's thread. Over TCP each message gets its length in front.
  using Answer = std::function<std::vector<std::string>(const std::string& query)>;

  explicit StubDnsServer(Answer answer);
  ~StubDnsServer();

  uint16_t port() const { return port_; }
  std::string target() const { return "127.0.0.1:" + std::to_string(port_); }
  int udp_queries() const;
  int tcp_queries() const;

 private:
  void serve();
  void serve_datagram();
  void serve_connection();

  const Answer answer_;
  uint16_t port_ = 0;
  UniqueFd tcp_, udp_, stop_;
  mutable std::mutex mutex_;
  int udp_queries_ = 0;
  int tcp_queries_ = 0;
  std::thread thread_;
};

// ---- what answers are made of

// One record of an answer: its data as bytes.
struct StubRecord {
  uint16_t type = 1;
  uint32_t ttl = 300;
  std::string data;
  std::string name = "\xc0\x0c";  // the question's, by a pointer to it
};
std::string ipv4_data(const std::string& literal);
std::string ipv6_data(const std::string& literal);
// "ns.test." in labels.
std::string dns_name(const std::string& name);

struct StubReply {
  int rcode = 0;
  bool truncated = false;
  std::vector<StubRecord> answer = {}, authority = {}, additional = {};
};
// The reply to `query`, with its id and question.
std::string reply_to(const std::string& query, const StubReply& reply);
// 1 for A, 28 for AAAA…
int question_type(const std::string& query);
// "www.test."
std::string question_name(const std::string& query);

}  // namespace selfheal
