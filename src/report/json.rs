//! What is written as JSON: `verdict.json`, `run.json`.

use std::{io::Write, time::SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::{
    problem::{Error, Result},
    tables::{run::Input, sources},
};

/// Files that were read, each once.
pub fn inputs(sources: &sources::Frame) -> Vec<Input> {
    let mut inputs: Vec<Input> =
        sources.rows().map(|row| Input { file: row.file().into(), sha256: row.sha256().into() }).collect();
    inputs.sort();
    inputs.dedup();
    inputs
}

/// Indented, with a line break at the end.
pub fn write(value: &(impl Serialize + ?Sized), out: &mut impl Write) -> Result<()> {
    let disk = |why: std::io::Error| Error::disk("json", why);
    serde_json::to_writer_pretty(&mut *out, value).map_err(|why| Error::json("json", why))?;
    out.write_all(b"\n").map_err(disk)
}

/// `2024-09-01T08:00:00Z`.
pub fn utc(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn times_are_in_utc() {
        let time = UNIX_EPOCH + Duration::from_millis(951_782_400_900);
        assert_eq!(utc(time), "2000-02-29T00:00:00Z");
    }
}
