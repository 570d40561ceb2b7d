//! `store.json`, which identifies a store.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use super::layout;
use crate::problem::{Error, Place, Problem, Result};

/// The format that this program writes, and the latest that it reads.
pub const FORMAT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub format: u32,
    /// The program that created it: `junheng 0.1.0`.
    pub program: String,
    /// UTC.
    pub created: String,
}

/// The name and version of this program in logs and results.
pub fn program() -> String {
    format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
}

/// The current time in UTC.
pub fn now() -> String {
    chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl About {
    pub fn new() -> About {
        About { format: FORMAT, program: program(), created: now() }
    }

    /// Reads `store.json`; `None` if there is nothing.
    ///
    /// # Errors
    /// The folder is not a store, has a newer format, or is damaged.
    pub fn read(root: &Path) -> Result<Option<About>> {
        let place = || Place::file(root.display().to_string());
        if root.is_file() {
            return Err(Problem::error("store_is_a_file", place()).into());
        }
        let path = root.join(layout::ABOUT);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(why) if why.kind() == io::ErrorKind::NotFound => {
                return if is_free(root)? {
                    Ok(None)
                } else {
                    Err(Problem::error("store_not_a_store", place()).into())
                };
            }
            Err(why) => return Err(Error::disk(&path, why)),
        };
        let damaged = |why: serde_json::Error| {
            Problem::error("store_json_damaged", Place::file(path.display().to_string())).with("why", why)
        };
        // A newer format may have other keys, so its number is read first.
        let found: serde_json::Value = serde_json::from_slice(&text).map_err(damaged)?;
        let format = found.get("format").and_then(serde_json::Value::as_u64).unwrap_or_default();
        if found.get("format").and_then(serde_json::Value::as_u64) == Some(0) {
            let place = Place::file(path.display().to_string());
            return Err(Problem::error("store_json_damaged", place).with("why", "format 0").into());
        }
        if format > u64::from(FORMAT) {
            let program = found.get("program").and_then(serde_json::Value::as_str).unwrap_or("—");
            return Err(Problem::error("store_newer", place())
                .with("format", format)
                .with("program", program)
                .with("known", FORMAT)
                .with("own", self::program())
                .into());
        }
        Ok(Some(serde_json::from_value(found).map_err(damaged)?))
    }

    /// Reads `store.json`.
    ///
    /// # Errors
    /// Those of [`Self::read`]; there is no store.
    pub fn expect(root: &Path) -> Result<About> {
        let absent = || Problem::error("store_missing", Place::file(root.display().to_string()));
        About::read(root)?.ok_or_else(|| absent().into())
    }
}

/// Whether the folder is empty, apart from files that an interrupted first write left behind.
fn is_free(root: &Path) -> Result<bool> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(why) => return Err(Error::disk(root, why)),
    };
    for entry in entries {
        let name = entry.map_err(|why| Error::disk(root, why))?.file_name();
        if ![layout::LOCK, NEW_ABOUT].iter().any(|own| name == *own) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `store.json` while it is being written.
pub const NEW_ABOUT: &str = "store.json.new";
