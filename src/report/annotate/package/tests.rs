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
    let mut parts: BTreeMap<String, String> = least.into_iter().map(|(n, t)| (n.to_string(), t)).collect();
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
    let thread =
        r#"<ThreadedComments><threadedComment ref="A1"><text>原</text></threadedComment></ThreadedComments>"#;
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
fn macros_are_detected_by_the_workbook_part() {
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
