# What is done here often. `.ci/run` is what CI runs; these are its parts.

# Formatting, lints and the tests that need nothing but Rust and Python 3.
default: lint test

# Formatting and lints, warnings denied.
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings

# All tests, or one target: `just test engine`, `just test engine undo`.
test target="" name="":
    cargo test --locked {{ if target == "" { "" } else { "--test " + target } }} {{ name }}

# The rules of the house.
house:
    cargo test --locked --test architecture

# Takes new snapshots; read them before they are committed.
snapshots target:
    INSTA_UPDATE=always cargo test --locked --test {{ target }}
    git diff --stat -- '*.snap'

# Every runbook and module in the binary: checked, formatted, planned.
runbooks:
    cargo test --locked --test bundled

# The practice systems' own tests.
practice:
    for tests in examples/*/tests; do python3 -m unittest discover -s "$tests" || exit 1; done

# Figures for docs/benchmarks.md; wants a quiet machine.
bench *names:
    cargo bench -- {{ names }}

# Licences, bans, sources and known holes of what bowline is built from.
deny:
    cargo deny check

# All that CI runs.
ci:
    .ci/run
