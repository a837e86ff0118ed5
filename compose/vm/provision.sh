#!/usr/bin/env bash
# Makes a bare Debian a machine on which all of selfheal runs, from the distribution's packages and its own: Docker,
# Prometheus, Alertmanager, exporter, remediator, two sample apps, and Grafana where an image registry answers.
# Run as root; again at any time, for it leaves what is as it should be.
#
#   SELFHEAL_SOURCE    the checkout (the one that this file is in)
#   SELFHEAL_PACKAGES  a folder with selfheal's packages; else they are built, which takes a while
#   SELFHEAL_APP_IMAGE the sample app's, which is built unless it is there and the packages are too
#   SELFHEAL_VM_TEST   the name of a test on an engine that others use: apps of its own, eyes for nothing else
set -euo pipefail

source_folder=${SELFHEAL_SOURCE:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
packages_folder=${SELFHEAL_PACKAGES:-}
test_name=${SELFHEAL_VM_TEST:-}
readonly shared=/usr/share/selfheal token_file=/etc/selfheal/webhook.token
readonly app_image=${SELFHEAL_APP_IMAGE:-selfheal.invalid/sample-app:dev}
export DEBIAN_FRONTEND=noninteractive

# shellcheck source=compose/setup/lib.sh
source "$source_folder/compose/setup/lib.sh"
# shellcheck source=compose/setup/packages.sh
source "$source_folder/compose/setup/packages.sh"
# shellcheck source=compose/images/base.sh
source "$source_folder/compose/images/base.sh"

grafana_image=${GRAFANA_IMAGE:-grafana/grafana:$(env_example GRAFANA_VERSION)}

install_from_debian() {
  say "installing from the distribution: $*"
  quietly /var/log/selfheal-apt.log apt-get -qq --yes --no-install-recommends install "$@"
}

# The packages that are to be installed are there, and the sample app's image. Of a program that has not changed it is
# the same image.
build() {
  if [[ -z $packages_folder ]]; then
    "$source_folder/compose/setup/build.sh" packages sample-app
    packages_folder=$source_folder/build/release/packages
  elif image_is_there "$app_image"; then
    return 0
  fi
  "$source_folder/compose/sample-app/build-image.sh" "$app_image"
}

start_docker() {
  docker version >/dev/null 2>&1 || systemctl start docker.service
  wait_until 60 docker version >/dev/null 2>&1 || die "Docker does not come up"
}

# set_default FILE NAME VALUE: in /etc/default, once.
set_default() {
  sed -i "/^$2=/d" "/etc/default/$1"
  printf '%s="%s"\n' "$2" "$3" >>"/etc/default/$1"
}

# The project's own, with the paths of the packages. A test sees its own containers alone.
configure_prometheus() {
  local ours="$test_name-app-.*"
  sed -e "s|\.\./rules/|$shared/rules/|" \
    ${test_name:+-e "/honor_labels: true/a\\    metric_relabel_configs: [{source_labels: [container], regex: '($ours)?', action: keep}]"} \
    "$shared/prometheus/prometheus.yml" >/etc/prometheus/prometheus.yml
  set_default prometheus ARGS "--rules.alert.resend-delay=5s"
}

# People's receivers need secrets: alertmanager/README.md tells how they are given.
configure_alertmanager() {
  sed -f "$shared/alertmanager/machine-only.sed" -e "s|credentials_file: webhook.token|credentials_file: $token_file|" \
    "$shared/alertmanager/alertmanager.yml" >/etc/prometheus/alertmanager.yml
  set_default prometheus-alertmanager ARGS "--cluster.listen-address="
}

# Reachable from the machine that the virtual one runs on, which is where links lead; and for real, for here is nothing
# but sample apps.
configure_daemons() {
  set_default selfheal-exporter SELFHEAL_WEB_LISTEN_ADDRESS :10115
  set_default selfheal-remediator SELFHEAL_WEB_LISTEN_ADDRESS :10116
  set_default selfheal-remediator SELFHEAL_DRY_RUN false
  set_default selfheal-remediator SELFHEAL_WEB_EXTERNAL_URL http://127.0.0.1:10116
}

# run_container NAME [ARGUMENT of docker run...] IMAGE: one that was made of the same stays; else it is made anew.
run_container() {
  local name=$1 made_of
  shift
  made_of=$({ printf '%s\n' "$@" && docker image inspect --format '{{.Id}}' "${*: -1}"; } | sha256sum | cut -d ' ' -f 1)
  if docker container inspect "$name" >/dev/null 2>&1; then
    [[ $(docker container inspect --format '{{index .Config.Labels "made-of"}}' "$name") != "$made_of" ]] || return 0
    say "making the container $name anew: it was made of something else"
    docker rm --force "$name" >/dev/null
  fi
  docker run --detach --name "$name" --restart unless-stopped --label "made-of=$made_of" "$@" >/dev/null
}

# run_app NAME [ARGUMENT of docker run...]
run_app() {
  run_container "${test_name:+$test_name-app-}$1" ${test_name:+--label "selfheal.test-run=$test_name"} \
    --label selfheal.enable=true --label selfheal.probe=http://:8080/health --label selfheal.interval=5s \
    --label selfheal.drill=true --label selfheal.drill.undo=http://:8080/fix \
    --label 'selfheal.drill.error=http://:8080/break?mode=error' "${@:2}" "$app_image"
}

start_apps() {
  local published=()
  [[ -n $test_name ]] || published=(--publish 8080:8080)
  run_app sample "${published[@]}"
  run_app neighbour
}

# Grafana is in no distribution.
start_grafana() {
  image_is_there "$grafana_image" || image_pulled "$grafana_image" || {
    say "$grafana_image can't be pulled ($pull_fault): no Grafana of that version; provisioning again tries it again"
    return 0
  }
  run_container grafana --network host \
    --volume "$shared/grafana-dashboards:/dashboards:ro" \
    --volume "$shared/grafana-dashboards/provisioning:/etc/grafana/provisioning:ro" \
    --env SELFHEAL_PROMETHEUS_URL=http://127.0.0.1:9090 --env SELFHEAL_DASHBOARDS=/dashboards \
    --env GF_AUTH_ANONYMOUS_ENABLED=true "$grafana_image"
}

answers() { curl -sf -m 2 -o /dev/null "http://127.0.0.1:$1"; }

both_are_watched() {
  [[ $(curl -sf -m 2 --data-urlencode 'query=count(selfheal:container_healthy == 1)' \
    http://127.0.0.1:9090/api/v1/query | jq -r '.data.result[0].value[1] // empty') == 2 ]]
}

await_all() {
  local address
  for address in 9090/-/ready 9093/-/ready 10115/-/ready 10116/-/ready; do
    wait_until 90 answers "$address" || die "nothing answers on port $address"
  done
  wait_until 90 both_are_watched || die "the sample apps are not seen to be healthy"
}

tell() {
  local grafana=
  if docker container inspect grafana >/dev/null 2>&1; then grafana='   Grafana http://127.0.0.1:3000'; fi
  cat <<TEXT
All of selfheal runs:
  Prometheus http://127.0.0.1:9090   Alertmanager http://127.0.0.1:9093$grafana
  sample app http://127.0.0.1:8080   exporter http://127.0.0.1:10115   remediator http://127.0.0.1:10116
Break the sample app, and see it healed:
  sudo /vagrant/compose/simulate_failure sample hang
TEXT
}

main() {
  is_root || die "run this as root"
  ensure_packages dockerd docker
  quietly /var/log/selfheal-apt.log apt-get -qq update
  # Prometheus first: its group may read the token that the remediator's package makes.
  install_from_debian prometheus prometheus-alertmanager curl jq
  start_docker
  build
  say "installing selfheal's packages"
  quietly /var/log/selfheal-apt.log sh -c \
    "apt-get -qq --yes --no-install-recommends --reinstall install '$packages_folder'/selfheal-*.deb"
  configure_prometheus
  configure_alertmanager
  configure_daemons
  # Switched off where compose/setup/packages.sh has installed them.
  systemctl --quiet enable prometheus prometheus-alertmanager
  systemctl restart prometheus prometheus-alertmanager selfheal-exporter selfheal-remediator
  start_apps
  [[ -n $test_name ]] || start_grafana
  await_all
  tell
}

main "$@"
