// The pages and the description of the API as the running remediator serves them.
#include <algorithm>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "remediator/remediator.h"
#include "tests/support/http_peer.h"
#include "tests/support/temp_folder.h"

namespace selfheal {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

constexpr const char* kJson = "Content-Type: application/json\r\n";
constexpr const char* kToken = "Authorization: Bearer secret\r\n";

// Without a Docker: what is broken stays so.
class WebPagesTest : public testing::Test {
 protected:
  WebPagesTest() {
    options_.listen_addresses = {"127.0.0.1:0"};
    options_.docker.host = "unix://" + folder_.path("none.sock");
    options_.journal_path = folder_.path("journal.db");
  }
  void start() {
    auto made = Remediator::create(options_, clock_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    remediator_ = *std::move(made);
    ASSERT_TRUE(remediator_->start().ok());
  }
  void start_protected() {
    options_.webhook_token_file = folder_.write("token", "secret\n");
    options_.config_file = folder_.write("remediator.yml", "web: {protect_reads: true}\n");
    start();
  }
  HttpText get(const std::string& target, const std::string& headers = "") {
    return request(remediator_->port(), "GET", target, "", headers).value_or(HttpText{});
  }
  HttpText post(const std::string& target, const std::string& body,
                const std::string& headers = kJson) {
    return request(remediator_->port(), "POST", target, body, headers).value_or(HttpText{});
  }
  // Fires, and waits until it was judged.
  void fire(const std::string& container, const std::string& headers = kJson) {
    const Json alert{{"status", "firing"},
                     {"labels",
                      {{"alertname", "ProbeFailing"},
                       {"host", "box"},
                       {"remediation", "restart"},
                       {"container", container}}},
                     {"startsAt", "2026-01-31T11:59:57Z"},
                     {"fingerprint", container}};
    ASSERT_EQ(post("/api/v1/alerts", Json{{"version", "4"}, {"alerts", {alert}}}.dump(), headers)
                  .status(),
              200);
    while (get("/fragment", headers).body.find("docker_unreachable") == std::string::npos)
      std::this_thread::yield();
  }

  SystemClock clock_;
  TempFolder folder_;
  RemediatorOptions options_;
  std::unique_ptr<Remediator> remediator_;
};

TEST_F(WebPagesTest, ShowWhatIsBrokenAndWhy) {
  start();
  fire("web");
  const HttpText page = get("/");
  EXPECT_EQ(page.status(), 200);
  EXPECT_THAT(page.body, HasSubstr("<title>1 open · selfheal-remediator</title>"));
  EXPECT_THAT(page.body, HasSubstr("<li>Docker does not answer</li>"));
  EXPECT_THAT(page.body, HasSubstr("<a href=\"incidents/1\">#1</a> <b>web</b>"));
  EXPECT_THAT(page.body, HasSubstr("docker_unreachable"));
  EXPECT_THAT(page.body, HasSubstr("data-live=\"1\""));
  EXPECT_THAT(page.body, Not(HasSubstr("password"))) << "there is no token";
  const HttpText incident = get("/incidents/1");
  EXPECT_EQ(incident.status(), 200);
  EXPECT_THAT(incident.body, HasSubstr("Incident #1: web"));
  EXPECT_THAT(incident.body, HasSubstr("data-fragment=\"fragment?incident=1\""));
}

TEST_F(WebPagesTest, TheFragmentIsThePagesContentAlone) {
  start();
  fire("web");
  const std::string content = get("/fragment").body;
  EXPECT_THAT(content, testing::StartsWith("<div id=\"content\" data-live=\"1\">"));
  EXPECT_THAT(content, Not(HasSubstr("<html")));
  EXPECT_THAT(get("/fragment?incident=1").body, HasSubstr("Incident #1: web"));
  EXPECT_EQ(get("/fragment?incident=2").status(), 404);
  EXPECT_EQ(get("/fragment?incident=x").status(), 400);
  EXPECT_EQ(get("/incidents/2").status(), 404);
  EXPECT_EQ(get("/incidents/x").status(), 400);
}

TEST_F(WebPagesTest, ABrowserMayLoadAndRunNothingElse) {
  start();
  for (const char* path : {"/", "/fragment", "/page.js", "/page.css", "/incidents/9"}) {
    const HttpText answer = get(path);
    EXPECT_EQ(answer.header("Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
              "form-action 'none'; frame-ancestors 'none'; base-uri 'none'")
        << path;
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << path;
  }
  EXPECT_EQ(get("/page.js").header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(get("/page.css").header("Content-Type"), "text/css; charset=utf-8");
}

TEST_F(WebPagesTest, HostileNamesAreText) {
  start();
  fire("<script>alert(1)</script>\u202E");
  for (const char* path : {"/", "/incidents/1"}) {
    const std::string page = get(path).body;
    EXPECT_THAT(page, Not(HasSubstr("<script>"))) << path;
    EXPECT_THAT(page, Not(HasSubstr("\u202E"))) << path;
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)")) << path;
  }
}

TEST_F(WebPagesTest, WithATokenTheFieldForItIsShown) {
  options_.webhook_token_file = folder_.write("token", "secret\n");
  start();
  EXPECT_THAT(get("/").body, HasSubstr("<input type=\"password\""));
  EXPECT_EQ(get("/api/v1/incidents").status(), 200) << "reads are open unless they are protected";
}

TEST_F(WebPagesTest, ProtectedReadsNeedTheToken) {
  start_protected();
  fire("web", kToken);
  for (const char* path :
       {"/", "/fragment", "/incidents/1", "/config", "/api/v1/incidents", "/api/v1/incidents/1",
        "/api/v1/containers", "/api/v1/openapi.json", "/fragment?incident=1"}) {
    const HttpText refused = get(path);
    EXPECT_EQ(refused.status(), 401) << path;
    EXPECT_EQ(refused.header("WWW-Authenticate"), "Bearer") << path;
    EXPECT_THAT(refused.body, Not(HasSubstr("web</b>"))) << path;
    EXPECT_EQ(get(path, "Authorization: Bearer wrong\r\n").status(), 401) << path;
    EXPECT_EQ(get(path, kToken).status(), 200) << path;
  }
  EXPECT_THAT(get("/").body, HasSubstr("<input type=\"password\"")) << "so that one can give it";
  for (const char* open : {"/metrics", "/-/healthy", "/page.js", "/page.css"})
    EXPECT_EQ(get(open).status(), 200) << open;
  EXPECT_EQ(get("/-/ready").status(), 503) << "there is no Docker";
}

TEST_F(WebPagesTest, AReloadOpensNothing) {
  start_protected();
  folder_.write("remediator.yml", "web: {protect_reads: false}\n");
  ASSERT_TRUE(remediator_->reload().ok());
  EXPECT_EQ(get("/api/v1/incidents").status(), 401);
}

// ---- the API's description

std::string filled_in(std::string path) {
  for (const auto& [name, value] : {std::pair{"{id}", "1"}, {"{host}", "box"}, {"{name}", "web"}})
    if (const size_t at = path.find(name); at != std::string::npos)
      path.replace(at, std::string(name).size(), value);
  return path;
}

// Where `value` is not as `schema` says; empty: nowhere.
std::string misfit(const Json& value, const Json& schema, const Json& schemas,
                   const std::string& at = "") {
  if (schema.contains("$ref")) {
    const std::string ref = schema["$ref"];
    const std::string name = ref.substr(ref.rfind('/') + 1);
    return schemas.contains(name) ? misfit(value, schemas[name], schemas, at) : "no " + ref;
  }
  if (schema.contains("oneOf")) {
    std::string all;
    for (const Json& one : schema["oneOf"]) {
      const std::string why = misfit(value, one, schemas, at);
      if (why.empty()) return "";
      all += why + "; ";
    }
    return all;
  }
  const std::string type = value.is_number_integer() ? "integer"
                           : value.is_number()       ? "number"
                                                     : value.type_name();
  const Json& types = schema["type"];
  const auto is = [&](const std::string& wanted) {
    return types == wanted || (types.is_array() && std::count(types.begin(), types.end(), wanted));
  };
  if (!is(type) && !(type == "integer" && is("number"))) return at + " is " + type;
  if (schema.contains("enum") && !std::count(schema["enum"].begin(), schema["enum"].end(), value))
    return at + " is " + value.dump();
  if (value.is_array())
    for (const Json& item : value)
      if (std::string why = misfit(item, schema["items"], schemas, at + "[]"); !why.empty())
        return why;
  if (!value.is_object() || !schema.contains("properties")) return "";
  for (const auto& [name, property] : value.items()) {
    if (!schema["properties"].contains(name)) return at + "." + name + " is not described";
    std::string why = misfit(property, schema["properties"][name], schemas, at + "." + name);
    if (!why.empty()) return why;
  }
  for (const Json& name : schema.value("required", Json::array()))
    if (!value.contains(name)) return at + "." + name.get<std::string>() + " is missing";
  return "";
}

class OpenApiTest : public WebPagesTest {
 protected:
  void describe() {
    start();
    fire("web");
    api_ = Json::parse(get("/api/v1/openapi.json").body);
  }
  // The schema of an operation's answer.
  const Json& schema_of(const std::string& path, const std::string& method,
                        const std::string& status) {
    return api_["paths"][path][method]["responses"][status]["content"]["application/json"]
               ["schema"];
  }
  void expect_fit(const HttpText& answer, const std::string& path, const std::string& method) {
    const std::string status = std::to_string(answer.status());
    ASSERT_TRUE(api_["paths"][path][method]["responses"].contains(status)) << path << " " << status;
    EXPECT_EQ(misfit(Json::parse(answer.body), schema_of(path, method, status),
                     api_["components"]["schemas"]),
              "")
        << method << " " << path << ": " << answer.body;
  }
  Json api_;
};

TEST_F(OpenApiTest, EachPathIsAnswered) {
  describe();
  EXPECT_EQ(api_["openapi"], "3.1.0");
  for (const auto& [path, methods] : api_["paths"].items())
    for (const auto& [method, operation] : methods.items()) {
      const HttpText answer = method == "get" ? get(filled_in(path)) : post(filled_in(path), "{}");
      EXPECT_NE(answer.status(), 404) << method << " " << path;
      EXPECT_NE(answer.status(), 405) << method << " " << path;
      EXPECT_NE(answer.status(), 0) << method << " " << path;
      expect_fit(answer, path, method);
    }
}

TEST_F(OpenApiTest, EachRouteIsDescribed) {
  describe();
  size_t found = 0;
  for (const auto& [method, route] : remediator_->routes()) {
    if (!route.starts_with("/api/v1")) continue;
    ++found;
    const bool below = route.ends_with('*');
    const std::string stem = below ? route.substr(0, route.size() - 1) : route;
    std::string lower = method;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c | 0x20; });
    bool described = false;
    for (const auto& [path, methods] : api_["paths"].items())
      described = described ||
                  ((below ? path.starts_with(stem) && path.size() > stem.size() : path == stem) &&
                   methods.contains(lower));
    EXPECT_TRUE(described) << method << " " << route;
  }
  EXPECT_GE(found, 8u);
}

TEST_F(OpenApiTest, WhatIsAnsweredHasTheNamedPropertiesAndNoOthers) {
  describe();
  const std::string target = R"({"scope":"container","host":"box","name":"web"})";
  const auto pause = post("/api/v1/pause", R"({"scope":"container","host":"box","name":"web"})");
  EXPECT_EQ(pause.status(), 200);
  expect_fit(pause, "/api/v1/pause", "post");
  for (const char* path : {"/api/v1/incidents", "/api/v1/incidents/{id}", "/api/v1/containers"}) {
    const HttpText answer = get(filled_in(path));
    EXPECT_EQ(answer.status(), 200) << path;
    expect_fit(answer, path, "get");
  }
  expect_fit(get("/api/v1/incidents/99"), "/api/v1/incidents/{id}", "get");
  expect_fit(get("/api/v1/incidents?limit=x"), "/api/v1/incidents", "get");
  expect_fit(post("/api/v1/resume", target), "/api/v1/resume", "post");
  expect_fit(post("/api/v1/resume", target), "/api/v1/resume", "post");    // 404
  expect_fit(post("/api/v1/pause", target, ""), "/api/v1/pause", "post");  // 415
  expect_fit(post("/api/v1/containers/box/web/reset", "{}"),
             "/api/v1/containers/{host}/{name}/reset", "post");
  expect_fit(post("/api/v1/alerts", R"({"version":"4","alerts":[]})"), "/api/v1/alerts", "post");
  const auto& schemas = api_["components"]["schemas"];
  EXPECT_NE(misfit({{"error", 1}}, schemas["Error"], schemas), "") << "the check itself";
  EXPECT_NE(misfit({{"error", ""}, {"more", 1}}, schemas["Error"], schemas), "");
}

}  // namespace
}  // namespace selfheal
