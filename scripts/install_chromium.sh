#!/usr/bin/env bash
# The browser tests drive Debian's Chromium.
set -euo pipefail
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" != 0 ]; then
    echo "The browser tests need Chromium. Run: sudo apt-get install -y chromium" >&2
    exit 1
fi
echo "Installing Chromium"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
