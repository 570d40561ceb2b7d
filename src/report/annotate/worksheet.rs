//! One worksheet with some cells coloured: its XML is read and written event by event, so a sheet of any length
//! takes no more memory than its longest row.

use std::{
    io::{BufRead, Write},
    iter::Peekable,
};

use quick_xml::{
    Reader, Writer,
    events::{BytesEnd, BytesStart, Event},
};

use super::{
    Namespace,
    marks::{Cells, Mark},
    styles::Styles,
    xml::{Broken, Patched, attribute, changed, number, prefix, prefixed, quoted},
};
use crate::ingest::{sheet::address, workbook::position};

/// Elements that may follow `legacyDrawing` in a worksheet (ISO/IEC 29500-1, 18.3.1.99).
const BEHIND: [&str; 8] = [
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "drawingHF",
];

/// Copies a worksheet from `from` to `to` with the cells of `marks` in their colours. `drawing` is the relationship of
/// the comments' shapes, for a sheet that has none yet; the id of an existing one is returned.
///
/// # Errors
/// [`Broken`] if the XML is, or if rows do not ascend.
pub fn patch<R: BufRead, W: Write>(
    from: R,
    to: W,
    marks: &Cells,
    styles: &mut Styles,
    (drawing, namespace): (&str, Namespace),
) -> Patched<Option<String>> {
    let mut patch = Patch {
        to: Writer::new(to),
        marks,
        rest: marks.iter().peekable(),
        styles,
        prefix: String::new(),
        columns: Vec::new(),
        row: None,
        next_row: 0,
        drawing: None,
        placed: false,
    };
    let element = |prefix: &str| {
        format!(
            r#"<{prefix}legacyDrawing xmlns:r="{}" r:id="{}"/>"#,
            namespace.relationships(),
            quoted(drawing)
        )
    };
    let mut xml = Reader::from_reader(from);
    let (mut buffer, mut depth, mut in_data) = (Vec::new(), 0usize, false);
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer)?;
        match event {
            Event::Eof => break,
            Event::Start(e) => {
                match (depth, e.local_name().as_ref()) {
                    (0, "worksheet") => patch.prefix = prefix(&e),
                    (0, other) => return Err(Broken(other.into())),
                    (1, "sheetData") => in_data = true,
                    (1, local) => patch.foot(local, &e, &element)?,
                    _ => {}
                }
                match (depth, in_data, e.local_name().as_ref()) {
                    (2, true, "row") => patch.open_row(&e, false)?,
                    (3, true, "c") => patch.cell(&e, false)?,
                    _ => patch.to.write_event(Event::Start(e))?,
                }
                depth += 1;
            }
            Event::Empty(e) => match (depth, in_data, e.local_name().as_ref()) {
                (1, false, "sheetData") => {
                    let end = e.to_end().into_owned();
                    patch.to.write_event(Event::Start(e.borrow()))?;
                    patch.rows_before(u32::MAX)?;
                    patch.to.write_event(Event::End(end))?;
                }
                (1, false, "dimension") => patch.dimension(&e)?,
                (2, false, "col") => {
                    patch.column(&e);
                    patch.to.write_event(Event::Empty(e))?;
                }
                (2, true, "row") => patch.open_row(&e, true)?,
                (3, true, "c") => patch.cell(&e, true)?,
                (0, ..) => return Err(Broken("worksheet".into())),
                (1, _, local) => {
                    patch.foot(local, &e, &element)?;
                    patch.to.write_event(Event::Empty(e))?;
                }
                _ => patch.to.write_event(Event::Empty(e))?,
            },
            Event::End(e) => {
                depth = depth.saturating_sub(1);
                match (depth, in_data, e.local_name().as_ref()) {
                    (2, true, "row") => patch.close_row()?,
                    (1, true, "sheetData") => {
                        patch.rows_before(u32::MAX)?;
                        in_data = false;
                    }
                    (0, ..) if patch.drawing.is_none() && !patch.placed => {
                        let element = element(&patch.prefix);
                        patch.raw(&element)?;
                        patch.placed = true;
                    }
                    _ => {}
                }
                patch.to.write_event(Event::End(e))?;
            }
            other => patch.to.write_event(other)?,
        }
    }
    if depth != 0 || patch.rest.peek().is_some() {
        return Err(Broken("sheetData".into()));
    }
    Ok(patch.drawing)
}

struct Row {
    /// 0-based.
    index: u32,
    style: Option<u32>,
    /// The row has cells to mark, so the order of its cells is checked.
    marked: bool,
    next_column: u32,
}

struct Patch<'a, W: Write> {
    to: Writer<W>,
    marks: &'a Cells,
    rest: Peekable<std::collections::btree_map::Iter<'a, (u32, u32), Mark>>,
    styles: &'a mut Styles,
    prefix: String,
    /// First and last column, 0-based, and the style of their empty cells.
    columns: Vec<(u32, u32, u32)>,
    row: Option<Row>,
    next_row: u32,
    /// The id of the existing `legacyDrawing`.
    drawing: Option<String>,
    placed: bool,
}

impl<W: Write> Patch<'_, W> {
    fn raw(&mut self, text: &str) -> Patched<()> {
        Ok(self.to.get_mut().write_all(text.as_bytes())?)
    }

    /// Handles an element of the worksheet itself, to place `legacyDrawing` correctly.
    fn foot(&mut self, local: &str, e: &BytesStart, element: &dyn Fn(&str) -> String) -> Patched<()> {
        if local == "legacyDrawing" {
            self.drawing = Some(prefixed(e, "id").ok_or_else(|| Broken("legacyDrawing".into()))?);
        } else if BEHIND.contains(&local) && self.drawing.is_none() && !self.placed {
            let element = element(&self.prefix);
            self.raw(&element)?;
            self.placed = true;
        }
        Ok(())
    }

    /// The corner cells that the sheet declares, extended by the added cells.
    fn dimension(&mut self, e: &BytesStart) -> Patched<()> {
        let claimed = attribute(e, "ref").unwrap_or_default();
        let (first, last) = claimed.split_once(':').unwrap_or((&claimed, &claimed));
        let (Some(mut first), Some(mut last)) = (position(first), position(last)) else {
            return Ok(self.to.write_event(Event::Empty(e.borrow()))?);
        };
        for (row, column) in self.marks.keys() {
            first = (first.0.min(*row), first.1.min(*column));
            last = (last.0.max(*row), last.1.max(*column));
        }
        let all = format!("{}:{}", address(first.0, first.1), address(last.0, last.1));
        let all = if first == last { address(first.0, first.1) } else { all };
        Ok(self.to.write_event(Event::Empty(changed(e, &[("ref", Some(&all))])))?)
    }

    fn column(&mut self, e: &BytesStart) {
        if let (Some(first), Some(last), Some(style)) =
            (number(e, "min"), number(e, "max"), number(e, "style"))
        {
            self.columns.push((first.saturating_sub(1), last.saturating_sub(1), style));
        }
    }

    fn open_row(&mut self, e: &BytesStart, empty: bool) -> Patched<()> {
        let index = match number(e, "r") {
            Some(row) => row.checked_sub(1).ok_or_else(|| Broken("row 0".into()))?,
            None => self.next_row,
        };
        if index < self.next_row {
            return Err(Broken(format!("row {}", index + 1)));
        }
        self.rows_before(index)?;
        self.next_row = index + 1;
        let marked = self.rest.peek().is_some_and(|((row, _), _)| *row == index);
        if !marked {
            let event = e.borrow();
            self.row = (!empty).then_some(Row { index, style: None, marked, next_column: 0 });
            self.to.write_event(if empty { Event::Empty(event) } else { Event::Start(event) })?;
            return Ok(());
        }
        let style =
            number(e, "s").filter(|_| attribute(e, "customFormat").is_some_and(|v| v == "1" || v == "true"));
        // A hint at the columns in use, which may change now.
        let start = changed(e, &[("spans", None)]);
        self.row = Some(Row { index, style, marked, next_column: 0 });
        self.to.write_event(Event::Start(start.borrow()))?;
        if empty {
            self.close_row()?;
            self.to.write_event(Event::End(start.to_end()))?;
        }
        Ok(())
    }

    fn close_row(&mut self) -> Patched<()> {
        self.cells_before(u32::MAX)?;
        self.row = None;
        Ok(())
    }

    fn cell(&mut self, e: &BytesStart, empty: bool) -> Patched<()> {
        let Some(row) = &self.row else { return Err(Broken("c".into())) };
        let index = row.index;
        let mut out = e.borrow();
        if row.marked {
            let column = match attribute(e, "r") {
                Some(r) => position(&r).filter(|p| p.0 == index).ok_or(Broken(r))?.1,
                None => row.next_column,
            };
            if column < row.next_column {
                return Err(Broken(address(index, column)));
            }
            self.cells_before(column)?;
            if let Some(row) = &mut self.row {
                row.next_column = column + 1;
            }
            if let Some((_, mark)) = self.rest.next_if(|(at, _)| **at == (index, column)) {
                let style = self.styles.marked(number(e, "s").unwrap_or(0), mark.level).to_string();
                out = changed(e, &[("s", Some(&style))]);
            }
        }
        Ok(self.to.write_event(if empty { Event::Empty(out) } else { Event::Start(out) })?)
    }

    /// Writes the marked cells up to `column` that the open row lacks.
    fn cells_before(&mut self, column: u32) -> Patched<()> {
        let Some(row) = &self.row else { return Ok(()) };
        let (index, own) = (row.index, row.style);
        while let Some((at, mark)) = self.rest.next_if(|(at, _)| at.0 == index && at.1 < column) {
            let of_column = || self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&at.1));
            let base = own.or_else(|| of_column().map(|c| c.2)).unwrap_or(0);
            let style = self.styles.marked(base, mark.level);
            let cell = format!(r#"<{}c r="{}" s="{style}"/>"#, self.prefix, address(at.0, at.1));
            self.raw(&cell)?;
        }
        Ok(())
    }

    /// Writes the marked rows up to `row` that the sheet lacks.
    fn rows_before(&mut self, row: u32) -> Patched<()> {
        while let Some(index) = self.rest.peek().map(|(at, _)| at.0).filter(|index| *index < row) {
            let name = format!("{}row", self.prefix);
            let start = BytesStart::new(name.as_str());
            let number = (index + 1).to_string();
            self.to.write_event(Event::Start(changed(&start, &[("r", Some(&number))])))?;
            self.row = Some(Row { index, style: None, marked: true, next_column: 0 });
            self.close_row()?;
            self.to.write_event(Event::End(BytesEnd::new(name.as_str())))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Level;

    /// The part with these cells marked, all as errors, and the id of the boxes that were there. Formats 1, 2 … are those
    /// that marking adds: the workbook has format 0 alone.
    fn patched(sheet: &str, cells: &[&str]) -> Patched<(String, Option<String>)> {
        let mark = Mark { level: Level::Error, text: "x".into() };
        let marks: Cells = cells.iter().map(|cell| (position(cell).unwrap(), mark.clone())).collect();
        let mut styles = Styles::none(Namespace::Transitional).unwrap();
        let mut out = Vec::new();
        let drawing =
            patch(sheet.as_bytes(), &mut out, &marks, &mut styles, ("rIdB", Namespace::Transitional))?;
        Ok((String::from_utf8(out).unwrap(), drawing))
    }

    /// What stands between the tags of `sheetData`.
    fn data(rows: &str, cells: &[&str]) -> String {
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let (text, _) = patched(&sheet, cells).unwrap();
        text.split("sheetData>").nth(1).unwrap().trim_end_matches("</").to_string()
    }

    #[test]
    fn cells_that_are_there_get_another_format_and_nothing_else() {
        let rows = r#"<row r="2" spans="1:2"><c r="A2" s="0" t="s"><v>3</v></c><c r="B2"><f>A1&amp;"x"</f><v>1</v></c><c r="C2" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c><c r="D2"/></row><row r="3" x14ac:dyDescent="0.3" spans="1:1"><c r="A3"><v>1</v></c></row>"#;
        assert_eq!(data(rows, &[]), rows);
        assert_eq!(
            data(rows, &["A2", "B2", "C2", "D2"]),
            r#"<row r="2"><c r="A2" s="1" t="s"><v>3</v></c><c r="B2" s="1"><f>A1&amp;"x"</f><v>1</v></c><c r="C2" t="inlineStr" s="1"><is><t xml:space="preserve"> a </t></is></c><c r="D2" s="1"/></row><row r="3" x14ac:dyDescent="0.3" spans="1:1"><c r="A3"><v>1</v></c></row>"#
        );
    }

    #[test]
    fn cells_and_rows_that_are_not_there_are_put_in_their_place() {
        let rows =
            r#"<row r="2"><c r="B2"><v>1</v></c></row><row r="4" hidden="1"/><row r="6"><c r="A6"/></row>"#;
        assert_eq!(
            data(rows, &["A2", "C2", "B3", "D4", "A6", "A9"]),
            r#"<row r="2"><c r="A2" s="1"/><c r="B2"><v>1</v></c><c r="C2" s="1"/></row><row r="3"><c r="B3" s="1"/></row><row r="4" hidden="1"><c r="D4" s="1"/></row><row r="6"><c r="A6" s="1"/></row><row r="9"><c r="A9" s="1"/></row>"#
        );
        assert_eq!(data("", &["B1"]), r#"<row r="1"><c r="B1" s="1"/></row>"#);
        let (text, _) = patched("<worksheet><sheetData/></worksheet>", &["B1"]).unwrap();
        assert!(text.contains(r#"<sheetData><row r="1"><c r="B1" s="1"/></row></sheetData>"#), "{text}");
    }

    #[test]
    fn rows_and_cells_without_an_address_are_counted() {
        let rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c/></row>";
        assert_eq!(
            data(rows, &["B1", "A2"]),
            r#"<row><c><v>1</v></c><c s="1"><v>2</v></c></row><row><c s="1"/></row>"#
        );
    }

    #[test]
    fn an_empty_cell_looks_like_its_row_or_column() {
        let sheet = r#"<worksheet><dimension ref="B2:B2"/><cols><col min="3" max="4" style="7"/></cols><sheetData><row r="1" s="0" customFormat="1"/></sheetData></worksheet>"#;
        let mark = Mark { level: Level::Note, text: "x".into() };
        let marks: Cells = ["C1", "D2", "E2"].map(|cell| (position(cell).unwrap(), mark.clone())).into();
        let mut styles = Styles::none(Namespace::Transitional).unwrap();
        let mut out = Vec::new();
        patch(sheet.as_bytes(), &mut out, &marks, &mut styles, ("r", Namespace::Transitional)).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(r#"<dimension ref="B1:E2"/>"#), "{text}");
        for (cell, base) in [("C1", 0), ("D2", 7), ("E2", 0)] {
            let format = styles.marked(base, Level::Note);
            assert!(text.contains(&format!(r#"<c r="{cell}" s="{format}"/>"#)), "{cell}: {text}");
        }
    }

    #[test]
    fn boxes_stand_where_the_format_wants_them() {
        let sheet = |foot: &str| format!("<worksheet><sheetData/><pageMargins/>{foot}</worksheet>");
        for (foot, before) in [
            ("", "</worksheet>"),
            (r#"<drawing r:id="r1"/>"#, "</worksheet>"),
            (r#"<drawing r:id="r1"/><tableParts/>"#, "<tableParts/>"),
            (r#"<extLst><ext><legacyDrawing/></ext></extLst>"#, "<extLst>"),
            (r#"<legacyDrawingHF r:id="r2"/>"#, "<legacyDrawingHF"),
        ] {
            let (text, there) = patched(&sheet(foot), &["A1"]).unwrap();
            let (_, behind) = text.split_once(r#"r:id="rIdB"/>"#).unwrap();
            assert!(behind.starts_with(before), "{text}");
            assert_eq!(there, None);
        }
        let (text, there) = patched(&sheet(r#"<legacyDrawing r:id="r5"/><tableParts/>"#), &["A1"]).unwrap();
        assert_eq!(there.as_deref(), Some("r5"));
        assert!(!text.contains("rIdB"), "{text}");
    }

    #[test]
    fn a_prefix_of_the_main_namespace_is_kept() {
        let sheet = r#"<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="B1"/></x:row></x:sheetData></x:worksheet>"#;
        let (text, _) = patched(sheet, &["A1", "B1", "A2"]).unwrap();
        assert!(text.contains(r#"<x:row r="1"><x:c r="A1" s="1"/><x:c r="B1" s="1"/></x:row><x:row r="2"><x:c r="A2" s="1"/></x:row>"#), "{text}");
        assert!(text.contains("<x:legacyDrawing "), "{text}");
    }

    #[test]
    fn what_is_not_in_order_is_not_patched() {
        let of = |rows: &str, cells: &[&str]| {
            patched(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), cells)
        };
        assert!(of(r#"<row r="3"/><row r="2"/>"#, &["A2"]).is_err());
        assert!(of(r#"<row r="1"><c r="B1"/><c r="A1"/></row>"#, &["A1"]).is_err());
        assert!(of(r#"<row r="1"><c r="B7"/></row>"#, &["B1"]).is_err());
        for sheet in [
            "",
            "<worksheet/>",
            "<chartsheet><a/></chartsheet>",
            "<worksheet><sheetData><row r='1'>",
            "<a></b>",
        ] {
            assert!(patched(sheet, &["A1"]).is_err(), "{sheet}");
        }
    }
}
