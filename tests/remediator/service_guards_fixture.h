// All guards at once, asked about a service that nothing objects to but for what a test changes.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "remediator/decision/guards.h"
#include "tests/remediator/samples.h"

namespace selfheal {

// Of an alert that names the service.
inline Facts facts_of_service() {
  Facts facts = good_facts();
  facts.container = "service/web";
  facts.group = facts.service_name = "web";
  facts.asked_action = "service-update";
  facts.inspected.reset();
  ServiceDetails service;
  service.id = "s1";
  service.name = "web";
  service.labels = {{"selfheal.enable", "true"}};
  service.replicas = 3;
  service.created_at = service.updated_at = kNow - std::chrono::hours(1);
  facts.service = service;
  facts.service_labels = labels_of_service(service);
  facts.tasks.resize(3);
  return facts;
}

class ServiceGuardsFixture : public testing::Test {
 protected:
  void expect(Verdict verdict, Reason reason) {
    const Decision decision = decide(facts_, settings_);
    EXPECT_EQ(to_string(decision.verdict), to_string(verdict));
    EXPECT_EQ(to_string(decision.reason), to_string(reason));
    detail_ = decision.detail;
  }
  void expect_act() {
    const Decision decision = decide(facts_, settings_);
    EXPECT_EQ(decision.verdict, Verdict::act) << decision.detail;
    EXPECT_EQ(decision.step.action, Action::service_update);
  }
  void label(const std::string& name, const std::string& value) {
    facts_.service->labels[name] = value;
    facts_.service_labels = labels_of_service(*facts_.service);
  }
  void label_containers(const std::string& name, const std::string& value) {
    facts_.service->container_labels[name] = value;
    facts_.service_labels = labels_of_service(*facts_.service);
  }

  Facts facts_ = facts_of_service();
  GuardSettings settings_;
  std::string detail_;
};

}  // namespace selfheal
