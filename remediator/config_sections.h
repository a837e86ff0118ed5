// The sections of the configuration file that are large: each is read in a file of its own, where
// every key stands with what it is. config.cpp has the rest. Faults go to the fields.
#pragma once

#include "common/base/yaml_fields.h"
#include "remediator/config.h"

namespace selfheal {

// What a time may be at most.
inline constexpr Milliseconds kLongestTime = std::chrono::hours(24 * 365);

// `guards`, in config_guards.cpp.
void read_guards(YamlFields& fields, RemediatorSettings& settings);
// `escalation` and `verification`, in config_attempts.cpp.
void read_escalation(YamlFields& fields, EscalationSettings& escalation);
void read_verification(YamlFields& fields, VerificationSettings& verification);
// `evidence`, in config_evidence.cpp.
void read_evidence(YamlFields& fields, EvidenceSettings& evidence);

}  // namespace selfheal
