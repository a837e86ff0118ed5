# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# An app that shuts down in good order: it answers with errors for seconds, then ends.

readonly drain_s=12

hold_is() { prometheus_says "selfheal:hold{container=\"${app_name[app]}\",reason=\"stopping\"}" "$1"; }

run_slow_app() { run_app app "${watched[@]}" --env DRAIN=$drain_s --stop-timeout 40; }

# When its present or last run began.
started_at() { docker inspect --format '{{.State.StartedAt}}' "${app_name[app]}"; }

docker_stopped() { [[ $(docker inspect --format '{{.State.Status}}' "${app_name[app]}") == exited ]]; }
