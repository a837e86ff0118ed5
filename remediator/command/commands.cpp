#include "remediator/command/commands.h"

#include <fstream>
#include <iostream>

#include "common/docker/docker_messages.h"
#include "remediator/addresses.h"
#include "remediator/command/api_client.h"
#include "remediator/command/tables.h"

namespace selfheal {
namespace {

using Json = nlohmann::json;

int failed(const Error& error, int status = kExitFailed) {
  std::cerr << error.message << '\n';
  return status;
}

int print(const Result<Json>& answer, const std::function<std::string(const Json&)>& text) {
  if (!answer) return failed(answer.error());
  std::cout << text(*answer);
  return kExitDone;
}

// "all", "host BOX", "group BOX NAME", "container BOX NAME" as the API takes it.
Json target_of(const std::vector<std::string>& words) {
  Json target{{"scope", words.empty() ? "all" : words[0]}};
  if (words.size() > 1) target["host"] = words[1];
  if (words.size() > 2) target["name"] = words[2];
  return target;
}

Result<std::string> read_token(const std::string& file) {
  if (file.empty()) return std::string();
  std::ifstream stream(file);
  std::string token;
  if (!stream || !std::getline(stream, token))
    return Error{"--webhook.token-file: " + file + " can't be read"};
  return token.substr(0, token.find_last_not_of(" \t\r") + 1);
}

void add_parameter(std::string& query, const std::string& name, const std::string& value) {
  if (!value.empty()) query += (query.empty() ? "?" : "&") + name + "=" + url_encode(value);
}

}  // namespace

void Commands::add_to(CLI::App& app) {
  const auto command = [&](const char* name, const char* help) {
    CLI::App* added = app.add_subcommand(name, help);
    add_flag(*added, "--url", url_, "Where the running remediator is")->type_name("URL");
    added->fallthrough();
    return added;
  };
  incidents_ = command("incidents", "List incidents of a running remediator, the newest first");
  incidents_->add_option("--container", container_, "Only those of this container");
  incidents_->add_option("--state", state_, "Only those in this state")
      ->type_name("open|waiting|acting|verifying|closed");
  incidents_->add_option("--since", since_, "Opened since this time (RFC 3339)");
  incidents_->add_option("--limit", limit_, "At most so many")->capture_default_str();
  show_ = command("show", "Print what happened in one incident");
  show_->add_option("id", id_, "Its number")->required();
  pause_ = command("pause", "Pause healing: all, host BOX, group BOX NAME, container BOX NAME");
  pause_->add_option("target", target_, "What to pause; all without it")->expected(-1);
  pause_->add_option("--for", length_, "How long, as 30m or 2h; until resumed without it");
  pause_->add_option("--reason", reason_, "Why, for the others");
  pause_->add_flag("--ahead", ahead_, "Also a container or group that there is not yet");
  resume_ = command("resume", "End a pause; the target as it was given to pause");
  resume_->add_option("target", target_, "What to resume; all without it")->expected(-1);
  reset_ = command("reset", "Forget a container's attempts, and close its breaker");
  reset_->add_option("target", target_, "BOX NAME")->required()->expected(2);
}

std::optional<int> Commands::run(const std::string& token_file, const Clock& clock) const {
  if (!incidents_->parsed() && !show_->parsed() && !pause_->parsed() && !resume_->parsed() &&
      !reset_->parsed())
    return std::nullopt;
  const auto url = base_url("--url", url_);
  if (!url) return failed(url.error(), kExitBadUsage);
  const auto token = read_token(token_file);
  if (!token) return failed(token.error(), kExitBadUsage);
  ApiClient api(*url, *token, clock);
  if (incidents_->parsed()) {
    std::string query;
    add_parameter(query, "container", container_);
    add_parameter(query, "state", state_);
    add_parameter(query, "since", since_);
    add_parameter(query, "limit", std::to_string(limit_));
    return print(api.get("/api/v1/incidents" + query), incidents_table);
  }
  if (show_->parsed())
    return print(api.get("/api/v1/incidents/" + url_encode(id_)), incident_story);
  if (reset_->parsed())
    return print(api.post("/api/v1/containers/" + url_encode(target_[0]) + "/" +
                              url_encode(target_[1]) + "/reset",
                          Json::object()),
                 [](const Json& answer) { return "reset " + answer.value("reset", "") + "\n"; });
  if (target_.size() > 3)
    return failed(Error{"expected all, host BOX, group BOX NAME or container BOX NAME"},
                  kExitBadUsage);
  Json body = target_of(target_);
  if (resume_->parsed())
    return print(api.post("/api/v1/resume", body), [](const Json& answer) {
      return "resumed " + answer.value("resumed", "") + "\n";
    });
  if (!reason_.empty()) body["reason"] = reason_;
  if (!length_.empty()) body["for"] = length_;
  if (ahead_) body["ahead"] = true;
  return print(api.post("/api/v1/pause", body), [](const Json& answer) {
    const auto end = answer.find("ends_at");
    const bool ends = end != answer.end() && end->is_string();
    return "paused " + answer.value("target", "") +
           (ends ? " until " + end->get<std::string>() : ", until it is resumed") + "\n";
  });
}

}  // namespace selfheal
