#include "remediator/act/own_container.h"

#include <gtest/gtest.h>

namespace selfheal {
namespace {

const std::string kId = "4fa6e0f0c6786287e131c3852c58a2e01cc697a68231826813597e4994f1d6e2";
const std::string kOther(64, 'a');

std::string hostname_mount(const std::string& source) {
  return "615 590 0:62 / / rw master:285 - overlay overlay "
         "rw,lowerdir=/var/lib/docker/overlay2/l/X\n"
         "641 615 254:1 " +
         source + " /etc/hostname rw - ext4 /dev/vda1 rw\n";
}

TEST(OwnContainer, IsInTheNameOfTheCgroup) {
  for (const std::string& cgroup : {
           "12:memory:/docker/" + kId + "\n11:cpu:/docker/" + kId + "\n",
           "0::/system.slice/docker-" + kId + ".scope\n",
           "0::/machine.slice/libpod-" + kId + ".scope/container\n",
           "9:cpu:/libpod_parent/" + kOther + "/libpod-" + kId + "\n",
           "9:cpu:/docker/" + kOther + "/docker/" + kId + "\n",
       })
    EXPECT_EQ(container_id_from({cgroup, "", ""}), kId) << cgroup;
}

TEST(OwnContainer, IsInTheSourceOfItsHostname) {
  for (const std::string& source : {
           "/var/lib/docker/containers/" + kId + "/hostname",
           "/containers/storage/overlay-containers/" + kId + "/userdata/hostname",
       })
    EXPECT_EQ(container_id_from({"0::/\n", hostname_mount(source), ""}), kId) << source;
}

TEST(OwnContainer, IsTheHostNameAtLast) {
  EXPECT_EQ(container_id_from({"0::/\n", hostname_mount("/hostname"), "4fa6e0f0c678"}),
            "4fa6e0f0c678");
  EXPECT_EQ(container_id_from({"0::/\n", "", "deadbeef"}), "");
  EXPECT_EQ(container_id_from({"0::/\n", "", "remediator-1"}), "");
}

TEST(OwnContainer, IsNoneOnAHost) {
  EXPECT_EQ(container_id_from({"", "", ""}), "");
  EXPECT_EQ(container_id_from({"0::/user.slice/user-1000.slice/session-1.scope\n",
                               "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n", ""}),
            "");
  // It sees the mounts of all its containers.
  EXPECT_EQ(container_id_from({"0::/init.scope\n",
                               "30 22 0:5 / /var/lib/docker/containers/" + kId +
                                   "/mounts/shm rw - tmpfs shm rw\n",
                               ""}),
            "");
  EXPECT_EQ(container_id_from({"0::/x-" + kId + "0\n", "", ""}), "") << "too long for an id";
}

}  // namespace
}  // namespace selfheal
