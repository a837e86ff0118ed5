#include "common/docker/docker_answer.h"

namespace selfheal {

bool is_definite_no(DockerFailureKind kind) {
  switch (kind) {
    case DockerFailureKind::not_found:
    case DockerFailureKind::conflict:
    case DockerFailureKind::refused:
    case DockerFailureKind::failed:
      return true;
    case DockerFailureKind::unreachable:
    case DockerFailureKind::timeout:
    case DockerFailureKind::closed:
    case DockerFailureKind::unavailable:
    case DockerFailureKind::malformed:
    case DockerFailureKind::aborted:
      return false;
  }
  return false;
}

DockerFailure malformed_answer(const Error& error) {
  return {DockerFailureKind::malformed, error.message};
}

}  // namespace selfheal
