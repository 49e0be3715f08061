# Sourced by the scripts here and, in the distribution, by bin/iommu-lab.

WANTED_JAVA=25

# Prints the major version of a java program; nothing if it does not run.
java_major() {
  "$1" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java\.specification\.version = \([0-9][0-9]*\)$/\1/p'
}

# Major version of the installation around a java program, from its release file when there is one:
# that costs a millisecond where asking the program costs fifty.
installation_major() {
  local program home line
  program=$(readlink -f -- "$1") || return
  home=${program%/bin/java}
  if [ -r "$home/release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=*)
          line=${line#JAVA_VERSION=}
          line=${line#\"}
          printf '%s\n' "${line%%[!0-9]*}"
          return
          ;;
      esac
    done <"$home/release"
  fi
  java_major "$program"
}

# Tells whether a java program is new enough and lies beside the tool named in $2, if one is named.
suitable() {
  local major
  [ -n "$1" ] && [ -x "$1" ] || return 1
  major=$(installation_major "$1")
  [ "${major:-0}" -ge "$WANTED_JAVA" ] || return 1
  [ -z "${2:-}" ] || [ -x "$(dirname "$(readlink -f -- "$1")")/$2" ]
}

# Sets JAVA to a java program of version 25 or later: JAVA_HOME first, then the PATH, then the places
# where JDKs are installed, the newest there. With "javac" as argument only a whole JDK will do.
# Fails without a word if there is none.
find_java() {
  local candidate major best=0
  JAVA=
  for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java || true)"; do
    if suitable "$candidate" "${1:-}"; then
      JAVA=$candidate
      return 0
    fi
  done
  for candidate in /usr/lib/jvm/*/bin/java /opt/*/bin/java "${HOME:-}"/.sdkman/candidates/java/*/bin/java \
    "${HOME:-}"/.jdks/*/bin/java "${HOME:-}"/.jenv/versions/*/bin/java "${HOME:-}"/.asdf/installs/java/*/bin/java \
    "${HOME:-}"/.local/share/mise/installs/java/*/bin/java /usr/local/*jdk*/bin/java /usr/java/*/bin/java; do
    if suitable "$candidate" "${1:-}"; then
      major=$(installation_major "$candidate")
      if [ "$major" -gt "$best" ]; then
        best=$major
        JAVA=$candidate
      fi
    fi
  done
  [ -n "$JAVA" ]
}

# The sentence for people without a suitable Java.
no_java_message() {
  printf '%s\n' "IOMMU Lab needs Java $WANTED_JAVA or later and found none: install a runtime" \
    "(Debian 13 and newer: apt-get install openjdk-$WANTED_JAVA-jre), or set JAVA_HOME to one." >&2
}
