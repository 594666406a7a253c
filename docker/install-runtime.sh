#!/bin/sh
# What Razor needs at run time beside Java: the Debian packages that are named, a user who is not root, and the folders
# that volumes are mounted on (a new volume takes their owner).
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends "$@"
rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/ldconfig/aux-cache
groupadd --gid 10001 razor
useradd --uid 10001 --gid 10001 --home-dir /cache --no-create-home --shell /usr/sbin/nologin razor
mkdir -p /cache /work
chown 10001:10001 /cache /work
