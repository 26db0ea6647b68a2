#!/bin/sh
# Installs Chromium for the browser tests, and with `face` the typeface of the pictures: Debian's, through apt if we are
# allowed to; otherwise says what to install.
want=""
command -v chromium >/dev/null 2>&1 || want="chromium"
command -v chromium-headless-shell >/dev/null 2>&1 || want="$want chromium-headless-shell"
if [ "${1:-}" = face ] && ! fc-list 2>/dev/null | grep -q Inter; then want="$want fonts-inter"; fi
[ -z "$want" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $want >/dev/null && exit 0
fi
echo "Please install the package(s) $want: the browser tests and pictures need them." >&2
exit 1
