#!/usr/bin/env bash
# Puts a Trino server into var/trino and prints its folder. Exit code 75: it cannot be had here.
# Version 476 is the newest on Maven Central; it needs Java 24 or newer.
set -euo pipefail
cd "$(dirname "$0")/.."
version=476
sha256=cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f
plugins='^(hive|memory|tpch)$'
home="var/trino/trino-server-$version"
archive="${HOME}/.m2/repository/io/trino/trino-server/$version/trino-server-$version.tar.gz"

missing() { echo "Trino cannot be had here: $1" >&2; exit 75; }

for java in "${JAVA_HOME:-/none}/bin/java" /usr/lib/jvm/*/bin/java "$(command -v java || true)"; do
  [ -x "$java" ] || continue
  major=$("$java" -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p')
  [ "${major:-0}" -ge 24 ] && found=yes
done
[ -n "${found:-}" ] || missing "it needs Java 24 or newer (set JAVA_HOME)"

if [ ! -d "$home" ]; then
  if [ ! -f "$archive" ]; then
    command -v mvn >/dev/null || missing "Maven is not installed"
    echo "Getting Trino $version from Maven Central (821 MB, once)" >&2
    timeout 1200 mvn -q -B dependency:get -Dtransitive=false \
      -Dartifact="io.trino:trino-server:$version:tar.gz" >&2 || missing "Maven Central does not give it"
  fi
  echo "$sha256  $archive" | sha256sum --check --quiet >&2
  mkdir -p var/trino
  unfinished=$(mktemp -d var/trino/unfinished.XXXXXX)
  trap 'rm -rf "$unfinished"' EXIT
  # Plugins share files by hard links, so all are unpacked before most are removed.
  tar -xzf "$archive" -C "$unfinished"
  find "$unfinished"/*/plugin -mindepth 1 -maxdepth 1 | while read -r folder; do
    grep -qE "$plugins" <<<"$(basename "$folder")" || rm -rf "$folder"
  done
  mv "$unfinished"/* "$home"
fi
echo "$PWD/$home"
