#!/bin/sh
# All 10,000 mutations of the example files, of the standards and of scoring workbooks; every run of the tests does the first 500.
# A count may be given: tests/mutations.sh 100000
set -eu
cd "$(dirname "$0")/.."
JUNHENG_MUTATIONS="${1:-10000}" cargo test --test it mutated_ -- --nocapture
