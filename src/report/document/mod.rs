//! The pipeline of all documents: a template's marked-up text, the blocks it stands for, and the formats made of them.
//!
//! ```text
//! Draft (template, content, tables, pictures) ─compose─▶ Report (blocks) ─▶ docx, pdf, html
//! ```
//!
//! What a document says is the [`Draft`] of its room (`self_evaluation`, `annual`, `scores`); here is everything after it.

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

/// What a room has to say, before its template is filled.
pub struct Draft<'d, 'p, C> {
    /// `annual`: its text is `annual.zh.md.jinja` or `annual.en.md.jinja`.
    pub template: &'static str,
    /// What the template may ask for.
    pub content: &'d C,
    /// The tables that the template may ask for by name.
    pub tables: Tables<'d>,
    pub pictures: &'p [Picture],
    /// Whom the document is about, or who wrote it.
    pub author: &'d str,
    /// The title in the file's properties where the template has none.
    pub title: &'d str,
    pub date: NaiveDate,
    /// The line that says what made it.
    pub made: &'d str,
    /// The page lies on its side.
    pub wide: bool,
    /// What [`grammar::Piece::Traced`] speaks of; empty where no number says where it comes from.
    pub sources: Vec<Source>,
}

impl<'p, C: Serialize> Draft<'_, 'p, C> {
    /// The template filled and read. `templates`: a folder whose files stand for those of `data/templates`.
    ///
    /// # Errors
    /// A template cannot be read, filled or understood; the problem names its file and line.
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

/// A document before it has a format.
pub struct Report<'a> {
    pub language: Language,
    /// The first title of the template; for the properties of the file.
    pub title: String,
    /// Whom it is about.
    pub author: String,
    pub date: NaiveDate,
    /// The line that says what made it.
    pub made: String,
    pub blocks: Vec<Block<'a>>,
    /// Formats of the docx: Word's own styles.xml, as the templates have it.
    pub styles: String,
    pub labels: Labels,
    /// The page lies on its side.
    pub wide: bool,
    /// What [`grammar::Piece::Traced`] speaks of; empty where no number says where it comes from.
    pub sources: Vec<Source>,
    /// A folder whose files stand for those of `data/templates`.
    pub templates: Option<&'a Path>,
}

/// Where a number of a sentence comes from: one cell of a table that is written beside the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The sentence's number in the list of sources.
    pub note: usize,
    /// `standings`, the name of its file.
    pub table: String,
    /// `year=2024;section=primary`: what finds the row.
    pub keys: String,
    pub column: String,
    /// As the sentence says it.
    pub text: String,
    /// How the cell became the text: `fixed 3`, `size 3` (without its sign), `percent 1`.
    pub print: String,
    /// The row, to read.
    pub row: String,
}

/// Words that the formats put in themselves.
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

/// Gives the table of a name and what stands after it: `Err` where there is none of that name, `None` where it has no
/// rows.
pub type Tables<'t> = &'t dyn Fn(&str, &[String]) -> Result<Option<Table>, ()>;

/// `zh` or `en`, as the templates' names have it.
pub fn suffix(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh",
        Language::English => "en",
    }
}

/// The blocks of a template (`name`, its text) that was filled.
///
/// # Errors
/// A line means nothing; the problem names the template and its line.
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

/// Blocks of one line; the error is what of it means nothing.
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
            // A picture without data was not drawn.
            for picture in pictures.iter().filter(|picture| picture.kind == known && own(picture)) {
                let caption = caption.clone().unwrap_or_else(|| vec![Piece::Text(clean(&picture.title))]);
                blocks.push(Block::Figure { picture, caption });
            }
            return Ok(());
        }
    });
    Ok(())
}

/// The line of the template is where the words stand in it: filling it moves lines.
fn not_a_mark(name: &str, template: &str, line: &str) -> Problem {
    let start: String = line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let word = line.split_whitespace().next().unwrap_or_default();
    let at =
        |what: &str| template.lines().position(|own| !what.is_empty() && own.trim_start().starts_with(what));
    let number = at(&start).or_else(|| at(word)).map_or_else(|| "?".into(), |at| (at + 1).to_string());
    Problem::error("report_mark", Place::file(name)).with("line", number).with("found", line.trim())
}

/// Word's styles.xml, which must at least be XML.
///
/// # Errors
/// It is none; the problem names its line.
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
