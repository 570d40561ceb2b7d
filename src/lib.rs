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
//! Data flows in one direction. Rooms do not know one another: each imports the vocabularies ([`dictionary`],
//! [`standard`], [`words`], [`problem`]) and [`tables`]; [`assess`], [`panel`], [`outlook`] and [`annual`]
//! call them in order.

// The vocabularies.
pub mod catch_panic;
pub mod data;
pub mod dictionary;
pub mod encoding;
pub mod exact;
pub mod file_name;
pub mod markup;
pub mod nearest;
pub mod number;
pub mod problem;
pub mod sha256;
pub mod standard;
pub mod tables;
pub mod words;

// The rooms, in the order the data go.
pub mod annual;
pub mod assess;
pub mod calendar;
pub mod chart;
pub mod equity;
pub mod gap;
pub mod ingest;
pub mod judge;
pub mod measure;
pub mod outlook;
pub mod panel;
pub mod report;
pub mod scoring;

// Around them.
pub mod cli;
pub mod notebook;
pub mod pipeline;
pub mod store;
pub mod synth;
