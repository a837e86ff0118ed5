# shellcheck shell=bash
# What tests leave in Docker, gone at the end: containers and networks labelled
# selfheal.test-run=$SELFHEAL_TEST_RUN.
# Sourced by tests/run and tests/soak, after compose/setup/docker.sh.

export SELFHEAL_TEST_RUN=$$-${EPOCHSECONDS}

remove_leftovers() {
  local label=label=selfheal.test-run=$SELFHEAL_TEST_RUN
  docker ps --all --quiet --filter "$label" | xargs --no-run-if-empty docker rm --force --volumes
  docker network ls --quiet --filter "$label" | xargs --no-run-if-empty docker network rm
}

# The EXIT trap. Quiet: the last lines of the output are those of the tests.
finish() {
  trap '' INT TERM HUP PIPE # once is enough, and whoever read our output may be gone already
  remove_leftovers >/dev/null 2>&1 || true
  release_docker >/dev/null 2>&1 || true
}
