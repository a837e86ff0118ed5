// What a call that failed says of what was asked. [pure]
#pragma once

#include "common/docker/docker_api.h"

namespace selfheal {

// Docker spoke, and said no: what was asked has not happened. After anything else it may have, or
// may yet: also after an answer that can't be read, and where the engine (or what stands in front
// of it) says that it is not available, for nobody tells when it ceased to be.
bool is_definite_no(DockerFailureKind kind);

// Of an answer that can't be read.
DockerFailure malformed_answer(const Error& error);

}  // namespace selfheal
