# shellcheck shell=bash
# The sample apps that are broken: as many that each is broken once in a part, by each contender, and
# that the one that fails is never one of few (a host where over half fails is a storm to our rules,
# and they look back half a minute).
# Sourced by bench/recovery_race.
# shellcheck disable=SC2154 # session_* are session.sh's

readonly app_image=selfheal.invalid/sample-app:dev
readonly pool_label=selfheal-bench.race
readonly least_pool=20
pool_size=$least_pool
declare -A address_of=() # by container; fixed, for the stock chain's targets are

# size_pool ROUNDS PARTS: two modes, and the parts differ by one round at most.
size_pool() {
  local of_part=$((2 * (($1 + $2 - 1) / $2)))
  pool_size=$((of_part > least_pool ? of_part : least_pool))
  ((pool_size <= 200)) || die "--rounds is too large: $pool_size containers would be needed"
}

# A network of our own: only there may addresses be chosen. Prints its first three numbers.
create_network() {
  local tries prefix
  for ((tries = 0; tries < 20; tries++)); do
    prefix=10.$((200 + RANDOM % 50)).$((RANDOM % 256))
    docker network create --label "$pool_label=$session_id" --subnet "$prefix.0/24" \
      "race-$session_id" >/dev/null 2>"$session_dir/network.log" || continue
    echo "$prefix"
    return
  done
  die "Docker does not create a network: $(<"$session_dir/network.log")"
}

# The image's own health check would only take processor time from those that race.
start_app() {
  docker run --detach --name "$1" --network "race-$session_id" --ip "$2" --no-healthcheck \
    --label "$pool_label=$session_id" \
    --label selfheal.enable=true \
    --label selfheal.probe=http://:8080/health \
    --label selfheal.interval=1s \
    --label selfheal.timeout=500ms \
    --label selfheal.failure-threshold=3 \
    "$app_image" >/dev/null || fail "Docker does not run the sample app"
}

pool_healthy() {
  local name
  for name in "${!address_of[@]}"; do
    curl -sf -m 0.5 -o /dev/null "http://${address_of[$name]}:8080/health" || return 1
  done
}

start_pool() {
  local prefix i name
  prefix=$(create_network)
  for ((i = 1; i <= pool_size; i++)); do
    printf -v name 'race-%s-%02d' "$session_id" "$i"
    address_of[$name]=$prefix.$((i + 9))
    start_app "$name" "${address_of[$name]}"
  done
  wait_until 30 pool_healthy || fail "the sample apps do not come up"
}

remove_pool() {
  local filter=label=$pool_label=$session_id
  docker ps --all --quiet --filter "$filter" | xargs --no-run-if-empty docker rm --force >/dev/null
  docker network ls --quiet --filter "$filter" | xargs --no-run-if-empty docker network rm >/dev/null
  address_of=()
}
