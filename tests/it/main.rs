//! The program as a user runs it. One binary for all tests, so that linking happens once.

// What the lints ask of the program (Cargo.toml) they do not ask of its tests; clippy.toml knows tests by their attribute
// alone, not their helpers.
#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used)]

// What the shared part of the tests calls `crate::problem`.
use junheng::problem;

mod support;
#[allow(dead_code)]
#[path = "../../src/testing/mod.rs"]
mod testing;

mod annotate;
mod annual;
mod architecture;
mod assess;
mod bad_input;
mod balance;
mod calendar;
mod charts;
mod commands;
mod coverage;
mod documents;
mod draw;
mod equity;
mod examples;
mod form;
mod html;
mod ledger;
mod notebooks;
mod outlook;
mod overrides;
mod own_results;
mod panel;
mod parquet_input;
mod reading;
mod readme;
mod rectification;
mod regressions;
mod score;
mod scorebook;
mod scoring_breaks;
mod self_evaluation;
mod store;
mod synth;
mod taiwan;
mod template;
mod worked;
