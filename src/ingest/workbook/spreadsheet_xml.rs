//! Reads an XML spreadsheet of Excel 2003, as web systems export it under the name of a workbook. Entities of a document
//! type are never expanded.

use quick_xml::{
    Reader as Xml,
    events::{BytesStart, Event},
};

use super::{damaged, iso_date, number, text};
use crate::{
    ingest::{
        Limits, delimited,
        sheet::{Builder, Cell, Sheet, Tally},
    },
    problem::Result,
};

/// # Errors
/// The XML is damaged, or a limit is exceeded.
pub(in crate::ingest) fn read(
    bytes: &[u8],
    shown: &str,
    encoding: Option<&str>,
    limits: &Limits,
) -> Result<Vec<Sheet>> {
    let mut tally = Tally::new(shown, limits);
    tally.hold(bytes.len().saturating_mul(3))?;
    let document = delimited::decoded(bytes, shown, encoding)?;
    let mut xml = Xml::from_str(&document);
    xml.config_mut().expand_empty_elements = true;
    let mut document = Document { xml, shown };
    let mut sheets = Vec::new();
    loop {
        match document.next()? {
            Event::Start(start) if is(&start, "Worksheet") => {
                let name = attribute(&start, "Name").unwrap_or_default();
                sheets.push(document.worksheet(Builder::new(&mut tally, &name))?);
            }
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

struct Document<'a> {
    xml: Xml<&'a [u8]>,
    shown: &'a str,
}

/// Elements and attributes may have the prefix `ss:`, or none.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is(start: &BytesStart, name: &str) -> bool {
    local(start.name().as_ref()) == name
}

fn attribute(start: &BytesStart, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| local(attribute.key.as_ref()) == name)?;
    Some(quick_xml::escape::unescape(&found.value).ok()?.into_owned())
}

/// A position (`ss:Index`, from 1) or a number of further cells (`ss:MergeAcross`).
fn count(start: &BytesStart, name: &str) -> Option<u32> {
    attribute(start, name)?.trim().parse().ok()
}

impl<'a> Document<'a> {
    fn next(&mut self) -> Result<Event<'a>> {
        self.xml.read_event().map_err(|why| damaged(self.shown, why).into())
    }

    fn worksheet(&mut self, mut sheet: Builder) -> Result<Sheet> {
        let mut row = 0u32;
        loop {
            match self.next()? {
                Event::Start(start) if is(&start, "Row") => {
                    row = count(&start, "Index").map_or(row, |index| index.saturating_sub(1));
                    let further = count(&start, "Span").unwrap_or_default();
                    self.row(row, &mut sheet)?;
                    row = row.saturating_add(1).saturating_add(further);
                }
                Event::End(end) if local(end.name().as_ref()) == "Worksheet" => return sheet.finish(),
                Event::Eof => return Err(damaged(self.shown, "Worksheet").into()),
                _ => {}
            }
        }
    }

    fn row(&mut self, row: u32, sheet: &mut Builder) -> Result<()> {
        let mut column = 0u32;
        loop {
            match self.next()? {
                Event::Start(start) if is(&start, "Cell") => {
                    column = count(&start, "Index").map_or(column, |index| index.saturating_sub(1));
                    let across = count(&start, "MergeAcross").unwrap_or_default();
                    let down = count(&start, "MergeDown").unwrap_or_default();
                    let cell = match self.cell()? {
                        Cell::Empty if attribute(&start, "Formula").is_some() => Cell::Uncalculated,
                        cell => cell,
                    };
                    sheet.put(row, column, cell)?;
                    let last = (row.saturating_add(down), column.saturating_add(across));
                    if last != (row, column) {
                        sheet.merge((row, column), last)?;
                    }
                    column = last.1.saturating_add(1);
                }
                Event::End(end) if local(end.name().as_ref()) == "Row" => return Ok(()),
                Event::Eof => return Err(damaged(self.shown, "Row").into()),
                _ => {}
            }
        }
    }

    /// The value of the current cell; comments beside it are passed over.
    fn cell(&mut self) -> Result<Cell> {
        let mut found = Cell::Empty;
        loop {
            match self.next()? {
                Event::Start(start) if is(&start, "Data") => {
                    let kind = attribute(&start, "Type").unwrap_or_default();
                    let value = self.text("Data")?;
                    found = match kind.as_str() {
                        "Number" => value.trim().parse().map_or_else(|_| text(&value), number),
                        "Boolean" => Cell::YesNo(value.trim() == "1"),
                        "DateTime" => iso_date(value.trim()),
                        "Error" => Cell::Error(value.into()),
                        _ => text(&value),
                    };
                }
                Event::Start(start) if is(&start, "Comment") => drop(self.text("Comment")?),
                Event::End(end) if local(end.name().as_ref()) == "Cell" => return Ok(found),
                Event::Eof => return Err(damaged(self.shown, "Cell").into()),
                _ => {}
            }
        }
    }

    /// The text up to the end of the element; the text of formatted parts of it belongs to it.
    fn text(&mut self, element: &str) -> Result<String> {
        let mut out = String::new();
        loop {
            match self.next()? {
                Event::Text(part) => out.push_str(&part.xml10_content()),
                Event::CData(part) => out.push_str(&part.xml10_content()),
                Event::GeneralRef(part) => match part.resolve_char_ref() {
                    Ok(Some(c)) => out.push(c),
                    _ => out.push_str(quick_xml::escape::resolve_xml_entity(&part).unwrap_or_default()),
                },
                Event::End(end) if local(end.name().as_ref()) == element => return Ok(out),
                Event::Eof => return Err(damaged(self.shown, element).into()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::sheet::address;

    const BOOK: &str = r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "很长">]>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
        <Worksheet ss:Name="表&amp;1"><Table>
        <Row><Cell ss:MergeAcross="1"><Data ss:Type="String">学校<B>数</B></Data></Cell><Cell><Data ss:Type="Number">12.5</Data></Cell></Row>
        <Row ss:Index="4"><Cell ss:Index="2"><Data ss:Type="DateTime">2025-09-01T00:00:00.000</Data></Cell>
        <Cell ss:Formula="=A1"/><Cell><Data ss:Type="String">&b;&#20013;</Data><Comment><Data ss:Type="String">注</Data></Comment></Cell></Row>
        </Table></Worksheet><ss:Worksheet ss:Name="二"><ss:Table/></ss:Worksheet></Workbook>"#;

    #[test]
    fn cells_are_where_excel_shows_them() {
        let sheets = read(BOOK.as_bytes(), "表.xls", None, &Limits::default()).unwrap();
        assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["表&1", "二"]);
        let cells = sheets[0].rows.iter().flat_map(|row| {
            row.cells.iter().map(|(column, cell)| (address(row.index, *column), cell.clone()))
        });
        let text = |text: &str| Cell::Text(text.into());
        let expected = [
            ("A1", text("学校数")),
            ("C1", Cell::Number(12.5)),
            ("B4", Cell::Date(2025, 9, 1)),
            ("C4", Cell::Uncalculated),
            ("D4", text("中")),
        ];
        assert_eq!(cells.collect::<Vec<_>>(), expected.map(|(at, cell)| (at.to_string(), cell)));
        assert_eq!(sheets[0].merges, [(0, 0, 0, 1)]);
    }
}
