// Why a transfer of libcurl failed, in our words.
#pragma once

#include <curl/curl.h>

#include "common/http/http_client.h"

namespace selfheal {

// After the transfer's end. `error_text` is what CURLOPT_ERRORBUFFER holds.
HttpFailure curl_failure(CURL* handle, CURLcode code, const char* error_text);

// Sets SO_LINGER so that close() sends a reset: a FIN would leave a TIME_WAIT and a connection
// tracking entry of 120 s for each probe. For CURLOPT_CLOSESOCKETFUNCTION.
int close_with_reset(void* unused, curl_socket_t fd);

}  // namespace selfheal
