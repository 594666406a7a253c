#!/bin/bash
# Builds docker/Dockerfile and starts its images where no Docker engine and no image registry is: with buildah and podman,
# on stand-ins for the base images (a Debian made by debootstrap, this machine's JDK) and for libtorch's archive for CUDA
# (the libraries without CUDA from Maven Central). Every step of the Dockerfile is run; what is not shown is that the
# pinned base images and the archive for CUDA work, and that a GPU does.
#
#   apt-get install --no-install-recommends buildah podman runc debootstrap
#   docker/check-without-docker.sh [WORK_DIR [TARGET...]]      as root; some ten minutes and 6 GB; all targets
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-/var/tmp/razor-images}
mkdir -p "$work"
storage=(--storage-driver overlay --root "$work/storage" --runroot "$work/run-storage")
podman=(podman "${storage[@]}" --cgroup-manager cgroupfs --runtime runc)
canary=hf_canary_$RANDOM$RANDOM # a token that must not get into an image

say() { echo "== $*" >&2; }
fail() {
  echo "FAILED: $*" >&2
  exit 1
}

stand_ins() {
  if [ ! -f "$work/os.tar" ]; then
    say "a Debian in place of the Ubuntu images"
    debootstrap --variant=minbase bookworm "$work/os" >"$work/debootstrap.log"
    tar -C "$work/os" -cf "$work/os.tar" .
    rm -rf "$work/os"
  fi
  # shellcheck source=.mvn/find-jdk.sh
  . .mvn/find-jdk.sh
  rm -rf "$work/context"
  mkdir -p "$work/context/openjdk"
  cp -rL "$JAVA_HOME/." "$work/context/openjdk" # -L: a Debian keeps its certificates elsewhere
  ln -f "$work/os.tar" "$work/context/os.tar"
  printf 'FROM scratch\nADD os.tar /\nENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' \
    >"$work/context/os.Dockerfile"
  printf 'FROM localhost/stand-in/cuda\nCOPY openjdk /opt/java/openjdk\nENV JAVA_HOME=/opt/java/openjdk LANG=C.UTF-8\nENV PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' \
    >"$work/context/jdk.Dockerfile"
  buildah "${storage[@]}" build -q --layers -t localhost/stand-in/cuda -f "$work/context/os.Dockerfile" "$work/context"
  buildah "${storage[@]}" build -q --layers -t localhost/stand-in/jdk -f "$work/context/jdk.Dockerfile" "$work/context"
}

pinned() { # the name of a stand-in with its digest, as a base image is named
  echo "localhost/stand-in/$1@$("${podman[@]}" image inspect --format '{{.Digest}}' "localhost/stand-in/$1")"
}

build() { # TARGET [OPTION...]
  local target=$1
  shift
  HF_TOKEN=$canary nice buildah "${storage[@]}" build --format docker --layers --isolation chroot \
    --build-arg JDK_IMAGE="$(pinned jdk)" --build-arg CUDA_IMAGE="$(pinned cuda)" \
    --build-arg REVISION=0123456789abcdef0123456789abcdef01234567 \
    --volume "$work/archive:/stand-in:ro" --target "$target" -t "localhost/razor:$target" "$@" -f docker/Dockerfile .
}

refused() { # WORDS TARGET [OPTION...]: the build must end with these words
  local words=$1
  shift
  if build "$@" >"$work/refused.log" 2>&1; then fail "a build that had to be refused was not: $*"; fi
  grep -qF "$words" "$work/refused.log" || fail "refused, but not with '$words': $(tail -3 "$work/refused.log")"
  say "refused as it must be: $words"
}

run() { # IMAGE [OPTION...] -- ARGUMENT...: as compose.yaml starts its services; $network is none unless it is set
  local image=$1 options=()
  shift
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  "${podman[@]}" run --rm --no-healthcheck --ulimit nofile=1024:1024 --ulimit nproc=4096:4096 --network "${network:-none}" --cap-drop ALL \
    --read-only --read-only-tmpfs=false --security-opt no-new-privileges "${options[@]}" "localhost/razor:$image" "$@"
}
full=(--tmpfs "/tmp:rw,exec,mode=1777" -v cache:/cache -v data:/opt/razor/data -v runs:/opt/razor/runs)

no_secret() { # IMAGE
  "${podman[@]}" image save "localhost/razor:$1" | tar -xO | grep -aqF "$canary" && fail "the token is in image $1"
  "${podman[@]}" image inspect --format '{{.Config.User}}' "localhost/razor:$1" | grep -qx 10001:10001 \
    || fail "image $1 runs as root"
  say "image $1: no token in a layer, not root"
}

stand_ins
mkdir -p "$work/archive"
echo "HF_TOKEN=$canary" >docker/.env
trap 'rm -f docker/.env' EXIT

check_cpu() {
  say "target cpu"
  build cpu >"$work/cpu.log" 2>&1 || fail "$(tail -5 "$work/cpu.log")"
  refused "must be named with its digest" cpu --build-arg JDK_IMAGE=localhost/stand-in/jdk
  no_secret cpu
  run cpu "${full[@]}" -- doctor
  run cpu "${full[@]}" -- doctor --gentle >/dev/null
  run cpu "${full[@]}" --security-opt seccomp=unconfined --security-opt unmask=ALL -- doctor --device cpu \
    | grep "ok .*sandbox .*bubblewrap" || fail "no sandbox in the service razor"
  run cpu "${full[@]}" -e RAZOR_EXEC_CONTAINER=1 -- doctor --device cpu \
    | grep "ok .*sandbox .*container without network" || fail "no sandbox in the service offline"
  run cpu "${full[@]}" -- verify
  "${podman[@]}" volume rm -f runs >/dev/null
  run cpu "${full[@]}" -- run examples/quickstart/study.yaml
  run cpu "${full[@]}" --entrypoint sh -- -c 'test -s runs/quickstart/report.html && ls -l runs/quickstart' \
    || fail "the quick start has no report"
}

check_exec() {
  say "target exec"
  build exec >"$work/exec.log" 2>&1 || fail "$(tail -5 "$work/exec.log")"
  no_secret exec
  rm -rf "$work/exec-work"
  mkdir -p "$work/exec-work/data"
  chmod -R 777 "$work/exec-work"
  printf '%s\n' '{"task_id": "HumanEval/0", "prompt": "def one():\n    \"\"\"One.\"\"\"\n", "canonical_solution": "    return 1\n", "test": "def check(candidate):\n    assert candidate() == 1\n", "entry_point": "one"}' \
    | gzip >"$work/exec-work/data/HumanEval.jsonl.gz"
  printf '%s\n' '{"task_id": "HumanEval/0", "completion": "    return 1\n"}' >"$work/exec-work/completions.jsonl"
  run exec --tmpfs /tmp:rw,noexec,size=256m -v "$work/exec-work:/work" --pids-limit 256 --memory 8g -- \
    eval --execute completions.jsonl --tasks humaneval --data data --output humaneval
  grep -q '"pass@1" *: *1' "$work/exec-work/humaneval/results.json" || fail "the program was not judged right"
  if network=host run exec --tmpfs /tmp:rw,noexec -v "$work/exec-work:/work" -- \
    eval --execute completions.jsonl --tasks humaneval --data data --output again 2>"$work/refused.log"; then
    fail "model-written code was run in a container with a network"
  fi
  grep -F "must have no network" "$work/refused.log" || fail "refused, but: $(tail -3 "$work/refused.log")"
}

check_cuda() {
  say "target cuda, on libtorch without CUDA"
  rm -rf "$work/libtorch"
  mkdir -p "$work/libtorch"
  container=$(buildah "${storage[@]}" from localhost/razor:cpu)
  cp -r "$(buildah "${storage[@]}" mount "$container")/opt/libtorch" "$work/libtorch/libtorch"
  buildah "${storage[@]}" rm "$container" >/dev/null
  rm "$work"/libtorch/libtorch/lib/*-libdjl_torch.so
  echo 2.7.1+cpu >"$work/libtorch/libtorch/build-version"
  rm -f "$work/archive/libtorch.zip"
  "$JAVA_HOME/bin/jar" cfM "$work/archive/libtorch.zip" -C "$work/libtorch" libtorch
  sum=$(sha256sum "$work/archive/libtorch.zip" | cut -d' ' -f1)
  cuda=(--build-arg LIBTORCH_URL=file:///stand-in/libtorch.zip --build-arg LIBTORCH_FLAVOR=cpu)
  refused "LIBTORCH_SHA256: is empty" cuda "${cuda[@]}" --build-arg LIBTORCH_SHA256=
  refused "FAILED" cuda "${cuda[@]}" --build-arg LIBTORCH_SHA256="${sum//[0-4]/5}"
  build cuda "${cuda[@]}" --build-arg LIBTORCH_SHA256="$sum" >"$work/cuda.log" 2>&1 || fail "$(tail -5 "$work/cuda.log")"
  no_secret cuda
  run cuda "${full[@]}" -- doctor
  run cuda "${full[@]}" -- verify | tail -1
  if run cuda "${full[@]}" -- doctor --device cuda >/dev/null; then fail "doctor found a GPU that is not there"; fi
}

targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(cpu exec cuda)
for target in "${targets[@]}"; do "check_$target"; done
echo "every step of ${targets[*]} ran, and the images start"
