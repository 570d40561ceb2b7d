//! The package around document.xml: its other parts, and the zip file.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use quick_xml::escape::escape;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{report::document::Report, words::Language};

pub const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
pub const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
pub const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// The file with this document.xml and these PNG files.
pub fn write(document: String, media: Vec<Vec<u8>>, report: &Report) -> std::io::Result<Vec<u8>> {
    let parts: Vec<(String, Vec<u8>)> = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", package_relations()),
        ("docProps/core.xml", core(report)),
        ("docProps/app.xml", app()),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations(media.len())),
        ("word/styles.xml", report.styles.clone()),
        ("word/numbering.xml", numbering()),
        ("word/fontTable.xml", font_table()),
        ("word/settings.xml", settings(report)),
        ("word/footer1.xml", footer()),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_string(), text.into_bytes()))
    .chain(media.into_iter().enumerate().map(|(at, png)| (format!("word/media/{}", image(at)), png)))
    .collect();
    pack(parts, report)
}

/// The parts in order, dated with the report's date, so that the same report gives the same file.
fn pack(parts: Vec<(String, Vec<u8>)>, report: &Report) -> std::io::Result<Vec<u8>> {
    use chrono::Datelike;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let small = |n: u32| u8::try_from(n).unwrap_or(1);
    let year = u16::try_from(report.date.year()).unwrap_or(1980);
    let day = zip::DateTime::from_date_and_time(
        year,
        small(report.date.month()),
        small(report.date.day()),
        0,
        0,
        0,
    );
    let options = SimpleFileOptions::default().last_modified_time(day.unwrap_or_default());
    for (name, content) in parts {
        // PNG is already compressed.
        let method =
            if name.ends_with(".png") { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(name, options.compression_method(method)).map_err(std::io::Error::other)?;
        zip.write_all(&content)?;
    }
    Ok(zip.finish().map_err(std::io::Error::other)?.into_inner())
}

pub fn image(at: usize) -> String {
    format!("image{}.png", at + 1)
}

/// A field. Word computes it; until then it shows `shown`.
pub fn field(instruction: &str, shown: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> {} \
         </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>{}</w:t></w:r><w:r>\
         <w:fldChar w:fldCharType=\"end\"/></w:r>",
        escape(instruction),
        escape(shown)
    )
}

fn content_types() -> String {
    let part = |name: &str, kind: &str| {
        format!(
            "<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-officedocument.\
             wordprocessingml.{kind}+xml\"/>"
        )
    };
    format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/\
         vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"png\" ContentType=\"image/png\"/>{}{}{}{}{}{}<Override \
         PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
         <Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.\
         extended-properties+xml\"/></Types>",
        part("word/document.xml", "document.main"),
        part("word/styles.xml", "styles"),
        part("word/numbering.xml", "numbering"),
        part("word/fontTable.xml", "fontTable"),
        part("word/settings.xml", "settings"),
        part("word/footer1.xml", "footer"),
    )
}

fn relation(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"{R}/{kind}\" Target=\"{target}\"/>")
}

fn package_relations() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{}<Relationship Id=\"rIdCore\" \
         Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>{}</Relationships>",
        relation("rIdDocument", "officeDocument", "word/document.xml"),
        relation("rIdApp", "extended-properties", "docProps/app.xml"),
    )
}

fn relations(images: usize) -> String {
    let mut all = String::new();
    for (id, kind, target) in [
        ("rIdStyles", "styles", "styles.xml"),
        ("rIdNumbering", "numbering", "numbering.xml"),
        ("rIdFonts", "fontTable", "fontTable.xml"),
        ("rIdSettings", "settings", "settings.xml"),
        ("rIdFooter", "footer", "footer1.xml"),
    ] {
        all.push_str(&relation(id, kind, target));
    }
    for at in 0..images {
        all.push_str(&relation(&format!("rIdImage{}", at + 1), "image", &format!("media/{}", image(at))));
    }
    format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{all}</Relationships>")
}

fn core(report: &Report) -> String {
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         <dc:description>{}</dc:description><dcterms:created xsi:type=\"dcterms:W3CDTF\">{}T00:00:00Z\
         </dcterms:created></cp:coreProperties>",
        escape(&report.title),
        escape(&report.author),
        escape(&report.made),
        report.date,
    )
}

fn app() -> String {
    format!(
        "{HEAD}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>{}</Application></Properties>",
        env!("CARGO_PKG_NAME")
    )
}

/// The only kind of list: bullets.
fn numbering() -> String {
    format!(
        "{HEAD}<w:numbering xmlns:w=\"{W}\"><w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType \
         w:val=\"hybridMultilevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/>\
         <w:lvlText w:val=\"•\"/><w:lvlJc w:val=\"left\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\">\
         <w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
    )
}

/// Substitutes for the fonts of official documents.
const OTHER_NAMES: [(&str, &str, &str); 8] = [
    ("方正小标宋简体", "宋体", "roman"),
    ("仿宋_GB2312", "仿宋", "modern"),
    ("楷体_GB2312", "楷体", "modern"),
    ("黑体", "SimHei", "modern"),
    ("宋体", "SimSun", "roman"),
    ("仿宋", "FangSong", "modern"),
    ("楷体", "KaiTi", "modern"),
    ("Times New Roman", "Liberation Serif", "roman"),
];

fn font_table() -> String {
    let mut fonts = String::new();
    for (name, other, family) in OTHER_NAMES {
        let charset = if name.is_ascii() { "00" } else { "86" };
        let _ = write!(
            fonts,
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"{charset}\"/>\
             <w:family w:val=\"{family}\"/><w:pitch w:val=\"variable\"/></w:font>"
        );
    }
    format!("{HEAD}<w:fonts xmlns:w=\"{W}\">{fonts}</w:fonts>")
}

/// Fields are updated when the document is opened, because page numbers of the contents are known only then.
fn settings(report: &Report) -> String {
    let language = match report.language {
        Language::Chinese => "zh-CN",
        Language::English => "en-GB",
    };
    format!(
        "{HEAD}<w:settings xmlns:w=\"{W}\"><w:updateFields w:val=\"true\"/><w:defaultTabStop w:val=\"420\"/>\
         <w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat><w:compatSetting \
         w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
         <w:themeFontLang w:val=\"en-US\" w:eastAsia=\"{language}\"/></w:settings>"
    )
}

/// Page numbers in the style of official documents: — 1 —.
fn footer() -> String {
    format!(
        "{HEAD}<w:ftr xmlns:w=\"{W}\"><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr><w:r><w:t \
         xml:space=\"preserve\">— </w:t></w:r>{}<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>",
        field("PAGE", "1")
    )
}
