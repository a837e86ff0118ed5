#include "remediator/act/recreate/create_mounts.h"

#include <filesystem>
#include <map>

namespace selfheal {
namespace {

using docker_json::get_or;
using docker_json::Json;

// "/data/" and "/data" are one place.
std::string place(const std::string& path) {
  std::string normal = std::filesystem::path(path).lexically_normal().string();
  if (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal;
}

Json array_at(const Json& object, const char* key) {
  const auto entry = object.find(key);
  if (entry == object.end() || entry->is_null()) return Json::array();
  return *entry;
}

// "source:place[:options]"; a place alone is a volume without a name.
struct Bind {
  explicit Bind(const std::string& text) {
    const size_t colon = text.find(':');
    named = colon != std::string::npos;
    destination =
        place(named ? text.substr(colon + 1, text.find(':', colon + 1) - colon - 1) : text);
  }
  bool named;
  std::string destination;
};

// The volumes that the container has, by their place in it.
std::map<std::string, Json> volumes_of(const Json& container) {
  std::map<std::string, Json> volumes;
  for (const Json& mount : array_at(container, "Mounts"))
    if (get_or<std::string>(mount, "Type", "") == "volume")
      volumes[place(get_or<std::string>(mount, "Destination", ""))] = mount;
  return volumes;
}

// It has the data already: nothing of the image's is to be copied into it, were it empty.
void keep_volume(Json& asked, const Json& volume) {
  asked["Source"] = get_or<std::string>(volume, "Name", "");
  Json& options = asked["VolumeOptions"];
  options["NoCopy"] = true;
  const auto driver = get_or<std::string>(volume, "Driver", "local");
  if (driver != "local" && !options.contains("DriverConfig"))
    options["DriverConfig"] = {{"Name", driver}};
}

}  // namespace

Json with_same_volumes(const Json& container) {
  Json host = docker_json::object_at(container, "HostConfig");
  std::map<std::string, Json> unasked = volumes_of(container);
  Json binds = Json::array();
  for (const auto& text : get_or<std::vector<std::string>>(host, "Binds", {})) {
    const Bind bind(text);
    if (!bind.named) continue;
    binds.push_back(text);
    unasked.erase(bind.destination);
  }
  Json mounts = Json::array();
  for (Json mount : array_at(host, "Mounts")) {
    const auto volume = unasked.find(place(get_or<std::string>(mount, "Target", "")));
    if (volume != unasked.end()) {
      if (get_or<std::string>(mount, "Source", "").empty()) keep_volume(mount, volume->second);
      unasked.erase(volume);
    }
    mounts.push_back(std::move(mount));
  }
  for (const auto& [destination, volume] : unasked) {
    Json mount{{"Type", "volume"}, {"Target", destination}};
    if (!get_or<bool>(volume, "RW", true)) mount["ReadOnly"] = true;
    keep_volume(mount, volume);
    mounts.push_back(std::move(mount));
  }
  // What was not asked for stays so: a null is not an empty list.
  if (const auto asked = host.find("Binds"); asked != host.end() && !asked->is_null())
    *asked = binds;
  if (!mounts.empty()) host["Mounts"] = mounts;
  return host;
}

}  // namespace selfheal
