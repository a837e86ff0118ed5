// A command in a container that is waited for: the three calls of it, one after another.
#include <algorithm>
#include <future>
#include <memory>

#include "common/docker/docker_call.h"
#include "common/docker/docker_client.h"

namespace selfheal {
namespace {

constexpr size_t kMostOutput = 65'536;

// The last bytes of what comes; its end is where a command says why it failed.
class OutputEnd {
 public:
  void feed(std::string_view piece) {
    text_ += piece;
    // Cut in lumps: a command may write a byte at a time.
    if (text_.size() > 2 * kMostOutput) shorten();
  }
  CommandResult taken(int exit_code) {
    if (text_.size() > kMostOutput) shorten();
    return {exit_code, std::move(text_), cut_};
  }

 private:
  void shorten() {
    text_.erase(0, text_.size() - kMostOutput);
    cut_ = true;
  }
  std::string text_;
  bool cut_ = false;
};

// The answer to a call that would not wait; every callback is called once, also at shut_down().
template <class T, class Call>
DockerResult<T> wait_for(Call call) {
  auto answer = std::make_shared<std::promise<DockerResult<T>>>();
  auto future = answer->get_future();
  call([answer](DockerResult<T> result) { answer->set_value(std::move(result)); });
  return future.get();
}

}  // namespace

DockerResult<CommandResult> DockerClient::exec(const std::string& container,
                                               const std::vector<std::string>& command,
                                               Milliseconds timeout) {
  const SteadyTime begun = clock_.steady_now();
  const auto left = [&] {
    const auto used = std::chrono::duration_cast<Milliseconds>(clock_.steady_now() - begun);
    return std::max(timeout - used, Milliseconds(1));
  };
  const auto id = wait_for<std::string>(
      [&](auto callback) { create_exec_async(container, command, left(), callback); });
  if (!id) return id.error();
  const auto output = std::make_shared<OutputEnd>();
  const auto ran = wait_for<Done>([&](auto callback) {
    run_exec_async(
        *id, left(), [output](std::string_view piece) { output->feed(piece); }, callback);
  });
  if (observer_) observer_("exec", clock_.steady_now() - begun);
  if (!ran) return ran.error();
  const auto state = wait_for<ExecState>(
      [&](auto callback) { inspect_exec_async(*id, docker_call::kQuickTimeout, callback); });
  if (!state) return state.error();
  if (!state->exit_code)
    return DockerFailure{DockerFailureKind::malformed,
                         "Docker ended the output of a command in " + container +
                             " and does not tell how the command ended"};
  return output->taken(*state->exit_code);
}

}  // namespace selfheal
