//! Finds the files and sheets of a scoring workbook by the marks hidden in them.

use std::{fs::File, io::Read, path::Path};

use crate::{
    ingest::{
        Options,
        sheet::{Cell, Sheet, address},
        workbook::package::Parts,
    },
    problem::{Place, Result},
    tables::scorebook::{Anchor, MARK},
};

/// The number of bytes of a text file that are searched.
const FIRST_ROWS: usize = 64 << 10;

/// A sheet with an anchor.
pub struct Found<'a> {
    pub sheet: &'a Sheet,
    pub anchor: Anchor,
    /// The position of the anchor: the row of the columns' keys, and the column of the rows' keys.
    pub row: u32,
    pub column: u32,
}

impl<'a> Found<'a> {
    pub fn of(sheet: &'a Sheet) -> Option<Found<'a>> {
        sheet.rows.iter().find_map(|row| {
            row.cells.iter().find_map(|(column, cell)| {
                let Cell::Text(text) = cell else { return None };
                let anchor = Anchor::from_text(text)?;
                Some(Found { sheet, anchor, row: row.index, column: *column })
            })
        })
    }

    pub fn place(&self, row: u32, column: u32) -> Place {
        Place::cell(&self.sheet.file, &self.sheet.name, address(row, column))
    }

    pub fn sheet_place(&self) -> Place {
        Place::sheet(&self.sheet.file, &self.sheet.name)
    }
}

/// Whether a workbook contains the hidden mark of a scoring workbook. Cells are not parsed, because data files may be
/// large.
pub fn is_scoring_workbook(path: &Path, options: &Options) -> bool {
    file_contains(path, MARK, options)
}

/// Whether a workbook has the visible content of a scoring workbook, copied without its hidden keys.
///
/// # Errors
/// A catalogue of the user's folder is broken.
pub fn lost_its_keys(path: &Path, options: &Options) -> Result<bool> {
    const OF_OFFICES: [&str; 3] =
        ["marking.column.rule", "marking.column.evidence", "marking.column.entered"];
    const OF_UNITS: [&str; 2] = ["self_assessment.column.self_mark", "self_assessment.column.self_evidence"];
    let all = |words: &crate::words::Words, columns: &[&str]| {
        columns.iter().all(|column| file_contains(path, &words.say(column), options))
    };
    let either = |words: &crate::words::Words| all(words, &OF_OFFICES) || all(words, &OF_UNITS);
    Ok(!is_scoring_workbook(path, options) && super::catalogues()?.iter().any(either))
}

fn file_contains(path: &Path, wanted: &str, options: &Options) -> bool {
    let mut bytes = Vec::new();
    let most = options.limits.inflated / 4;
    let Ok(file) = File::open(path) else { return false };
    if file.take(most).read_to_end(&mut bytes).is_err() {
        return false;
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let wide: Vec<u8> = wanted.bytes().flat_map(|byte| [byte, 0]).collect();
        return contains(&mut bytes.as_slice(), wanted.as_bytes()) || contains(&mut bytes.as_slice(), &wide);
    }
    if !bytes.starts_with(b"PK") {
        // One sheet as text: the mark is in its first row, and ASCII in every encoding except UTF-16.
        let first = bytes.get(..bytes.len().min(FIRST_ROWS)).unwrap_or_default();
        return first.windows(wanted.len()).any(|window| window == wanted.as_bytes());
    }
    let Ok(parts) = Parts::open(&bytes, &path.display().to_string(), &options.limits) else { return false };
    let holds_text = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.ends_with("sharedstrings.xml") || name.ends_with("content.xml") || name.contains("worksheets/")
    };
    let mut names: Vec<&str> = parts.names().filter(|name| holds_text(name)).collect();
    // Most programs write all texts into one part; the sheets themselves are searched last.
    names.sort_by_key(|name| name.contains("worksheets/"));
    names
        .into_iter()
        .filter_map(|name| parts.find(name))
        .any(|part| contains(&mut parts.read(part), wanted.as_bytes()))
}

fn contains(from: &mut dyn Read, wanted: &[u8]) -> bool {
    let mut buffer = vec![0u8; 64 << 10];
    // The end of the bytes read before, where the searched bytes may begin.
    let mut kept = 0;
    loop {
        let Some(free) = buffer.get_mut(kept..) else { return false };
        let read = match from.read(free) {
            Ok(0) | Err(_) => return false,
            Ok(read) => read,
        };
        let end = kept + read;
        let Some(known) = buffer.get(..end) else { return false };
        if known.windows(wanted.len()).any(|window| window == wanted) {
            return true;
        }
        let from = end.saturating_sub(wanted.len() - 1);
        kept = end - from;
        buffer.copy_within(from..end, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that returns a limited number of bytes at a time.
    struct Slowly<'a>(&'a [u8], usize);

    impl Read for Slowly<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let n = self.1.min(into.len()).min(self.0.len());
            let (now, later) = self.0.split_at(n);
            into[..n].copy_from_slice(now);
            self.0 = later;
            Ok(n)
        }
    }

    #[test]
    fn found_wherever_the_bytes_are_cut() {
        let text = format!("{}{MARK}|x", "j".repeat(70_000));
        for step in [1_000, 4_096, 65_536, 69_990, 70_005] {
            assert!(contains(&mut Slowly(text.as_bytes(), step), MARK.as_bytes()), "{step}");
        }
        assert!(!contains(&mut Slowly(&text.as_bytes()[..70_010], 7_000), MARK.as_bytes()));
        assert!(!contains(&mut Slowly(b"", 1), MARK.as_bytes()));
    }
}
