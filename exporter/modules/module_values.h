// How a single value of a module is read, by its type: what blackbox_exporter takes is taken, and
// what it refuses is a fault. [pure]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/yaml_fields.h"
#include "exporter/modules/module.h"

namespace selfheal {

// What is found out about a module beyond its values.
struct ModuleNotes {
  std::vector<std::string> unsupported;
  std::vector<std::string> warnings;
};

// Each keeps `value` as it is when the key is absent.
template <class Value>
void read_value(YamlFields& fields, const YamlKey& key, Value& value, ModuleNotes&) {
  fields.read(key, value);
}
void read_value(YamlFields& fields, const YamlKey& key, Secret& value, ModuleNotes&);
void read_value(YamlFields& fields, const YamlKey& key, uint64_t& bytes, ModuleNotes&);
void read_value(YamlFields& fields, const YamlKey& key, IpProtocol& value, ModuleNotes& notes);
void read_value(YamlFields& fields, const YamlKey& key, std::optional<TlsVersion>& value,
                ModuleNotes&);
void read_value(YamlFields& fields, const YamlKey& key, std::optional<std::string>& value,
                ModuleNotes&);
void read_value(YamlFields& fields, const YamlKey& key, std::optional<Regexp>& value, ModuleNotes&);
void read_value(YamlFields& fields, const YamlKey& key, std::vector<Regexp>& value, ModuleNotes&);
void read_value(YamlFields& fields, const YamlKey& key, std::vector<Secret>& value, ModuleNotes&);
void read_value(YamlFields& fields, const YamlKey& key, std::vector<HeaderMatch>& value,
                ModuleNotes& notes);

}  // namespace selfheal
