//! The records of an xls ([MS-XLS]; BIFF 8 of Excel 97–2003, BIFF 5 of Excel 95), cell by cell.

use calamine::{ExcelDateTime, ExcelDateTimeType};
use encoding_rs::Encoding;

use super::{
    compound::{u16_at, u32_at},
    damaged, date, number, text,
};
use crate::{
    ingest::{
        Limits,
        sheet::{Builder, Cell, Sheet, Tally},
    },
    problem::{Place, Problem, Result},
};

/// One record; `parts` are its data and those of the CONTINUE records that follow it.
struct Record<'a> {
    kind: u16,
    parts: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    fn data(&self) -> &'a [u8] {
        self.parts.first().copied().unwrap_or_default()
    }
}

struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;
    fn next(&mut self) -> Option<Record<'a>> {
        let mut take = |wanted: Option<u16>| {
            let kind = u16_at(self.bytes, self.at)?;
            let start = self.at + 4;
            let end = start + usize::from(u16_at(self.bytes, self.at + 2)?);
            if wanted.is_some_and(|w| w != kind) {
                return None;
            }
            let data = self.bytes.get(start..end)?;
            self.at = end;
            Some((kind, data))
        };
        let (kind, data) = take(None)?;
        let mut parts = vec![data];
        while let Some((_, more)) = take(Some(CONTINUE)) {
            parts.push(more);
        }
        Some(Record { kind, parts })
    }
}

const CONTINUE: u16 = 0x003C;
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;

/// What the first records say about all sheets.
struct Globals {
    biff8: bool,
    encoding: &'static Encoding,
    is_1904: bool,
    strings: Vec<String>,
    /// For each cell format, whether its numbers are dates.
    dates: Vec<bool>,
    /// The position and name of each sheet.
    sheets: Vec<(usize, String)>,
}

pub(super) fn read(stream: &[u8], shown: &str, limits: &Limits) -> Result<Vec<Sheet>> {
    let mut tally = Tally::new(shown, limits);
    // The stream, and the strings that are built from it.
    tally.hold(stream.len().saturating_mul(2))?;
    let globals = globals(stream, &mut tally)?;
    if globals.sheets.len() > limits.entries {
        let problem = Problem::error("limit_entries", Place::file(shown));
        return Err(problem.with("found", globals.sheets.len()).with("allowed", limits.entries).into());
    }
    let mut sheets = Vec::new();
    for (start, name) in &globals.sheets {
        let records = Records { bytes: stream, at: *start };
        match u16_at(stream, *start) {
            Some(BOF) => sheets.push(sheet(records, &globals, Builder::new(&mut tally, name))?),
            _ => return Err(damaged(shown, name).into()),
        }
    }
    Ok(sheets)
}

fn globals(stream: &[u8], tally: &mut Tally) -> Result<Globals> {
    let shown = tally.shown;
    let mut globals = Globals {
        biff8: true,
        encoding: encoding_rs::WINDOWS_1252,
        is_1904: false,
        strings: Vec::new(),
        dates: Vec::new(),
        sheets: Vec::new(),
    };
    let mut codes: Vec<(u16, bool)> = Vec::new();
    let mut formats: Vec<u16> = Vec::new();
    let mut begun = false;
    for record in (Records { bytes: stream, at: 0 }) {
        let data = record.data();
        let word = |at| u16_at(data, at).unwrap_or_default();
        match record.kind {
            BOF => {
                begun = true;
                globals.biff8 = word(0) == 0x0600;
                if ![0x0500, 0x0600].contains(&word(0)) {
                    return Err(Problem::error("file_is_other", Place::file(shown))
                        .with("found", "BIFF4")
                        .into());
                }
            }
            EOF => break,
            // FILEPASS
            0x002F => return Err(Problem::error("workbook_protected", Place::file(shown)).into()),
            // CODEPAGE
            0x0042 => {
                globals.encoding = match word(0) {
                    936 => encoding_rs::GBK,
                    950 => encoding_rs::BIG5,
                    65001 => encoding_rs::UTF_8,
                    _ => encoding_rs::WINDOWS_1252,
                }
            }
            // 1904
            0x0022 => globals.is_1904 = word(0) == 1,
            // FORMAT
            0x041E => {
                let mut rest = Text::new(&record.parts, 2);
                let length = if globals.biff8 { rest.word() } else { rest.byte().map(u16::from) };
                let code = length.and_then(|l| rest.string(l, &globals)).unwrap_or_default();
                codes.push((word(0), is_date(&code)));
            }
            // XF
            0x00E0 => formats.push(word(2)),
            // BOUNDSHEET; charts, macros and modules have other kinds than 0
            0x0085 if data.get(5) == Some(&0) => {
                let mut rest = Text::new(&record.parts, 6);
                let length = rest.byte().map(u16::from);
                let name =
                    length.and_then(|l| rest.string(l, &globals)).ok_or_else(|| damaged(shown, "BIFF"))?;
                let start = u32_at(data, 0).unwrap_or_default() as usize;
                globals.sheets.push((start, name));
            }
            // SST
            0x00FC => {
                let mut rest = Text::new(&record.parts, 8);
                for _ in 0..u32_at(data, 4).unwrap_or_default() {
                    let Some(string) = rest.rich_string() else { break };
                    tally.hold(string.len() + size_of::<String>())?;
                    globals.strings.push(string);
                }
            }
            _ => {}
        }
        if !begun {
            return Err(damaged(shown, "BIFF").into());
        }
    }
    globals.dates = formats
        .iter()
        .map(|id| match codes.iter().find(|(code, _)| code == id) {
            Some((_, date)) => *date,
            None => matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=58),
        })
        .collect();
    Ok(globals)
}

/// Whether a number format shows a year or a day (`m` alone may be minutes). Times of day and durations are not dates.
fn is_date(code: &str) -> bool {
    let (mut quoted, mut bracket, mut literal) = (false, false, false);
    for c in code.chars() {
        match c {
            _ if literal => literal = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => literal = true,
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            ';' => return false,
            'y' | 'Y' | 'd' | 'D' => return true,
            _ => {}
        }
    }
    false
}

fn sheet(records: Records, globals: &Globals, mut sheet: Builder) -> Result<Sheet> {
    let shown = sheet.tally.shown;
    let mut depth = 0usize;
    // A formula whose text is in the next STRING record.
    let mut pending = None;
    for record in records {
        let data = record.data();
        let word = |at| u16_at(data, at);
        match record.kind {
            BOF => depth += 1,
            EOF if depth <= 1 => return sheet.finish(),
            EOF => depth -= 1,
            // Records of a chart within the sheet.
            _ if depth > 1 => {}
            // MERGECELLS
            0x00E5 => {
                let ranges = data.get(2..).unwrap_or_default().as_chunks::<8>().0;
                for range in ranges.iter().take(word(0).unwrap_or_default().into()) {
                    let [a, b, c, d] = [0, 2, 4, 6].map(|i| u32::from(u16_at(range, i).unwrap_or_default()));
                    sheet.merge((a, c), (b, d))?;
                }
            }
            // STRING
            0x0207 => {
                if let Some((row, column)) = pending.take() {
                    let mut rest = Text::new(&record.parts, 0);
                    let string = rest.word().and_then(|l| rest.string(l, globals)).unwrap_or_default();
                    sheet.put(row, column, text(&string))?;
                }
            }
            _ => {
                let (Some(row), Some(column), Some(format)) = (word(0), word(2), word(4)) else { continue };
                let (row, column) = (u32::from(row), u32::from(column));
                let cell = match record.kind {
                    // NUMBER
                    0x0203 => globals.number(f64_at(data, 6), format),
                    // RK
                    0x027E => globals.number(u32_at(data, 6).map(packed), format),
                    // MULRK: (format, number) of several columns, followed by the last column
                    0x00BD => {
                        for (i, rk) in data.get(4..).unwrap_or_default().as_chunks::<6>().0.iter().enumerate()
                        {
                            let format = u16_at(rk, 0).unwrap_or_default();
                            let column = column.saturating_add(u32::try_from(i).unwrap_or(u32::MAX));
                            if let Some(cell) = globals.number(u32_at(rk, 2).map(packed), format) {
                                sheet.put(row, column, cell)?;
                            }
                        }
                        continue;
                    }
                    // LABELSST
                    0x00FD => {
                        let index = u32_at(data, 6).unwrap_or(u32::MAX);
                        globals.strings.get(index as usize).map(|s| text(s))
                    }
                    // LABEL, RSTRING
                    0x0204 | 0x00D6 => {
                        let mut rest = Text::new(&record.parts, 6);
                        rest.word().and_then(|l| rest.string(l, globals)).map(|s| text(&s))
                    }
                    // BOOLERR
                    0x0205 => match (data.get(6), data.get(7)) {
                        (Some(value), Some(0)) => Some(Cell::YesNo(*value != 0)),
                        (Some(value), Some(_)) => Some(error(*value)),
                        _ => None,
                    },
                    // FORMULA: a number, or a kind and 0xFFFF
                    0x0006 => match (word(12), data.get(6), data.get(8)) {
                        (Some(0xFFFF), Some(0), _) => {
                            pending = Some((row, column));
                            continue;
                        }
                        (Some(0xFFFF), Some(1), Some(value)) => Some(Cell::YesNo(*value != 0)),
                        (Some(0xFFFF), Some(2), Some(value)) => Some(error(*value)),
                        // The empty text.
                        (Some(0xFFFF), ..) => continue,
                        _ => globals.number(f64_at(data, 6), format),
                    },
                    _ => continue,
                };
                sheet.put(row, column, cell.ok_or_else(|| damaged(shown, "BIFF"))?)?;
            }
        }
    }
    Err(damaged(shown, "BIFF").into())
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// RkNumber, [MS-XLS] 2.5.217: 30 bits of a float or of an integer, possibly multiplied by 100.
fn packed(rk: u32) -> f64 {
    let value = match rk & 2 {
        0 => f64::from_bits(u64::from(rk & !3) << 32),
        _ => f64::from(rk.cast_signed() >> 2),
    };
    if rk & 1 == 1 { value / 100.0 } else { value }
}

fn error(code: u8) -> Cell {
    let name = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    Cell::Error(name.into())
}

impl Globals {
    fn number(&self, value: Option<f64>, format: u16) -> Option<Cell> {
        let value = value?;
        Some(match self.dates.get(usize::from(format)) {
            Some(true) => date(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, self.is_1904)),
            _ => number(value),
        })
    }
}

/// Text that may continue in the CONTINUE records.
struct Text<'a> {
    parts: &'a [&'a [u8]],
    at: usize,
}

impl<'a> Text<'a> {
    fn new(parts: &'a [&'a [u8]], at: usize) -> Self {
        Text { parts, at }
    }

    /// The rest of this part, or the next one.
    fn rest(&mut self) -> Option<(&'a [u8], bool)> {
        let mut next = false;
        loop {
            let (part, behind) = self.parts.split_first()?;
            match part.get(self.at..) {
                Some(rest) if !rest.is_empty() => return Some((rest, next)),
                _ => (self.parts, self.at, next) = (behind, 0, true),
            }
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (rest, _) = self.rest()?;
        self.at += 1;
        rest.first().copied()
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let (rest, _) = self.rest()?;
            let step = rest.len().min(bytes);
            (self.at, bytes) = (self.at + step, bytes - step);
        }
        Some(())
    }

    /// `length` characters; in BIFF 8 preceded by a byte for their width.
    fn string(&mut self, length: u16, globals: &Globals) -> Option<String> {
        if globals.biff8 {
            let flags = self.byte()?;
            return self.characters(length, flags & 1 == 1);
        }
        let (rest, _) = self.rest().unwrap_or_default();
        let bytes = rest.get(..usize::from(length))?;
        Some(globals.encoding.decode_without_bom_handling(bytes).0.into_owned())
    }

    /// XLUnicodeRichExtendedString, [MS-XLS] 2.5.293.
    fn rich_string(&mut self) -> Option<String> {
        let length = self.word()?;
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.word()?) * 4 };
        let phonetic = match flags & 4 {
            0 => 0,
            _ => usize::from(self.word()?) + (usize::from(self.word()?) << 16),
        };
        let string = self.characters(length, flags & 1 == 1)?;
        self.skip(runs)?;
        self.skip(phonetic)?;
        Some(string)
    }

    fn characters(&mut self, length: u16, wide: bool) -> Option<String> {
        let (mut left, mut wide) = (usize::from(length), wide);
        let mut units: Vec<u16> = Vec::with_capacity(left);
        while left > 0 {
            let (mut rest, next) = self.rest()?;
            if next {
                // Within the characters, each further record states their width again.
                wide = rest.first()? & 1 == 1;
                self.at += 1;
                rest = rest.get(1..)?;
            }
            let taken = match wide {
                true => rest.as_chunks::<2>().0.iter().take(left).map(|b| u16::from_le_bytes(*b)).collect(),
                false => rest.iter().take(left).map(|b| u16::from(*b)).collect::<Vec<_>>(),
            };
            // Half a character at the end of a record.
            if taken.is_empty() && !rest.is_empty() {
                return None;
            }
            self.at += taken.len() << usize::from(wide);
            left -= taken.len();
            units.extend(taken);
        }
        Some(String::from_utf16_lossy(&units))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unpacked() {
        // [MS-XLS] 2.5.217: an integer, an integer of hundredths, a float.
        assert_eq!(packed((1234 << 2) | 2), 1234.0);
        assert_eq!(packed((1234 << 2) | 3), 12.34);
        assert_eq!(packed(0x3FF0_0000), 1.0);
        assert_eq!(packed((-5i32 << 2).cast_unsigned() | 2), -5.0);
    }

    #[test]
    fn formats_of_dates() {
        for code in ["yyyy\"年\"m\"月\"", "[$-804]d/m/yy", "YYYY-MM-DD"] {
            assert!(is_date(code), "{code}");
        }
        for code in ["General", "0.00_d", "\"day\"0", "h:mm", "[Red]0", "0;yyyy"] {
            assert!(!is_date(code), "{code}");
        }
    }
}
