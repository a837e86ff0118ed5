// Modules as YAML: see module_file.h.
#include <algorithm>
#include <array>
#include <string_view>

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include "common/base/time_text.h"
#include "common/base/yaml_text.h"
#include "exporter/modules/module_file.h"
#include "exporter/modules/module_schema.h"

namespace selfheal {
namespace {

constexpr const char* kMasked = "<secret>";

template <class Struct>
void write_struct(YAML::Emitter& out, const Struct& object);

// Whether a header or piece of metadata of this name carries what lets somebody in.
bool carries_credentials(std::string name) {
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  constexpr std::array kParts{"auth", "cookie", "token", "key", "secret", "password", "credential"};
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](const char* part) { return name.find(part) != std::string::npos; });
}

// http://user:password@host → http://<secret>@host
std::string without_password(const std::string& url) {
  const size_t begin = url.find("://");
  const size_t at = url.rfind('@');
  if (begin == std::string::npos || at == std::string::npos || at < begin) return url;
  return url.substr(0, begin + 3) + kMasked + url.substr(at);
}

// ---- values, by their type

void write(YAML::Emitter& out, const std::string& text) {
  write_yaml(out, text);
}

void write(YAML::Emitter& out, bool value) {
  out << value;
}

void write(YAML::Emitter& out, int value) {
  out << value;
}

void write(YAML::Emitter& out, uint64_t bytes) {
  out << std::to_string(bytes) + "B";
}

void write(YAML::Emitter& out, const Secret&) {
  out << kMasked;
}

void write(YAML::Emitter& out, const Regexp& regexp) {
  write(out, regexp.text());
}

void write(YAML::Emitter& out, IpProtocol protocol) {
  out << (protocol == IpProtocol::ip4 ? "ip4" : "ip6");
}

void write(YAML::Emitter& out, TlsVersion version) {
  constexpr std::array kNames{"TLS10", "TLS11", "TLS12", "TLS13"};
  out << kNames.at(static_cast<size_t>(version));
}

void write(YAML::Emitter& out, const HeaderMatch& match) {
  out << YAML::BeginMap << YAML::Key << "header" << YAML::Value;
  write(out, match.header);
  out << YAML::Key << "regexp" << YAML::Value;
  write(out, match.regexp);
  out << YAML::Key << "allow_missing" << YAML::Value << match.allow_missing << YAML::EndMap;
}

void write(YAML::Emitter& out, const QueryResponse& step) {
  write_struct(out, step);
}

void write(YAML::Emitter& out, const HeaderValues& values) {
  write_struct(out, values);
}

template <class Value>
void write(YAML::Emitter& out, const std::optional<Value>& value) {
  write(out, *value);
}

template <class Value>
void write(YAML::Emitter& out, const std::vector<Value>& values) {
  out << YAML::BeginSeq;
  for (const Value& value : values) write(out, value);
  out << YAML::EndSeq;
}

// Headers and the like, by name.
template <class Entries>
void write_entries(YAML::Emitter& out, const Entries& entries) {
  out << YAML::BeginMap;
  for (const auto& [name, value] : entries) {
    out << YAML::Key;
    write(out, name);
    out << YAML::Value;
    using Value = std::decay_t<decltype(value)>;
    constexpr bool kHasSecretsOfItsOwn =
        std::is_same_v<Value, HeaderValues> || std::is_same_v<Value, std::vector<Secret>>;
    if (kHasSecretsOfItsOwn || !carries_credentials(name))
      write(out, value);
    else if constexpr (std::is_same_v<Value, std::string>)
      out << kMasked;
    else
      out << YAML::BeginSeq << kMasked << YAML::EndSeq;
  }
  out << YAML::EndMap;
}

void write(YAML::Emitter& out, const std::vector<std::pair<std::string, std::string>>& headers) {
  write_entries(out, headers);
}

template <class Value>
void write(YAML::Emitter& out, const std::map<std::string, Value>& entries) {
  write_entries(out, entries);
}

// ---- mappings

template <class Struct>
class FieldsWriter {
 public:
  FieldsWriter(YAML::Emitter& out, const Struct& object) : out_(out), object_(object) {}

  template <class Value>
  void value(const char* key, const char*, Value Struct::*member) {
    if (object_.*member == usual_.*member) return;
    out_ << YAML::Key << key << YAML::Value;
    if constexpr (std::is_same_v<Struct, HttpModule> && std::is_same_v<Value, std::string>)
      write(out_, std::string_view(key) == "proxy_url" ? without_password(object_.*member)
                                                       : object_.*member);
    else
      write(out_, object_.*member);
  }
  template <class Value>
  void value(const char* key, const char* about, Value Struct::*member, WholeNumbers) {
    value(key, about, member);
  }
  void labels(const char* key, const char*,
              std::vector<std::pair<std::string, std::string>> Struct::*member) {
    if ((object_.*member).empty()) return;
    out_ << YAML::Key << key << YAML::Value << YAML::BeginSeq;
    for (const auto& [name, text] : object_.*member) {
      out_ << YAML::BeginMap << YAML::Key << "name" << YAML::Value;
      write(out_, name);
      out_ << YAML::Key << "value" << YAML::Value;
      write(out_, text);
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndSeq;
  }
  template <class Part>
  void section(const char* key, const char*, Part Struct::*member) {
    if (object_.*member == usual_.*member) return;
    out_ << YAML::Key << key << YAML::Value;
    write_struct(out_, object_.*member);
  }
  template <class Part>
  void section(const char* key, const char*, std::optional<Part> Struct::*member) {
    if (!(object_.*member)) return;
    out_ << YAML::Key << key << YAML::Value;
    write_struct(out_, *(object_.*member));
  }
  template <class Part>
  void inlined(Part Struct::*member) {
    FieldsWriter<Part> part(out_, object_.*member);
    describe(static_cast<Part*>(nullptr), part);
  }

 private:
  YAML::Emitter& out_;
  const Struct& object_;
  const Struct usual_{};
};

template <class Struct>
void write_fields(YAML::Emitter& out, const Struct& object) {
  FieldsWriter<Struct> writer(out, object);
  describe(static_cast<Struct*>(nullptr), writer);
}

template <class Struct>
void write_struct(YAML::Emitter& out, const Struct& object) {
  out << YAML::BeginMap;
  write_fields(out, object);
  out << YAML::EndMap;
}

void write_module(YAML::Emitter& out, const Module& module) {
  out << YAML::BeginMap << YAML::Key << "prober" << YAML::Value
      << std::string(to_string(module.prober));
  if (!module.unsupported.empty()) out << YAML::Comment(module.unsupported);
  if (module.timeout != Milliseconds(0))
    out << YAML::Key << "timeout" << YAML::Value << format_duration(module.timeout);
  write_fields(out, module);
  out << YAML::EndMap;
}

}  // namespace

std::string to_yaml(const Module& module) {
  YAML::Emitter out;
  write_module(out, module);
  return std::string(out.c_str()) + "\n";
}

std::string to_yaml(const ModuleSet& modules) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "modules" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, module] : modules.all()) {
    out << YAML::Key;
    write(out, name);
    out << YAML::Value;
    write_module(out, *module);
  }
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace selfheal
