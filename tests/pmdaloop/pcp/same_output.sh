#!/bin/sh
# Two programs that ought to print the same.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" >"$work/one"
"$2" >"$work/other"
test -s "$work/one"
diff -u "$work/one" "$work/other"
