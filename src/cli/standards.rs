//! `standards`: lists the standards, shows their content, checks a file.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use unicode_width::UnicodeWidthStr;

use super::{
    Exit,
    options::{self, settings},
    screen,
};
use crate::{
    problem::{Error, Result},
    standard::{DocumentFinding, Standard, checked, describe, names, schema},
    words::Words,
};

#[derive(Debug, Args)]
pub struct StandardsArguments {
    #[command(subcommand)]
    what: Option<StandardsCommand>,
}

#[derive(Debug, Subcommand)]
enum StandardsCommand {
    List,
    Show {
        #[arg(value_name = "S")]
        standard: String,
        #[arg(long, value_name = "SETTING=VALUE")]
        set: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    Check {
        #[arg(value_name = "S")]
        file: PathBuf,
    },
    Schema,
}

pub fn execute(arguments: StandardsArguments, words: &Words) -> Result<Exit> {
    match arguments.what.unwrap_or(StandardsCommand::List) {
        StandardsCommand::List => screen::say(&list(words)?)?,
        StandardsCommand::Show { standard, set, json } => {
            let (_, standard) = options::standard(&standard, &settings(&set)?)?;
            screen::say(&match json {
                true => format!("{:#}", describe::json(&standard, words.language)),
                false => hung(describe::text(&standard, words).trim_end()),
            })?;
        }
        StandardsCommand::Check { file } => {
            let standard = checked(&file).map_err(Error::Input)?;
            screen::say(&words.fill("cli.standards.in_order", &[("file", file.display().to_string())]))?;
            if !standard.document_findings.is_empty() {
                screen::say(&format!("\n{}", about_document(&standard, words)))?;
            }
        }
        StandardsCommand::Schema => screen::say(&format!("{:#}", schema()))?,
    }
    Ok(Exit::Done)
}

/// Findings about the document, one per line.
fn about_document(standard: &Standard, words: &Words) -> String {
    let line = |finding: &DocumentFinding| {
        let kind = finding.kind.id();
        let args = [
            ("place", finding.place.to_string()),
            ("about", finding.about.clone()),
            ("kind", words.say(&format!("document_finding.{kind}"))),
            ("text", finding.text.get(words.language).to_string()),
        ];
        screen::wrap(&words.fill("document_finding.line", &args), "  ", screen::WIDTH).join("\n")
    };
    let lines = standard.document_findings.iter().map(line);
    std::iter::once(words.say("document_finding.heading")).chain(lines).collect::<Vec<_>>().join("\n")
}

/// Breaks lines at the width of the screen; continuation lines keep the indent.
fn hung(text: &str) -> String {
    let lines = text.lines().flat_map(|line| {
        let (indent, rest) = line.split_at(line.len() - line.trim_start_matches(' ').len());
        match rest {
            "" => vec![String::new()],
            rest => screen::wrap(rest, indent, screen::WIDTH),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// One line per standard, with id and title; a broken standard is reported and does not hide the others.
fn list(words: &Words) -> Result<String> {
    let names = names()?;
    let wide = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let line = |name: &String| {
        let title = match Standard::load(name) {
            Ok(standard) => standard.title.get(words.language).to_string(),
            Err(error) => format!("✗ {}", words.error(&error).lines().next().unwrap_or_default()),
        };
        screen::cut(&format!("{name:wide$}  {title}"), screen::WIDTH)
    };
    Ok(names.iter().map(line).collect::<Vec<_>>().join("\n"))
}
