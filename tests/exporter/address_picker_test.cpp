#include "exporter/probes/net/address_picker.h"

#include <array>
#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "tests/exporter/no_descriptors.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {
namespace {

// An address where a connection neither comes about nor is refused: the listener's queue is full,
// so that the kernel drops what else arrives.
class Nowhere {
 public:
  Nowhere() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    if (bind(listener_.get(), generic, size) != 0 || listen(listener_.get(), 0) != 0 ||
        getsockname(listener_.get(), generic, &size) != 0)
      std::abort();
    endpoint_ = {"127.0.0.1", ntohs(address.sin_port)};
    for (UniqueFd& client : clients_) {
      client = UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      [[maybe_unused]] const int begun = connect(client.get(), generic, size);
    }
  }
  const Endpoint& endpoint() const { return endpoint_; }

 private:
  UniqueFd listener_;
  std::array<UniqueFd, 8> clients_;
  Endpoint endpoint_;
};

std::optional<size_t> pick(
    const std::vector<Endpoint>& candidates, std::chrono::duration<double>* took = nullptr,
    const std::function<void()>& first = [] {}) {
  SystemClock clock;
  EventLoop loop(clock);
  AddressPicker picker(loop);
  std::optional<size_t> choice;
  const SteadyTime begun = clock.steady_now();
  loop.post([&] {
    first();
    picker.pick(candidates, [&](std::optional<size_t> picked) {
      choice = picked;
      loop.stop();
    });
  });
  loop.run();
  if (took != nullptr) *took = clock.steady_now() - begun;
  return choice;
}

TEST(AddressPicker, WhatCouldNotBeTriedForLackOfDescriptorsIsNotOutOfReach) {
  StubServer server;
  std::optional<NoDescriptors> none;
  EXPECT_EQ(pick({{"127.0.0.1", server.port()}}, nullptr, [&] { none.emplace(); }), 0U);
}

TEST(AddressPicker, TheFirstThatAnswersOrRefuses) {
  StubServer server;
  const Endpoint up{"127.0.0.1", server.port()};
  const Endpoint refusing{"127.0.0.1", StubServer::refused_port()};
  EXPECT_EQ(pick({up, refusing}), 0U);
  EXPECT_EQ(pick({refusing, up}), 0U);
  EXPECT_EQ(pick({{"nonsense", 1}, refusing, up}), 1U);
}

TEST(AddressPicker, WaitsASecondForABetterOne) {
  StubServer server;
  const Nowhere nowhere;
  std::chrono::duration<double> took{};
  EXPECT_EQ(pick({nowhere.endpoint(), {"127.0.0.1", server.port()}}, &took), 1U);
  EXPECT_GT(took.count(), 0.9);
  EXPECT_LT(took.count(), 1.5);
}

TEST(AddressPicker, DoesNotWaitForAWorseOne) {
  StubServer server;
  const Nowhere nowhere;
  std::chrono::duration<double> took{};
  EXPECT_EQ(pick({{"127.0.0.1", server.port()}, nowhere.endpoint()}, &took), 0U);
  EXPECT_LT(took.count(), 0.5);
}

TEST(AddressPicker, NoneCanBeReached) {
  EXPECT_EQ(pick({{"nonsense", 1}, {"nonsense", 2}}), std::nullopt);
}

}  // namespace
}  // namespace selfheal
