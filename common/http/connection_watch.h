// Sees to it that no peer holds a worker of the web server for long: every connection that the
// server waits for has a deadline, and when workers grow scarce, those that have kept it waiting
// longest are cut before their time.
//
// civetweb gives each connection a worker for as long as it is open, and its own timeouts start
// anew with every byte. So the watch knows each connection's socket and what it is waited for, and
// a thread of its own shuts down the sockets of those that are overdue: the worker, blocked in a
// read or a write, returns and closes as it would after the peer had gone.
//
// Owned by HttpServer. Thread-safe; a connection belongs to its worker between enter() and leave().
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "common/base/clock.h"

namespace selfheal {

class ConnectionWatch {
 public:
  // What the worker waits for; in `handling` for nobody.
  enum class Phase { handshake, request, handling, body, reply };
  using Key = const void*;  // the connection

  struct Limits {
    int workers = 0;
    int spare = 0;            // that many are to be free, as far as cutting can bring it about
    Milliseconds request{0};  // for the TLS handshake, and for a request's headers to be complete
    Milliseconds reply{0};    // for a reply to be taken
  };

  ConnectionWatch(Limits limits, const Clock& clock);
  ~ConnectionWatch();
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;

  // A second enter() of the same connection only starts the phase anew.
  void enter(Key key, int socket, Phase phase);
  void move(Key key, Phase phase);
  void await_body(Key key, Milliseconds limit);
  // The peer has taken, or sent, a good piece.
  void note_progress(Key key);
  // Before the socket is closed.
  void leave(Key key);
  // Whether fewer than `spare` workers are free: then nobody's connection is to be kept for later.
  bool crowded() const;

 private:
  struct Connection {
    int socket = -1;
    Phase phase = Phase::request;
    SteadyTime deadline{};  // of the phase
    SteadyTime since{};     // the phase's start, or the last progress in it
    bool cut = false;
  };
  void start(Connection& connection, Phase phase, Milliseconds limit);
  Milliseconds limit_of(Phase phase) const;
  void run();
  void cut_overdue(SteadyTime now);
  void make_room(SteadyTime now);
  static void cut(Connection& connection);

  const Limits limits_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, Connection> connections_;
  bool stopping_ = false;
  std::thread thread_;  // last: runs while all of the above is there
};

}  // namespace selfheal
