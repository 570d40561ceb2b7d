//! `junheng` (均衡): from the spreadsheets a district already has to the verdict on balanced
//! compulsory education, the list of what is missing, and the tables behind both.
//!
//! ```text
//! files ──ingest──▶ facts ──measure──▶ measures ──judge──▶ verdicts ──gap──▶ gaps ──report──▶ files
//!                     ▲                   ▲                   ▲
//!                dictionary            standard            standard
//! ```
//!
//! A scored system (one with `units`) goes another way in the middle:
//!
//! ```text
//! scoring workbooks ──ingest──▶ marks ─┐
//! files ──ingest──▶ facts ──measure──▶ checks ──scoring──▶ scores ──report──▶ files
//! ```
//!
//! Many districts and years go from the store, by the same measuring and judging, into a panel:
//!
//! ```text
//! store ──▶ years ──measure, judge──▶ panel ──▶ inquiry, convergence, outlook ──▶ annual ──▶ pictures, documents
//!                                       ▲
//!                                     equity
//! ```
//!
//! [`notebook`] offers the same in a few calls, for notebooks and other programs.
//!
//! Data flows in one direction. Rooms that do one step do not know one another: each imports the vocabularies (`dictionary`, `standard`,
//! [`words`], [`problem`]) and [`tables`]; `assess`, `panel`, `outlook` and `annual` call them in order.

#![warn(missing_docs)]

// The library.
pub mod equity;
pub mod notebook;
pub mod problem;
pub mod tables;
pub mod words;

// The vocabularies.
mod catch_panic;
mod chance;
mod data;
mod dictionary;
mod encoding;
mod exact;
mod file_name;
mod markup;
mod nearest;
mod number;
mod sha256;
mod standard;

// The rooms.
mod annual;
mod assess;
mod calendar;
mod chart;
mod draw;
mod gap;
mod ingest;
mod judge;
mod measure;
mod outlook;
mod panel;
mod report;
mod scoring;

// Around them.
#[doc(hidden)]
pub mod cli;
mod pipeline;
mod store;
mod synth;

/// What tests in a process of their own and the benches reach of the rooms. It is no part of the library.
#[doc(hidden)]
pub mod internals {
    pub use crate::{
        ingest::{
            Limits, Options,
            file::sheets,
            read,
            scorebook::{is_scoring_workbook, read as read_marks},
            sheet::{Cell, Sheet},
        },
        measure::dispersion::dispersion,
        standard::Standard,
        store::yearly::{AsOf, Snapshot, verify},
        tables::years::{StoredYear, YearSource},
    };
    pub mod synth {
        pub use crate::synth::{County, Settings, county, write_wide};
    }
}

#[cfg(test)]
mod testing;
