//! Comments of a sheet: their texts (`comments1.xml`) and the boxes they are shown in (VML, which is what Excel, WPS
//! and LibreOffice read). Existing ones stay; ours are added.

use std::{collections::BTreeSet, fmt::Write as _};

use quick_xml::{Reader, Writer, events::Event};

use super::{
    Namespace,
    marks::{Cells, Mark},
    xml::{Broken, Patched, attribute, prefix, text},
};
use crate::ingest::{sheet::address, workbook::position};

/// The XML of the part, and the cells that had no comment before.
type Made = (Vec<u8>, BTreeSet<(u32, u32)>);

/// A sheet's comments with ours.
///
/// # Errors
/// [`Broken`] if the existing part is.
pub fn patch(there: Option<&[u8]>, marks: &Cells, author: &str, namespace: Namespace) -> Patched<Made> {
    let empty = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<comments xmlns="{}"><authors/><commentList/></comments>"#,
        namespace.main()
    );
    let source = there.unwrap_or(empty.as_bytes());
    let mut xml = Reader::from_reader(source);
    xml.config_mut().expand_empty_elements = true;
    let mut out = Writer::new(Vec::with_capacity(source.len() + marks.len() * 256));
    let mut buffer = Vec::new();
    let mut without: BTreeSet<(u32, u32)> = marks.keys().copied().collect();
    let (mut p, mut authors, mut depth) = (String::new(), 0usize, 0usize);
    // The comment being read, until ours has been added to it.
    let mut open: Option<&Mark> = None;
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer)?;
        match &event {
            Event::Eof => break,
            Event::Start(e) => {
                let name = e.local_name();
                match (depth, name.as_ref()) {
                    (0, "comments") => p = prefix(e),
                    (0, other) => return Err(Broken(other.into())),
                    (2, "author") => authors += 1,
                    (2, "comment") => {
                        let cell = attribute(e, "ref").and_then(|r| position(&r));
                        open = cell.filter(|cell| without.remove(cell)).and_then(|cell| marks.get(&cell));
                    }
                    (4, "rPh" | "phoneticPr") => {
                        if let Some(mark) = open.take() {
                            out.get_mut().extend(run(&p, &format!("\n\n{}", mark.text)).into_bytes());
                        }
                    }
                    _ => {}
                }
                depth += 1;
            }
            Event::End(e) => {
                depth = depth.saturating_sub(1);
                match (depth, e.local_name().as_ref()) {
                    (1, "authors") => {
                        let author = text(author);
                        out.get_mut().extend(format!("<{p}author>{author}</{p}author>").into_bytes());
                    }
                    (3, "text") => {
                        if let Some(mark) = open.take() {
                            out.get_mut().extend(run(&p, &format!("\n\n{}", mark.text)).into_bytes());
                        }
                    }
                    (1, "commentList") => {
                        for (cell, mark) in marks.iter().filter(|(cell, _)| without.contains(cell)) {
                            let (at, run) = (address(cell.0, cell.1), run(&p, &mark.text));
                            let ours = format!(
                                r#"<{p}comment ref="{at}" authorId="{authors}"><{p}text>{run}</{p}text></{p}comment>"#
                            );
                            out.get_mut().extend(ours.into_bytes());
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        out.write_event(event)?;
    }
    Ok((out.into_inner(), without))
}

fn run(p: &str, said: &str) -> String {
    format!(
        r#"<{p}r><{p}rPr><{p}sz val="10"/></{p}rPr><{p}t xml:space="preserve">{}</{p}t></{p}r>"#,
        text(said)
    )
}

/// Characters per line of the box, two columns each.
const LINE: usize = 22;
const LAST_COLUMN: u32 = 16_383;

/// Adds the boxes of `cells` to the existing ones.
pub fn shapes(there: Option<&[u8]>, cells: &BTreeSet<(u32, u32)>, marks: &Cells) -> Patched<Vec<u8>> {
    let empty = br#"<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>"#;
    let source = there.unwrap_or(empty);
    let end = source.windows(2).rposition(|two| two == b"</").ok_or_else(|| Broken("vml".into()))?;
    let (before, behind) = source.split_at(end);
    let mut id = last_id(before);
    let mut ours = String::new();
    // Ids come in blocks of 1024, which a drawing declares.
    if there.is_none() {
        let blocks = cells.len() / 1023 + 1;
        let blocks: Vec<String> = (1..=blocks).map(|n| n.to_string()).collect();
        let _ = write!(
            ours,
            r#"<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{}"/></o:shapelayout>"#,
            blocks.join(",")
        );
    }
    if !before.windows(KIND.len()).any(|window| window == KIND.as_bytes()) {
        ours.push_str(r#"<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"#);
    }
    for (row, column) in cells {
        id += 1;
        let lines: usize = marks
            .get(&(*row, *column))
            .map_or(1, |mark| mark.text.lines().map(|line| line.chars().count() / LINE + 1).sum());
        // To the right of the cell; at the edge of the sheet, to its left.
        let left = if column + 6 <= LAST_COLUMN { column + 1 } else { column.saturating_sub(6) };
        let (top, bottom) = (row.saturating_sub(1), row.saturating_add(lines.clamp(3, 30) as u32));
        let _ = write!(
            ours,
            r##"<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:1.5pt;width:260pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left},15,{top},2,{right},15,{bottom},4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"##,
            height = lines.clamp(3, 30) * 15,
            right = left + 4,
        );
    }
    Ok([before, ours.as_bytes(), behind].concat())
}

const KIND: &str = r#"id="_x0000_t202""#;

/// The highest number of a shape; 1024 if there is none.
fn last_id(vml: &[u8]) -> usize {
    let text = String::from_utf8_lossy(vml);
    let numbers = text.split("_x0000_s").skip(1).filter_map(|tail| {
        let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        tail.get(..digits.min(9))?.parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0).max(1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Level;

    fn marks() -> Cells {
        let mark = |text: &str| Mark { level: Level::Error, text: text.into() };
        [((0, 0), mark("一 <b>")), ((4, 2), mark("二"))].into()
    }

    fn said(there: Option<&str>) -> (String, BTreeSet<(u32, u32)>) {
        let (bytes, new) =
            patch(there.map(str::as_bytes), &marks(), "junheng", Namespace::Transitional).unwrap();
        (String::from_utf8(bytes).unwrap(), new)
    }

    #[test]
    fn a_sheet_without_comments_gets_them() {
        let (text, new) = said(None);
        assert_eq!(new.len(), 2);
        assert!(
            text.contains(r#"<comment ref="C5" authorId="0">"#) && text.contains("一 &lt;b&gt;"),
            "{text}"
        );
    }

    #[test]
    fn comments_that_are_there_stay_and_ours_is_added() {
        let there = r#"<x:comments xmlns:x="m"><x:authors><x:author>李</x:author></x:authors><x:commentList><x:comment ref="C5" authorId="0"><x:text><x:t>原</x:t><x:phoneticPr fontId="1"/></x:text></x:comment><x:comment ref="D9" authorId="0"><x:text><x:t>别</x:t></x:text></x:comment></x:commentList></x:comments>"#;
        let (text, new) = said(Some(there));
        assert_eq!(new, [(0, 0)].into());
        assert_eq!(text.matches("<x:comment ").count(), 3);
        assert!(text.contains("<x:author>李</x:author><x:author>junheng</x:author>"), "{text}");
        let (own, behind) = text.split_once("<x:t>原</x:t>").unwrap();
        assert!(own.contains(r#"ref="C5""#) && behind.starts_with("<x:r>"), "{text}");
        assert!(behind.find("二").unwrap() < behind.find("phoneticPr").unwrap(), "{text}");
        assert!(text.contains(r#"<x:comment ref="A1" authorId="1">"#), "{text}");
    }

    #[test]
    fn boxes_are_added_behind_those_that_are_there() {
        let new = [(4, 2), (9, 16_383)].into();
        let fresh = String::from_utf8(shapes(None, &new, &marks()).unwrap()).unwrap();
        assert_eq!(fresh.matches("<v:shape ").count(), 2);
        assert!(fresh.contains("_x0000_s1025") && fresh.ends_with("</xml>"), "{fresh}");
        assert!(fresh.contains("<x:Anchor>16377,15,"), "{fresh}");
        let more = shapes(Some(fresh.as_bytes()), &[(0, 0)].into(), &marks()).unwrap();
        let more = String::from_utf8(more).unwrap();
        assert_eq!((more.matches("<v:shape ").count(), more.matches("<v:shapetype").count()), (3, 1));
        assert!(more.contains("_x0000_s1027"), "{more}");
        assert!(shapes(Some(b"nothing"), &new, &marks()).is_err());
    }
}
