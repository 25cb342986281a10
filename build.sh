#!/usr/bin/env bash
# The workflow, executable: every function with a `##` line is a command, and `./build.sh help` lists them.
# Works from any directory (paths in arguments are seen from the repository), with bash 3.2 and later.
#   PYTHON    the Python that makes the environment (else the newest of 3.14 … 3.11 that is here)
#   CHROMIUM  the browser that the browser tests drive (else the one that is here)
#   CI        set: derandomised property tests; `./build.sh ci` sets it by itself
set -euo pipefail
unset CDPATH
cd "$(dirname "${BASH_SOURCE[0]}")"
VENV=.venv
STAMP=$VENV/made-for
BROWSERS=(chromium chromium-browser google-chrome google-chrome-stable)

build() { ## the site: content/ -> public/ (the default; takes the options of `qingdu build`)
    environment runtime
    "$VENV/bin/qingdu" build "$@"
}

serve() { ## the site in the browser, built again on every change (options of `qingdu serve`)
    environment runtime
    exec "$VENV/bin/qingdu" serve "$@"
}

publish() { ## build, check, and push the site to the branch gh-pages (options of `qingdu publish`)
    environment runtime
    "$VENV/bin/qingdu" build
    "$VENV/bin/qingdu" check
    "$VENV/bin/qingdu" publish "$@"
}

test() { ## the tests; `./build.sh test --slow` for all of them (options of pytest)
    environment dev
    "$VENV/bin/python" -m pytest "$@"
}

lint() { ## ruff: rules and format, checked
    environment dev
    "$VENV/bin/ruff" check .
    "$VENV/bin/ruff" format --check .
}

types() { ## mypy --strict
    environment dev
    "$VENV/bin/mypy"
}

format() { ## ruff: format, and mend what can be mended by itself
    environment dev
    "$VENV/bin/ruff" check --fix .
    "$VENV/bin/ruff" format .
}

golden() { ## rewrite the expected results in tests/articles/; `git diff` is the review
    environment dev
    "$VENV/bin/python" -m tests.golden "$@"
}

residue() { ## lines and links that survive cleaning in the most documents of a folder
    [[ $# -gt 0 ]] || shared residue || return 0
    environment dev
    "$VENV/bin/python" -m tests.residue "$@"
}

score() { ## how well the scripts are converted and the gold articles in ../shared cleaned; `score stories EXPORT`: stories, topics
    environment dev
    if [ "${1:-}" = stories ]; then
        shift
        "$VENV/bin/python" -m tests.score_stories "$@"
        return
    fi
    "$VENV/bin/python" -m tests.conversion.score
    shared score || return 0
    "$VENV/bin/python" -m tests.conversion.round_trip ../shared/corpus
    "$VENV/bin/python" -m tests.score "$@"
}

bench() { ## measure on the articles in ../shared: builds beside Hugo's, or `bench conversion|search|lighthouse`
    local what=builds
    case ${1:-} in [a-z]*) what=$1; shift ;; esac
    [[ $what == lighthouse ]] || shared bench || return 0
    environment dev
    [[ -f tests/bench/$what.py ]] || die "there is nothing to measure called '$what'" "./build.sh help"
    "$VENV/bin/python" -m "tests.bench.$what" "$@"
}

books() { ## the sample site's books through EPUBCheck (fetched for the occasion; it needs java)
    local tools status=0
    command -v java >/dev/null || { say "books: left out, EPUBCheck needs java and that is not here"; return 0; }
    tools=$(tool_environment epubcheck) || { say "books: left out, EPUBCheck cannot be installed from here"; return 0; }
    environment dev
    EPUBCHECK=$(echo "$tools"/lib/python*/site-packages/epubcheck/epubcheck.jar) \
        "$VENV/bin/python" -m pytest --slow -k epubcheck tests/test_books.py "$@" || status=$?
    rm -rf "$tools"
    return $status
}

browser() { ## find Chromium for the browser tests; install the system's where that is possible
    local found
    if found=$(installed_browser); then
        say "browser: $found"
    elif can_install; then
        say "browser: none here; installing the system's Chromium and Chinese fonts"
        as_root apt-get -qq update || true
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
            chromium fonts-noto-cjk >/dev/null || true
        found=$(installed_browser) || say "browser: could not be installed; the browser tests will be skipped"
    else
        say "browser: none of ${BROWSERS[*]} is here; the browser tests will be skipped"
    fi
}

audit() { ## known vulnerabilities in the locked dependencies, as PyPI or OSV tells them; fails when neither can be asked
    local tools service status
    tools=$(tool_environment pip-audit) || die "nothing was audited: pip-audit cannot be installed from here"
    for service in pypi osv; do
        status=0
        # --strict: a package that could not be looked up is not a package without vulnerabilities.
        "$tools/bin/pip-audit" --strict --disable-pip --require-hashes --vulnerability-service "$service" \
            -r .ci/requirements-dev.txt >"$tools/found" 2>"$tools/said" || status=$?
        tail -n 1 "$tools/said" >&2
        cat "$tools/found"
        [[ $status == 0 || -s $tools/found ]] && break # an answer, good or bad
        status=unanswered
    done
    rm -rf "$tools"
    [[ $status != unanswered ]] || die "nothing was audited: neither PyPI nor OSV answers from here (a mirror of the
package index holds no vulnerabilities)" "run it where the public list of vulnerabilities can be reached"
    return "$status"
}

lock() { ## resolve pyproject.toml into the lock files again (`--upgrade` for the newest versions)
    local tools
    tools=$(tool_environment uv) || die "uv cannot be installed" "look at the network"
    # Universal: one file for Linux and macOS, x86_64 and arm64, Python 3.11 and later. No address is written.
    compile() {
        "$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-config \
            --no-emit-index-url --no-emit-find-links --custom-compile-command "./build.sh lock" "$@" pyproject.toml
    }
    compile --group setup -o .ci/requirements.txt "$@"
    compile --group dev -c .ci/requirements.txt -o .ci/requirements-dev.txt "$@"
    rm -rf "$tools"
    say "lock: $(grep -c '==' .ci/requirements.txt) packages to run, $(grep -c '==' .ci/requirements-dev.txt) to develop"
}

ci() { ## what has to pass: lint, types, all tests, the demo site
    export CI=1
    step lint
    step types
    step browser
    step test --slow
    step books
    step build
    say "ci: passed in $SECONDS s"
}

help() { ## this list
    local name
    echo "usage: ./build.sh [command] [options]"
    for name in $(commands); do
        printf '  %-8s %s\n' "$name" "$(sed -n "s/^$name() { ## //p" build.sh)"
    done
}

# --- the environment: .venv, from the lock files -----------------------------------------------------------

environment() { # environment runtime|dev: the second holds the first
    local wanted=$1 made
    made=$(made_for)
    case $(cat "$STAMP" 2>/dev/null) in
        "dev $made" | "$wanted $made") return ;;
        "runtime $made") ;; # what is missing is added
        *) new_environment ;;
    esac
    install "$wanted"
    echo "$wanted $(made_for)" >"$STAMP"
}

made_for() { # what an environment depends on; whatever of it changes, the environment is made again
    cat pyproject.toml .ci/requirements.txt .ci/requirements-dev.txt | cksum
    pwd
    "$VENV/bin/python" -V 2>/dev/null || true
    "${PYTHON:-$VENV/bin/python}" -V 2>/dev/null || true # a PYTHON of another version is another environment
}

new_environment() {
    local python
    python=$(pick_python)
    say "Making $VENV with $("$python" -V)"
    "$python" -m venv --clear "$VENV"
}

install() { # install runtime|dev
    local lock=.ci/requirements.txt started=$SECONDS
    [[ $1 == runtime ]] || lock=.ci/requirements-dev.txt
    say "Installing $lock (once; again only when it changes)"
    pip install --require-hashes -r "$lock" ||
        die "the dependencies could not be installed" "the lines above say why; is there a network?"
    # The build backend is in the lock as well, so nothing is fetched behind it.
    pip install --no-deps --no-index --no-build-isolation -e . || die "qingdu itself could not be installed"
    say "$VENV is ready ($((SECONDS - started)) s)"
}

pip() {
    "$VENV/bin/python" -m pip --quiet --disable-pip-version-check --no-input "$@"
}

pick_python() { # prints the first Python that will do; else says what is wrong with the ones that are here
    local candidate candidates=(python3.14 python3.13 python3.12 python3.11 python3) trouble=()
    [[ -z ${PYTHON:-} ]] || candidates=("$PYTHON")
    for candidate in "${candidates[@]}"; do
        "$candidate" -c '' 2>/dev/null || continue
        if ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            trouble+=("$candidate is $("$candidate" -V 2>&1), and 3.11 or newer is needed")
        elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            trouble+=("$candidate has no venv module (on Debian and Ubuntu: apt-get install python3-venv)")
        else
            echo "$candidate"
            return
        fi
    done
    [[ ${#trouble[@]} -gt 0 ]] || trouble=("there is no ${PYTHON:-python3} here")
    printf 'build.sh: %s\n' "${trouble[@]}" >&2
    die "no Python will do" "install Python 3.11 or newer, or name one: PYTHON=/path/to/python ./build.sh"
}

tool_environment() { # tool_environment PACKAGE: prints a temporary environment that holds it
    local folder python
    python=$(pick_python) || return
    folder=$(mktemp -d) || return
    if "$python" -m venv "$folder" && VENV=$folder pip install "$1" >&2; then
        echo "$folder"
    else
        rm -rf "$folder"
        return 1
    fi
}

# --- small words -------------------------------------------------------------------------------------------

commands() { sed -n 's/^\([a-z]*\)() { ## .*/\1/p' build.sh; }

say() { printf '%s\n' "$*" >&2; }

die() { # die WHAT [TODO]
    say "build.sh: $1${2:+; $2}"
    exit 1
}

shared() { # shared COMMAND: are the articles here that the command measures on?
    [[ -d ../shared ]] || { say "$1: left out, it measures on ../shared and that is not here"; return 1; }
}

installed_browser() {
    [[ -z ${CHROMIUM:-} ]] || { echo "$CHROMIUM"; return; }
    local name
    for name in "${BROWSERS[@]}"; do
        ! command -v "$name" || return 0
    done
    return 1
}

can_install() { command -v apt-get >/dev/null && { [[ $(id -u) == 0 ]] || sudo -n true 2>/dev/null; }; }

as_root() { if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi; }

step() { # step COMMAND [OPTIONS]: one of the above, announced and timed; the first that fails ends the run
    local started=$SECONDS
    say "==> $*"
    trap 'say "==> failed: '"$1"'"' EXIT
    "$@"
    trap - EXIT
    say "==> $1: $((SECONDS - started)) s"
}

main() {
    local command=${1:-build}
    [[ $# -eq 0 ]] || shift
    case $command in -h | --help) command=help ;; esac
    commands | grep -xF -- "$command" >/dev/null || die "there is no command '$command'" "./build.sh help lists them"
    "$command" "$@"
}

main "$@"
