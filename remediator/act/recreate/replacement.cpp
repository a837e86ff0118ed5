#include "remediator/act/recreate/replacement.h"

#include <algorithm>
#include <utility>

#include "common/docker/docker_answer.h"
#include "remediator/act/recreate/create_request.h"
#include "remediator/act/recreate/recreate_check.h"

namespace selfheal {
namespace {

using Step = ReplacementStep;

// Of which most are networks.
constexpr int kMostSteps = 200;

bool is_end(Step step) {
  return step == Step::done || step == Step::old_is_gone || step == Step::name_is_taken ||
         step == Step::was_renamed || step == Step::not_replaced;
}

DockerFailureKind kind_of(Step end) {
  return end == Step::old_is_gone ? DockerFailureKind::not_found : DockerFailureKind::conflict;
}

const SeenContainer& new_one(const ReplacementView& view) {
  return view.ready ? *view.ready : *view.successor;
}

// By its name while that is the same image, so that the new one shows the same; else by its id: the
// name would deploy something else.
DockerResult<std::string> image_of(DockerApi& docker, const SeenContainer& container) {
  const auto named = docker.image_id(container.image_name);
  if (named) return *named == container.image_id ? container.image_name : container.image_id;
  if (named.error().kind == DockerFailureKind::not_found) return container.image_id;
  return named.error();
}

// It says no also of what it has sent SIGKILL to, and has not seen die yet.
DockerResult<Done> perhaps_yet_to_come(DockerResult<Done> stopped) {
  if (stopped || stopped.error().kind != DockerFailureKind::failed) return stopped;
  return DockerFailure{DockerFailureKind::timeout, stopped.error().message};
}

}  // namespace

Replacement::Replacement(DockerApi& docker, std::string old_id, const std::string& name,
                         std::chrono::seconds stop_timeout)
    : docker_(docker),
      old_id_(std::move(old_id)),
      names_(name, old_id_),
      stop_timeout_(stop_timeout) {}

Result<std::string, ReplaceFailure> Replacement::replace() {
  const auto view = go(&next_to_replace);
  if (view) return view->successor->id;
  ReplaceFailure failure{view.error()};
  if (!is_definite_no(failure.cause.kind)) return failure;
  const auto now = standing();
  if (now && *now == ReplacementStanding::untouched) {
    failure.old_in_place = true;
    return failure;
  }
  const bool prepared = now && *now == ReplacementStanding::prepared;
  if (const auto back = prepared ? withdraw() : put_back()) {
    failure.old_in_place = true;
    failure.cause.message += "; the old one is in its place";
  } else {
    failure.cause.message += "; and the old one can't be put back: " + back.error().message;
  }
  return failure;
}

DockerResult<Done> Replacement::withdraw() {
  const auto view = go(&next_to_withdraw);
  if (!view) return view.error();
  return Done{};
}

// The name, which ends with the old one's id, tells whose it is: no one else makes it.
DockerResult<std::optional<std::string>> Replacement::late() {
  const auto made = seen(names_.ready);
  if (!made) return made.error();
  if (!*made || (*made)->up || (*made)->was_started) return std::optional<std::string>();
  return std::optional((*made)->id);
}

DockerResult<Done> Replacement::remove_late() {
  const auto id = late();
  if (!id) return id.error();
  return *id ? docker_.remove(**id) : DockerResult<Done>(Done{});
}

DockerResult<Done> Replacement::finish() {
  const auto view = go(&next_to_finish);
  if (!view) return view.error();
  return Done{};
}

DockerResult<Done> Replacement::put_back() {
  const auto view = go(&next_to_put_back);
  if (!view) return view.error();
  return Done{};
}

DockerResult<bool> Replacement::can_be_put_back() {
  const auto view = look();
  if (!view) return view.error();
  const Step step = next_to_put_back(*view);
  return step == Step::done || !is_end(step);
}

DockerResult<ReplacementStanding> Replacement::standing() {
  const auto view = look();
  if (!view) return view.error();
  if (!view->old_one) return ReplacementStanding::gone;
  if (view->old_one->name == names_.own && !view->ready) return ReplacementStanding::untouched;
  if (is_uncommitted(*view)) return ReplacementStanding::prepared;
  return next_to_replace(*view) == Step::done ? ReplacementStanding::replaced
                                              : ReplacementStanding::halfway;
}

DockerResult<ReplacementView> Replacement::go(Next next) {
  Step last = Step::done;
  DockerResult<Done> taken = Done{};
  for (int i = 0; i < kMostSteps; ++i) {
    auto view = look();
    if (!view) return view.error();
    const Step step = next(*view);
    // What was refused may be so all the same: it was done by the call that seemed to fail.
    if (!taken && step == last) return explained(step, taken.error());
    if (step == Step::done) return view;
    if (is_end(step))
      return explained(step, {kind_of(step), "nothing more can be done for " + names_.own});
    last = step;
    taken = take(step, *view);
    // A start that failed can look like one that did not last.
    if (!taken && step == Step::start_new && is_definite_no(taken.error().kind))
      return explained(step, taken.error());
  }
  return explained(last, {DockerFailureKind::failed, "Docker has done it and does not show it"});
}

DockerResult<Done> Replacement::take(Step step, const ReplacementView& view) {
  switch (step) {
    case Step::create:
      return create(*view.old_one);
    case Step::connect:
      return connect(view);
    case Step::commit:
      return docker_.rename(view.ready->id, names_.next);
    case Step::stop_old:
      return perhaps_yet_to_come(docker_.stop(old_id_, stop_timeout_));
    case Step::park:
      return docker_.set_restart_policy(old_id_, kNoRestart);
    case Step::rename_old:
      return docker_.rename(old_id_, names_.parked);
    case Step::rename_new:
      return docker_.rename(view.ready->id, names_.own);
    case Step::start_new:
      return docker_.start(view.successor->id);
    case Step::stop_new:
      return docker_.stop(new_one(view).id, stop_timeout_);
    case Step::unpark:
      return docker_.set_restart_policy(old_id_, new_one(view).restart_policy);
    case Step::remove_new:
      return docker_.remove(new_one(view).id);
    case Step::take_name_back:
      return docker_.rename(old_id_, names_.own);
    case Step::start_old:
      return docker_.start(old_id_);
    case Step::remove_old:
      return docker_.remove(old_id_);
    case Step::done:
    case Step::old_is_gone:
    case Step::name_is_taken:
    case Step::was_renamed:
    case Step::not_replaced:
      break;
  }
  return Done{};
}

DockerResult<Done> Replacement::create(const SeenContainer& old_one) {
  const auto reason = why_not_recreate(docker_, old_id_);
  if (!reason) return reason.error();
  if (*reason) return DockerFailure{DockerFailureKind::refused, **reason};
  const auto inspected = docker_.inspect_raw(old_id_);
  if (!inspected) return inspected.error();
  const auto image = image_of(docker_, old_one);
  if (!image) return image.error();
  const auto request = create_request(*inspected, *image);
  if (!request) return DockerFailure{DockerFailureKind::refused, request.error().message};
  const auto created = docker_.create(names_.ready, request->body);
  if (!created) return created.error();
  return Done{};
}

DockerResult<Done> Replacement::connect(const ReplacementView& view) {
  const auto inspected = docker_.inspect_raw(old_id_);
  if (!inspected) return inspected.error();
  const auto request = create_request(*inspected, view.old_one->image_id);
  if (!request) return malformed_answer(request.error());
  const std::string& network = view.missing_networks.front();
  for (const NetworkEndpoint& endpoint : request->further)
    if (endpoint.network == network)
      return docker_.connect_network(network, view.ready->id, endpoint.settings);
  return Done{};
}

DockerResult<std::optional<SeenContainer>> Replacement::seen(const std::string& container) {
  using Seen = std::optional<SeenContainer>;
  const auto inspected = docker_.inspect_raw(container);
  if (!inspected) {
    if (inspected.error().kind == DockerFailureKind::not_found) return Seen();
    return inspected.error();
  }
  const auto parsed = parse_seen_container(*inspected);
  if (!parsed) return malformed_answer(parsed.error());
  // Docker takes the beginning of an id for a name as well.
  if (parsed->id != container && parsed->name != container) return Seen();
  return Seen(*parsed);
}

DockerResult<ReplacementView> Replacement::look() {
  ReplacementView view{names_, {}, {}, {}, {}};
  std::optional<SeenContainer> next;
  const std::pair<std::string, std::optional<SeenContainer>*> places[] = {
      {old_id_, &view.old_one},
      {names_.ready, &view.ready},
      {names_.next, &next},
      {names_.own, &view.successor}};
  for (const auto& [container, place] : places) {
    auto found = seen(container);
    if (!found) return found.error();
    *place = std::move(*found);
  }
  if (next) view.ready = std::move(next);
  if (view.successor && view.successor->id == old_id_) view.successor.reset();
  if (view.old_one && view.ready)
    for (const std::string& network : view.old_one->networks)
      if (std::find(view.ready->networks.begin(), view.ready->networks.end(), network) ==
          view.ready->networks.end())
        view.missing_networks.push_back(network);
  return view;
}

DockerFailure Replacement::explained(Step step, const DockerFailure& cause) const {
  return {cause.kind,
          "replacing " + names_.own + ": " + std::string(to_string(step)) + ": " + cause.message};
}

}  // namespace selfheal
