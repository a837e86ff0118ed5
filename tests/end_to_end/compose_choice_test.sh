#!/usr/bin/env bash
# Which Compose the tests of the stack use, by what is installed and which engine there is. The Docker that is asked is a
# stub: the real ones have the version that they have.
# shellcheck source=tests/end_to_end/lib/session.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/session.sh"
# shellcheck source=tests/end_to_end/lib/compose.sh
source tests/end_to_end/lib/compose.sh

write_stub() {
  mkdir "$session_dir/bin"
  cat >"$session_dir/bin/docker" <<'STUB'
#!/bin/sh
case $1 in
  version) echo "$API" ;;
  *) exit 1 ;;
esac
STUB
  printf '#!/bin/sh\n' >"$session_dir/bin/docker-compose"
  cp "$session_dir/bin/docker-compose" "$session_dir/compose-v2"
  chmod +x "$session_dir"/bin/* "$session_dir/compose-v2"
}

# chosen API NEWER COMPOSE
chosen() (
  export PATH=$session_dir/bin:$PATH API=$1
  unset SELFHEAL_COMPOSE
  newer_compose=$2
  choose_compose
  echo "${compose[*]}"
)

begin_test
write_stub
v2=$session_dir/compose-v2
for api in 1.9 1.41 1.44; do
  expect_equal "the choice with version $api of the API" docker-compose "$(chosen $api "$v2")"
done
for api in 1.45 1.51 2.0; do
  expect_equal "the choice with version $api of the API" "$v2" "$(chosen $api "$v2")"
  expect_equal "the choice where that was not fetched" docker-compose "$(chosen $api /there/is/none)"
done
shown "Compose 1.29 is left to the engines that it knows"
