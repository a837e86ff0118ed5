#include <string>

#include "exporter/config.h"
#include "tests/fuzz/fuzzers.h"

namespace selfheal::fuzz {
namespace {

// What is masked, or not done, is not in the text.
bool is_whole(const ExporterSettings& settings, const std::string& text) {
  if (text.find("<secret>") != std::string::npos) return false;
  for (const auto& [name, module] : settings.discovery->modules.all()) {
    if (!module->unsupported.empty()) return false;
  }
  return true;
}

}  // namespace

void configuration(std::string_view input) {
  if (input.find("module_files") != std::string_view::npos) return;  // no file is to be read
  const auto settings = read_config_text(std::string(input), "file.yml");
  if (!settings) return demand(!settings.error().message.empty(), "a fault says what it is");
  demand(!summary(*settings).empty(), "there is a summary");
  const std::string text = to_yaml(*settings);
  if (!is_whole(*settings, text)) return;
  const auto again = read_config_text(text, "again.yml");
  demand(again.ok(), again ? "" : again.error().message.c_str());
  demand(to_yaml(*again) == text, "/config is the file that would bring it about");
  TargetList targets = again->targets;
  demand(changes(settings->targets, targets).empty(), "the same file changes no target");
}

}  // namespace selfheal::fuzz
