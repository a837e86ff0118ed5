# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# The images of a whole stack, for the engines of nodes.sh. Sourced after compose.sh.

stack_images=()

# In the engine that was there before: selfheal's own, of the programs that are tested, beside the others.
make_stack_images() {
  local name
  stack_tag=test-${SELFHEAL_TEST_NODES##*.}
  stack_tag=${stack_tag,,}
  DOCKER_HOST=$SELFHEAL_TEST_OUTER_ENGINE compose/images/build.sh \
    --programs "${SELFHEAL_BUILD:-build/release}" "$stack_tag" || die "the images are not built"
  for name in exporter remediator sample-app; do stack_images+=("selfheal.invalid/$name:$stack_tag"); done
  stack_images+=("haproxy:$(env_example HAPROXY_VERSION)" "prom/prometheus:$(env_example PROMETHEUS_VERSION)"
    "prom/alertmanager:$(env_example ALERTMANAGER_VERSION)")
}

# What the session does at its end, before that: this is on engines that end with it.
eval "nodes_$(declare -f clean_up)"
clean_up() {
  nodes_clean_up
  stop_nodes
  outer rmi "selfheal.invalid/"{exporter,remediator,sample-app}":$stack_tag"
} >/dev/null 2>&1
