#include "common/base/yaml_text.h"

#include <algorithm>

#include <yaml-cpp/binary.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include "common/base/utf8.h"

namespace selfheal {

// The emitter leaves a line break at the end of a plain text, where nobody would read it back.
void write_yaml(YAML::Emitter& out, const std::string& text) {
  const bool controls = std::any_of(text.begin(), text.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (!is_utf8(text) || text.find('\x7f') != std::string::npos)
    out << YAML::Binary(reinterpret_cast<const unsigned char*>(text.data()), text.size());
  else if (controls)
    out << YAML::DoubleQuoted << text;
  else
    out << text;
}

void write_yaml(YAML::Emitter& out, const std::string& key, const std::string& text) {
  out << YAML::Key;
  write_yaml(out, key);
  out << YAML::Value;
  write_yaml(out, text);
}

}  // namespace selfheal
