// Text into YAML so that it is read back as it was, whatever is in it.
//
// [pure]
#pragma once

#include <string>

namespace YAML {
class Emitter;
}

namespace selfheal {

// As a value, or as a key after YAML::Key. Bytes that are no text become !!binary.
void write_yaml(YAML::Emitter& out, const std::string& text);
// `key: text`, within a mapping.
void write_yaml(YAML::Emitter& out, const std::string& key, const std::string& text);

}  // namespace selfheal
