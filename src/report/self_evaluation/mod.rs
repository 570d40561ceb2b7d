//! 自评报告: the self-evaluation report of one district, as docx for editing and as pdf for submission.
//!
//! Every sentence is in `data/templates/self-evaluation.{zh,en}.md.jinja`, whose context is [`content::Content`] and
//! whose syntax is [`super::document::grammar`].

mod balance;
mod content;
mod duties;
mod tables;
#[cfg(test)]
mod tests;

use std::path::Path;

use self::content::Content;
use super::document::{Draft, Report};
use crate::{
    chart::Picture, dictionary::Section, number, problem::Result, tables::district::District, words::Words,
};

/// The report of a district. `templates`: a folder whose files replace those of `data/templates`.
///
/// # Errors
/// A template cannot be read, filled or parsed; the problem names its file and line.
pub fn report<'p>(
    district: &District,
    pictures: &'p [Picture],
    templates: Option<&'p Path>,
) -> Result<Report<'p>> {
    let content = Content::of(district);
    let draft = Draft {
        template: "self-evaluation",
        content: &content,
        tables: &|name, of| tables::of(district, &content, name, of),
        pictures,
        author: &district.name,
        title: &district.name,
        date: district.made.date,
        made: &content.made,
        wide: false,
        sources: Vec::new(),
    };
    draft.compose(district.words, templates)
}

/// A text of this report, from `data/words/*/self_evaluation.toml`.
fn say(words: &Words, key: &str, args: &[(&str, String)]) -> String {
    words.fill(&format!("self_evaluation.{key}"), args)
}

/// 翠园小学, or 翠园小学（小学） with its section.
fn school(name: &str, section: Option<Section>, words: &Words) -> String {
    match section {
        None => name.to_string(),
        Some(section) => {
            let args = [("school", name.to_string()), ("section", words.section(section.id()))];
            words.fill("school.section", &args)
        }
    }
}

/// `part` as a percentage of `whole`; `None` if no part of the whole is known.
fn percent(part: usize, (known, whole): (usize, usize), decimals: u32) -> Option<String> {
    (known > 0).then(|| number::fixed(Some(100.0 * part as f64 / whole as f64), decimals))
}
