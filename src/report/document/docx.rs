//! The report as a Word document with real styles, headings and captions.
//!
//! The package is written here (zip and XML), because docx-rs 0.4 supports neither repeated table headings, alternative
//! texts of pictures, alternative font names nor the updating of fields.
//!
//! Formats come from `data/templates/report.styles.*.xml`, which is Word's own styles.xml: users may take that of
//! another document, if it has styles with the same ids.

mod package;

use std::{collections::HashMap, fmt::Write};

use package::{HEAD, R, W, field};
use quick_xml::escape::escape;

use super::{Block, Report, grammar::Piece, grammar::clean, table::Table};
use crate::{
    chart::Picture,
    problem::{Error, Result},
    words::Language,
};

/// A4 and the margins of official documents (GB/T 9704—2012: 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm), in
/// twentieths of a point.
const PAGE: &str = r#"<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1417" w:gutter="0"/>"#;
/// The same paper in landscape.
const WIDE_PAGE: &str = r#"<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1474" w:right="1134" w:bottom="1474" w:left="1134" w:header="851" w:footer="851" w:gutter="0"/>"#;

/// Width between the margins in the same unit, and the maximum size of a picture in EMU, which leaves room for its
/// caption.
struct Room {
    page: &'static str,
    width: u32,
    picture: (u64, u64),
}

const UPRIGHT: Room = Room { page: PAGE, width: 8844, picture: (156 * 36_000, 200 * 36_000) };
const WIDE: Room = Room { page: WIDE_PAGE, width: 14_570, picture: (240 * 36_000, 135 * 36_000) };

fn room(report: &Report) -> &'static Room {
    if report.wide { &WIDE } else { &UPRIGHT }
}

/// Maximum numbers of rows and lines of a table that is kept on one page, and number of rows kept with the head of a
/// longer one.
const SHORT: (usize, usize) = (10, 16);
const WITH_HEAD: usize = 2;

/// The document.
///
/// # Errors
/// A picture cannot be drawn; the package cannot be built (a defect of the program).
pub fn write(report: &Report) -> Result<Vec<u8>> {
    let mut body = Body {
        report,
        xml: String::new(),
        media: Vec::new(),
        drawings: 0,
        tables: 0,
        figures: 0,
        headings: 0,
        drawn: HashMap::new(),
    };
    for block in &report.blocks {
        body.block(block)?;
    }
    let document = format!(
        "{HEAD}<w:document xmlns:w=\"{W}\" xmlns:r=\"{R}\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>{}\
         <w:sectPr><w:footerReference w:type=\"default\" r:id=\"rIdFooter\"/>{}<w:titlePg/></w:sectPr>\
         </w:body></w:document>",
        body.xml,
        room(report).page
    );
    package::write(document, body.media, report).map_err(|why| Error::defect("report.docx", why))
}

/// document.xml while it is written.
struct Body<'a> {
    report: &'a Report<'a>,
    xml: String,
    /// The PNG files.
    media: Vec<Vec<u8>>,
    drawings: usize,
    tables: usize,
    figures: usize,
    headings: usize,
    /// A picture that appears twice is stored once.
    drawn: HashMap<&'a str, usize>,
}

/// The runs of a line. `properties` is the content of each run's `w:rPr`.
fn runs(pieces: &[Piece], properties: &str) -> String {
    let mut out = String::new();
    for piece in pieces {
        let (text, style) = match piece {
            Piece::Text(text) | Piece::Traced(text, _) => (text, ""),
            Piece::Note(text) => (text, "<w:vertAlign w:val=\"superscript\"/>"),
            // With a style of its own, so that all such places can be found and changed together.
            Piece::Blank(text) => (text, "<w:rStyle w:val=\"FillIn\"/>"),
        };
        let all = format!("{style}{properties}");
        let all = if all.is_empty() { all } else { format!("<w:rPr>{all}</w:rPr>") };
        // Writing to a String cannot fail.
        let _ =
            write!(out, "<w:r>{all}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(clean_inside(text)));
    }
    out
}

/// Without characters that XML does not allow; spaces at the ends are kept.
fn clean_inside(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c })
        .collect()
}

impl<'a> Body<'a> {
    fn paragraph(&mut self, style: &str, inside: &str) {
        let _ = write!(self.xml, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{inside}</w:p>");
    }

    /// On a cover the title is in the middle of the page; a document without a cover begins at the top.
    fn title(&mut self, pieces: &[Piece]) {
        let cover = self.report.blocks.iter().any(|block| matches!(block, Block::Contents | Block::Page));
        let space = if cover { "" } else { "<w:spacing w:before=\"0\"/>" };
        let _ = write!(
            self.xml,
            "<w:p><w:pPr><w:pStyle w:val=\"Title\"/>{space}</w:pPr>{}</w:p>",
            runs(pieces, "")
        );
    }

    fn block(&mut self, block: &'a Block<'a>) -> Result<()> {
        match block {
            Block::Title(pieces) => self.title(pieces),
            Block::Line(pieces) => self.paragraph("Subtitle", &runs(pieces, "")),
            Block::Contents => self.contents(),
            Block::Page => self.xml.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"),
            Block::Heading(level, pieces) => {
                self.headings += 1;
                let mark = format!(
                    "<w:bookmarkStart w:id=\"{0}\" w:name=\"_Toc{0:06}\"/>{1}<w:bookmarkEnd w:id=\"{0}\"/>",
                    self.headings,
                    runs(pieces, "")
                );
                self.paragraph(&format!("Heading{level}"), &mark);
            }
            Block::Paragraph(pieces) => self.paragraph("BodyText", &runs(pieces, "")),
            Block::Entry(pieces) => self.paragraph("ListBullet", &runs(pieces, "")),
            Block::Note(pieces) => self.paragraph("TableNote", &runs(pieces, "")),
            Block::Table(table) => self.table(table),
            Block::Figure { picture, caption } => self.figure(picture, caption)?,
        }
        Ok(())
    }

    /// A field that lists the headings. Until Word or LibreOffice updates it, it shows the headings with references to
    /// their pages.
    fn contents(&mut self) {
        let title = escape(&self.report.labels.contents).into_owned();
        self.xml.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
        self.xml.push_str("<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/><w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>");
        self.paragraph("TOCHeading", &format!("<w:r><w:t>{title}</w:t></w:r>"));
        let headings: Vec<(usize, u8, &[Piece])> = self
            .report
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Heading(level, pieces) => Some((*level, &pieces[..])),
                _ => None,
            })
            .enumerate()
            .filter(|(_, (level, _))| *level <= 2)
            .map(|(at, (level, pieces))| (at + 1, level, pieces))
            .collect();
        let begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> \
                     TOC \\o \"1-2\" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar \
                     w:fldCharType=\"separate\"/></w:r>";
        for (position, (at, level, pieces)) in headings.iter().enumerate() {
            let begin = if position == 0 { begin } else { "" };
            let page = field(&format!("PAGEREF _Toc{at:06} \\h"), "");
            let entry = format!(
                "{begin}<w:hyperlink w:anchor=\"_Toc{at:06}\" w:history=\"1\">{}<w:r><w:tab/></w:r>{page}</w:hyperlink>",
                runs(pieces, "")
            );
            self.paragraph(&format!("TOC{level}"), &entry);
        }
        let begin = if headings.is_empty() { begin } else { "" };
        let end = format!("<w:p>{begin}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>");
        self.xml.push_str(&end);
        self.xml.push_str("</w:sdtContent></w:sdt>");
    }

    /// 表 1　各学段达标情况: label, SEQ field, text.
    fn caption(&mut self, label: &str, number: usize, caption: &[Piece], before: bool) {
        let gap = match self.report.language {
            Language::Chinese => "\u{3000}",
            Language::English => "  ",
        };
        let inside = format!(
            "<w:r><w:t xml:space=\"preserve\">{} </w:t></w:r>{}<w:r><w:t xml:space=\"preserve\">{gap}</w:t></w:r>{}",
            escape(label),
            field(&format!("SEQ {label} \\* ARABIC"), &number.to_string()),
            runs(caption, "")
        );
        // The caption of a table is kept with the table below it.
        let keep = if before { "<w:keepNext/>" } else { "" };
        let _ = write!(self.xml, "<w:p><w:pPr><w:pStyle w:val=\"Caption\"/>{keep}</w:pPr>{inside}</w:p>");
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.tables += 1;
            let label = self.report.labels.table.clone();
            self.caption(&label, self.tables, &table.caption, true);
        }
        let style = if table.small { "TableTextSmall" } else { "TableText" };
        let widths: Vec<u32> = table
            .columns
            .iter()
            .map(|column| (column.width * f64::from(room(self.report).width)).round() as u32)
            .collect();
        self.xml.push_str(
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"ReportTable\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/>\
             <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" \
             w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/></w:tblPr><w:tblGrid>",
        );
        for width in &widths {
            let _ = write!(self.xml, "<w:gridCol w:w=\"{width}\"/>");
        }
        self.xml.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (column, width) in table.columns.iter().zip(&widths) {
            let title = [Piece::Text(column.title.clone())];
            self.cell(style, *width, ("center", true), "", &runs(&title, ""));
        }
        self.xml.push_str("</w:tr>");
        let short = table.rows.len() <= SHORT.0 && table.lines() <= SHORT.1;
        for (at, row) in table.rows.iter().enumerate() {
            // A short table is kept on one page, and no table begins with a single row at the foot of a page.
            let keep = (short || at < WITH_HEAD) && at + 1 < table.rows.len();
            self.xml.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for ((cell, column), width) in row.iter().zip(&table.columns).zip(&widths) {
                let aligned = if column.number { "right" } else { "left" };
                let (shade, bold) = match cell.unmet {
                    true => ("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"FDE3D0\"/>", "<w:b/>"),
                    false => ("", ""),
                };
                self.cell(style, *width, (aligned, keep), shade, &runs(&cell.pieces, bold));
            }
            self.xml.push_str("</w:tr>");
        }
        self.xml.push_str("</w:tbl>");
        // Without a paragraph between them, two tables would become one; and people continue writing there.
        self.paragraph("TableNote", "");
    }

    /// `keep`: keep the row on the page of the row below.
    fn cell(&mut self, style: &str, width: u32, (aligned, keep): (&str, bool), shade: &str, inside: &str) {
        let keep = if keep { "<w:keepNext/>" } else { "" };
        let _ = write!(
            self.xml,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{shade}<w:vAlign w:val=\"center\"/></w:tcPr>\
             <w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{keep}<w:jc w:val=\"{aligned}\"/></w:pPr>{inside}</w:p></w:tc>"
        );
    }

    fn figure(&mut self, picture: &'a Picture, caption: &[Piece]) -> Result<()> {
        let at = match self.drawn.get(picture.name.as_str()) {
            Some(at) => *at,
            None => {
                self.media.push(picture.png()?);
                self.drawn.insert(&picture.name, self.media.len() - 1);
                self.media.len() - 1
            }
        };
        self.drawings += 1;
        self.figures += 1;
        let (width, height) = (u64::from(picture.width.max(1)), u64::from(picture.height.max(1)));
        let (most_x, most_y) = room(self.report).picture;
        let (mut cx, mut cy) = (most_x, most_x * height / width);
        if cy > most_y {
            (cx, cy) = (most_y * width / height, most_y);
        }
        let alternative = clean(&picture.description);
        let drawing = format!(
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{cx}\" \
             cy=\"{cy}\"/><wp:docPr id=\"{id}\" name=\"{name}\" descr=\"{descr}\" title=\"{title}\"/>\
             <wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr><a:graphic>\
             <a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr>\
             <pic:cNvPr id=\"{id}\" name=\"{name}\" descr=\"{descr}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>\
             <a:blip r:embed=\"rIdImage{image}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>\
             <a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm><a:prstGeom prst=\"rect\">\
             <a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
            id = self.drawings,
            name = escape(&picture.name),
            descr = escape(&alternative),
            title = escape(clean(&picture.title)),
            image = at + 1,
        );
        self.paragraph("Figure", &drawing);
        let label = self.report.labels.figure.clone();
        self.caption(&label, self.figures, caption, false);
        Ok(())
    }
}
