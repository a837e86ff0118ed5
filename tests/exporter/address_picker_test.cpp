#include "exporter/probes/net/address_picker.h"

#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "tests/exporter/no_descriptors.h"
#include "tests/exporter/nowhere.h"
#include "tests/exporter/stub_server.h"

namespace selfheal {
namespace {

std::optional<size_t> pick(
    const std::vector<Endpoint>& candidates, std::chrono::duration<double>* took = nullptr,
    const std::function<void()>& first = [] {}, bool* connected = nullptr) {
  SystemClock clock;
  EventLoop loop(clock);
  AddressPicker picker(loop);
  std::optional<size_t> choice;
  const SteadyTime begun = clock.steady_now();
  loop.post([&] {
    first();
    picker.pick(candidates, [&](std::optional<AddressPicker::Picked> picked) {
      if (picked) choice = picked->index;
      if (connected != nullptr) *connected = picked && picked->connected;
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

TEST(AddressPicker, TellsWhetherItHasConnected) {
  StubServer server;
  bool connected = false;
  pick(
      {{"127.0.0.1", server.port()}}, nullptr, [] {}, &connected);
  EXPECT_TRUE(connected);
  pick(
      {{"127.0.0.1", StubServer::refused_port()}}, nullptr, [] {}, &connected);
  EXPECT_FALSE(connected);
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
