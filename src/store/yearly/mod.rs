//! The store of many districts' years: Parquet, partitioned by year and district, read by anything as it stands.
//!
//! ```text
//! STORE/ store.json                                            format, who made it
//!        log/00000017.json                                     a commit: what it added, the hash of every file
//!        facts/2024/430503/facts.parquet         the latest version of every table, for any reader
//!        districts/2024/430503/districts.parquet …
//!        superseded/3/facts/2024/430503/facts.parquet      what commit 3 wrote and a later one replaced
//!        pending/18/…                                          being written, or being put in place
//!        lock                                                  who writes
//! ```
//!
//! A commit is in force once its file stands in `log` (one rename); its data files are then put in place, by its own writer or,
//! after a kill, by the next. A reader takes the log as it finds it and knows every file by its hash: it finds the file in
//! place, still pending, or superseded, and never a mixture.
//!
//! Other tools read a table as it stands, every row with its `district_code` and `year`. The folders are plain names and not
//! `year=2024`: tools that make columns of such names would have each column twice, and read the code 01 as the number 1.
//!
//! ```text
//! DuckDB   select * from read_parquet('STORE/facts/*/*/facts.parquet')     one year: 'STORE/facts/2024/*/facts.parquet'
//! Polars   polars.read_parquet('STORE/facts/*/*/facts.parquet')
//! pandas   pandas.read_parquet('STORE/facts')
//! R        arrow::open_dataset('STORE/facts')
//! ```
//!
//! - Codes are percent-encoded where a path wants it.
//! - Every file names `district_code` and `year` in columns of its own (first, where the table of [`crate::tables`] has none).
//!   A table without rows has no file. All files that one program writes of a table have the same columns.
//! - Sources are numbered from 0 within a district's year: `source_id` joins with `district_code` and `year`.
//! - `log/N.json` is `{"sha256":…,"commit":{…}}`, the hash of the bytes of `commit` as they stand; fields: [`log::Commit`].
//! - A version's files stand in the visible tree while it is the latest, then in `superseded/<the commit that wrote it>`.
//! - In `pending/N/new` and `pending/N/old` files are named by their SHA-256; where `log/N.json` stands they are in force.

mod about;
pub mod difference;
mod disk;
mod find;
mod frame;
mod layout;
mod lock;
pub mod log;
mod snapshot;
mod split;
mod verify;
mod write;

pub use layout::{Hash, TABLES};
pub use lock::Holder;
pub use snapshot::Snapshot;
pub use split::{Part, split};
pub use verify::{Verified, verify};
pub use write::{Changed, Outcome, Recovered, Writer};

/// Where the store is without `--store`.
pub const STORE: &str = "junheng-store";

/// Which state of the store: the latest, after a commit, or at the end of a day or moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AsOf {
    #[default]
    Latest,
    Commit(u64),
    /// UTC, `2026-11-21T17:00:00Z`; what was committed up to then.
    Moment(String),
}
