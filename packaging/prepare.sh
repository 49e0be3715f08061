# Sourced by the scripts here, from the project's folder: what a machine must have before the first
# build.

. packaging/find-java.sh

# What a build needs, what the program needs to draw, and what it needs for a window. "a|b" is
# satisfied by either; a is the one that gets installed.
BUILD_PACKAGES=(maven)
DRAWING_PACKAGES=(libpangoft2-1.0-0 fonts-dejavu-core
  'fonts-wqy-microhei|fonts-noto-cjk|fonts-wqy-zenhei|fonts-droid-fallback')
WINDOW_PACKAGES=(libgtk-3-0 libxtst6 libgl1)
SCREEN_PACKAGES=(xvfb xauth)

say() {
  printf '%s\n' "$*" >&2
}

# Prints those of the packages that are not installed, one a line.
missing_packages() {
  local installed wanted name
  # Newer releases renamed libraries (libgtk-3-0t64); they still provide the old names.
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Provides}\n' 2>/dev/null |
    sed -n 's/^ii  *//p' | sed 's/([^)]*)//g' | tr ', ' '\n\n' | sort -u)
  for wanted in "$@"; do
    for name in ${wanted//|/ }; do
      if grep -qxF -- "$name" <<<"$installed"; then
        continue 2
      fi
    done
    # A Maven from elsewhere is as good as the package.
    if [ "$wanted" = maven ] && command -v mvn >/dev/null; then
      continue
    fi
    printf '%s\n' "${wanted%%|*}"
  done
}

# Runs apt-get and waits while another one holds a lock.
apt() {
  local try log
  log=$(mktemp)
  for try in $(seq 1 60); do
    if "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
      -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null >"$log" 2>&1; then
      rm -f "$log"
      return 0
    fi
    if ! grep -qE 'Could not get lock|Unable to lock|is another process using it' "$log"; then
      break
    fi
    sleep 5
  done
  cat "$log" >&2
  rm -f "$log"
  return 1
}

# Installs what is missing of the packages if this user may, else says what to type and fails.
need_packages() {
  local missing line
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    if [[ " $* " = *" maven "* ]] && ! command -v mvn >/dev/null; then
      say "Maven is needed and not installed: install it with this system's package manager."
      return 1
    fi
    return 0
  fi
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  line="apt-get install -y --no-install-recommends ${missing[*]}"
  if ! may_be_root; then
    say "These packages are missing and only root can install them. Please type:"
    say "  sudo $line"
    return 1
  fi
  say "Installing ${missing[*]}"
  apt install --no-install-recommends "${missing[@]}" 2>/dev/null ||
    { apt update && apt install --no-install-recommends "${missing[@]}"; } || {
    say "That failed; the line was: $line"
    return 1
  }
}

# Tells whether apt can install a package; asks for new lists if there is no word of it.
apt_has() {
  command -v apt-cache >/dev/null || return 1
  apt_knows "$1" && return 0
  may_be_root && apt update 2>/dev/null && apt_knows "$1"
}

apt_knows() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [0-9]'
}

# Sets AS_ROOT to what makes a command run as root, or fails.
may_be_root() {
  AS_ROOT=()
  [ "$(id -u)" != 0 ] || return 0
  AS_ROOT=(sudo -n)
  command -v sudo >/dev/null && sudo -n true 2>/dev/null
}

# Says what to type on a system whose package manager was not asked, or has no JDK that is new enough.
no_jdk_message() {
  local name
  name=$(. /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME:-}")
  say "A build needs a JDK $WANTED_JAVA or later; there is none here. Please install one:"
  if command -v dnf >/dev/null; then
    say "  sudo dnf install java-latest-openjdk-devel"
  elif command -v pacman >/dev/null; then
    say "  sudo pacman -S jdk-openjdk"
  elif command -v zypper >/dev/null; then
    say "  sudo zypper install java-$WANTED_JAVA-openjdk-devel"
  elif command -v brew >/dev/null; then
    say "  brew install openjdk@$WANTED_JAVA"
  else
    say "${name:-This system} has no package of it. Take the archive \"JDK $WANTED_JAVA, Linux, $(uname -m)\" from"
    say "https://adoptium.net/temurin/releases/?version=$WANTED_JAVA and unpack it where it will be found:"
    say "  sudo tar -xzf OpenJDK${WANTED_JAVA}U-jdk_*.tar.gz -C /opt"
  fi
  say "or set JAVA_HOME to where one is."
}

# Finds the JDK, installs it if apt has one, and lets Maven run on it; or says what to type.
need_jdk() {
  if ! find_java javac; then
    if apt_has "openjdk-$WANTED_JAVA-jdk"; then
      need_packages "openjdk-$WANTED_JAVA-jdk"
    fi
    find_java javac || {
      no_jdk_message
      return 1
    }
  fi
  JAVA_HOME=$(dirname "$(dirname "$(readlink -f -- "$JAVA")")")
  export JAVA_HOME
  # Maven's own libraries use what Java 25 warns about.
  export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
}
