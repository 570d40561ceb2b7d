//! The pipeline of all documents: the marked-up text of a template, its blocks, and the formats written from them.
//!
//! ```text
//! Draft (template, content, tables, pictures) ─compose─▶ Report (blocks) ─▶ docx, pdf, html
//! ```
//!
//! The content of a document is the [`Draft`] of its module (`self_evaluation`, `annual`, `scores`); this module does
//! everything after it.

pub mod docx;
pub mod grammar;
pub mod html;
#[cfg(feature = "pdf")]
pub mod pdf;
#[cfg(test)]
pub(crate) mod plain_text;
pub mod table;

use std::path::Path;

use chrono::NaiveDate;
use serde::Serialize;

use self::{
    grammar::{Mark, Piece, clean},
    table::Table,
};
use super::templates;
use crate::{
    chart::{Kind, Picture},
    problem::{Place, Problem, Result},
    words::{Language, Words},
};

/// The content of a document before its template is filled.
pub struct Draft<'d, 'p, C> {
    /// The name of the template: for `annual`, it is `annual.zh.md.jinja` or `annual.en.md.jinja`.
    pub template: &'static str,
    /// The context of the template.
    pub content: &'d C,
    /// The tables that the template may ask for by name.
    pub tables: Tables<'d>,
    pub pictures: &'p [Picture],
    /// The subject of the document, or its author.
    pub author: &'d str,
    /// The title in the file's properties if the template has none.
    pub title: &'d str,
    pub date: NaiveDate,
    /// The line about the document's provenance.
    pub made: &'d str,
    /// Whether the page is in landscape.
    pub wide: bool,
    /// The sources of [`grammar::Piece::Traced`]; empty if no number is traced.
    pub sources: Vec<Source>,
}

impl<'p, C: Serialize> Draft<'_, 'p, C> {
    /// Fills and parses the template. `templates`: a folder whose files replace those of `data/templates`.
    ///
    /// # Errors
    /// A template cannot be read, filled or parsed; the problem names its file and line.
    pub fn compose(self, words: &Words, templates: Option<&'p Path>) -> Result<Report<'p>> {
        let language = words.language;
        let name = format!("{}.{}.md.jinja", self.template, suffix(language));
        let template = templates::text(&name, templates)?;
        let filled = templates::render(&name, &template, self.content)?;
        let blocks = blocks((&name, &template), &filled, self.pictures, self.tables)?;
        let say = |key: &str| words.say(&format!("document.{key}"));
        Ok(Report {
            language,
            title: title(&blocks).unwrap_or_else(|| clean(self.title)),
            author: clean(self.author),
            date: self.date,
            made: clean(self.made),
            blocks,
            styles: styles(language, templates)?,
            labels: Labels { table: say("table"), figure: say("figure"), contents: say("contents") },
            wide: self.wide,
            sources: self.sources,
            templates,
        })
    }
}

/// A document before it is written in a format.
pub struct Report<'a> {
    pub language: Language,
    /// The first title of the template, for the properties of the file.
    pub title: String,
    /// The subject of the document.
    pub author: String,
    pub date: NaiveDate,
    /// The line about the document's provenance.
    pub made: String,
    pub blocks: Vec<Block<'a>>,
    /// Formats of the docx: Word's styles.xml from the templates.
    pub styles: String,
    pub labels: Labels,
    /// Whether the page is in landscape.
    pub wide: bool,
    /// The sources of [`grammar::Piece::Traced`]; empty if no number is traced.
    pub sources: Vec<Source>,
    /// A folder whose files replace those of `data/templates`.
    pub templates: Option<&'a Path>,
}

/// The source of a number in a sentence: one cell of a table that is written beside the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The sentence's number in the list of sources.
    pub note: usize,
    /// The table, by the name of its file: `standings`.
    pub table: String,
    /// The key of the row: `year=2024;section=primary`.
    pub keys: String,
    pub column: String,
    /// The number as printed in the sentence.
    pub text: String,
    /// How the cell was printed: `fixed 3`, `size 3` (without its sign), `percent 1`.
    pub print: String,
    /// The row in readable form.
    pub row: String,
}

/// Texts that the formats insert themselves.
#[derive(Debug, Clone, Serialize)]
pub struct Labels {
    pub table: String,
    pub figure: String,
    pub contents: String,
}

pub enum Block<'a> {
    Title(Vec<Piece>),
    Line(Vec<Piece>),
    Contents,
    Page,
    Heading(u8, Vec<Piece>),
    Paragraph(Vec<Piece>),
    Entry(Vec<Piece>),
    Note(Vec<Piece>),
    Table(Table),
    Figure { picture: &'a Picture, caption: Vec<Piece> },
}

/// Returns the table for a name and its arguments: `Err` if there is no such table, `None` if it has no rows.
pub type Tables<'t> = &'t dyn Fn(&str, &[String]) -> Result<Option<Table>, ()>;

/// `zh` or `en`, as in the names of the templates.
pub fn suffix(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh",
        Language::English => "en",
    }
}

/// The blocks of the filled text of the template `name`.
///
/// # Errors
/// A line is invalid; the problem names the template and its line.
fn blocks<'a>(
    (name, template): (&str, &str),
    filled: &str,
    pictures: &'a [Picture],
    tables: Tables<'_>,
) -> Result<Vec<Block<'a>>> {
    let marks = grammar::parse(filled).map_err(|unknown| not_a_mark(name, template, &unknown.line))?;
    let mut blocks = Vec::new();
    for mark in marks {
        block(mark, pictures, tables, &mut blocks).map_err(|line| not_a_mark(name, template, &line))?;
    }
    Ok(blocks)
}

/// The first title among them.
fn title(blocks: &[Block<'_>]) -> Option<String> {
    blocks.iter().find_map(|block| match block {
        Block::Title(pieces) => Some(grammar::plain(pieces)),
        _ => None,
    })
}

/// The blocks of one line; the error is its invalid part.
fn block<'a>(
    mark: Mark,
    pictures: &'a [Picture],
    tables: Tables<'_>,
    blocks: &mut Vec<Block<'a>>,
) -> Result<(), String> {
    blocks.push(match mark {
        Mark::Title(pieces) => Block::Title(pieces),
        Mark::Line(pieces) => Block::Line(pieces),
        Mark::Contents => Block::Contents,
        Mark::Page => Block::Page,
        Mark::Heading(level, pieces) => Block::Heading(level, pieces),
        Mark::Paragraph(pieces) => Block::Paragraph(pieces),
        Mark::Entry(pieces) => Block::Entry(pieces),
        Mark::Note(pieces) => Block::Note(pieces),
        Mark::Table { name, of, caption } => {
            let found = tables(&name, &of).map_err(|()| format!("::table {name} {}", of.join(" ")))?;
            // A table without rows is left out with its caption.
            let Some(table) = found else { return Ok(()) };
            Block::Table(Table { caption: caption.unwrap_or_default(), ..table })
        }
        Mark::Figure { kind, of, caption } => {
            let known = Kind::from_id(&kind).ok_or_else(|| format!("::figure {kind} {}", of.join(" ")))?;
            let own = |picture: &Picture| {
                let parts: Vec<&str> = picture.name.split('-').collect();
                of.iter().all(|part| parts.contains(&part.as_str()))
            };
            // A picture without data is not drawn.
            for picture in pictures.iter().filter(|picture| picture.kind == known && own(picture)) {
                let caption = caption.clone().unwrap_or_else(|| vec![Piece::Text(clean(&picture.title))]);
                blocks.push(Block::Figure { picture, caption });
            }
            return Ok(());
        }
    });
    Ok(())
}

/// Filling a template moves lines, so the line is found by its words.
fn not_a_mark(name: &str, template: &str, line: &str) -> Problem {
    let start: String = line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let word = line.split_whitespace().next().unwrap_or_default();
    let at =
        |what: &str| template.lines().position(|own| !what.is_empty() && own.trim_start().starts_with(what));
    let number = at(&start).or_else(|| at(word)).map_or_else(|| "?".into(), |at| (at + 1).to_string());
    Problem::error("report_mark", Place::file(name)).with("line", number).with("found", line.trim())
}

/// Reads Word's styles.xml, which must at least be XML.
///
/// # Errors
/// It is not XML; the problem names the line.
fn styles(language: Language, folder: Option<&Path>) -> Result<String> {
    let name = format!("report.styles.{}.xml", suffix(language));
    let text = templates::text(&name, folder)?;
    let mut reader = quick_xml::Reader::from_str(&text);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return Ok(text),
            Ok(_) => {}
            Err(why) => {
                let before = usize::try_from(reader.error_position()).unwrap_or(0).min(text.len());
                let line = text.as_bytes()[..before].iter().filter(|byte| **byte == b'\n').count() + 1;
                return Err(Problem::error("template_broken", Place::file(name))
                    .with("line", line)
                    .with("why", why)
                    .into());
            }
        }
    }
}
