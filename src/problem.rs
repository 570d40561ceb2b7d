//! Findings and errors: a code, a place, and the arguments of the message.
//!
//! The text of the message is in the catalogues (`data/words`, key `problem.<code>`), so that a message reads the same
//! on the screen, in `findings` and in an annotated workbook.

use std::fmt;

/// Separates the values of [`Problem::list`] until the message is written.
pub(crate) const BETWEEN: &str = "\u{1f}";

/// A place in the user's files: a whole file, a sheet or a cell. Every part is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file as the user named it, or its path inside the folder that the user named; of an absolute path only the
    /// last part.
    pub file: Option<String>,
    /// The name of the sheet; empty for a csv.
    pub sheet: Option<String>,
    /// An address such as `C12`, or `12` for a whole row, `C` for a whole column.
    pub cell: Option<String>,
}

impl Place {
    pub(crate) fn file(file: impl Into<String>) -> Self {
        Place { file: Some(file.into()), ..Default::default() }
    }
    pub(crate) fn sheet(file: impl Into<String>, sheet: impl Into<String>) -> Self {
        Place { file: Some(file.into()), sheet: Some(sheet.into()), cell: None }
    }
    pub(crate) fn cell(file: impl Into<String>, sheet: impl Into<String>, cell: impl Into<String>) -> Self {
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

/// The severity of a problem. `--strict` turns warnings into errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Probably wrong; the run goes on.
    Warning,
    /// Certainly wrong; nothing is calculated from it.
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

/// One thing that is wrong with the input, or worth knowing about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The severity.
    pub level: Level,
    /// A stable code in `snake_case`; the message is `problem.<code>` of the catalogue.
    pub code: &'static str,
    /// Where it was found.
    pub place: Place,
    /// The school that it concerns.
    pub school_code: Option<String>,
    /// A dictionary id.
    pub fact: Option<String>,
    /// The arguments of the message: `{found}`, `{expected}`, `{school}` …
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    pub(crate) fn new(level: Level, code: &'static str, place: Place) -> Self {
        Problem { level, code, place, school_code: None, fact: None, args: Vec::new() }
    }
    pub(crate) fn error(code: &'static str, place: Place) -> Self {
        Self::new(Level::Error, code, place)
    }
    pub(crate) fn warning(code: &'static str, place: Place) -> Self {
        Self::new(Level::Warning, code, place)
    }
    pub(crate) fn note(code: &'static str, place: Place) -> Self {
        Self::new(Level::Note, code, place)
    }
    pub(crate) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    /// Several values, which the message separates as its language does.
    pub(crate) fn list(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = impl fmt::Display>,
    ) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        self.with(name, values.join(BETWEEN))
    }
    pub(crate) fn school(mut self, code: impl Into<String>) -> Self {
        self.school_code = Some(code.into());
        self
    }
    pub(crate) fn fact(mut self, id: impl Into<String>) -> Self {
        self.fact = Some(id.into());
        self
    }
}

/// Why a run stopped. [`Error::exit_code`] is the code that the program exits with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input cannot be used. Every problem is reported, not only the first.
    #[error("input: {}", .0.iter().map(|p| format!("{} {}", p.code, p.place)).collect::<Vec<_>>().join("; "))]
    Input(Vec<Problem>),
    /// The command line is wrong. Code and arguments are those of [`Problem`].
    #[error("usage: {}", .0.code)]
    Usage(Box<Problem>),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Disk {
        /// The file, as the user named it.
        path: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// Standard output could not be written to.
    #[error("stdout: {0}")]
    Output(std::io::Error),
    /// The engine failed on valid input: a defect of this program.
    #[error("engine: {0}")]
    Engine(#[from] polars::error::PolarsError),
    /// Something that this program generates (a workbook, a zip, JSON) could not be generated: a defect of this
    /// program, not of the input or the disk.
    #[error("defect: {what}: {why}")]
    Defect {
        /// What was being generated.
        what: String,
        /// The error of the library that generates it.
        why: String,
    },
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::Input(vec![problem])
    }
}

impl Error {
    pub(crate) fn usage(problem: Problem) -> Self {
        Error::Usage(Box::new(problem))
    }
    pub(crate) fn disk(path: impl AsRef<std::path::Path>, source: std::io::Error) -> Self {
        Error::Disk { path: path.as_ref().display().to_string(), source }
    }
    /// A defect of this program while generating `what`.
    pub(crate) fn defect(what: impl fmt::Display, why: impl fmt::Display) -> Self {
        Error::Defect { what: what.to_string(), why: why.to_string() }
    }
    /// JSON that could not be written: a disk error if writing failed, otherwise a defect.
    pub(crate) fn json(what: impl AsRef<std::path::Path>, why: serde_json::Error) -> Self {
        if why.is_io() { Error::disk(what, why.into()) } else { Error::defect(what.as_ref().display(), why) }
    }
    /// 1 if the user can fix the cause, 2 for a wrong command line, 4 for a defect of this program.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Input(_) | Error::Disk { .. } | Error::Output(_) => 1,
            Error::Usage(_) => 2,
            Error::Engine(_) | Error::Defect { .. } => 4,
        }
    }
}

/// A result whose error is [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Words};

    #[test]
    fn a_defect_of_ours_is_not_put_down_to_the_disk() {
        let json = serde_json::to_string(&std::collections::BTreeMap::from([((1, 2), 3)])).unwrap_err();
        let defect = Error::json("run.json", json);
        assert_eq!(defect.exit_code(), 4);
        for (language, said) in
            [(Language::Chinese, "junheng 的缺陷"), (Language::English, "defect of junheng")]
        {
            let text = Words::load(language).unwrap().error(&defect);
            assert!(text.contains(said) && text.contains("run.json"), "{text}");
        }
    }
}
