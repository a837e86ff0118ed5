#include "bench/scrape/fleet.h"

namespace selfheal {
namespace {

constexpr WallTime kNow{std::chrono::seconds(1'760'000'000)};

std::string hex_id(size_t number) {
  std::string id(64, '0');
  for (size_t i = 0; i < id.size(); ++i)
    id[i] = "0123456789abcdef"[(number * 0x9E3779B97F4A7C15 >> (i % 60)) & 15];
  return id;
}

WatchedContainer container(size_t number) {
  WatchedContainer seen;
  seen.key = {"docker-17.example.org", "shop-web-" + std::to_string(number)};
  seen.group = "shop/web-" + std::to_string(number / 4);
  seen.id = hex_id(number);
  seen.image = "registry.example.org/shop/web:2025-10-" + std::to_string(number % 30 + 1);
  seen.compose_project = "shop";
  seen.compose_service = "web-" + std::to_string(number / 4);
  seen.state = ContainerState::running;
  seen.started_at = kNow - std::chrono::milliseconds(number * 7'919);
  seen.restarts = {number % 5, number % 3};
  seen.dependencies = {"shop/db"};
  ProbeSpec spec;
  spec.name = "default";
  spec.url.port = 8080;
  spec.url.path = "/health";
  seen.probes.emplace_back(std::move(spec));
  return seen;
}

ProbeResult result(size_t number, size_t attempt) {
  ProbeResult result = attempt % 17 == 3 ? failed(ProbeReason::timeout, "") : passed();
  result.started_at = kNow + std::chrono::microseconds(number * 104'729 + attempt * 15'000'000);
  result.duration = std::chrono::nanoseconds(1'234'567 + number * 7'919 + attempt * 611'953);
  result.http_status = result.outcome == ProbeOutcome::passed ? 200 : 0;
  return result;
}

}  // namespace

void watch_containers(size_t containers, HealthTable& table) {
  constexpr size_t kAttempts = 20;
  for (size_t i = 0; i < containers; ++i) {
    const auto seen = std::make_shared<const WatchedContainer>(container(i));
    table.add_container({seen, {}});
    const auto slot = table.add_probe({});
    TargetHealth health(seen->probes[0]->settings, seen->started_at, kNow);
    for (size_t attempt = 0; attempt < kAttempts; ++attempt) {
      health.record(result(i, attempt));
      table.record(slot, result(i, attempt), health);
    }
    const ProbeIdentity identity{seen, seen->probes[0]};
    table.show_probe(slot, std::make_shared<const ProbeIdentity>(identity), health);
  }
  table.set_connection("docker-17.example.org", true, "docker-17.example.org");
}

}  // namespace selfheal
