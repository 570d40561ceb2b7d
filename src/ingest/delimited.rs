//! Reads csv and tsv: bytes → text → records. Numbers stay text for the cell parser.

use super::{
    Limits,
    sheet::{Builder, Cell, Sheet, Tally, damaged},
};
use crate::{
    encoding::{self, KNOWN, SAMPLE},
    problem::{Place, Problem, Result},
};

/// Reads the file as one sheet without a name.
pub(super) fn read(bytes: &[u8], shown: &str, encoding: Option<&str>, limits: &Limits) -> Result<Vec<Sheet>> {
    let mut tally = Tally::new(shown, limits);
    // UTF-8 text takes at most half as much memory again.
    tally.hold(bytes.len().saturating_mul(3) / 2)?;
    let text = decoded(bytes, shown, encoding)?;
    Ok(vec![records(&text, Builder::new(&mut tally, ""))?])
}

/// The text of a file in the named encoding, detected if it is `None`.
///
/// # Errors
/// There is no encoding of that name, or the bytes are invalid in it.
pub(super) fn decoded(bytes: &[u8], shown: &str, encoding: Option<&str>) -> Result<String> {
    let encoding = match encoding {
        Some(label) => encoding::named(label).ok_or_else(|| {
            let problem = Problem::error("encoding_unknown", Place::file(shown));
            problem.with("found", label.trim()).with("known", KNOWN.join(", "))
        })?,
        None => encoding::detect(bytes),
    };
    encoding::decode(bytes, encoding).map_err(|why| {
        let place = Place { cell: Some(why.line.to_string()), ..Place::file(shown) };
        Problem::error("text_undecodable", place)
            .with("found", why.found)
            .with("line", why.line)
            .with("encoding", why.encoding)
            .with("known", KNOWN.join(", "))
            .into()
    })
}

/// The delimiter, and the position of the first record.
fn delimiter(text: &str) -> (u8, usize) {
    // Excel's own hint, a line that it does not display.
    for (hint, delimiter) in [("sep=,", b','), ("sep=;", b';'), ("sep=\t", b'\t')] {
        if let Some(rest) = text.strip_prefix(hint)
            && let Some(end) = rest.find('\n')
            && rest.get(..end).is_some_and(|r| r.trim_end().is_empty())
        {
            return (delimiter, hint.len() + end + 1);
        }
    }
    let (mut counts, mut lines, mut quoted) = ([0usize; 3], 0, false);
    for byte in text.bytes().take(SAMPLE) {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b',' => counts[0] += 1,
            b'\t' => counts[1] += 1,
            b';' => counts[2] += 1,
            b'\n' => lines += 1,
            _ => {}
        }
        if lines == 20 {
            break;
        }
    }
    let [commas, tabs, semicolons] = counts;
    match () {
        () if tabs > commas && tabs >= semicolons => (b'\t', 0),
        () if semicolons > commas => (b';', 0),
        () => (b',', 0),
    }
}

fn records(text: &str, mut sheet: Builder) -> Result<Sheet> {
    let (delimiter, start) = delimiter(text);
    let text = text.get(start..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut row = 0u32;
    loop {
        let from = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        if !reader.read_record(&mut record).map_err(|e| damaged(sheet.tally.shown, e))? {
            break;
        }
        // Excel counts blank lines as rows, but the csv reader skips them.
        row = row.saturating_add(blank_lines(text.as_bytes(), from));
        for (column, field) in record.iter().enumerate().filter(|(_, field)| !field.is_empty()) {
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            sheet.put(row, column, Cell::Text(field.into()))?;
        }
        row = row.saturating_add(1);
    }
    sheet.finish()
}

/// The number of line breaks skipped before the record that is read from byte `from`.
fn blank_lines(text: &[u8], from: usize) -> u32 {
    let mut rest = text.get(from..).unwrap_or_default();
    // The second half of the previous record's line break.
    if from > 0 && text.get(from - 1) == Some(&b'\r') {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut blank = 0;
    while let Some(behind) =
        rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).or(rest.strip_prefix(b"\r"))
    {
        (rest, blank) = (behind, blank + 1);
    }
    blank
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    fn sheet(bytes: &[u8]) -> Sheet {
        read(bytes, "表.csv", None, &Limits::default()).unwrap().remove(0)
    }

    fn shape(sheet: &Sheet) -> Vec<(u32, Vec<&str>)> {
        sheet
            .rows
            .iter()
            .map(|row| {
                let cells = row.cells.iter().map(|(_, cell)| match cell {
                    Cell::Text(text) => text.as_ref(),
                    _ => "",
                });
                (row.index, cells.collect())
            })
            .collect()
    }

    #[test]
    fn every_encoding_reads_alike() {
        let text = "学校,人数\n东风小学,512\n";
        let expected = sheet(text.as_bytes());
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let files = [
            [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat(),
            [b"\xFF\xFE".as_slice(), &wide(u16::to_le_bytes)].concat(),
            [b"\xFE\xFF".as_slice(), &wide(u16::to_be_bytes)].concat(),
            GB18030.encode(text).0.into_owned(),
        ];
        for file in files {
            assert_eq!(shape(&sheet(&file)), shape(&expected));
        }
    }

    #[test]
    fn rows_are_those_of_excel() {
        for line in ["\n", "\r\n"] {
            let text = ["", "标题", "", "a,\"b", "c\",d", "", "", "e,,f"].join(line);
            let read = sheet(text.as_bytes());
            let joined = format!("b{line}c");
            let expected = vec![(1, vec!["标题"]), (3, vec!["a", &joined, "d"]), (6, vec!["e", "f"])];
            assert_eq!(shape(&read), expected, "{line:?}");
        }
    }

    #[test]
    fn delimiters() {
        for (text, second) in [("a\tb,c\nd\te", 1), ("a;b\nc;d", 1), ("sep=;\na;b,c,d,e\n", 1)] {
            let sheet = sheet(text.as_bytes());
            assert_eq!(sheet.rows[0].cells.len(), 2, "{text}");
            assert_eq!(sheet.rows[0].cells[1].0, second);
        }
    }

    #[test]
    fn a_bad_byte_is_told_with_its_line() {
        let mut bytes = GB18030.encode("学校\n东风\n").0.into_owned();
        bytes.extend(b"ab\xFF\xFFcd\n");
        let crate::problem::Error::Input(problems) =
            read(&bytes, "x.csv", Some("gbk"), &Limits::default()).unwrap_err()
        else {
            panic!()
        };
        assert_eq!(problems[0].code, "text_undecodable");
        assert_eq!(problems[0].place.cell.as_deref(), Some("3"));
        assert!(problems[0].args.contains(&("found", "FF".to_string())), "{:?}", problems[0].args);
    }
}
