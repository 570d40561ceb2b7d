//! `styles.xml` with the colours of findings: every cell format used by a marked cell is duplicated with another fill,
//! so that number format, border and alignment stay.

use std::collections::BTreeMap;

use quick_xml::{
    Reader, Writer,
    events::{BytesStart, Event},
};

use super::{
    Namespace,
    xml::{Broken, Patched, attribute, changed, number, prefix, quoted},
};
use crate::problem::Level;

/// Excel's maximum number of cell formats.
const MAX_FORMATS: usize = 65_490;

/// The colour of a level. The three differ in lightness, so that they differ in grey print too; dark text is legible on
/// each.
pub fn colour(level: Level) -> &'static str {
    match level {
        Level::Error => "F29B8E",
        Level::Warning => "FFD34D",
        Level::Note => "DCEBFA",
    }
}

const LEVELS: [Level; 3] = [Level::Error, Level::Warning, Level::Note];

/// Formats of the sheet of findings.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    pub title: u32,
    pub plain: u32,
    pub head: u32,
    pub text: u32,
    pub link: u32,
    levels: [u32; 3],
}

impl Own {
    pub fn level(&self, level: Level) -> u32 {
        LEVELS.iter().position(|l| *l == level).map_or(self.text, |at| self.levels[at])
    }
}

/// A collection of the part: its number of entries, and the entries to add.
#[derive(Debug, Default)]
struct Collection {
    there: Vec<String>,
    added: Vec<String>,
}

impl Collection {
    fn add(&mut self, element: String) -> u32 {
        self.added.push(element);
        u32::try_from(self.there.len() + self.added.len() - 1).unwrap_or(0)
    }
}

#[derive(Debug)]
pub struct Styles {
    source: String,
    prefix: String,
    fonts: Collection,
    fills: Collection,
    formats: Collection,
    /// The fill of each level.
    level_fills: [u32; 3],
    /// The format made from a format for a level.
    marked: BTreeMap<(u32, usize), u32>,
    /// Fonts too light for our fills, and the dark ones in their place.
    darkened: BTreeMap<u32, u32>,
}

const NAMES: [&str; 3] = ["fonts", "fills", "cellXfs"];

impl Styles {
    /// A workbook without the part has Excel's default formats.
    pub fn none(namespace: Namespace) -> Patched<Styles> {
        let text = format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="{}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
            namespace.main()
        );
        Styles::read(text.into_bytes())
    }

    pub fn read(bytes: Vec<u8>) -> Patched<Styles> {
        let source = String::from_utf8(bytes).map_err(|why| Broken(why.to_string()))?;
        let source = source.strip_prefix('\u{feff}').unwrap_or(&source).to_string();
        let mut found = [None, None, None].map(|_: Option<Collection>| None::<Collection>);
        let mut head = String::new();
        {
            let mut xml = Reader::from_str(&source);
            let (mut depth, mut open, mut from) = (0usize, None, 0usize);
            loop {
                let before = usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX);
                let event = xml.read_event()?;
                let after = usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX);
                let mut whole = |open: Option<usize>, from: usize| {
                    if let Some(Some(collection)) = open.and_then(|at: usize| found.get_mut(at)) {
                        collection.there.push(source.get(from..after).unwrap_or_default().to_string());
                    }
                };
                match event {
                    Event::Eof => break,
                    Event::Start(e) => {
                        match depth {
                            0 => head = prefix(&e),
                            1 => {
                                open = NAMES.iter().position(|name| *name == e.local_name().as_ref());
                                if let Some(at) = open {
                                    found[at] = Some(Collection::default());
                                }
                            }
                            2 => from = before,
                            _ => {}
                        }
                        depth += 1;
                    }
                    Event::Empty(e) => match depth {
                        1 => {
                            if let Some(at) = NAMES.iter().position(|name| *name == e.local_name().as_ref()) {
                                found[at] = Some(Collection::default());
                            }
                        }
                        2 => whole(open, before),
                        _ => {}
                    },
                    Event::End(_) => {
                        depth = depth.saturating_sub(1);
                        match depth {
                            1 => open = None,
                            2 => whole(open, from),
                            _ => {}
                        }
                    }
                    _ => {}
                }
            }
        }
        let [Some(fonts), Some(fills), Some(formats)] = found else { return Err(Broken("styles".into())) };
        let mut styles = Styles {
            source,
            prefix: head,
            fonts,
            fills,
            formats,
            level_fills: [0; 3],
            marked: BTreeMap::new(),
            darkened: BTreeMap::new(),
        };
        styles.level_fills = LEVELS.map(|level| {
            let (p, colour) = (&styles.prefix, colour(level));
            let fill = format!(
                r#"<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/><{p}bgColor indexed="64"/></{p}patternFill></{p}fill>"#
            );
            styles.fills.add(fill)
        });
        Ok(styles)
    }

    /// The format `base` in the colour of `level`; `base` itself if Excel allows no more formats.
    pub fn marked(&mut self, base: u32, level: Level) -> u32 {
        let at = LEVELS.iter().position(|l| *l == level).unwrap_or(0);
        if let Some(known) = self.marked.get(&(base, at)) {
            return *known;
        }
        if self.formats.there.len() + self.formats.added.len() >= MAX_FORMATS {
            return base;
        }
        let there = usize::try_from(base).ok().and_then(|i| self.formats.there.get(i)).cloned();
        let format = there.unwrap_or_else(|| self.plain_format(0, 0, 0, ""));
        let made = self.recoloured(&format, self.level_fills[at]).unwrap_or(format);
        let id = self.formats.add(made);
        self.marked.insert((base, at), id);
        id
    }

    fn recoloured(&mut self, format: &str, fill: u32) -> Option<String> {
        let (start, empty) = first_element(format)?;
        let font = self.dark(number(&start, "fontId").unwrap_or(0));
        let (fill, font) = (fill.to_string(), font.to_string());
        let changes =
            [("fillId", Some(fill.as_str())), ("applyFill", Some("1")), ("fontId", Some(font.as_str()))];
        let tag = written(&changed(&start, &changes), empty);
        let end = format.find('>')? + 1;
        Some(tag + format.get(end..)?)
    }

    /// White letters on the user's dark blue would be lost on our fill.
    fn dark(&mut self, font: u32) -> u32 {
        if let Some(known) = self.darkened.get(&font) {
            return *known;
        }
        let there = usize::try_from(font).ok().and_then(|i| self.fonts.there.get(i)).cloned();
        let id = match there.as_deref().and_then(darkened) {
            Some(dark) => self.fonts.add(dark),
            None => font,
        };
        self.darkened.insert(font, id);
        id
    }

    fn plain_format(&self, font: u32, fill: u32, border: u32, inside: &str) -> String {
        let p = &self.prefix;
        format!(
            r#"<{p}xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">{inside}</{p}xf>"#
        )
    }

    /// The formats of the sheet of findings.
    pub fn own(&mut self) -> Own {
        let p = self.prefix.clone();
        let name = self.fonts.there.first().and_then(|font| name_of(font));
        let name = name.map_or(String::new(), |name| format!(r#"<{p}name val="{}"/>"#, quoted(&name)));
        let mut font = |before: &str, size: u32, colour: &str| {
            self.fonts.add(format!(r#"<{p}font>{before}<{p}sz val="{size}"/>{colour}{name}</{p}font>"#))
        };
        let (bold, underlined) = (format!("<{p}b/>"), format!("<{p}u/>"));
        let blue = format!(r#"<{p}color rgb="FF0563C1"/>"#);
        let (plain, link) = (font("", 11, ""), font(&underlined, 11, &blue));
        let (bold, title) = (font(&bold, 11, ""), font(&bold, 16, ""));
        let grey = self.fills.add(format!(
            r#"<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FFE7E6E6"/><{p}bgColor indexed="64"/></{p}patternFill></{p}fill>"#
        ));
        let wrapped = format!(r#"<{p}alignment vertical="top" wrapText="1"/>"#);
        let level_fills = self.level_fills;
        let mut add = |font, fill, inside: &str| {
            let format = self.plain_format(font, fill, 0, inside);
            self.formats.add(format)
        };
        Own {
            title: add(title, 0, ""),
            plain: add(plain, 0, ""),
            head: add(bold, grey, &wrapped),
            text: add(plain, 0, &wrapped),
            link: add(link, 0, &wrapped),
            levels: level_fills.map(|fill| add(plain, fill, &wrapped)),
        }
    }

    /// The part with the additions.
    pub fn write(&self) -> Patched<Vec<u8>> {
        let mut xml = Reader::from_str(&self.source);
        let mut out = Writer::new(Vec::with_capacity(self.source.len() + 4096));
        let collection = |local: &str| match local {
            "fonts" => Some(&self.fonts),
            "fills" => Some(&self.fills),
            "cellXfs" => Some(&self.formats),
            _ => None,
        };
        let counted = |e: &BytesStart, c: &Collection| {
            let count = (c.there.len() + c.added.len()).to_string();
            // The number of fonts that Excel knows already is removed; Excel counts again.
            let known =
                e.attributes().with_checks(false).flatten().find(|a| a.key.as_ref().ends_with(":knownFonts"));
            let known = known.map(|a| a.key.as_ref().to_string());
            let mut changes = vec![("count", Some(count.as_str()))];
            changes.extend(known.as_deref().map(|name| (name, None)));
            changed(e, &changes)
        };
        let mut depth = 0usize;
        loop {
            match xml.read_event()? {
                Event::Eof => break,
                Event::Start(e) => {
                    let found = collection(e.local_name().as_ref()).filter(|_| depth == 1);
                    match found {
                        Some(c) => out.write_event(Event::Start(counted(&e, c)))?,
                        None => out.write_event(Event::Start(e))?,
                    }
                    depth += 1;
                }
                Event::Empty(e) => match collection(e.local_name().as_ref()).filter(|_| depth == 1) {
                    Some(c) => {
                        out.write_event(Event::Start(counted(&e, c)))?;
                        out.get_mut().extend(c.added.concat().into_bytes());
                        out.write_event(Event::End(e.to_end()))?;
                    }
                    None => out.write_event(Event::Empty(e))?,
                },
                Event::End(e) => {
                    depth = depth.saturating_sub(1);
                    if let Some(c) = collection(e.local_name().as_ref()).filter(|_| depth == 1) {
                        out.get_mut().extend(c.added.concat().into_bytes());
                    }
                    out.write_event(Event::End(e))?;
                }
                other => out.write_event(other)?,
            }
        }
        Ok(out.into_inner())
    }
}

fn first_element(text: &str) -> Option<(BytesStart<'_>, bool)> {
    match Reader::from_str(text).read_event().ok()? {
        Event::Start(e) => Some((e, false)),
        Event::Empty(e) => Some((e, true)),
        _ => None,
    }
}

/// The name of a font.
fn name_of(font: &str) -> Option<String> {
    let mut xml = Reader::from_str(font);
    loop {
        match xml.read_event().ok()? {
            Event::Eof => return None,
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "name" => {
                return attribute(&e, "val");
            }
            _ => {}
        }
    }
}

fn written(element: &BytesStart, empty: bool) -> String {
    let end = if empty { "/>" } else { ">" };
    format!("<{}{}{end}", element.name().as_ref(), element.attributes_raw())
}

/// The font in black if its colour is light; `None` if it is dark enough.
fn darkened(font: &str) -> Option<String> {
    let mut xml = Reader::from_str(font);
    let mut out = Writer::new(Vec::new());
    let mut light = false;
    loop {
        match xml.read_event().ok()? {
            Event::Eof => break,
            Event::Empty(e) if e.local_name().as_ref() == "color" && is_light(&e) => {
                light = true;
                let black = [("theme", None), ("indexed", None), ("tint", None), ("rgb", Some("FF000000"))];
                out.write_event(Event::Empty(changed(&e, &black))).ok()?;
            }
            other => out.write_event(other).ok()?,
        }
    }
    if light { String::from_utf8(out.into_inner()).ok() } else { None }
}

fn is_light(colour: &BytesStart) -> bool {
    if let Some(rgb) = attribute(colour, "rgb") {
        let at = rgb.len().saturating_sub(6);
        let value = rgb.get(at..).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
        let [_, red, green, blue] = value.to_be_bytes().map(u32::from);
        return red * 299 + green * 587 + blue * 114 > 128_000;
    }
    // Background 1 and 2 of the theme; white, yellow, cyan and bright green of the old palette.
    matches!(number(colour, "theme"), Some(0 | 2))
        || matches!(number(colour, "indexed"), Some(1 | 3 | 5 | 7 | 9 | 11 | 13 | 15 | 22 | 26 | 27 | 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = r#"<x:styleSheet xmlns:x="m" xmlns:k="k"><x:numFmts count="1"><x:numFmt numFmtId="164" formatCode="0.0%"/></x:numFmts><x:fonts count="2" k:knownFonts="1"><x:font><x:sz val="9"/></x:font><x:font><x:b/><x:color theme="0"/></x:font></x:fonts><x:fills count="1"><x:fill/></x:fills><x:cellXfs count="2"><x:xf numFmtId="0" fontId="0"/><x:xf numFmtId="164" fontId="1" borderId="3" fillId="5"><x:alignment horizontal="center"/></x:xf></x:cellXfs><x:dxfs count="0"/></x:styleSheet>"#;

    fn written(styles: &Styles) -> String {
        String::from_utf8(styles.write().unwrap()).unwrap()
    }

    #[test]
    fn a_marked_format_differs_in_its_fill_alone() {
        let mut styles = Styles::read(PART.into()).unwrap();
        let error = styles.marked(0, Level::Error);
        assert_eq!((error, styles.marked(0, Level::Error), styles.marked(0, Level::Note)), (2, 2, 3));
        assert_eq!(styles.marked(1, Level::Error), 4);
        let text = written(&styles);
        assert!(text.contains(r#"<x:xf numFmtId="0" fontId="0" fillId="1" applyFill="1"/>"#), "{text}");
        // White letters become black.
        assert!(text.contains(r#"<x:xf numFmtId="164" fontId="2" borderId="3" fillId="1" applyFill="1"><x:alignment horizontal="center"/></x:xf>"#), "{text}");
        assert!(text.contains(r#"<x:font><x:b/><x:color rgb="FF000000"/></x:font></x:fonts>"#), "{text}");
        assert!(
            text.contains(r#"<x:fonts count="3">"#) && text.contains(r#"<x:cellXfs count="5">"#),
            "{text}"
        );
        assert!(text.starts_with(r#"<x:styleSheet xmlns:x="m" xmlns:k="k"><x:numFmts count="1">"#), "{text}");
    }

    #[test]
    fn a_format_that_nobody_has_is_the_plain_one() {
        let mut styles = Styles::none(Namespace::Strict).unwrap();
        let format = styles.marked(99, Level::Warning);
        assert_eq!(format, 1);
        assert!(written(&styles).contains("FFFFD34D"));
    }

    #[test]
    fn more_formats_than_excel_keeps_are_not_made() {
        let many = r#"<xf numFmtId="0"/>"#.repeat(MAX_FORMATS);
        let part = format!("<styleSheet><fonts/><fills/><cellXfs>{many}</cellXfs></styleSheet>");
        let mut styles = Styles::read(part.into_bytes()).unwrap();
        assert_eq!(styles.marked(7, Level::Error), 7);
        assert!(written(&styles).contains("<fills count=\"3\">"));
    }

    #[test]
    fn levels_are_apart_in_grey_print() {
        let grey = |level| {
            let value = u32::from_str_radix(colour(level), 16).unwrap();
            let [_, red, green, blue] = value.to_be_bytes().map(u32::from);
            (red * 299 + green * 587 + blue * 114) / 1000
        };
        let [error, warning, note] = LEVELS.map(grey);
        assert!(error > 150 && warning > error + 20 && note > warning + 20, "{error} {warning} {note}");
    }

    #[test]
    fn a_part_without_formats_is_not_patched() {
        for part in ["", "<styleSheet/>", "<styleSheet><fonts/><fills/></styleSheet>", "<a><b></a>"] {
            assert!(Styles::read(part.into()).is_err(), "{part}");
        }
    }
}
