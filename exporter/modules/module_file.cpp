#include "exporter/modules/module_file.h"

#include "exporter/modules/module_reader.h"

namespace selfheal {

void read_modules(YamlFields& root, ModuleSet& modules, std::vector<std::string>& warnings) {
  root.map({"modules", "How to probe, by name, in blackbox_exporter's schema"},
           [&](const std::string& name, YamlFields& fields) {
             modules.add(read_module(name, fields, warnings));
           });
}

}  // namespace selfheal
