//! `junheng` (均衡): from the spreadsheets a district already has to the verdict on balanced
//! compulsory education, the list of what is missing, and the tables behind both.
//!
//! ```text
//! files ──ingest──▶ facts ──measure──▶ measures ──judge──▶ verdicts ──gap──▶ gaps ──report──▶ files
//!                     ▲                   ▲                   ▲
//!                dictionary            standard            standard
//! ```
//!
//! One direction, no way back. Rooms do not know one another: each imports the vocabularies
//! ([`dictionary`], [`standard`], [`words`], [`problem`]) and [`tables`]; [`assess`] calls them in order.

// The vocabularies.
pub mod data;
pub mod dictionary;
pub mod nearest;
pub mod number;
pub mod problem;
pub mod standard;
pub mod tables;
pub mod words;

// The rooms, in the order the data go.
pub mod assess;
pub mod chart;
pub mod equity;
pub mod gap;
pub mod ingest;
pub mod judge;
pub mod measure;
pub mod report;

// Around them.
pub mod cli;
pub mod pipeline;
pub mod store;
pub mod synth;
