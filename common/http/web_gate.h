// Who gets in: --web.config.file, enforced and kept up to date.
//
// The file and the files it names are looked at with every handshake and every request, and read
// again when one has changed; connections that are open stay. A file that can't be used any more
// changes nothing: it is logged once, and last_reload_successful() tells. Whether there is TLS at
// all is decided at the start, since the ports are opened for one or the other.
//
// Who has been wrong too often gets 429 for a while (login_limit.h), over loopback nobody.
//
// Shared by the server and its owner. Thread-safe. Passwords and keys appear nowhere.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/file_stamp.h"
#include "common/base/result.h"
#include "common/http/login_limit.h"
#include "common/http/password_check.h"
#include "common/http/routes.h"
#include "common/http/server_request.h"
#include "common/http/tls_context.h"
#include "common/http/token_bucket.h"
#include "common/http/web_config.h"

namespace selfheal {

// The answer to who was wrong too often.
ServerResponse too_many_logins();

struct Admission {
  std::optional<ServerResponse> refusal;                     // nothing: let it in
  std::vector<std::pair<std::string, std::string>> headers;  // of the reply, unless it has its own
};

class WebGate {
 public:
  // No file: null, plain HTTP for everybody. The error is for a person, and the end of the program.
  static Result<std::shared_ptr<WebGate>> open(const std::string& file, const Clock& clock);
  WebGate(const WebGate&) = delete;
  WebGate& operator=(const WebGate&) = delete;

  // What connections are accepted with, or null without TLS. Valid as long as the gate; each
  // connection goes on with the certificates of its moment.
  SSL_CTX* tls_context() const { return door_.get(); }

  Admission admit(const ServerRequest& request, Access access);
  // Whether nobody is let in who has not shown a password or a certificate that was verified.
  bool asks_who();
  // Who may be wrong how often: for secrets that are asked for elsewhere, too.
  const std::shared_ptr<LoginLimit>& logins() const { return logins_; }
  bool last_reload_successful() const;

 private:
  // One reading of the files.
  struct Reading {
    WebConfig config;
    TlsContext tls;  // null without
  };
  using ReadingPtr = std::shared_ptr<const Reading>;

  WebGate(std::string file, const Clock& clock);
  Result<ReadingPtr> read();
  ReadingPtr current();
  void read_again();
  std::optional<ServerResponse> refuse(const WebConfig& config, const ServerRequest& request,
                                       Access access);
  static int on_client_hello(SSL* connection, int* alert, void* gate);

  const std::string file_;
  const Clock& clock_;
  TlsContext door_;
  const std::shared_ptr<LoginLimit> logins_;
  PasswordCheck passwords_;

  mutable std::mutex mutex_;
  std::vector<FileStamp> stamps_;  // of all that the last reading looked at
  ReadingPtr reading_;             // the last good one
  std::string complaint_;          // about the last reading; empty: it was good
  TokenBucket bucket_;
};

}  // namespace selfheal
