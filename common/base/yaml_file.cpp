// Whole files for YamlFields: see yaml_fields.h.
#include <fstream>
#include <sstream>
#include <system_error>

#include "common/base/yaml_fields.h"

namespace selfheal {

Outcome<> read_yaml_text(const std::string& text, const std::string& name,
                         const YamlFields::ReadFields& read_root) {
  YamlFaults faults(name);
  if (const auto tree = YamlTree::parse(text)) {
    YamlFields root(&tree->root(), "", faults);
    read_root(root);
  } else {
    faults.add(tree.error().line, "", tree.error().what);
  }
  if (faults.empty()) return Done{};
  return Error{faults.text()};
}

YamlReference describe_yaml(const YamlFields::ReadFields& read_root) {
  YamlFaults unheard("");
  YamlReference reference;
  YamlFields root(nullptr, "", unheard, &reference);
  read_root(root);
  return reference;
}

Outcome<> read_yaml_file(const std::string& file, const YamlFields::ReadFields& read_root) {
  std::ifstream in(file);
  std::stringstream text;
  in.peek();  // a folder can be opened, but not read
  if (!in.is_open() || in.bad())
    return Error{file + ": can't be read: " + std::generic_category().message(errno)};
  text << in.rdbuf();
  return read_yaml_text(std::move(text).str(), file, read_root);
}

}  // namespace selfheal
