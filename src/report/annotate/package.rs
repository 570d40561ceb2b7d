//! A copy of an xlsx or xlsm by patching its package: parts that no finding touches are copied as they are packed,
//! byte for byte.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{BufReader, Cursor, Write},
};

use quick_xml::{Reader, Writer, events::Event};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    Namespace, comments,
    list::List,
    marks::Marks,
    relationships::{Relationships, path_of_relationships, relative},
    styles::Styles,
    worksheet,
    xml::{Broken, Patched, attribute, changed, number, prefix, prefixed, quoted},
};
use crate::{
    ingest::{
        Limits,
        workbook::package::{Part, Parts},
    },
    words::Words,
};

/// Parts that are held whole: all but sheets.
const MOST: u64 = 64 << 20;
const COMMENTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const WORKSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const STYLES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
const VML: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const TYPES: &str = "[Content_Types].xml";

/// A finished copy.
pub struct Copy {
    pub bytes: Vec<u8>,
    /// It has macros, so Excel opens it as xlsm only.
    pub macros: bool,
}

/// Whether the bytes are a package that has a workbook of Office Open XML.
pub fn fits(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
        && ZipArchive::new(Cursor::new(bytes)).is_ok_and(|zip| {
            let mut names = zip.file_names();
            names.any(|name| {
                name.unwrap_or_default().to_ascii_lowercase().replace('\\', "/").ends_with("workbook.xml")
            })
        })
}

/// # Errors
/// [`Broken`] where the package is not as it should be; nothing is repaired here.
pub fn patch(
    (bytes, shown, limits): (&[u8], &str, &Limits),
    marks: &Marks,
    list: &List,
    words: &Words,
) -> Patched<Copy> {
    let parts = Parts::open(bytes, shown, limits).map_err(|why| Broken(why.to_string()))?;
    let mut package = Package::open(parts, shown)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + (64 << 10))));
    let own_formats = package.styles.own();
    package.sheets(marks, &mut zip, words)?;
    let sheet = list.xml(&own_formats, package.namespace, words);
    package.first_sheet(&list.title, sheet)?;
    package.finish(bytes, zip)
}

struct Package<'a> {
    parts: Parts<'a>,
    shown: &'a str,
    namespace: Namespace,
    /// Path of the workbook part.
    workbook: String,
    book: Vec<u8>,
    relationships: Relationships,
    styles: Styles,
    styles_path: String,
    /// Sheets by name: the relationship.
    names: BTreeMap<String, String>,
    types: Vec<u8>,
    /// Overrides that `[Content_Types].xml` gets.
    new_types: Vec<(String, &'static str)>,
    /// Parts that are written whole, in place of what is there or new.
    made: BTreeMap<String, Vec<u8>>,
    /// Parts (lower case) that are not copied: they are made, or were streamed.
    replaced: BTreeSet<String>,
}

impl<'a> Package<'a> {
    fn open(parts: Parts<'a>, shown: &'a str) -> Patched<Package<'a>> {
        let top = whole(&parts, "_rels/.rels", shown)?.ok_or_else(|| Broken("_rels/.rels".into()))?;
        let top = Relationships::read(&top)?;
        let workbook =
            top.of_kind("officeDocument").map_or("xl/workbook.xml".to_string(), |r| relative("", &r.target));
        let book = whole(&parts, &workbook, shown)?.ok_or_else(|| Broken(workbook.clone()))?;
        let rels = whole(&parts, &path_of_relationships(&workbook), shown)?;
        let relationships = Relationships::read(&rels.ok_or_else(|| Broken("workbook.xml.rels".into()))?)?;
        let (names, namespace) = sheet_names(&book)?;
        let styles_there = relationships.of_kind("styles").map(|r| relative(&workbook, &r.target));
        let mut package = Package {
            types: whole(&parts, TYPES, shown)?.ok_or_else(|| Broken(TYPES.into()))?,
            styles: Styles::none(namespace)?,
            styles_path: String::new(),
            parts,
            shown,
            namespace,
            workbook,
            book,
            relationships,
            names,
            new_types: Vec::new(),
            made: BTreeMap::new(),
            replaced: BTreeSet::new(),
        };
        match styles_there {
            Some(path) => {
                let bytes = whole(&package.parts, &path, shown)?.ok_or_else(|| Broken(path.clone()))?;
                package.styles = Styles::read(bytes)?;
                package.styles_path = path;
            }
            None => {
                package.styles_path = package.unused("styles", "xml");
                let (path, kind) = (package.styles_path.clone(), package.namespace.kind("styles"));
                package.relationships.add(&kind, &format!("/{path}"));
                package.new_types.push((path, STYLES));
            }
        }
        Ok(package)
    }

    /// A path beside the workbook that no part has.
    fn unused(&self, stem: &str, ending: &str) -> String {
        let folder = self.workbook.rfind('/').map_or("", |at| &self.workbook[..=at]);
        let taken = |path: &String| self.parts.find(path).is_some() || self.made.contains_key(path);
        (1u32..).map(|n| format!("{folder}{stem}{n}.{ending}")).find(|path| !taken(path)).unwrap_or_default()
    }

    /// Streams the sheets that have marks, and makes their comments.
    fn sheets(&mut self, marks: &Marks, zip: &mut ZipWriter<Cursor<Vec<u8>>>, words: &Words) -> Patched<()> {
        let author = words.say("annotate.author");
        for (name, cells) in &marks.sheets {
            let id = self.names.get(name).ok_or_else(|| Broken(name.clone()))?;
            let sheet = self.relationships.get(id).ok_or_else(|| Broken(id.clone()))?;
            let path = relative(&self.workbook, &sheet.target);
            let part = self.parts.find(&path).ok_or_else(|| Broken(path.clone()))?.clone();

            let own_rels = path_of_relationships(&part.name);
            let mut rels = match whole(&self.parts, &own_rels, self.shown)? {
                Some(bytes) => Relationships::read(&bytes)?,
                None => Relationships::default(),
            };
            let fresh = rels.unused_id("rIdBoxes");
            zip.start_file(part.name.as_str(), options(&part))?;
            let from = BufReader::with_capacity(1 << 16, self.parts.read(&part));
            let drawing =
                worksheet::patch(from, &mut *zip, cells, &mut self.styles, (&fresh, self.namespace))?;
            self.replaced.insert(part.name.to_ascii_lowercase());

            let said = rels.of_kind("comments").map(|r| relative(&part.name, &r.target));
            let there = match &said {
                Some(path) => whole(&self.parts, path, self.shown)?,
                None => None,
            };
            let (bytes, new) = comments::patch(there.as_deref(), cells, &author, self.namespace)?;
            let said = said.unwrap_or_else(|| {
                let path = self.unused("comments", "xml");
                rels.add(&self.namespace.kind("comments"), &format!("/{path}"));
                self.new_types.push((path.clone(), COMMENTS));
                path
            });
            self.make(said, bytes);

            let boxes = match &drawing {
                Some(id) => {
                    let target = rels.get(id).ok_or_else(|| Broken(id.clone()))?;
                    Some(relative(&part.name, &target.target))
                }
                None => None,
            };
            let there = match &boxes {
                Some(path) => {
                    Some(whole(&self.parts, path, self.shown)?.ok_or_else(|| Broken(path.clone()))?)
                }
                None => None,
            };
            let bytes = comments::shapes(there.as_deref(), &new, cells)?;
            let boxes = boxes.unwrap_or_else(|| {
                let path = self.unused("drawings/vmlDrawing", "vml");
                rels.add_as(&fresh, &self.namespace.kind("vmlDrawing"), &format!("/{path}"));
                path
            });
            self.make(boxes, bytes);
            self.make(own_rels, rels.write());
        }
        Ok(())
    }

    fn make(&mut self, path: String, bytes: Vec<u8>) {
        // Under the name that is there, whatever its case.
        let path = self.parts.find(&path).map_or(path, |part| part.name.clone());
        self.replaced.insert(path.to_ascii_lowercase());
        self.made.insert(path, bytes);
    }

    /// The sheet of findings goes before all others.
    fn first_sheet(&mut self, title: &str, sheet: Vec<u8>) -> Patched<()> {
        let path = self.unused("worksheets/findings", "xml");
        let id = self.relationships.add(&self.namespace.kind("worksheet"), &format!("/{path}"));
        self.new_types.push((path.clone(), WORKSHEET));
        self.make(path, sheet);
        let name = unused_name(title, self.names.keys());
        self.book = with_first_sheet(&self.book, &name, &id, self.namespace)?;
        Ok(())
    }

    fn finish(mut self, bytes: &[u8], mut zip: ZipWriter<Cursor<Vec<u8>>>) -> Patched<Copy> {
        let styles = self.styles.write()?;
        self.make(self.styles_path.clone(), styles);
        let (types, macros) = with_types(&self.types, &self.workbook, &self.new_types)?;
        self.make(TYPES.into(), types);
        let book = std::mem::take(&mut self.book);
        self.make(self.workbook.clone(), book);
        let rels = self.relationships.write();
        self.make(path_of_relationships(&self.workbook), rels);

        for (name, content) in &self.made {
            zip.start_file(name.as_str(), SimpleFileOptions::default())?;
            zip.write_all(content)?;
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        // Of parts of one name, upper and lower case alike, the first is the one that is read.
        let mut copied = self.replaced;
        for i in 0..archive.len() {
            let part = archive.by_index_raw(i)?;
            let name = part.name()?.replace('\\', "/");
            if copied.insert(name.to_ascii_lowercase()) {
                zip.raw_copy_file(part)?;
            }
        }
        Ok(Copy { bytes: zip.finish()?.into_inner(), macros })
    }
}

fn options(part: &Part) -> SimpleFileOptions {
    SimpleFileOptions::default().large_file(part.size > 1 << 31)
}

fn whole(parts: &Parts, path: &str, shown: &str) -> Patched<Option<Vec<u8>>> {
    let Some(part) = parts.find(path) else { return Ok(None) };
    parts.whole(part, MOST, shown).map(Some).map_err(|why| Broken(why.to_string()))
}

/// Sheets by name with their relationships, and which of the two namespaces the package is written in.
fn sheet_names(book: &[u8]) -> Patched<(BTreeMap<String, String>, Namespace)> {
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

/// `title`, numbered where a sheet has that name; Excel takes upper and lower case as one.
pub fn unused_name<'n>(title: &str, taken: impl Iterator<Item = &'n String>) -> String {
    let taken: BTreeSet<String> = taken.map(|name| name.to_lowercase()).collect();
    let numbered = |n: u32| if n == 1 { title.to_string() } else { format!("{title} {n}") };
    (1u32..).map(numbered).find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default()
}

/// `workbook.xml` with one sheet more at the front: what counts sheets counts one further.
fn with_first_sheet(book: &[u8], name: &str, id: &str, namespace: Namespace) -> Patched<Vec<u8>> {
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
                // The first tab in view: where it was scrolled, the same one.
                changes.extend(
                    number(e, "firstSheet")
                        .filter(|n| *n > 0)
                        .map(|_| ("firstSheet", further("firstSheet", None))),
                );
            }
            (2, "definedName") => {
                changes.extend(further("localSheetId", None).map(|n| ("localSheetId", Some(n))));
            }
            (1, "sheets") if !empty => {
                if !views {
                    let view = format!(r#"<{p}bookViews><{p}workbookView activeTab="1"/></{p}bookViews>"#);
                    out.get_mut().extend(view.into_bytes());
                }
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

/// `[Content_Types].xml` with the new parts, and whether the workbook has macros.
fn with_types(types: &[u8], workbook: &str, new: &[(String, &'static str)]) -> Patched<(Vec<u8>, bool)> {
    let mut xml = Reader::from_reader(types);
    let mut out = Writer::new(Vec::with_capacity(types.len() + new.len() * 160));
    let (mut buffer, mut vml, mut macros, mut put) = (Vec::new(), false, false, false);
    // Overrides may be there for paths that have no part.
    let new: HashMap<String, &str> = new.iter().map(|(path, kind)| (format!("/{path}"), *kind)).collect();
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer)?;
        match &event {
            Event::Eof => break,
            Event::Start(e) | Event::Empty(e) => {
                let name = attribute(e, "PartName").unwrap_or_default();
                // Some programs name the kind in a default that no part has: only the workbook's own says it.
                macros |= name.trim_start_matches('/').eq_ignore_ascii_case(workbook)
                    && attribute(e, "ContentType").is_some_and(|kind| kind.contains("macroEnabled"));
                vml |= attribute(e, "Extension").is_some_and(|x| x.eq_ignore_ascii_case("vml"));
                if new.contains_key(&name) {
                    continue;
                }
            }
            Event::End(e) if e.local_name().as_ref() == "Types" => {
                let name = e.name();
                let p = name.prefix().map_or(String::new(), |p| format!("{}:", p.as_ref()));
                let mut more = String::new();
                if !vml {
                    more += &format!(r#"<{p}Default Extension="vml" ContentType="{VML}"/>"#);
                }
                let mut sorted: Vec<_> = new.iter().collect();
                sorted.sort();
                for (path, kind) in sorted {
                    more += &format!(r#"<{p}Override PartName="{}" ContentType="{kind}"/>"#, quoted(path));
                }
                out.get_mut().extend(more.into_bytes());
                put = true;
            }
            _ => {}
        }
        out.write_event(event)?;
    }
    if put { Ok((out.into_inner(), macros)) } else { Err(Broken(TYPES.into())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ingest::sheet::{Cell, Row, Sheet},
        problem::{Place, Problem},
        words::Language,
    };

    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const STRICT: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";

    /// A package of these parts beside the least that there must be.
    fn packed(main: &str, more: &[(&str, &str)]) -> Vec<u8> {
        let office = match main {
            STRICT => "http://purl.oclc.org/ooxml/officeDocument/relationships",
            _ => "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        };
        let rels = |inner: &str| {
            format!(
                r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>"#
            )
        };
        let least = [
            ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#.to_string()),
            ("_rels/.rels", rels(&format!(r#"<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/>"#))),
            ("xl/workbook.xml", format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="表" sheetId="7" r:id="r1"/></sheets></workbook>"#)),
            ("xl/_rels/workbook.xml.rels", rels(&format!(r#"<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>"#))),
            ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>"#)),
        ];
        let mut parts: BTreeMap<String, String> =
            least.into_iter().map(|(n, t)| (n.to_string(), t)).collect();
        parts.extend(more.iter().map(|(n, t)| (n.to_string(), t.to_string())));
        zipped(&parts)
    }

    fn zipped(parts: &BTreeMap<String, String>) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn copied(bytes: &[u8]) -> Patched<Copy> {
        let words = Words::load(Language::Chinese).unwrap();
        let sheet = Sheet {
            name: "表".into(),
            rows: vec![Row { index: 0, cells: vec![(0, Cell::Number(1.0))] }],
            ..Sheet::default()
        };
        let problems = [
            Problem::error("file_exists", Place::cell("县.xlsx", "表", "A1")),
            Problem::note("file_exists", Place::cell("县.xlsx", "表", "B3")),
        ];
        let marks = Marks::new(&problems.iter().collect::<Vec<_>>(), &[sheet], &words);
        let list = List::new(&marks, "县.xlsx", "made", None, &words);
        patch((bytes, "县.xlsx", &Limits::default()), &marks, &list, &words)
    }

    fn parts(copy: &Copy) -> BTreeMap<String, String> {
        let limits = Limits::default();
        let parts = Parts::open(&copy.bytes, "x", &limits).unwrap();
        let names: Vec<String> = parts.names().map(str::to_string).collect();
        let text = |name: &String| {
            let bytes = whole(&parts, name, "x").unwrap().unwrap();
            String::from_utf8(bytes).unwrap()
        };
        names.iter().map(|name| (name.clone(), text(name))).collect()
    }

    #[test]
    fn the_least_of_a_package_gets_styles_comments_and_a_sheet() {
        for main in [MAIN, STRICT] {
            let copy = copied(&packed(main, &[])).unwrap();
            assert!(!copy.macros);
            let parts = parts(&copy);
            let names: Vec<&str> = parts.keys().map(String::as_str).collect();
            for new in [
                "xl/comments1.xml",
                "xl/drawings/vmlDrawing1.vml",
                "xl/styles1.xml",
                "xl/worksheets/findings1.xml",
            ] {
                assert!(names.contains(&new), "{names:?}");
            }
            let kind = if main == STRICT {
                "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
            } else {
                "2006/relationships/comments"
            };
            assert!(parts["xl/worksheets/_rels/sheet1.xml.rels"].contains(kind));
            assert!(parts["xl/worksheets/findings1.xml"].contains(main));
            let book = &parts["xl/workbook.xml"];
            assert!(book.contains(r#"<workbookView activeTab="1"/>"#), "{book}");
            assert!(book.find("数据问题").unwrap() < book.find(r#"name="表""#).unwrap(), "{book}");
            assert!(book.contains(r#"sheetId="1""#) && book.contains(r#"sheetId="7""#), "{book}");
            let types = &parts["[Content_Types].xml"];
            for part in ["/xl/comments1.xml", "/xl/styles1.xml", "/xl/worksheets/findings1.xml"] {
                assert!(types.contains(part), "{types}");
            }
            assert!(types.contains(r#"Extension="vml""#), "{types}");
        }
    }

    #[test]
    fn a_thread_of_comments_is_kept_as_it_is() {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let rels = format!(
            r#"<Relationships xmlns="p"><Relationship Id="a" Type="{kind}/vmlDrawing" Target="../drawings/v.vml"/><Relationship Id="b" Type="{kind}/comments" Target="../c.xml"/><Relationship Id="c" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/t.xml"/></Relationships>"#
        );
        let thread = r#"<ThreadedComments><threadedComment ref="A1"><text>原</text></threadedComment></ThreadedComments>"#;
        let sheet = format!(
            r#"<worksheet xmlns="{MAIN}" xmlns:r="{kind}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><legacyDrawing r:id="a"/></worksheet>"#
        );
        let copy = copied(&packed(
            MAIN,
            &[
                ("xl/worksheets/sheet1.xml", &sheet),
                ("xl/worksheets/_rels/sheet1.xml.rels", &rels),
                ("xl/c.xml", &format!(r#"<comments xmlns="{MAIN}"><authors><author>tc=1</author></authors><commentList><comment ref="A1" authorId="0"><text><t>原</t></text></comment></commentList></comments>"#)),
                ("xl/drawings/v.vml", r#"<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="_x0000_s1025"><br></v:shape></xml>"#),
                ("xl/threadedComments/t.xml", thread),
            ],
        ))
        .unwrap();
        let parts = parts(&copy);
        assert_eq!(parts["xl/threadedComments/t.xml"], thread);
        assert!(!parts.contains_key("xl/comments1.xml"));
        assert_eq!(parts["xl/c.xml"].matches("<comment ").count(), 2);
        assert!(parts["xl/c.xml"].contains("<t>原</t><r>"), "{}", parts["xl/c.xml"]);
        // The box that is there is enough for A1; B3 gets its own.
        assert_eq!(parts["xl/drawings/v.vml"].matches("<v:shape ").count(), 2);
    }

    #[test]
    fn macros_are_told_by_the_workbook_alone() {
        let types = |kind: &str, bin: &str| {
            format!(
                r#"<Types xmlns="t"><Default Extension="bin" ContentType="{bin}"/><Override PartName="/xl/workbook.xml" ContentType="application/{kind}+xml"/></Types>"#
            )
        };
        let macros = "vnd.ms-excel.sheet.macroEnabled.main";
        for (types, expected) in [(types(macros, "x"), true), (types("sheet.main", macros), false)] {
            let copy = copied(&packed(MAIN, &[("[Content_Types].xml", &types)])).unwrap();
            assert_eq!(copy.macros, expected);
        }
    }

    #[test]
    fn damaged_parts_are_refused_or_copied_and_never_panic() {
        let whole = packed(MAIN, &[]);
        let parts = parts(&Copy { bytes: whole, macros: false });
        for name in parts.keys() {
            for part in [
                "",
                "<",
                "<a",
                "<a>",
                "</a>",
                "<a/>",
                "\u{feff}",
                "<x:a b='c' d>",
                "<worksheet><sheetData><row><c r='ZZZZ9'/></row></sheetData></worksheet>",
            ] {
                let mut broken = parts.clone();
                broken.insert(name.clone(), part.to_string());
                let _ = copied(&zipped(&broken));
            }
            // Every place where the part may end too early.
            let text = &parts[name];
            for end in (0..text.len()).step_by(7).filter(|end| text.is_char_boundary(*end)) {
                let mut broken = parts.clone();
                broken.insert(name.clone(), text[..end].to_string());
                let _ = copied(&zipped(&broken));
            }
            let mut without = parts.clone();
            without.remove(name);
            assert!(copied(&zipped(&without)).is_err(), "{name}");
        }
        assert!(copied(b"PK\x03\x04").is_err());
    }

    #[test]
    fn a_copy_stays_under_the_limits() {
        let bytes = packed(MAIN, &[]);
        let words = Words::load(Language::Chinese).unwrap();
        let marks = Marks::default();
        let list = List::new(&marks, "县.xlsx", "made", None, &words);
        let few = Limits { entries: 3, ..Limits::default() };
        assert!(patch((&bytes, "县.xlsx", &few), &marks, &list, &words).is_err());
        assert!(patch((&bytes, "县.xlsx", &Limits::default()), &marks, &list, &words).is_ok());
    }
}
