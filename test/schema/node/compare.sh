#!/bin/sh
# compare.sh <schema-oracle> <folder for the packages> effect|json_schema
#
# Compares our verdicts on generated schemas and values with somebody else's. Skipped, with the reason,
# where Node or its packages cannot be had.
set -u
oracle=$1
folder=$2
other=$3
here=$(dirname "$0")

skip() {
  echo "SKIPPED: $1"
  exit 77
}
command -v node >/dev/null || skip "node is not installed"
command -v npm >/dev/null || skip "npm is not installed"
mkdir -p "$folder"
cp "$here"/package.json "$here"/package-lock.json "$here"/*.mjs "$folder"
cd "$folder" || exit 1
if ! cmp -s package-lock.json node_modules/.installed; then
  npm ci --no-audit --no-fund >npm.log 2>&1 || skip "npm cannot install the packages: $(tail -1 npm.log)"
  cp package-lock.json node_modules/.installed
fi

seed=${SEED:-$(date +%s)}
case $other in
  effect) mode=original ;;
  *) mode=json-schema ;;
esac
echo "seed $seed"
"$oracle" "$mode" "$seed" 250 5 >"$other.lines" || exit 1
node "$other.mjs" <"$other.lines"
