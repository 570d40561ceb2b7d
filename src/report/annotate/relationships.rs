//! `.rels` parts: which part refers to which other part.

use quick_xml::{Reader, events::Event};

use super::xml::{Patched, attribute, quoted};

#[derive(Debug, Clone)]
pub struct Relationship {
    id: String,
    kind: String,
    pub target: String,
    /// `TargetMode`, if there is one.
    mode: Option<String>,
}

/// The relationships of one part.
#[derive(Debug, Clone, Default)]
pub struct Relationships(Vec<Relationship>);

impl Relationships {
    pub fn read(bytes: &[u8]) -> Patched<Relationships> {
        let (mut xml, mut buffer, mut all) = (Reader::from_reader(bytes), Vec::new(), Vec::new());
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer)? {
                Event::Eof => return Ok(Relationships(all)),
                Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "Relationship" => {
                    let value = |name| attribute(&e, name).unwrap_or_default();
                    all.push(Relationship {
                        id: value("Id"),
                        kind: value("Type"),
                        target: value("Target"),
                        mode: attribute(&e, "TargetMode"),
                    });
                }
                _ => {}
            }
        }
    }

    pub fn get(&self, id: &str) -> Option<&Relationship> {
        self.0.iter().find(|r| r.id == id)
    }

    /// The first relationship whose type ends like this; both namespaces of the format share the ending.
    pub fn of_kind(&self, kind: &str) -> Option<&Relationship> {
        self.0.iter().find(|r| r.kind.rsplit('/').next() == Some(kind))
    }

    /// An unused id that begins with `stem`.
    pub fn unused_id(&self, stem: &str) -> String {
        (1u32..).map(|n| format!("{stem}{n}")).find(|id| self.get(id).is_none()).unwrap_or_default()
    }

    pub fn add(&mut self, kind: &str, target: &str) -> String {
        let id = self.unused_id("rIdFindings");
        self.add_as(&id, kind, target);
        id
    }

    pub fn add_as(&mut self, id: &str, kind: &str, target: &str) {
        self.0.push(Relationship { id: id.into(), kind: kind.into(), target: target.into(), mode: None });
    }

    pub fn write(&self) -> Vec<u8> {
        let mut out = String::from(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
        );
        for r in &self.0 {
            let mode = r.mode.as_ref().map_or(String::new(), |m| format!(r#" TargetMode="{}""#, quoted(m)));
            let (id, kind, target) = (quoted(&r.id), quoted(&r.kind), quoted(&r.target));
            out += &format!(r#"<Relationship Id="{id}" Type="{kind}" Target="{target}"{mode}/>"#);
        }
        out.push_str("</Relationships>");
        out.into_bytes()
    }
}

/// `xl/_rels/workbook.xml.rels` for `xl/workbook.xml`.
pub fn path_of_relationships(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The path in the package to which `target` of a relationship of `part` refers.
pub fn relative(part: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let folder =
        if target.starts_with('/') { "" } else { part.rsplit_once('/').map_or("", |(folder, _)| folder) };
    let mut path: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_where_they_are_named() {
        for (part, target, path) in [
            ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets/sheet1.xml", "../comments1.xml", "xl/comments1.xml"),
            ("xl/worksheets/sheet1.xml", "/xl/comments1.xml", "xl/comments1.xml"),
            ("", "/xl/workbook.xml", "xl/workbook.xml"),
            ("a.xml", "../../b.xml", "b.xml"),
        ] {
            assert_eq!(relative(part, target), path);
        }
        assert_eq!(path_of_relationships("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
        assert_eq!(path_of_relationships("workbook.xml"), "_rels/workbook.xml.rels");
    }

    #[test]
    fn what_is_there_stays() {
        let source = r#"<Relationships xmlns="p"><Relationship Id="rIdFindings1" Type="x/hyperlink" Target="http://a?b&amp;c" TargetMode="External"/></Relationships>"#;
        let mut all = Relationships::read(source.as_bytes()).unwrap();
        assert_eq!(all.add("y/comments", "/xl/c.xml"), "rIdFindings2");
        let text = String::from_utf8(all.write()).unwrap();
        assert!(text.contains(r#"Target="http://a?b&amp;c" TargetMode="External""#), "{text}");
        assert_eq!(all.of_kind("comments").unwrap().target, "/xl/c.xml");
    }
}
