// Answers in JSON.
#pragma once

#include <optional>
#include <string>

#include "common/http/server_request.h"

namespace selfheal {

// `body` is JSON already.
ServerResponse json_reply(std::string body, int status = 200);

// {"KEY": "TEXT"} on a line. What is no UTF-8 (a path is what somebody sends) is replaced.
std::string json_object(const char* key, const std::string& text);

// {"error": "WHY"}
ServerResponse json_fault(int status, const std::string& why);

// The same to who is not heard any further: it ends the connection.
ServerResponse json_refusal(int status, const std::string& why);

// 415 to a body that does not say that it is JSON, which a page of another site can't say here.
std::optional<ServerResponse> refuse_other_than_json(const ServerRequest& request);

}  // namespace selfheal
