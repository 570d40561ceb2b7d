//! 自评报告: the self-evaluation report of one district, as docx to write on in and as pdf to hand in.
//!
//! ```text
//! tables ─content─▶ what may be said ─template─▶ marked-up text ─grammar─▶ blocks ─▶ docx, pdf
//! ```
//!
//! Every sentence stands in `data/templates/self-evaluation.{zh,en}.md.jinja`; what it may ask for is
//! [`content::Content`], what it may write is [`super::document::grammar`]. Both formats are made of the same blocks.

mod balance;
mod content;
mod duties;
#[cfg(feature = "pdf")]
pub mod pdf;
mod tables;

use std::path::Path;

use self::content::Content;
pub use super::document::{Block, Report, docx};
use super::{
    document::{
        self, Labels,
        grammar::{self, clean},
    },
    templates,
};
use crate::{chart::Picture, problem::Result, tables::district::District};

/// The report of a district. `templates`: a folder whose files stand for those of `data/templates`.
///
/// # Errors
/// A template cannot be read, filled or understood; the problem names its file and line.
pub fn report<'a>(
    district: &District,
    pictures: &'a [Picture],
    templates: Option<&Path>,
) -> Result<Report<'a>> {
    let language = district.words.language;
    let name = format!("self-evaluation.{}.md.jinja", document::suffix(language));
    let template = templates::text(&name, templates)?;
    let content = Content::of(district);
    let filled = templates::render(&name, &template, &content)?;
    let tables = |name: &str, of: &[String]| tables::of(district, &content, name, of);
    let blocks = document::blocks((&name, &template), &filled, pictures, &tables)?;
    let say = |key: &str| content::say(district.words, key, &[]);
    Ok(Report {
        language,
        title: document::title(&blocks).unwrap_or_else(|| clean(&district.name)),
        author: clean(&district.name),
        date: district.made.date,
        made: clean(&district.made_line()),
        blocks,
        styles: document::styles(language, templates)?,
        labels: Labels { table: say("table"), figure: say("figure"), contents: say("contents") },
        wide: false,
        sources: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
