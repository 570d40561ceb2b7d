//! Copies an xlsx or xlsm by patching its package: parts that no finding touches are copied in their compressed form,
//! byte for byte.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{BufReader, Cursor, Write},
};

use quick_xml::{Reader, Writer, events::Event};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    Namespace, book, comments,
    list::List,
    marks::Marks,
    relationships::{Relationships, path_of_relationships, relative},
    styles::Styles,
    worksheet,
    xml::{Broken, Patched, attribute, quoted},
};
use crate::{
    ingest::{
        Limits,
        workbook::package::{Part, Parts},
    },
    words::Words,
};

/// Maximum size of parts that are read as a whole: all except sheets.
const MAX_PART_BYTES: u64 = 64 << 20;
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

/// Whether the bytes are a package with an Office Open XML workbook.
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
/// [`Broken`] if the package is invalid; nothing is repaired here.
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
    /// Relationships of the sheets, by name.
    names: BTreeMap<String, String>,
    types: Vec<u8>,
    /// Overrides to add to `[Content_Types].xml`.
    new_types: Vec<(String, &'static str)>,
    /// Parts that are new or replaced as a whole.
    made: BTreeMap<String, Vec<u8>>,
    /// Parts (lower case) that are not copied, because they are created or were streamed.
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
        let (names, namespace) = book::sheets(&book)?;
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

    /// Streams the sheets with marks, and creates their comments.
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
        // Under the existing name, whatever its case.
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
        let name = book::unused_name(title, self.names.keys());
        self.book = book::with_first_sheet(&self.book, &name, &id, self.namespace)?;
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
        // Of several parts with the same name, ignoring case, the first is read.
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
    parts.read_all(part, MAX_PART_BYTES, shown).map(Some).map_err(|why| Broken(why.to_string()))
}

/// `[Content_Types].xml` with the new parts, and whether the workbook has macros.
fn with_types(types: &[u8], workbook: &str, new: &[(String, &'static str)]) -> Patched<(Vec<u8>, bool)> {
    let mut xml = Reader::from_reader(types);
    let mut out = Writer::new(Vec::with_capacity(types.len() + new.len() * 160));
    let (mut buffer, mut vml, mut macros, mut put) = (Vec::new(), false, false, false);
    // There may be overrides for paths without a part.
    let new: HashMap<String, &str> = new.iter().map(|(path, kind)| (format!("/{path}"), *kind)).collect();
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer)?;
        match &event {
            Event::Eof => break,
            Event::Start(e) | Event::Empty(e) => {
                let name = attribute(e, "PartName").unwrap_or_default();
                // Some programs declare types as defaults that apply to no part, so only the type of the workbook
                // itself counts.
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
mod tests;
