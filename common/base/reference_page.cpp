#include "common/base/reference_page.h"

#include "common/base/option_text.h"

namespace selfheal {
namespace {

std::string code(const std::string& text) {
  return text.empty() ? "" : "`" + text + "`";
}

// A cell ends at a bar, also within code.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return " " + escaped + " |";
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& one : cells) text += one.empty() ? " |" : cell(one);
  return text + "\n";
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.') text += '.';
  return text;
}

// ---- the command line

std::string typed(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  const std::string names = option.get_name(false, true);
  return takes_value(option) ? names + "=" + option.get_type_name() : names;
}

std::string flags_table(const CLI::App& app) {
  std::string rows;
  for (const CLI::Option* option : app.get_options()) {
    if (!is_shown(*option) || option->get_lnames() == std::vector<std::string>{"help"}) continue;
    rows += row({code(typed(*option)), code(default_of(*option)), code(option->get_envname()),
                 sentence(option->get_description())});
  }
  if (rows.empty()) return "";
  return "| flag | default | environment | what it is |\n|---|---|---|---|\n" + rows + "\n";
}

std::string commands(const CLI::App& app) {
  std::string text;
  for (const CLI::App* command : app.get_subcommands({}))
    text += "### " + code(command->get_name()) + "\n" + sentence(command->get_description()) +
            "\n\n" + flags_table(*command);
  return text.empty() ? "" : "## Commands\n" + text;
}

// ---- the keys of a file

// What is as small stands in the table of the mapping around it.
constexpr size_t kFewRows = 3;

// One file's sections: each with a heading and a table, but what has been told is told once.
class Keys {
 public:
  explicit Keys(const YamlReference& reference) {
    for (const YamlSectionEntry& section : reference.sections())
      by_path_.emplace(section.path, &section);
    place("");
  }

  std::string text() const {
    std::string all;
    for (const auto& [path, table] : placed_) {
      if (table.empty()) continue;
      all += (path.empty() ? "" : "### " + code(path) + "\n") + table + "\n";
    }
    return all;
  }

 private:
  // As the forges make a link's target of a heading.
  static std::string anchor(const std::string& path) {
    std::string name = "#";
    for (const char c : path)
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_')
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
  }

  const YamlSectionEntry* within(const std::string& path, const YamlKeyEntry& key) const {
    if (!key.holds_keys) return nullptr;
    const std::string name = path.empty() ? key.name : path + "." + key.name;
    for (const std::string& child : {name, name + "[]", name + ".NAME"})
      if (const auto found = by_path_.find(child); found != by_path_.end()) return found->second;
    return nullptr;
  }

  // How many rows it comes to where it stands in the table of the one around it.
  size_t rows_of(const YamlSectionEntry& section) const {
    size_t count = 0;
    for (const YamlKeyEntry& key : section.keys) {
      const YamlSectionEntry* child = within(section.path, key);
      count += child == nullptr ? 1 : rows_of(*child);
    }
    return count;
  }

  std::string rows(const YamlSectionEntry& section, const std::string& prefix) {
    std::string text;
    for (const YamlKeyEntry& key : section.keys) {
      const YamlSectionEntry* child = within(section.path, key);
      const bool few = child != nullptr && rows_of(*child) <= kFewRows;
      std::string shown = code(prefix + key.name);
      if (child != nullptr && !few) shown = "[" + shown + "](" + anchor(place(child->path)) + ")";
      text += row({shown, key.type, key.usual, sentence(key.about)});
      // The path says whether it is a list's item or a name's mapping.
      const size_t above = section.path.empty() ? 0 : section.path.size() + 1;
      if (few) text += rows(*child, prefix + child->path.substr(above) + ".");
    }
    return text;
  }

  // Puts the section where it belongs, before those within it; the path of the one that tells it.
  std::string place(const std::string& path) {
    const auto found = by_path_.find(path);
    if (found == by_path_.end()) return path;
    const size_t at = placed_.size();
    placed_.emplace_back(path, "");
    const std::string table =
        "| key | type | default | what it is |\n|---|---|---|---|\n" + rows(*found->second, "");
    const auto [told, fresh] = told_.try_emplace(table, path);
    if (fresh) placed_[at].second = table;
    return told->second;
  }

  std::map<std::string, const YamlSectionEntry*> by_path_;
  std::vector<std::pair<std::string, std::string>>
      placed_;                               // path and table; no table: told before
  std::map<std::string, std::string> told_;  // table to the path that it stands at
};

}  // namespace

std::string reference_of(const ConfigurationFile& file) {
  return "## The file of " + code(file.flag) + "\n" + file.about + "\n\n" + Keys(file.keys).text();
}

std::string reference_page(const CLI::App& app, const std::vector<ConfigurationFile>& files) {
  const std::string name = app.get_name();
  std::string text = "<!-- Made by " + name + " --help-configuration; a test compares them. -->\n" +
                     "# What " + name + " can be told\n\n" +
                     "Of a flag, the command line wins over the environment.\n\n## Flags\n" +
                     flags_table(app) + commands(app);
  for (const ConfigurationFile& file : files) text += reference_of(file);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace selfheal
