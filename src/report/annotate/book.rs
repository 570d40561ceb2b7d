//! `xl/workbook.xml`: the list of sheets, to which one is added at the front.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::{Reader, Writer, events::Event};

use super::{
    Namespace,
    xml::{Broken, Patched, attribute, changed, number, prefix, prefixed, quoted},
};

/// Sheets by name with their relationships, and which of the two namespaces the package is written in.
pub fn sheets(book: &[u8]) -> Patched<(BTreeMap<String, String>, Namespace)> {
    let mut xml = Reader::from_reader(book);
    let (mut names, mut namespace) = (BTreeMap::new(), Namespace::Transitional);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Eof => return Ok((names, namespace)),
            Event::Start(e) | Event::Empty(e) => match e.local_name().as_ref() {
                "workbook"
                    if e.attributes_raw().contains("http://purl.oclc.org/ooxml/spreadsheetml/main") =>
                {
                    namespace = Namespace::Strict;
                }
                "sheet" => {
                    if let (Some(name), Some(id)) = (attribute(&e, "name"), prefixed(&e, "id")) {
                        names.entry(name).or_insert(id);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// `title`, with a number if a sheet already has that name; Excel ignores case.
pub fn unused_name<'n>(title: &str, taken: impl Iterator<Item = &'n String>) -> String {
    let taken: BTreeSet<String> = taken.map(|name| name.to_lowercase()).collect();
    let numbered = |n: u32| if n == 1 { title.to_string() } else { format!("{title} {n}") };
    (1u32..).map(numbered).find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default()
}

/// `workbook.xml` with one more sheet at the front; positions of sheets are shifted by one.
pub fn with_first_sheet(book: &[u8], name: &str, id: &str, namespace: Namespace) -> Patched<Vec<u8>> {
    let ids = sheet_ids(book)?;
    let sheet_id = (1u32..).find(|id| !ids.contains(id)).unwrap_or(1);
    let mut xml = Reader::from_reader(book);
    let mut out = Writer::new(Vec::with_capacity(book.len() + 512));
    let (mut buffer, mut depth, mut views, mut put) = (Vec::new(), 0usize, false, false);
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer)?;
        let (element, empty) = match &event {
            Event::Eof => break,
            Event::Start(e) => (Some(e), false),
            Event::Empty(e) => (Some(e), true),
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                (None, false)
            }
            _ => (None, false),
        };
        let Some(e) = element else {
            out.write_event(event)?;
            continue;
        };
        let p = prefix(e);
        let further = |name: &str, least: Option<u32>| {
            number(e, name).or(least).map(|n| n.saturating_add(1).to_string())
        };
        let mut changes: Vec<(&str, Option<String>)> = Vec::new();
        let local = e.local_name();
        match (depth, local.as_ref()) {
            (1, "bookViews") => views = true,
            (2, "workbookView") => {
                changes.push(("activeTab", further("activeTab", Some(0))));
                // The first visible tab stays the same if the tabs were scrolled.
                changes.extend(
                    number(e, "firstSheet")
                        .filter(|n| *n > 0)
                        .map(|_| ("firstSheet", further("firstSheet", None))),
                );
            }
            (2, "definedName") => {
                changes.extend(further("localSheetId", None).map(|n| ("localSheetId", Some(n))));
            }
            (1, "sheets") if !empty && !views => {
                let view = format!(r#"<{p}bookViews><{p}workbookView activeTab="1"/></{p}bookViews>"#);
                out.get_mut().extend(view.into_bytes());
            }
            _ => {}
        }
        let sheets = depth == 1 && local.as_ref() == "sheets" && !empty;
        if changes.is_empty() {
            out.write_event(event.borrow())?;
        } else {
            let changes: Vec<(&str, Option<&str>)> =
                changes.iter().map(|(k, v)| (*k, v.as_deref())).collect();
            let e = changed(e, &changes);
            out.write_event(if empty { Event::Empty(e) } else { Event::Start(e) })?;
        }
        if sheets {
            let sheet = format!(
                r#"<{p}sheet xmlns:r="{}" name="{}" sheetId="{sheet_id}" r:id="{}"/>"#,
                namespace.relationships(),
                quoted(name),
                quoted(id)
            );
            out.get_mut().extend(sheet.into_bytes());
            put = true;
        }
        depth += usize::from(!empty);
    }
    if put { Ok(out.into_inner()) } else { Err(Broken("sheets".into())) }
}

fn sheet_ids(book: &[u8]) -> Patched<BTreeSet<u32>> {
    let (mut xml, mut buffer, mut ids) = (Reader::from_reader(book), Vec::new(), BTreeSet::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Eof => return Ok(ids),
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "sheet" => {
                ids.extend(number(&e, "sheetId"));
            }
            _ => {}
        }
    }
}
