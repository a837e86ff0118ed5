#include "exporter/modules/module_reader.h"

#include <utility>

#include "common/base/ascii_text.h"
#include "common/base/text_list.h"
#include "exporter/modules/module_checks.h"
#include "exporter/modules/module_schema.h"
#include "exporter/modules/module_values.h"

namespace selfheal {
namespace {

using Notes = ModuleNotes;

template <class Struct>
void read_struct(YamlFields& fields, Struct& object, Notes& notes);

// ---- values that hold mappings

template <class Struct>
void read_value(YamlFields& fields, const YamlKey& key, std::map<std::string, Struct>& value,
                Notes& notes) {
  fields.section(key, [&](YamlFields& items) {
    for (const std::string& name : items.keys()) {
      const YamlKey of_user(name, "Of the header, or piece of metadata, of this name");
      if constexpr (std::is_same_v<Struct, HeaderValues>)
        items.section(of_user, [&](YamlFields& item) { read_struct(item, value[name], notes); });
      else
        read_value(items, of_user, value[name], notes);
    }
  });
}

void read_value(YamlFields& fields, const YamlKey& key, std::vector<QueryResponse>& value,
                Notes& notes) {
  fields.list(key, [&](YamlFields& item) { read_struct(item, value.emplace_back(), notes); });
}

// ---- mappings

template <class Struct>
class FieldsReader {
 public:
  FieldsReader(YamlFields& fields, Struct& object, Notes& notes)
      : fields_(fields), object_(object), notes_(notes) {}

  template <class Value>
  void value(const char* key, const char* about, Value Struct::*member) {
    read_value(fields_, {key, about}, object_.*member, notes_);
  }
  template <class Value>
  void value(const char* key, const char* about, Value Struct::*member, WholeNumbers range) {
    fields_.read({key, about}, object_.*member, range.lowest, range.highest);
  }
  void labels(const char* key, const char* about,
              std::vector<std::pair<std::string, std::string>> Struct::*member) {
    fields_.list({key, about}, [&](YamlFields& item) {
      auto& [name, text] = (object_.*member).emplace_back();
      item.read({"name", "Of the label"}, name);
      item.read({"value", "Of the label"}, text);
    });
  }
  // A section that is absent or empty is not checked: it asks for nothing.
  template <class Part>
  void section(const char* key, const char* about, Part Struct::*member) {
    if (!fields_.has(key)) return fields_.skip(key);
    fields_.section({key, about},
                    [&](YamlFields& part) { read_struct(part, object_.*member, notes_); });
  }
  template <class Part>
  void section(const char* key, const char* about, std::optional<Part> Struct::*member) {
    if (!fields_.has(key)) return fields_.skip(key);
    Part& value = (object_.*member).emplace();
    fields_.section({key, about}, [&](YamlFields& part) { read_struct(part, value, notes_); });
  }
  template <class Part>
  void inlined(Part Struct::*member) {
    FieldsReader<Part> part(fields_, object_.*member, notes_);
    describe(static_cast<Part*>(nullptr), part);
  }

 private:
  YamlFields& fields_;
  Struct& object_;
  Notes& notes_;
};

// ---- keys that are read but not kept

constexpr const char* kNotSupported =
    "Not supported: a module with it loads, but no target is probed with it";

void not_supported(YamlFields& fields, const char* key, const std::string& what, Notes& notes) {
  if (fields.has(key)) notes.unsupported.push_back(std::string(key) + " (" + what + ")");
  fields.skip({key, kNotSupported});
}

template <class Struct>
void read_further(YamlFields&, Struct&, Notes&) {}

constexpr const char* kReference = "references to secret stores";

void read_further(YamlFields& fields, TlsConfig&, Notes& notes) {
  for (const char* key : {"ca_ref", "cert_ref", "key_ref"})
    not_supported(fields, key, kReference, notes);
}

void read_further(YamlFields& fields, BasicAuth&, Notes& notes) {
  for (const char* key : {"username_ref", "password_ref"})
    not_supported(fields, key, kReference, notes);
  not_supported(fields, "username_file", "user names from files", notes);
}

void read_further(YamlFields& fields, Authorization& authorization, Notes& notes) {
  not_supported(fields, "credentials_ref", kReference, notes);
  if (authorization.type.empty()) authorization.type = Authorization{}.type;
}

// The older way to write `authorization`.
void read_bearer_token(YamlFields& fields, HttpModule& http) {
  Authorization bearer;
  fields.read({"bearer_token", "The older way to write `authorization`"}, bearer.credentials.text);
  fields.read({"bearer_token_file", "The same, from a file"}, bearer.credentials_file);
  const bool token = !bearer.credentials.text.empty();
  if (!token && bearer.credentials_file.empty()) return;
  if (token && !bearer.credentials_file.empty())
    fields.fault("bearer_token_file", "expected either this or bearer_token, not both");
  if (http.authorization)
    fields.fault(token ? "bearer_token" : "bearer_token_file",
                 "expected either this or authorization, not both");
  http.authorization = std::move(bearer);
}

void read_further_of_client(YamlFields& fields, HttpModule& http, Notes& notes) {
  read_bearer_token(fields, http);
  not_supported(fields, "oauth2", "OAuth 2", notes);
  if (same_ignoring_case(http.proxy_url.substr(0, 8), "https://"))
    notes.unsupported.emplace_back("proxy_url (a proxy that is spoken to over TLS)");
}

// HTTP/3 is not spoken, but its checks are made, so that what blackbox_exporter refuses is refused.
void read_http3(YamlFields& fields, HttpModule& http, Notes& notes) {
  bool http3 = false;
  fields.read({"enable_http3", kNotSupported}, http3);
  for (const std::string& version : http.valid_http_versions) {
    if (!http3 && version == "HTTP/3.0")
      fields.fault("valid_http_versions", "HTTP/3.0 needs enable_http3");
    if (http3 && (version == "HTTP/2.0" || version == "HTTP/1.1"))
      fields.fault("valid_http_versions", "with enable_http3 only HTTP/3.0 can be expected");
  }
  if (http3 && http.enable_http2)
    fields.fault("enable_http3", "expected enable_http2: false beside it");
  if (http3) notes.unsupported.push_back("enable_http3 (HTTP/3)");
}

void read_further(YamlFields& fields, HttpModule& http, Notes& notes) {
  read_further_of_client(fields, http, notes);
  for (const char* key : {"fail_if_body_json_matches_cel", "fail_if_body_json_not_matches_cel"})
    not_supported(fields, key, "CEL expressions", notes);
  if (fields.has("no_follow_redirects")) {
    bool no_follow = false;
    fields.read({"no_follow_redirects", "Deprecated: the opposite of `follow_redirects`"},
                no_follow);
    http.follow_redirects = !no_follow;
    notes.warnings.emplace_back("no_follow_redirects is deprecated; use follow_redirects");
  }
  fields.skip("no_follow_redirects");
  read_http3(fields, http, notes);
  if (http.method.empty()) http.method = HttpModule{}.method;
}

void read_further(YamlFields&, DnsModule& dns, Notes& notes) {
  const DnsModule usual;
  if (dns.query_type.empty()) dns.query_type = usual.query_type;
  if (dns.query_class.empty()) dns.query_class = usual.query_class;
  if (dns.transport_protocol.empty()) dns.transport_protocol = usual.transport_protocol;
  // No fault: blackbox_exporter loads it too.
  if (dns.dns_over_tls && dns.transport_protocol == "udp")
    notes.warnings.emplace_back(
        "dns_over_tls needs transport_protocol: tcp; no probe can pass with udp");
}

template <class Struct>
void read_struct(YamlFields& fields, Struct& object, Notes& notes) {
  FieldsReader<Struct> reader(fields, object, notes);
  describe(static_cast<Struct*>(nullptr), reader);
  read_further(fields, object, notes);
  check(object, fields);
}

// ---- probers that this exporter has not: read, so that a mistake in them is told, and dropped

void read_unix(YamlFields& fields, Notes& notes) {
  TcpModule unix_socket;
  FieldsReader<TcpModule> reader(fields, unix_socket, notes);
  reader.value("query_response", "As in `tcp`", &TcpModule::query_response);
  reader.value("tls", "As in `tcp`", &TcpModule::tls);
  reader.section("tls_config", "As in `tcp`", &TcpModule::tls_config);
}

void read_websocket(YamlFields& fields, Notes& notes) {
  HttpModule http;
  TcpModule dialogue;
  fields.section({"http_config", "As in `http`"}, [&](YamlFields& client) {
    FieldsReader<HttpModule> reader(client, http, notes);
    describe_client(reader);
    read_further_of_client(client, http, notes);
    check_client(http, client);
  });
  fields.skip({"headers", "Texts, or lists as `http_headers` has them"});
  FieldsReader<TcpModule> steps(fields, dialogue, notes);
  steps.value("query_response", "As in `tcp`", &TcpModule::query_response);
  steps.inlined(&TcpModule::ip);
}

void read_prober(YamlFields& fields, Module& module, Notes& notes) {
  std::string name;
  fields.read({"prober", "`http`, `tcp`, `grpc`, `dns`, `icmp`, `exec` or `docker`; needed"}, name);
  if (name == "unix" || name == "websocket") {
    notes.unsupported.push_back("the prober " + name);
  } else if (const auto kind = probe_kind(name)) {
    module.prober = *kind;
  } else if (!name.empty()) {
    fields.fault("prober",
                 "expected http, tcp, grpc, dns, icmp, exec or docker, not \"" + name + "\"");
  } else {
    fields.fault("prober is missing: http, tcp, grpc, dns, icmp, exec or docker");
  }
}

}  // namespace

Module read_module(const std::string& name, YamlFields& fields,
                   std::vector<std::string>& warnings) {
  Module module;
  Notes notes;
  module.name = name;
  read_prober(fields, module, notes);
  fields.read({"timeout", "Of one probe", "the target's, or the scrape's"}, module.timeout);
  FieldsReader<Module> reader(fields, module, notes);
  describe(static_cast<Module*>(nullptr), reader);
  fields.section({"unix", kNotSupported}, [&](YamlFields& part) { read_unix(part, notes); });
  fields.section({"websocket", kNotSupported},
                 [&](YamlFields& part) { read_websocket(part, notes); });
  if (!notes.unsupported.empty()) {
    module.unsupported = "not supported: " + joined(notes.unsupported);
    notes.warnings.push_back(module.unsupported + "; no target is probed with it");
  }
  for (const std::string& warning : notes.warnings)
    warnings.push_back("module " + name + ": " + warning);
  return module;
}

}  // namespace selfheal
