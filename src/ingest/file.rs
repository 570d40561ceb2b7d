//! Recognizes the kind of a file by its content, and reads its sheets.

use std::{fs::File, io::Read, path::Path};

use super::{
    Limits, delimited,
    sheet::{Sheet, damaged},
    workbook,
};
use crate::{
    problem::{Error, Place, Problem, Result},
    sha256,
};

/// The sheets of a file, including hidden ones, in the file's order.
///
/// The kind of the file is recognized by its content, and by its name only where the content does not decide. `shown`
/// is the name of the file in messages, in [`Sheet::file`] and in places; `encoding` is that of csv and tsv, detected
/// if it is `None`.
///
/// # Errors
/// A [`Problem`] for a file that is missing, empty, damaged, protected, of another kind, or over a limit;
/// [`Error::Disk`] if the file cannot be read.
pub fn sheets(path: &Path, shown: &str, encoding: Option<&str>, limits: &Limits) -> Result<Vec<Sheet>> {
    let whole = &bytes(path, shown, limits)?;
    let name = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let bytes = without_end_mark(whole);
    let sheets = match kind(bytes, &name) {
        Kind::Package => workbook::package(bytes, shown, limits),
        Kind::Compound => workbook::compound(bytes, shown, limits),
        Kind::Delimited => delimited::read(bytes, shown, encoding, limits),
        Kind::Html => workbook::web_page::read(bytes, shown, encoding, limits),
        Kind::SpreadsheetXml => workbook::spreadsheet_xml::read(bytes, shown, encoding, limits),
        Kind::WebArchive => Err(Problem::error("file_is_web_archive", Place::file(shown)).into()),
        Kind::Other(what) => {
            Err(Problem::error("file_is_other", Place::file(shown)).with("found", what).into())
        }
        Kind::Unknown => Err(Problem::error("file_unknown", Place::file(shown)).into()),
    };
    let mut sheets = sheets?;
    if sheets.is_empty() {
        return Err(damaged(shown, "sheets: 0").into());
    }
    let sha256 = sha256::of(whole);
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    for sheet in &mut sheets {
        sheet.sha256.clone_from(&sha256);
        sheet.folder = folder.to_string();
    }
    Ok(sheets)
}

/// The bytes before the Ctrl-Z with which programs of DOS end a text. Binary formats do not end with one that matters:
/// what follows their last structure is not read.
fn without_end_mark(bytes: &[u8]) -> &[u8] {
    let binary = bytes.starts_with(b"PK") || bytes.starts_with(b"\xD0\xCF");
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0x1A | b'\r' | b'\n')).map_or(0, |last| last + 1);
    match bytes.get(end..).is_some_and(|rest| rest.contains(&0x1A)) && !binary {
        true => bytes.get(..end).unwrap_or_default(),
        false => bytes,
    }
}

fn bytes(path: &Path, shown: &str, limits: &Limits) -> Result<Vec<u8>> {
    let disk = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => {
            Error::from(Problem::error("file_missing", Place::file(shown)).with("path", path.display()))
        }
        _ => Error::disk(path, source),
    };
    let file = File::open(path).map_err(disk)?;
    let most = limits.inflated / 4;
    let mut bytes = Vec::new();
    // The reported length is not enough: a pipe reports none.
    file.take(most + 1).read_to_end(&mut bytes).map_err(disk)?;
    if bytes.is_empty() {
        return Err(Problem::error("file_empty", Place::file(shown)).into());
    }
    if bytes.len() as u64 > most {
        let place = Place::file(shown);
        return Err(Problem::error("limit_file", place).with("allowed", most >> 20).into());
    }
    Ok(bytes)
}

#[derive(Debug, PartialEq)]
enum Kind {
    /// A zip: xlsx, xlsm or ods, or another kind that is found out when it is opened.
    Package,
    /// OLE: xls, or a workbook with a password.
    Compound,
    /// csv, tsv.
    Delimited,
    /// Web systems export tables as HTML and name them .xls.
    Html,
    /// An XML spreadsheet of Excel 2003, named .xls or .xml.
    SpreadsheetXml,
    /// MHTML: a page with its pictures in one file, as Excel saves it.
    WebArchive,
    Other(&'static str),
    Unknown,
}

fn kind(bytes: &[u8], extension: &str) -> Kind {
    const MAGIC: [(&[u8], &str); 8] = [
        (b"%PDF", "PDF"),
        (b"{\\rtf", "RTF"),
        (b"Rar!", "RAR"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"\x1F\x8B", "gzip"),
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"PAR1", "Parquet"),
    ];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Kind::Package;
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Kind::Compound;
    }
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Kind::Other(name);
    }
    let head = bytes.get(..4096).unwrap_or(bytes);
    let wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    if !wide && head.iter().any(|b| *b < 9 || (14..27).contains(b)) {
        return Kind::Unknown;
    }
    let start = String::from_utf8_lossy(head).to_ascii_lowercase();
    let start = start.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if start.starts_with("mime-version:") || start.starts_with("content-type: multipart/related") {
        return Kind::WebArchive;
    }
    if start.starts_with('<') {
        return match () {
            () if start.contains("<?mso-application progid=\"excel.sheet") => Kind::SpreadsheetXml,
            () if ["<html", "<table", "<!doctype html", "<meta", "<style"]
                .iter()
                .any(|tag| start.contains(tag)) =>
            {
                Kind::Html
            }
            () if start.contains("office:spreadsheet") && start.contains("workbook") => Kind::SpreadsheetXml,
            () => Kind::Unknown,
        };
    }
    // Text under a workbook's name is a table if it looks like one.
    let workbook = ["xlsx", "xlsm", "xls", "ods", "xlsb"].contains(&extension);
    match workbook && !wide && !start.contains([',', '\t', ';']) {
        true => Kind::Unknown,
        false => Kind::Delimited,
    }
}
