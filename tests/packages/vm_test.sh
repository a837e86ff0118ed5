#!/usr/bin/env bash
# The virtual machine without a hypervisor: vagrant takes the Vagrantfile, and compose/vm/provision.sh makes a bare system
# heal a sample app, by systemd's units, Debian's Prometheus and Alertmanager. The Docker Engine is this machine's.
# shellcheck source=tests/packages/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/packages/system.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/system.sh"

export SELFHEAL_TEST_RUN=${SELFHEAL_TEST_RUN:-packages}
test_name=vm-$$
app_image=selfheal.invalid/sample-app:$test_name

# Nothing of it is run: vagrant loads it. tests/run installs vagrant in CI only, and elsewhere only the ports are looked at.
check_vagrantfile() {
  cd "$repo_root"
  local port
  for port in 3000 8080 9090 9093 10115 10116; do
    grep -q "=> $port," Vagrantfile || fail "the Vagrantfile does not forward $port"
  done
  if ! have vagrant; then
    echo "vagrant has not looked at the Vagrantfile, for it is not there: compose/setup/packages.sh vagrant"
    return 0
  fi
  VAGRANT_HOME=$work/vagrant VAGRANT_DOTFILE_PATH=$work/dot VAGRANT_CHECKPOINT_DISABLE=1 vagrant validate --ignore-provider >"$work/vagrant.log" 2>&1 || {
    cat "$work/vagrant.log" >&2
    fail "vagrant does not take the Vagrantfile"
  }
  passed "vagrant takes the Vagrantfile"
}

# As vagrant puts it there: what git has, without what was built.
copy_checkout() {
  in_system mkdir -p /vagrant /packages
  (cd "$repo_root" && git ls-files -z --cached --others --exclude-standard |
    tar --null --files-from=- --create --ignore-failed-read --file=-) |
    docker exec --interactive "$system" tar --extract --no-same-owner --directory /vagrant
  docker cp "$packages_folder/." "$system:/packages/" >/dev/null
}

# Docker's own package would start a second engine on the socket that is handed in.
use_our_engine() { in_system systemctl --quiet mask docker.service docker.socket containerd.service; }

provision() {
  docker exec --env SELFHEAL_SOURCE=/vagrant --env SELFHEAL_PACKAGES=/packages --env "SELFHEAL_VM_TEST=$test_name" \
    --env "SELFHEAL_APP_IMAGE=$app_image" "$system" /vagrant/compose/vm/provision.sh >"$work/provision.log" 2>&1 || {
    tail -n 40 "$work/provision.log" >&2
    fail "provisioning failed${1:+ $1}"
  }
}

remove_apps() {
  docker ps --all --quiet --filter "label=selfheal.test-run=$test_name" | xargs --no-run-if-empty docker rm --force >/dev/null
  docker rmi --force "$app_image" >/dev/null 2>&1 || true
}

outcome() { in_system curl -s -m 2 http://127.0.0.1:10116/api/v1/incidents | jq -r '.incidents[0].outcome // empty'; }

has_recovered() { [[ $(outcome) == recovered ]]; }

expect_healing() {
  local app=$test_name-app-sample before
  before=$(docker inspect --format '{{.State.StartedAt}}' "$app")
  in_system curl -sf -m 5 -o /dev/null -X POST \
    "http://$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$app"):8080/break?mode=error" ||
    fail "the sample app can't be broken"
  wait_until 120 has_recovered || fail "the sample app is not healed: $(outcome)"
  [[ $(docker inspect --format '{{.State.StartedAt}}' "$app") != "$before" ]] || fail "the sample app was not restarted"
  passed "the sample app was broken, restarted and proven healthy"
}

# What provisioning makes: settings, packages, apps (of which none is made or started anew), what the remediator knows.
state() {
  in_system sh -c 'find /etc -xdev -type f -exec sha256sum {} + | sort -k 2'
  in_system dpkg-query --show
  docker ps --all --no-trunc --filter "label=selfheal.test-run=$test_name" --format '{{.ID}}' | sort |
    xargs docker inspect --format '{{.Name}} {{.Id}} {{.State.StartedAt}}'
  in_system curl -sf -m 2 http://127.0.0.1:10116/api/v1/incidents | jq -c '[.incidents[] | {id, outcome}]'
}

# The image by another id, as it gets with every change of the app; no more of it is another.
change_app_image() {
  printf 'FROM %s\nLABEL changed=yes\n' "$app_image" | DOCKER_BUILDKIT=0 docker build --quiet --tag "$app_image" - >/dev/null 2>&1 ||
    fail "the sample app's image can't be made anew"
}

images_of_apps() {
  docker ps --quiet --filter "label=selfheal.test-run=$test_name" --filter "name=$test_name-app-" |
    xargs --no-run-if-empty docker inspect --format '{{.Image}}' | sort -u
}

begin_system
trap 'remove_apps; end_system' EXIT
check_vagrantfile
use_our_engine
copy_checkout
docker tag "${SELFHEAL_TEST_IMAGE:-selfheal.invalid/sample-app:dev}" "$app_image" || fail "there is no image of the sample app"
provision
passed "provisioned: $(grep -c '^==>' "$work/provision.log") steps"
for address in 9090/-/ready 9093/-/ready 10115/-/ready 10116/-/ready; do
  answers "${address%%/*}" "/${address#*/}" 200 || fail "nothing answers on $address"
done
expect_healing
state >"$work/before"
provision "the second time"
state >"$work/after"
diff "$work/before" "$work/after" >&2 || fail "provisioning again changes something, see above"
passed "provisioning again changes nothing: $(wc -l <"$work/after") files, packages and apps are as before"

change_app_image
provision "after a change of the sample app"
[[ $(images_of_apps) == "$(docker image inspect --format '{{.Id}}' "$app_image")" ]] || fail "the sample apps are still of the old image"
passed "provisioning after a change of the sample app makes its containers anew"
