# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of and for the other parts
# How exporter and remediator are asked, and as whom. curl is told who asks by its standard input: a secret is no
# argument, for those are in everybody's list of processes.

# read_login FILE: once, for it may be a pipe.
read_login() {
  local lines=()
  [[ -r $1 ]] || refuse "--user-file: $1 can't be read"
  mapfile -t lines <"$1"
  [[ ${#lines[@]} == 1 && ${lines[0]} == ?*:?* ]] || refuse "--user-file: expected one line in $1, NAME:PASSWORD"
  login=${lines[0]}
}

# As curl's configuration has it between quotes. Bash's own way of it differs from release to release.
# shellcheck disable=SC2001
curl_text() { sed 's/["\\]/\\&/g' <<<"$1"; }

as_user() { [[ -z $login ]] || echo "user = \"$(curl_text "$login")\""; }

as_reader() {
  if [[ -n $token_file ]]; then
    echo "header = \"Authorization: Bearer $(<"$token_file")\""
  else
    as_user
  fi
}

# request WHO URL [ARGUMENT of curl...]
request() { printf 'url = "%s"\n%s\n' "$2" "$("$1")" | curl -s -m 2 --config - "${@:3}"; }

exporter_get() { request as_user "$exporter_url/api/v1/$1" -f; }

remediator_get() { request as_reader "$remediator_url/api/v1/$1" -f; }

# status_of WHO URL: 000 where nothing answers.
status_of() { request "$1" "$2" -o /dev/null -w '%{http_code}' || true; }

# Who is not let in, or asks at the wrong place, would take what is there for not there.
refuse_unseen() {
  local status
  status=$(status_of as_user "$exporter_url/api/v1/targets")
  case $status in
    200) refuse "no exporter at $exporter_url has $name among its targets (--exporter.url)" ;;
    401) refuse "the exporter at $exporter_url asks for a user${login:+, and not for this one}: give --user-file" ;;
    000) refuse "no exporter answers at $exporter_url (--exporter.url)" ;;
    *) refuse "the exporter at $exporter_url answers $status" ;;
  esac
}

# None need be there; but one that is has to be heard.
check_remediator() {
  [[ $(status_of as_reader "$remediator_url/api/v1/incidents?limit=1") != 401 ]] ||
    refuse "the remediator at $remediator_url asks who reads: give --user-file, or with web.protect_reads --token-file"
}
