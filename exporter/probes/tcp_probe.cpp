#include "exporter/probes/tcp_probe.h"

#include <system_error>
#include <utility>

namespace selfheal {

Prober::ProbeId TcpProber::start(ProbeRequest request, Callback callback) {
  const auto done = [callback = std::move(callback),
                     where = to_string(*request.address)](int os_error) {
    if (os_error == 0) return callback(passed());
    ProbeResult result = failed(reason_of_connect_error(os_error),
                                where + ": " + std::generic_category().message(os_error));
    result.connected = false;
    callback(std::move(result));
  };
  return connector_.start(*request.address, request.timeout, done);
}

}  // namespace selfheal
