#!/bin/sh
# Each tool at its main job: on recordings of real servers, and against stand-ins of our own.
#   demo.sh BUILD
set -eu
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
PATH=$build/tools/portmgr:$build/tools/xrdmon:$build/tools/pmdaloop:$build/tools/ldmsc:$PATH
data=tests/xrdmon/data
work=$(mktemp -d)
servers=
trap 'kill $servers 2>/dev/null || true; rm -rf "$work"' EXIT

title() {
    printf '\n== %s\n' "$*"
}

show() {
    printf '$ %s\n' "$*"
    sh -c "$*"
}

# The port that a server named in its first line of output.
port_of() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        port=$(sed -n 's/.*[^0-9]\([0-9][0-9]*\)$/\1/p;s/^\([0-9][0-9]*\)$/\1/p' "$1" | head -n 1)
        [ -n "$port" ] && echo "$port" && return
        sleep 0.2
    done
    echo "demo: no server in $1" >&2
    exit 1
}

title 'xrdmon: the packets of a real XRootD cluster (a redirector and two data servers)'
show "xrdmon decode $data/s02-cluster-v553.xrdmon | cut -c 1-150 | head -n 4"
show "xrdmon events --format text $data/s02-cluster-v553.xrdmon | grep only2 | cut -c 1-110"
show "xrdmon summary --format text --by server $data/s02-cluster-v553.xrdmon"
show "xrdmon summary --format text --by user $data/s01-all-v553.xrdmon"

title 'portmgr: a port manager, a service that holds a port, and who finds it'
portmgr serve --listen 0 --ports 31000-31009 >"$work/portmgr" &
servers="$servers $!"
port=$(port_of "$work/portmgr")
show "portmgr -p $port run demo -- portmgr -p $port find --service demo --first"
show "portmgr -p $port -u fox run RingMaster ORDERER -- portmgr -p $port list --format text"
show "portmgr -p $port list --json"

title 'ldmsc: an LDMS daemon is configured by a script, and asked'
ldmsc serve --listen 0 >"$work/ldmsc" &
servers="$servers $!"
port=$(port_of "$work/ldmsc")
cat >"$work/samplers.conf" <<'END'
# two nodes, asked every second
prdcr_add name=node01 type=active xprt=sock host=node01 port=411 reconnect=1000000
prdcr_add name=node02 type=active xprt=sock host=node02 port=411 reconnect=1000000
prdcr_start name=node01
updtr_add name=every_second interval=1000000
updtr_prdcr_add name=every_second regex=node.*
END
show "ldmsc -p $port source $work/samplers.conf"
show "ldmsc -p $port prdcr_status"
show "ldmsc -p $port --json updtr_status"

title 'pmdaloop: an agent of Performance Co-Pilot, seen as its collector sees it'
show "pmdaloop probe -- $build/libpmdaloop/example-agent 2>/dev/null"

printf "\nThat was all of it. ./dev test runs the tests, README.md tells more.\n"
