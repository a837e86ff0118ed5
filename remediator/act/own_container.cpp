#include "remediator/act/own_container.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "common/docker/container_id.h"

namespace selfheal {
namespace {

bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

// The last run of exactly 64 hex digits: within a container of a container, the inner one.
std::string last_id_in(const std::string& text) {
  std::string id;
  auto begin = text.begin();
  while (begin != text.end()) {
    begin = std::find_if(begin, text.end(), is_hex);
    const auto end = std::find_if_not(begin, text.end(), is_hex);
    if (static_cast<size_t>(end - begin) == kIdLength) id.assign(begin, end);
    begin = end;
  }
  return id;
}

// Fields: id, parent, device, root (the source within its file system), mount point, …
std::string source_of(const std::string& mountinfo, const std::string& mount_point) {
  std::istringstream lines(mountinfo);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string id, parent, device, source, point;
    if (fields >> id >> parent >> device >> source >> point && point == mount_point) return source;
  }
  return "";
}

std::string read_file(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool in_a_container() {
  return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0;
}

}  // namespace

ContainerTraces container_traces() {
  ContainerTraces traces{read_file("/proc/self/cgroup"), read_file("/proc/self/mountinfo"), ""};
  std::array<char, 256> name{};
  if (in_a_container() && gethostname(name.data(), name.size() - 1) == 0)
    traces.hostname = name.data();
  return traces;
}

std::string container_id_from(const ContainerTraces& traces) {
  for (const std::string& text : {traces.cgroup, source_of(traces.mountinfo, "/etc/hostname")}) {
    if (std::string id = last_id_in(text); !id.empty()) return id;
  }
  const std::string& name = traces.hostname;
  const bool is_id = name.size() == kShortIdLength && std::all_of(name.begin(), name.end(), is_hex);
  return is_id ? name : "";
}

}  // namespace selfheal
