#include <string>

#include "remediator/config.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {

void remediator_configuration(std::string_view input) {
  const auto settings = read_config_text(std::string(input), "file.yml");
  if (!settings) return demand(!settings.error().message.empty(), "a fault says what it is");
  const std::string text = to_yaml(*settings);
  const auto again = read_config_text(text, "again.yml");
  demand(again.ok(), again ? "" : again.error().message.c_str());
  demand(to_yaml(*again) == text, "/config is the file that would bring it about");
}

}  // namespace selfheal::fuzz
