# shellcheck shell=sh
# Sets JAVA_HOME to a JDK of at least version 25 (sourced by mvnw and razor).
# Order: JAVA_HOME, the java on the PATH, then the usual JDK folders. Reads each JDK's `release` file; starts no JVM.

razor_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  razor_version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release")
  [ "${razor_version:-0}" -ge 25 ]
}

razor_find_jdk() {
  razor_noglob=$(case $- in *f*) echo f ;; esac)
  set +f
  razor_on_path=$(command -v java 2>/dev/null) && razor_on_path=$(readlink -f "$razor_on_path" 2>/dev/null) || razor_on_path=
  for razor_jdk in "${JAVA_HOME:-}" "${razor_on_path%/bin/java}" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* /usr/local/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if razor_is_jdk25 "$razor_jdk"; then
      JAVA_HOME=$razor_jdk
      export JAVA_HOME
      [ -z "$razor_noglob" ] || set -f
      return 0
    fi
  done
  [ -z "$razor_noglob" ] || set -f
  echo "razor: no JDK 25 or newer found (looked at JAVA_HOME=${JAVA_HOME:-unset}, the PATH, /usr/lib/jvm and the other usual folders); install one, e.g. Temurin 25, or set JAVA_HOME" >&2
  return 1
}

razor_find_jdk || exit 1
