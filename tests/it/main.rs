//! The program as a user runs it. One binary for all, so that linking happens once.

mod support;

mod assess;
mod bad_input;
mod commands;
mod ingest;
mod ledger;
mod regressions;
mod standards;
mod synth;
mod taiwan;
mod template;
mod words;
