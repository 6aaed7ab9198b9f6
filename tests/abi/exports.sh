#!/bin/sh
# What the headers promise, what the map lists and what the library exports are one list.
#   exports.sh LIBRARY MAP HEADER...
set -eu
library=$1 map=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A long declaration goes on in the next line.
cat "$@" | sed '/^[A-Z]*_API [^(;]*$/{N;s/\n/ /;}' | sed -n 's/^[A-Z]*_API [^(]*[ *]\([a-zA-Z_][a-zA-Z0-9_]*\)(.*/\1/p;s/^[A-Z]*_API extern .*[ *]\([a-zA-Z0-9_]*\)\(\[.*\]\)\{0,1\};.*/\1/p' |
    sort -u >"$work/promised"
sed -n 's/^ *\([a-zA-Z_][a-zA-Z0-9_]*\);.*/\1/p' "$map" | sort -u >"$work/mapped"
nm -D --defined-only "$library" | sed -n 's/.* [TBDRV] \([^@]*\).*/\1/p' | sort -u >"$work/exported"

test -s "$work/promised" || { echo "no promise found in $*" >&2; exit 1; }
diff -u "$work/promised" "$work/mapped"
diff -u "$work/promised" "$work/exported"
echo "$(wc -l <"$work/promised") names"
