// What a container's labels say: whether it opted in, its probes and their settings, its group,
// what it depends on, the wished action. interfaces.md has the table of labels.
//
// [pure] A label that can't be read keeps the default and becomes a LabelError: a typing mistake in
// one label takes neither its container nor the exporter out of operation.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/docker/docker_api.h"
#include "exporter/probes/probe.h"

namespace selfheal {

struct LabelError {
  std::string label;
  std::string value;
  std::string what;  // for a person: what was expected
  bool operator==(const LabelError&) const = default;
};

// One probe as the labels ask for it.
struct ProbeWish {
  std::optional<ProbeUrl> url;  // nothing: what suits the container (only of the unnamed probe)
  std::string module;           // its name; empty: what suits the URL
  ProbeSettings settings;
  bool own_timeout = false;  // a label gives it: a module's does not count
};

struct ContainerLabels {
  bool enabled = false;                     // it opted in
  std::map<std::string, ProbeWish> probes;  // by name
  std::string group;
  std::string action;  // without exec's command line; empty: what the alert says
  std::string compose_project;
  std::string compose_service;
  std::vector<std::string> depends_on;  // names of containers or groups, as written
  bool wants_memory = false;
  std::vector<LabelError> errors;
};

inline constexpr const char* kUnnamedProbe = "default";

// The group's name: selfheal.group, else Compose's project/service, else the name of the Swarm's
// service that the container is a task of, else its own.
std::string group_of(const Labels& labels, const std::string& container_name);

// A label that there is not becomes a LabelError too.
ContainerLabels read_container_labels(const Labels& labels, const std::string& container_name,
                                      const ProbeSettings& defaults);

// What is wrong with a label by itself, whatever the container has besides; empty, or for a person.
std::string fault_of_label(const std::string& label, const std::string& value);

}  // namespace selfheal
