#include "common/exposition/process_metrics.h"

#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

namespace selfheal {
namespace {

// What /proc/self/stat says, by proc(5)'s field numbers less the first two.
struct Stat {
  double cpu_seconds = 0;
  double start_ticks = 0;
  double virtual_bytes = 0;
  double resident_bytes = 0;
  double threads = 0;
};

Stat read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // The second field is the program's name in brackets and may hold anything.
  std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  std::string skipped;
  std::array<double, 22> values{};  // fields 3 to 24; the first is a letter
  fields >> skipped;
  for (size_t i = 1; i < values.size(); ++i) fields >> values[i];
  const double tick = static_cast<double>(sysconf(_SC_CLK_TCK));
  return {(values[11] + values[12]) / tick, values[19], values[20],
          values[21] * static_cast<double>(sysconf(_SC_PAGESIZE)), values[17]};
}

double boot_time_seconds() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);)
    if (line.compare(0, 6, "btime ") == 0) return std::stod(line.substr(6));
  return 0;
}

double open_descriptors() {
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return 0;
  int count = -3;  // ".", ".." and the one that reads it
  while (readdir(directory) != nullptr) ++count;
  closedir(directory);
  return count;
}

double most_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void ProcessMetrics::write(MetricsWriter& out) const {
  static const double boot_time = boot_time_seconds();
  const Stat stat = read_stat();
  const double tick = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto gauge = [&](const char* name, const char* help, double value) {
    out.family(name, help, MetricKind::gauge);
    out.sample("", value);
  };
  out.family("process_cpu_seconds_total", "User and system CPU time spent, in seconds.",
             MetricKind::counter);
  out.sample("", stat.cpu_seconds);
  gauge("process_open_fds", "Open file descriptors.", open_descriptors());
  gauge("process_max_fds", "Most file descriptors that may be open.", most_descriptors());
  gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", stat.virtual_bytes);
  gauge("process_resident_memory_bytes", "Resident memory size in bytes.", stat.resident_bytes);
  gauge("process_threads", "Threads of this process.", stat.threads);
  gauge("process_start_time_seconds", "Start of the process, in seconds since the epoch.",
        boot_time + stat.start_ticks / tick);
}

}  // namespace selfheal
