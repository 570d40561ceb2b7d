//! The store of many districts' years: Parquet files partitioned by year and district, which other tools can read
//! directly.
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
//! A commit is in force once its file is in `log` (one rename). Its data files are then moved into place, by its own
//! writer or, if that was killed, by the next one. A reader takes the log as it is and identifies every file by its
//! hash: the file may be in place, still pending, or superseded, but versions are never mixed.
//!
//! Other tools can read a table directly, since every row has its `district_code` and `year`. The folders have plain
//! names rather than `year=2024`: tools that turn such names into columns would have each column twice, and would read
//! the code 01 as the number 1.
//!
//! ```text
//! DuckDB   select * from read_parquet('STORE/facts/*/*/facts.parquet')     one year: 'STORE/facts/2024/*/facts.parquet'
//! Polars   polars.read_parquet('STORE/facts/*/*/facts.parquet')
//! pandas   pandas.read_parquet('STORE/facts')
//! R        arrow::open_dataset('STORE/facts')
//! ```
//!
//! - Codes are percent-encoded where a path requires it.
//! - Every file has the columns `district_code` and `year` (in front if the table of [`crate::tables`] has none). A
//!   table without rows has no file. All files of a table written by one version of the program have the same columns.
//! - Sources are numbered from 0 within a district's year: `source_id` joins with `district_code` and `year`.
//! - `log/N.json` is `{"sha256":…,"commit":{…}}`, with the hash of the bytes of `commit` as written; for the fields see
//!   [`log::Commit`].
//! - A version's files are in the visible tree while it is the latest, then in `superseded/<the commit that wrote it>`.
//! - In `pending/N/new` and `pending/N/old` files are named by their SHA-256; they are in force once `log/N.json`
//!   exists.

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

pub use snapshot::Snapshot;
pub use split::{Part, split};
pub use verify::verify;
pub use write::{Outcome, Recovered, Writer};

/// The store if `--store` is not given.
pub const STORE: &str = "junheng-store";

/// A state of the store: the latest, after a commit, or at the end of a day or moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AsOf {
    #[default]
    /// The latest commit.
    Latest,
    /// An earlier commit by its number, from 1.
    Commit(u64),
    /// UTC, `2026-11-21T17:00:00Z`: what was committed until then.
    Moment(String),
}
