// A Prometheus on a socket that knows of each container whether its alerts fire and whether it is
// healthy, and that faults where a test says so. Safe from any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "tests/support/stub_server.h"

namespace selfheal {

class FaultyPrometheus {
 public:
  enum class Asked { policy, health };
  enum class How {
    down,          // resets the connection
    silent,        // takes the request and never answers
    dripping,      // answers a byte at a time, for ever
    unavailable,   // 503
    login_page,    // 200 with HTML
    cut_short,     // closes in the middle of the answer
    error_status,  // 200 with {"status": "error"}
    wrong_type,    // a matrix where a vector was asked for
    wrong_shape,   // a vector whose series have no values
    other_series,  // a vector of something that nobody has asked for
    empty,         // an empty vector
  };
  static constexpr How kAll[] = {How::down,         How::silent,     How::dripping,
                                 How::unavailable,  How::login_page, How::cut_short,
                                 How::error_status, How::wrong_type, How::wrong_shape,
                                 How::other_series, How::empty};
  static const char* name_of(How how);

  FaultyPrometheus() : server_([this](StubConnection& c) { serve(c); }) {}
  std::string url() const { return server_.url(""); }

  // Of the questions about that container, until it is mended.
  void fault(const std::string& container, Asked asked, How how);
  void mend(const std::string& container);
  void set_healthy(const std::string& container);  // it is not before

  int asked(const std::string& container, Asked what) const;
  // The most questions about the container, of any kind, that there were within one second.
  int busiest_second(const std::string& container) const;

 private:
  struct Container {
    bool healthy = false;
    std::map<Asked, How> faults;
    std::map<Asked, int> asked;
    std::vector<SteadyTime> times;
  };

  void serve(StubConnection& connection);
  // Nothing where it faults, which `how` then is.
  std::string answer(const std::string& query, std::optional<How>& how);
  static bool send_fault(StubConnection& connection, How how);

  mutable std::mutex mutex_;
  std::map<std::string, Container> containers_;
  StubServer server_;  // last: its threads use what is above
};

}  // namespace selfheal
