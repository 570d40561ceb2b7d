//! The first sheet of a copy: all findings of the file, each with a link to its cell.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::{
    Namespace,
    marks::{Line, Marks, target},
    styles::Own,
    xml::{quoted, text},
};
use crate::{ingest::sheet::address, number, problem::Level, words::Words};

/// Maximum number of findings listed; `findings.csv` contains all.
const MAX_LINES: usize = 50_000;

/// The columns, and how wide they are in characters.
pub const COLUMNS: [(&str, u32); 6] =
    [("level", 8), ("sheet", 18), ("cell", 10), ("school", 22), ("fact", 24), ("message", 80)];

/// The lines above and below the header: the same in a patched copy and in a rebuilt one.
pub struct List<'a> {
    pub title: String,
    /// The meaning of the colours, the numbers of findings, the provenance, and what the copy has lost.
    pub above: Vec<String>,
    pub head: Vec<String>,
    pub lines: &'a [Line],
    /// Set if not all findings are listed.
    pub more: Option<String>,
}

impl<'a> List<'a> {
    /// `lost`: what the copy lacks of its original.
    pub fn new(marks: &'a Marks, file: &str, made: &str, lost: Option<String>, words: &Words) -> List<'a> {
        let count = |level| number::count(marks.count(level) as i64);
        let counts = [
            ("file", file.to_string()),
            ("errors", count(Level::Error)),
            ("warnings", count(Level::Warning)),
            ("notes", count(Level::Note)),
        ];
        let mut above = vec![words.fill("annotate.counts", &counts), words.say("annotate.how")];
        above.extend(lost);
        above.push(made.to_string());
        let shown = marks.lines.len().min(MAX_LINES);
        let more = (shown < marks.lines.len()).then(|| {
            let all = number::count(marks.lines.len() as i64);
            words.fill("annotate.more", &[("shown", number::count(shown as i64)), ("all", all)])
        });
        List {
            title: words.say("annotate.sheet"),
            above,
            head: COLUMNS.iter().map(|(name, _)| words.say(&format!("annotate.column.{name}"))).collect(),
            lines: marks.lines.get(..shown).unwrap_or_default(),
            more,
        }
    }

    /// The 0-based row of the header.
    pub fn head_row(&self) -> u32 {
        self.above.len() as u32 + 2
    }

    /// The cells of a line, by column.
    pub fn cells(line: &Line, words: &Words) -> [String; 6] {
        let level = words.say(&format!("annotate.level.{}", line.level.id()));
        let cell = match line.cell {
            Some(_) if line.place.is_empty() => words.say("annotate.whole_sheet"),
            _ => line.place.clone(),
        };
        [level, line.sheet.clone(), cell, line.school.clone(), line.fact.clone(), line.message.clone()]
    }

    /// Height of a line's row in points: messages wrap at the width of their column.
    pub fn height(line: &Line, words: &Words) -> u32 {
        let lines =
            |(said, (_, width)): (String, (&str, u32))| said.width().div_ceil(width.max(3) as usize - 2);
        let most = Self::cells(line, words).into_iter().zip(COLUMNS).map(lines).max().unwrap_or(1);
        // The maximum height of a row in Excel.
        (most.max(1) as u32).saturating_mul(15).min(405)
    }

    /// The sheet as a part of a package.
    pub fn xml(&self, own: &Own, namespace: Namespace, words: &Words) -> Vec<u8> {
        let mut out = format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="{}"><sheetPr><tabColor rgb="FFF29B8E"/><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="{head}" topLeftCell="A{first}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>"#,
            namespace.main(),
            head = self.head_row() + 1,
            first = self.head_row() + 2,
        );
        for (i, (_, width)) in (1..).zip(COLUMNS) {
            let _ = write!(out, r#"<col min="{i}" max="{i}" width="{width}" customWidth="1"/>"#);
        }
        out.push_str("</cols><sheetData>");
        let mut row = 0;
        let mut put = |cells: &[(String, u32)], row: u32, height: Option<u32>| {
            let height = height.map_or(String::new(), |ht| format!(r#" ht="{ht}" customHeight="1""#));
            let _ = write!(out, r#"<row r="{}"{height}>"#, row + 1);
            for (column, (said, style)) in (0..).zip(cells) {
                let _ = write!(
                    out,
                    r#"<c r="{}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>"#,
                    address(row, column),
                    text(said)
                );
            }
            out.push_str("</row>");
        };
        put(&[(self.title.clone(), own.title)], row, None);
        for said in &self.above {
            row += 1;
            put(&[(said.clone(), own.plain)], row, None);
        }
        let head: Vec<(String, u32)> = self.head.iter().map(|said| (said.clone(), own.head)).collect();
        put(&head, self.head_row(), None);
        row = self.head_row();
        let mut links = String::new();
        for line in self.lines {
            row += 1;
            let cells = Self::cells(line, words);
            let styles = [own.level(line.level), own.text, own.text, own.text, own.text, own.text];
            let mut cells: Vec<(String, u32)> = cells.into_iter().zip(styles).collect();
            if let Some(cell) = line.cell {
                if let Some(link) = cells.get_mut(2) {
                    link.1 = own.link;
                }
                let (at, to) = (address(row, 2), quoted(&target(&line.sheet, cell)));
                let _ = write!(links, r#"<hyperlink ref="{at}" location="{to}" display="{to}"/>"#);
            }
            put(&cells, row, Some(Self::height(line, words)));
        }
        if let Some(more) = &self.more {
            put(&[(more.clone(), own.plain)], row + 1, None);
        }
        let last = self.head_row() + self.lines.len() as u32;
        let _ = write!(
            out,
            r#"</sheetData><autoFilter ref="{}:{}"/>"#,
            address(self.head_row(), 0),
            address(last, COLUMNS.len() as u32 - 1)
        );
        if !links.is_empty() {
            let _ = write!(out, "<hyperlinks>{links}</hyperlinks>");
        }
        out.push_str(r#"<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>"#);
        out.into_bytes()
    }
}
