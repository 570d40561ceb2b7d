//! The paths of a store.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

pub use crate::tables::run::{STORE as ABOUT, STORE_LOG as LOG};
pub const LOCK: &str = "lock";
pub const PENDING: &str = "pending";
pub const SUPERSEDED: &str = "superseded";
/// In `pending/N`: the files that the commit adds, and links to those it replaces, named by their hash.
pub const NEW: &str = "new";
pub const OLD: &str = "old";
/// In `pending/N`: the file that becomes `log/N.json`.
pub const COMMIT: &str = "commit.json";

/// The tables of a district's year, each a folder; in the order of the screen.
pub const TABLES: [&str; 11] = [
    "facts",
    "district_facts",
    "answers",
    "sources",
    "columns",
    "record_sources",
    "districts",
    "dispersion",
    "schools",
    "items",
    "gaps",
];

/// A SHA-256, written in hexadecimal digits in JSON and in names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    pub fn new(bytes: [u8; 32]) -> Hash {
        Hash(bytes)
    }

    pub fn of(bytes: &[u8]) -> Hash {
        let mut hash = [0; 32];
        hash.copy_from_slice(&Sha256::digest(bytes));
        Hash(hash)
    }

    pub fn parse(text: &str) -> Option<Hash> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
            *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
        }
        Some(Hash(hash))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        Hash::parse(&text).ok_or_else(|| de::Error::custom("sha256"))
    }
}

/// The maximum length of a folder name in bytes; file systems allow 255.
const MAX_NAME_BYTES: usize = 200;

/// The name of a district's folder. `430503` is unchanged; characters that a path or a Hive reader could misread become
/// `%2F`. A code that is too long keeps its beginning, followed by `~` (which no other name contains) and its SHA-256.
pub fn encoded(code: &str) -> String {
    let mut name = String::with_capacity(code.len());
    let last = code.chars().count().saturating_sub(1);
    for (at, c) in code.chars().enumerate() {
        let inside = at > 0 && at < last;
        if c.is_alphanumeric() || c == '-' || c == '_' || c == '.' && inside {
            name.push(c);
        } else {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|byte| name.push_str(&format!("%{byte:02X}")));
        }
    }
    if name.len() > MAX_NAME_BYTES {
        let end = (0..=MAX_NAME_BYTES - 65).rev().find(|&end| name.is_char_boundary(end)).unwrap_or_default();
        name.truncate(end);
        name.push('~');
        name.push_str(&Hash::of(code.as_bytes()).to_string());
    }
    name
}

/// `facts/2024/430503/facts.parquet`.
pub fn place(table: &str, year: i32, district_code: &str) -> PathBuf {
    let mut path = PathBuf::from(table);
    path.push(year.to_string());
    path.push(encoded(district_code));
    path.push(format!("{table}.parquet"));
    path
}

/// `superseded/3/facts/2024/…`.
pub fn superseded(commit: u64, place: &Path) -> PathBuf {
    Path::new(SUPERSEDED).join(commit.to_string()).join(place)
}

/// `log/00000017.json`.
pub fn log_file(number: u64) -> PathBuf {
    Path::new(LOG).join(format!("{number:08}.json"))
}

pub fn pending(number: u64) -> PathBuf {
    Path::new(PENDING).join(number.to_string())
}

/// The path in messages, the same on every system.
pub fn shown(root: &Path, path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    format!("{}/{}", root.display(), parts.join("/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_are_those_of_the_documentation() {
        assert_eq!(place("facts", 2024, "430503"), Path::new("facts/2024/430503/facts.parquet"));
        assert_eq!(log_file(17), Path::new("log/00000017.json"));
        assert_eq!(superseded(3, &place("gaps", 1, "x")), Path::new("superseded/3/gaps/1/x/gaps.parquet"));
    }

    #[test]
    fn codes_that_a_path_would_misread_are_encoded() {
        for (code, name) in [
            ("..", "%2E%2E"),
            ("a/b", "a%2Fb"),
            ("大祥区", "大祥区"),
            ("a=b %", "a%3Db%20%25"),
            ("v1.2", "v1.2"),
            ("", ""),
        ] {
            assert_eq!(encoded(code), name);
        }
        let long = ["区".repeat(90), format!("{}县", "区".repeat(89)), "%".repeat(300), "x".repeat(201)];
        let names: std::collections::BTreeSet<String> = long.iter().map(|code| encoded(code)).collect();
        assert_eq!(names.len(), long.len());
        assert!(names.iter().all(|name| name.len() <= 200 && name.contains('~')), "{names:?}");
    }

    proptest! {
        #[test]
        fn no_two_codes_share_a_folder(a in ".{0,6}", b in ".{0,6}") {
            prop_assert_eq!(a == b, encoded(&a) == encoded(&b));
            prop_assert!(!encoded(&a).contains(['/', '\\', '\0', '=']));
        }

        #[test]
        fn a_hash_reads_back(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let hash = Hash::of(&bytes);
            prop_assert_eq!(Hash::parse(&hash.to_string()), Some(hash));
        }
    }

    #[test]
    fn what_is_no_hash_is_none() {
        for text in ["", "00", &"0".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Hash::parse(text), None);
        }
    }
}
