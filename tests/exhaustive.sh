#!/bin/sh
# What takes too long for every run of the tests: 10,000 mutations of the example files, of the standards and of the
# scorebooks of every document (every run does the first 500 or fewer), and 1,000 killed writers of a store (every run kills 50).
# Other numbers may be given: tests/exhaustive.sh 100000 5000
set -eu
cd "$(dirname "$0")/.."
JUNHENG_MUTATIONS="${1:-10000}" cargo test --test it mutated_ -- --nocapture
JUNHENG_KILLS="${2:-1000}" cargo test --test it store::a_killed_writer -- --nocapture
