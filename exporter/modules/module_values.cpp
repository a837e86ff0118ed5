#include "exporter/modules/module_values.h"

#include <array>
#include <utility>

#include "exporter/modules/byte_size.h"

namespace selfheal {
namespace {

Result<Regexp> compile(const std::string& text) {
  auto regexp = Regexp::compile(text);
  if (regexp) return regexp;
  return Error{"\"" + text + "\" is no regular expression: " + regexp.error().message};
}

}  // namespace

void read_value(YamlFields& fields, const YamlKey& key, Secret& value, ModuleNotes&) {
  fields.read(key, value.text);
}

void read_value(YamlFields& fields, const YamlKey& key, uint64_t& bytes, ModuleNotes&) {
  const std::string usual = "`" + std::to_string(bytes) + "`";
  fields.read({key.name, key.about, usual}, "a size such as 10MB",
              [&](const std::string& text) -> Outcome<> {
                const auto size = parse_byte_size(text);
                if (!size) return size.error();
                bytes = *size;
                return Done{};
              });
}

// blackbox_exporter takes anything but ip6 for ip4.
void read_value(YamlFields& fields, const YamlKey& key, IpProtocol& value, ModuleNotes& notes) {
  const char* usual = value == IpProtocol::ip6 ? "`ip6`" : "`ip4`";
  fields.read(
      {key.name, key.about, usual}, "ip4 or ip6", [&](const std::string& text) -> Outcome<> {
        if (text.empty()) return Done{};
        value = text == "ip6" ? IpProtocol::ip6 : IpProtocol::ip4;
        if (text != "ip4" && text != "ip6")
          notes.warnings.push_back(key.name + " is neither ip4 nor ip6 and is taken for ip4");
        return Done{};
      });
}

void read_value(YamlFields& fields, const YamlKey& key, std::optional<TlsVersion>& value,
                ModuleNotes&) {
  fields.read(key, "TLS10, TLS11, TLS12 or TLS13", [&](const std::string& text) -> Outcome<> {
    constexpr std::array<std::pair<const char*, TlsVersion>, 4> kVersions{
        {{"TLS10", TlsVersion::tls10},
         {"TLS11", TlsVersion::tls11},
         {"TLS12", TlsVersion::tls12},
         {"TLS13", TlsVersion::tls13}}};
    for (const auto& [name, version] : kVersions) {
      if (text == name) value = version;
    }
    if (text.empty() || value) return Done{};
    return Error{"expected TLS10, TLS11, TLS12 or TLS13, not \"" + text + "\""};
  });
}

// Empty says as much as absent.
void read_value(YamlFields& fields, const YamlKey& key, std::optional<std::string>& value,
                ModuleNotes&) {
  std::string text;
  fields.read(key, text);
  if (!text.empty()) value = std::move(text);
}

void read_value(YamlFields& fields, const YamlKey& key, std::optional<Regexp>& value,
                ModuleNotes&) {
  fields.read(key, "a regular expression", [&](const std::string& text) -> Outcome<> {
    auto regexp = compile(text);
    if (!regexp) return regexp.error();
    value = *std::move(regexp);
    return Done{};
  });
}

void read_value(YamlFields& fields, const YamlKey& key, std::vector<Regexp>& value, ModuleNotes&) {
  fields.each(key, "a list of regular expressions", [&](const std::string& text) -> Outcome<> {
    auto regexp = compile(text);
    if (!regexp) return regexp.error();
    value.push_back(*std::move(regexp));
    return Done{};
  });
}

void read_value(YamlFields& fields, const YamlKey& key, std::vector<Secret>& value, ModuleNotes&) {
  fields.each(key, "a list of texts", [&](const std::string& text) -> Outcome<> {
    value.push_back({text});
    return Done{};
  });
}

void read_value(YamlFields& fields, const YamlKey& key, std::vector<HeaderMatch>& value,
                ModuleNotes& notes) {
  fields.list(key, [&](YamlFields& item) {
    std::string header;
    std::optional<Regexp> regexp;
    bool allow_missing = false;
    item.read({"header", "The header's name; needed"}, header);
    read_value(item, {"regexp", "What its value has to match; needed"}, regexp, notes);
    item.read({"allow_missing", "Whether an answer without it passes"}, allow_missing);
    if (header.empty()) item.fault("header is missing: the name of the header to look at");
    if (!item.has("regexp") || (regexp && regexp->text().empty()))
      item.fault("regexp is missing: what the header's value has to match");
    if (regexp) value.push_back({std::move(header), *std::move(regexp), allow_missing});
  });
}

}  // namespace selfheal
