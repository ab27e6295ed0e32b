#!/usr/bin/env bash
# Installs what the machine lacks: as root on Debian by apt, elsewhere it says what is missing.
set -euo pipefail
what="${1:?python or test}"

apt_install() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        echo "Missing on this machine: $*" >&2
        echo "Install these packages (Debian names) and run the command again." >&2
        return 1
    fi
}

case "$what" in
python)
    python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
    ;;
test)
    missing=()
    command -v redis-server >/dev/null || missing+=(redis-server)
    { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null || missing+=(chromium)
    command -v msgfmt >/dev/null || missing+=(gettext)
    command -v openssl >/dev/null || missing+=(openssl)
    command -v wrk >/dev/null || missing+=(wrk)
    command -v node >/dev/null || missing+=(nodejs)
    # A compiler too: the judge in Java is run from its source.
    { command -v java && command -v javac; } >/dev/null || missing+=(default-jdk-headless)
    { compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb; } >/dev/null || missing+=(postgresql)
    if command -v apt-get >/dev/null && ! fc-list 2>/dev/null | grep -qi 'cjk'; then missing+=(fonts-noto-cjk); fi
    if [ ${#missing[@]} -gt 0 ]; then
        apt_install "${missing[@]}" || [ "${REQUIRE_REAL:-0}" = 0 ]
    fi
    ;;
esac
