#!/bin/sh
# The browser tests need a Chromium: Debian's, through apt where we may; else say what to install.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium: install the package 'chromium' so that the command is on the PATH." >&2
exit 1
