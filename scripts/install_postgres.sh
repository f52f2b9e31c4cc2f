#!/usr/bin/env bash
# Some tests keep the service's state in Debian's Postgres; each starts a server of its own.
set -euo pipefail
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && exit 0
command -v initdb >/dev/null && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Tests over Postgres are left out. With it: sudo apt-get install -y postgresql" >&2
    exit 0
fi
echo "Installing Postgres"
mkdir -p /etc/postgresql-common
echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
