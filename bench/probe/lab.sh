# shellcheck shell=bash
# What probe_cost and scale stand on: the server that is probed, exporters with many targets, and
# how much CPU time a process took.
# Sourced by bench/probe_cost and bench/scale, after bench/session.sh.
# shellcheck disable=SC2154 # names of session.sh and of the commands

# What is measured has a core of its own; what is probed and what loads it share another one.
readonly measured_core=0 other_core=1

# Only one of them runs at a time; the packages' own build, unless another is to be measured
# (developers only).
build_dir=${SELFHEAL_BUILD_DIR:-$repo_root/build/release}

# The preset remembers the option.
build_bench() {
  (($(nproc) >= 2)) || die "two cores are needed: one for what is measured, one for the rest"
  ensure_packages build run bench
  [[ -z ${SELFHEAL_BUILD_DIR:-} ]] || return 0
  build_release selfheal-exporter
  cmake --preset release -DSELFHEAL_BENCH=ON >/dev/null
  build_release selfheal-exporter probe-target http-load
}

# start_measured NAME COMMAND...
start_measured() { start_process "$1" taskset -c "$measured_core" "${@:2}"; }
start_beside() { start_process "$1" taskset -c "$other_core" "${@:2}"; }

start_target() {
  pick_ports target hang tls
  start_beside target "$build_dir/bench/probe/probe-target" --port "${port[target]}" \
    --hang-port "${port[hang]}" --tls-port "${port[tls]}" \
    --tls-cert "$stack_dir/certificate.pem" --tls-key "$stack_dir/key.pem"
  await_answer target /-/stats
}

# A certificate of 2,048 bits RSA for 127.1.0.0 alone, signed by an authority of our own.
make_certificates() {
  (
    cd "$stack_dir"
    exec >openssl.log 2>&1
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=bench authority" \
      -keyout authority.key -out authority.pem
    openssl req -newkey rsa:2048 -nodes -subj "/CN=bench target" -keyout key.pem -out request.pem
    printf 'subjectAltName=IP:127.1.0.0\n' >extensions
    openssl x509 -req -in request.pem -CA authority.pem -CAkey authority.key -CAcreateserial \
      -days 2 -extfile extensions -out certificate.pem
  ) || fail "no certificate could be made"
}

# The addresses that targets have, one a line: bench/probe/many_addresses.h.
target_addresses() {
  awk -v count="$1" 'BEGIN {
    for (i = 0; i < count; ++i)
      printf "127.%d.%d.%d\n", 1 + int(i / 65536), int(i / 256) % 256, i % 256
  }'
}

# start_exporter CONFIGURATION: on the measured core; Docker plays no part.
start_exporter() {
  pick_ports exporter
  start_measured exporter "$build_dir/exporter/selfheal-exporter" --config.file="$1" \
    --docker.host=unix:///nonexistent --log.level=error \
    --web.listen-address="127.0.0.1:${port[exporter]}"
  await_answer exporter /-/healthy
}

# CPU time of a process in microseconds, user and system, of all its threads as the scheduler
# counts it: ps's hundredths of a second are too coarse at 300 probes a second.
cpu_us() { awk '{sum += $1} END {printf "%.0f\n", sum / 1000}' "/proc/${pids[$1]}/task"/*/schedstat; }

# How many requests the target has answered.
answered() { curl -sf -m 10 "$(url_of target)/-/stats" | awk '$1 == "answered" {print $2}'; }

# measure_cpu NAME SECONDS: microseconds per probe of what NAME does now, into `measured`. The count is
# the target's, for all alike.
measure_cpu() {
  local cpu count
  count=$(answered) && cpu=$(cpu_us "$1") || fail "the target or $1 has ended"
  sleep "$2"
  count=$(($(answered) - count))
  ((count > 0)) || fail "$1 made no probes"
  measured=$(awk -v count="$count" -v cpu="$(($(cpu_us "$1") - cpu))" \
    'BEGIN {printf "%.1f\n", cpu / count}')
}
