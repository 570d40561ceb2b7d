//! A document as one self-contained page styled by `report.css`: the content of the docx for the screen.

use std::fmt::Write as _;

use quick_xml::escape::escape;
use serde::Serialize;

use super::{Block, Report, Source, grammar::Piece, suffix, table::Table};
use crate::{problem::Result, report::templates};

/// Context of `document.html`; `style` and `body` are inserted without escaping.
#[derive(Serialize)]
struct Context<'a> {
    language: &'static str,
    title: &'a str,
    style: String,
    body: String,
    made: &'a str,
}

/// The page, UTF-8.
///
/// # Errors
/// A template cannot be read or filled; the problem names its file and line.
pub fn write(report: &Report<'_>) -> Result<Vec<u8>> {
    let templates = report.templates;
    let template = templates::text("document.html", templates)?;
    let mut body = String::new();
    let (mut tables, mut figures, mut listed) = (0, 0, false);
    for block in &report.blocks {
        let entry = matches!(block, Block::Entry(_));
        if entry != listed {
            body.push_str(if entry { "<ul>\n" } else { "</ul>\n" });
            listed = entry;
        }
        // Writing to a String cannot fail.
        let _ = match block {
            Block::Title(pieces) => writeln!(body, "<h1>{}</h1>", runs(pieces, &report.sources)),
            Block::Line(pieces) => {
                writeln!(body, "<p class=\"standard\">{}</p>", runs(pieces, &report.sources))
            }
            Block::Contents | Block::Page => Ok(()),
            Block::Heading(level, pieces) => {
                writeln!(body, "<h{0}>{1}</h{0}>", level + 1, runs(pieces, &report.sources))
            }
            Block::Paragraph(pieces) => writeln!(body, "<p>{}</p>", runs(pieces, &report.sources)),
            Block::Entry(pieces) => writeln!(body, "<li>{}</li>", runs(pieces, &report.sources)),
            Block::Note(pieces) => writeln!(body, "<p class=\"hint\">{}</p>", runs(pieces, &report.sources)),
            Block::Table(own) => {
                tables += usize::from(!own.caption.is_empty());
                table(&mut body, own, &format!("{} {tables}", report.labels.table), &report.sources);
                Ok(())
            }
            Block::Figure { picture, caption } => {
                figures += 1;
                writeln!(
                    body,
                    "<figure><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\"><div \
                     class=\"picture\">{}</div></div><figcaption>{} {figures}　{}</figcaption></figure>",
                    escape(picture.title.as_str()),
                    picture.live(),
                    escape(report.labels.figure.as_str()),
                    runs(caption, &report.sources)
                )
            }
        };
    }
    if listed {
        body.push_str("</ul>\n");
    }
    let context = Context {
        language: match suffix(report.language) {
            "zh" => "zh-CN",
            other => other,
        },
        title: &report.title,
        style: templates::text("report.css", templates)?,
        body,
        made: &report.made,
    };
    templates::render("document.html", &template, &context).map(String::into_bytes)
}

/// A number with its source: the row as a tooltip; table, keys and column for programs.
fn traced(text: &str, source: Option<&Source>) -> String {
    let Some(source) = source else { return escape(text).into_owned() };
    format!(
        "<a class=\"traced\" href=\"#note-{}\" title=\"{}\" data-table=\"{}\" data-keys=\"{}\" data-column=\"{}\" \
         data-print=\"{}\">{}</a>",
        source.note,
        escape(source.row.as_str()),
        escape(source.table.as_str()),
        escape(source.keys.as_str()),
        escape(source.column.as_str()),
        escape(source.print.as_str()),
        escape(text),
    )
}

fn runs(pieces: &[Piece], sources: &[Source]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => escape(text.as_str()).into_owned(),
            Piece::Blank(text) => format!("<mark>{}</mark>", escape(text.as_str())),
            Piece::Traced(text, source) => traced(text, sources.get(*source)),
            Piece::Note(note) => {
                let note = escape(note.as_str());
                format!("<sup><a href=\"#note-{note}\">{note}</a></sup>")
            }
        })
        .collect()
}

fn table(body: &mut String, table: &Table, label: &str, sources: &[Source]) {
    let caption = match table.caption.is_empty() {
        true => String::new(),
        false => format!("<caption>{}　{}</caption>", escape(label), runs(&table.caption, sources)),
    };
    let name = escape(super::grammar::plain(&table.caption)).into_owned();
    let _ = write!(
        body,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><table>{caption}<thead><tr>"
    );
    for column in &table.columns {
        let class = if column.number { " class=\"n\"" } else { "" };
        let _ = write!(body, "<th scope=\"col\"{class}>{}</th>", escape(column.title.as_str()));
    }
    body.push_str("</tr></thead><tbody>\n");
    for (at, row) in table.rows.iter().enumerate() {
        let _ = match table.ids.get(at) {
            Some(id) => write!(body, "<tr id=\"{}\">", escape(id.as_str())),
            None => write!(body, "<tr>"),
        };
        for (cell, column) in row.iter().zip(&table.columns) {
            let class = match (column.number, cell.unmet) {
                (true, true) => " class=\"n unmet\"",
                (true, false) => " class=\"n\"",
                (false, true) => " class=\"unmet\"",
                (false, false) => "",
            };
            let _ = write!(body, "<td{class}>{}</td>", runs(&cell.pieces, sources));
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody></table></div>\n");
}
