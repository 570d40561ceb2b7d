//! Reads the tables of `content.xml` in an ods file, cell by cell.
//!
//! A row or cell may be declared as repeated a million times. Repeated empty cells are only counted; others are checked
//! against the limits before they are repeated.

use std::io::{BufRead, BufReader, Read};

use quick_xml::{
    Reader as Xml,
    events::{BytesStart, Event},
};

use super::{
    damaged, iso_date, number,
    package::{BETWEEN_CELLS, Parts},
    text,
};
use crate::{
    ingest::{
        Limits,
        sheet::{Builder, Cell, Sheet, Tally},
    },
    problem::{Place, Problem, Result},
};

const MANIFEST: u64 = 16 << 20;

pub(super) fn read(parts: &Parts, shown: &str, limits: &Limits) -> Result<Vec<Sheet>> {
    if let Some(manifest) = parts.find("META-INF/manifest.xml") {
        let manifest = parts.read_all(manifest, MANIFEST, shown)?;
        if String::from_utf8_lossy(&manifest).contains("encryption-data") {
            return Err(Problem::error("workbook_protected", Place::file(shown)).into());
        }
    }
    if let Some(kind) = parts.find("mimetype") {
        let kind = parts.read_all(kind, MANIFEST, shown)?;
        let kind = String::from_utf8_lossy(&kind);
        if !kind.contains("spreadsheet") {
            let found = if kind.contains("opendocument.text") { "odt" } else { "zip" };
            return Err(Problem::error("file_is_other", Place::file(shown)).with("found", found).into());
        }
    }
    let content = parts.find("content.xml").ok_or_else(|| damaged(shown, "content.xml"))?;
    let mut document = Document {
        xml: Xml::from_reader(Watched { from: BufReader::new(parts.read(content)), since: 0 }),
        buffer: Vec::new(),
        shown,
    };
    document.xml.config_mut().expand_empty_elements = true;
    let mut tally = Tally::new(shown, limits);
    let mut sheets = Vec::new();
    while let Some(start) = document.start_of("table:table")? {
        let name = attribute(&start, "table:name").unwrap_or_default();
        sheets.push(document.table(Builder::new(&mut tally, &name))?);
    }
    Ok(sheets)
}

/// Stops at a piece of XML that is longer than any cell.
struct Watched<R> {
    from: R,
    since: u64,
}

impl<R: BufRead> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.from.read(buffer)
    }
}

impl<R: BufRead> BufRead for Watched<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.since > BETWEEN_CELLS {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.from.fill_buf()
    }
    fn consume(&mut self, amount: usize) {
        self.since += amount as u64;
        self.from.consume(amount);
    }
}

struct Document<'a, R> {
    xml: Xml<Watched<R>>,
    buffer: Vec<u8>,
    shown: &'a str,
}

fn attribute(e: &BytesStart, name: &str) -> Option<String> {
    let attribute = e.try_get_attribute(name).ok()??;
    Some(quick_xml::escape::unescape(&attribute.value).ok()?.into_owned())
}

fn count(e: &BytesStart, name: &str) -> u32 {
    attribute(e, name).and_then(|n| n.parse().ok()).unwrap_or(1).max(1)
}

impl<R: BufRead> Document<'_, R> {
    fn next(&mut self) -> Result<Event<'_>> {
        self.buffer.clear();
        self.xml.get_mut().since = 0;
        let shown = self.shown;
        self.xml.read_event_into(&mut self.buffer).map_err(|e| damaged(shown, e).into())
    }

    fn start_of(&mut self, name: &str) -> Result<Option<BytesStart<'static>>> {
        loop {
            match self.next()? {
                Event::Start(e) if e.name().as_ref() == name => return Ok(Some(e.into_owned())),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Skips to the end of the current element.
    fn skip(&mut self) -> Result<()> {
        let mut depth = 1usize;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(damaged(self.shown, "content.xml").into()),
                _ => {}
            }
        }
        Ok(())
    }

    fn table(&mut self, mut sheet: Builder) -> Result<Sheet> {
        let mut row = 0u32;
        loop {
            let start = match self.next()? {
                Event::Start(e) => e.into_owned(),
                Event::End(e) if e.name().as_ref() == "table:table" => return sheet.finish(),
                Event::Eof => return Err(damaged(self.shown, "content.xml").into()),
                _ => continue,
            };
            match start.name().as_ref() {
                "table:table-row" => {
                    let times = count(&start, "table:number-rows-repeated");
                    self.row(row, times, &mut sheet)?;
                    row = row.saturating_add(times);
                }
                // Rows may be grouped.
                "table:table-row-group" | "table:table-rows" | "table:table-header-rows" => {}
                _ => self.skip()?,
            }
        }
    }

    fn row(&mut self, row: u32, times: u32, sheet: &mut Builder) -> Result<()> {
        let mut column = 0u32;
        // (column, repetitions, content)
        let mut cells: Vec<(u32, u32, Cell)> = Vec::new();
        let mut kept = 0usize;
        loop {
            let start = match self.next()? {
                Event::Start(e) => e.into_owned(),
                Event::End(e) if e.name().as_ref() == "table:table-row" => break,
                Event::Eof => return Err(damaged(self.shown, "content.xml").into()),
                _ => continue,
            };
            match start.name().as_ref() {
                "table:table-cell" | "table:covered-table-cell" => {
                    let wide = count(&start, "table:number-columns-repeated");
                    let cell = self.cell(&start)?;
                    let (high, across) = (
                        count(&start, "table:number-rows-spanned"),
                        count(&start, "table:number-columns-spanned"),
                    );
                    if high > 1 || across > 1 {
                        let last = (row.saturating_add(high - 1), column.saturating_add(across - 1));
                        sheet.merge((row, column), last)?;
                    }
                    // A covered cell keeps its content from before it was merged, which is not displayed.
                    if cell != Cell::Empty && start.name().as_ref() == "table:table-cell" {
                        kept = kept.saturating_add((wide as usize).saturating_mul(times as usize));
                        sheet.tally.expect(kept)?;
                        cells.push((column, wide, cell));
                    }
                    column = column.saturating_add(wide);
                }
                _ => self.skip()?,
            }
        }
        if cells.is_empty() {
            return Ok(());
        }
        for row in (0..times).map(|i| row.saturating_add(i)) {
            for (column, wide, cell) in &cells {
                for i in 0..*wide {
                    sheet.put(row, column.saturating_add(i), cell.clone())?;
                }
            }
        }
        Ok(())
    }

    fn cell(&mut self, start: &BytesStart) -> Result<Cell> {
        let shown = self.paragraphs()?;
        let value = |name| attribute(start, name);
        let float = || value("office:value").and_then(|v| v.trim().parse::<f64>().ok());
        if value("calcext:value-type").as_deref() == Some("error") {
            return Ok(Cell::Error(shown.into()));
        }
        let known = match value("office:value-type").as_deref() {
            Some("float" | "percentage" | "currency") => float().map(number),
            Some("boolean") => value("office:boolean-value").map(|v| Cell::YesNo(v == "true")),
            Some("date") => value("office:date-value").map(|v| iso_date(&v)),
            Some("string") => Some(match value("office:string-value") {
                Some(v) if shown.is_empty() => text(&v),
                _ => text(&shown),
            }),
            _ => None,
        };
        Ok(match known {
            Some(cell) => cell,
            None if !shown.is_empty() => text(&shown),
            None if value("table:formula").is_some() => Cell::Uncalculated,
            None => Cell::Empty,
        })
    }

    /// The text of the current cell, one line per paragraph.
    fn paragraphs(&mut self) -> Result<String> {
        let mut out = String::new();
        let mut depth = 1usize;
        let mut paragraphs = 0;
        while depth > 0 {
            match self.next()? {
                Event::Start(e) => {
                    let spaces = count(&e, "text:c") as usize;
                    let name = e.name().as_ref().to_string();
                    match name.as_str() {
                        "text:p" if paragraphs > 0 => out.push('\n'),
                        "text:s" => out.push_str(&" ".repeat(spaces.min(1 << 10))),
                        "text:tab" => out.push('\t'),
                        "text:line-break" => out.push('\n'),
                        // Comments and pictures have paragraphs of their own.
                        "office:annotation" => {
                            self.skip()?;
                            continue;
                        }
                        other if other.starts_with("draw:") || other == "table:table" => {
                            self.skip()?;
                            continue;
                        }
                        _ => {}
                    }
                    paragraphs += usize::from(name == "text:p");
                    depth += 1;
                }
                Event::End(_) => depth -= 1,
                Event::Text(e) if depth > 1 => out.push_str(&e.xml10_content()),
                Event::CData(e) if depth > 1 => out.push_str(&e.xml10_content()),
                // Entities of a document type are not known here, so that none is ever expanded.
                Event::GeneralRef(e) => match e.resolve_char_ref() {
                    Ok(Some(c)) => out.push(c),
                    _ => out.push_str(quick_xml::escape::resolve_xml_entity(&e).unwrap_or_default()),
                },
                Event::Eof => return Err(damaged(self.shown, "content.xml").into()),
                _ => {}
            }
        }
        Ok(out)
    }
}
