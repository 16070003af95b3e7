#!/usr/bin/env bash
# Builds everything and runs every test. Installs what tests need beside the SDK (etcd, kubectl, python3) with apt-get where it
# is missing. The last line is "N passed, N failed"; the exit code is 0 only if none failed.
#   ./test.sh                 all
#   ./test.sh Schemas Server  only tests/Pilothouse.Schemas.Tests and tests/Pilothouse.Server.Tests
#   CONFIGURATION=Debug       what to build (Release)
set -uo pipefail
cd "$(dirname "$0")"
configuration=${CONFIGURATION:-Release}
logs=artifacts/tests
mkdir -p "$logs"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

install() { # command, then the packages to try, one after the other
  local command=$1 package
  shift
  command -v "$command" >/dev/null && return
  command -v apt-get >/dev/null || { echo "test.sh: $command is missing: tests that need it are skipped"; return; }
  [ -e "$logs/.apt-updated" ] || { apt-get update -qq >/dev/null 2>&1; touch "$logs/.apt-updated"; }
  for package in "$@"; do
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 && command -v "$command" >/dev/null && return
  done
  echo "test.sh: $command is missing and cannot be installed: tests that need it are skipped"
}
install etcd etcd-server
install etcdctl etcd-client
install kubectl kubectl kubernetes-client
install python3 python3

echo "building ($configuration)"
if ! dotnet build Pilothouse.slnx -c "$configuration" -v q -clp:NoSummary >"$logs/build.log" 2>&1; then
  grep -E ' error ' "$logs/build.log" | sort -u | head -40
  echo "0 passed, 1 failed"
  exit 1
fi

run() { # one test project; its output goes to a log
  local project=$1 code started=$SECONDS
  dotnet exec "tests/$project/bin/$configuration/net10.0/$project.dll" --progress off --no-ansi >"$logs/$project.log" 2>&1
  code=$?
  # 8: there were no tests in it.
  [ $code -eq 8 ] && code=0
  echo $code >"$logs/$project.code"
  count() { sed -n "s/^  $1: \([0-9]*\)$/\1/p" "$logs/$project.log" | tail -1; }
  printf '%-32s %5s passed %3s failed %3s skipped %4s s\n' "$project" "$(count succeeded)" "$(count failed)" "$(count skipped)" $((SECONDS - started))
}
export -f run
export logs configuration

if [ $# -gt 0 ]; then
  projects=("${@/#/Pilothouse.}")
  projects=("${projects[@]/%/.Tests}")
else
  mapfile -t projects < <(cd tests && ls -d -- *.Tests)
fi
# Two at a time; the one that starts whole servers has the machine for itself, at the end.
printf '%s\n' "${projects[@]}" | grep -v EndToEnd | xargs -r -P 2 -I{} bash -c 'run {}'
printf '%s\n' "${projects[@]}" | grep EndToEnd | xargs -r -I{} bash -c 'run {}'

passed=0
failed=0
for project in "${projects[@]}"; do
  log=$logs/$project.log
  succeeded=$(sed -n 's/^  succeeded: \([0-9]*\)$/\1/p' "$log" | tail -1)
  lost=$(sed -n 's/^  failed: \([0-9]*\)$/\1/p' "$log" | tail -1)
  passed=$((passed + ${succeeded:-0}))
  failed=$((failed + ${lost:-0}))
  if [ "$(cat "$logs/$project.code")" != 0 ]; then
    # A crash is a failure even where no test says so.
    [ "${lost:-0}" = 0 ] && failed=$((failed + 1))
    echo "---- $project"
    grep -vE '^(xUnit|  Discovering|  Discovered|  Starting|  Finished)' "$log" | tail -150
  fi
  grep -hE '^ *(skipped) ' "$log" || true
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
