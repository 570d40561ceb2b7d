//! What is wrong, said once for findings and errors: a code, a place, and what the message needs.
//!
//! The words stand in the catalogues (`data/words/*.toml`, key `problem.<code>`), so that a message
//! reads the same on the screen, in `findings` and in an annotated workbook.

use std::fmt;

/// Where in the user's files something stands. All parts are optional: a whole file, a sheet, a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file as the user named it, or its name inside the folder the user named.
    pub file: Option<String>,
    pub sheet: Option<String>,
    /// An address such as `C12`, or `12` for a whole row, `C` for a whole column.
    pub cell: Option<String>,
}

impl Place {
    pub fn file(file: impl Into<String>) -> Self {
        Place { file: Some(file.into()), ..Default::default() }
    }
    pub fn sheet(file: impl Into<String>, sheet: impl Into<String>) -> Self {
        Place { file: Some(file.into()), sheet: Some(sheet.into()), cell: None }
    }
    pub fn cell(file: impl Into<String>, sheet: impl Into<String>, cell: impl Into<String>) -> Self {
        Place { file: Some(file.into()), sheet: Some(sheet.into()), cell: Some(cell.into()) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> =
            [&self.file, &self.sheet, &self.cell].into_iter().filter_map(|p| p.as_deref()).collect();
        // A csv has no sheet.
        let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        f.write_str(&parts.join(" / "))
    }
}

/// How grave a problem is. `--strict` turns warnings into errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Note,
    Warning,
    Error,
}

impl Level {
    /// As written in the column `level` of `findings`.
    pub fn id(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// One thing that is wrong (or worth knowing) about the input.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub level: Level,
    /// `snake_case`, stable; the message is `problem.<code>` of the catalogue.
    pub code: &'static str,
    pub place: Place,
    pub school_code: Option<String>,
    /// A dictionary id.
    pub fact: Option<String>,
    /// What the message names: `{found}`, `{expected}`, `{school}` …
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    pub fn new(level: Level, code: &'static str, place: Place) -> Self {
        Problem { level, code, place, school_code: None, fact: None, args: Vec::new() }
    }
    pub fn error(code: &'static str, place: Place) -> Self {
        Self::new(Level::Error, code, place)
    }
    pub fn warning(code: &'static str, place: Place) -> Self {
        Self::new(Level::Warning, code, place)
    }
    pub fn note(code: &'static str, place: Place) -> Self {
        Self::new(Level::Note, code, place)
    }
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    pub fn school(mut self, code: impl Into<String>) -> Self {
        self.school_code = Some(code.into());
        self
    }
    pub fn fact(mut self, id: impl Into<String>) -> Self {
        self.fact = Some(id.into());
        self
    }
}

/// Why a run stopped. Exit code 1 for all but [`Error::Usage`] (2).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input cannot be used; every problem is told, not the first alone.
    #[error("input: {}", .0.iter().map(|p| format!("{} {}", p.code, p.place)).collect::<Vec<_>>().join("; "))]
    Input(Vec<Problem>),
    /// The call itself is wrong. Code and arguments as in [`Problem`].
    #[error("usage: {}", .0.code)]
    Usage(Box<Problem>),
    /// The disk said no.
    #[error("{path}: {source}")]
    Disk { path: String, source: std::io::Error },
    /// The engine failed where a valid input cannot make it fail: a defect of ours.
    #[error("engine: {0}")]
    Engine(#[from] polars::error::PolarsError),
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::Input(vec![problem])
    }
}

impl Error {
    pub fn usage(problem: Problem) -> Self {
        Error::Usage(Box::new(problem))
    }
    pub fn disk(path: impl AsRef<std::path::Path>, source: std::io::Error) -> Self {
        Error::Disk { path: path.as_ref().display().to_string(), source }
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
