//! `standards`: lists the standards, shows their content, checks a file.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use unicode_width::UnicodeWidthStr;

use super::{
    Exit,
    options::{self, settings},
    screen, usage,
};
use crate::{
    problem::{Error, Result},
    report::{self, csv},
    standard::{DocumentFinding, Standard, checked, coverage, describe, names, schema},
    store,
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
        /// The document sentence by sentence, with what the program does for each.
        #[arg(long)]
        coverage: bool,
        #[arg(long)]
        json: bool,
        /// The list of sentences as a csv file.
        #[arg(long, value_name = "FILE", requires = "coverage")]
        out: Option<PathBuf>,
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
        StandardsCommand::Show { standard, set, coverage, json, out } => {
            let (_, standard) = options::standard(&standard, &settings(&set)?)?;
            if coverage {
                return sentences(&standard, json, out.as_deref(), words);
            }
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

/// Every sentence of the document, with what the program does for it: on the screen, as JSON, or as a csv file.
fn sentences(standard: &Standard, json: bool, out: Option<&Path>, words: &Words) -> Result<Exit> {
    let Some(sentences) = coverage::coverage(standard)? else {
        let has = |name: &String| {
            Standard::load(name).is_ok_and(|standard| matches!(coverage::coverage(&standard), Ok(Some(_))))
        };
        let allowed: Vec<String> = names()?.into_iter().filter(has).collect();
        let args = [("standard", standard.id.clone()), ("allowed", allowed.join(", "))];
        return Err(usage("coverage_none", &args));
    };
    if let Some(path) = out {
        if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("csv")) {
            return Err(usage("coverage_out_kind", &[("found", path.display().to_string())]));
        }
        store::refuse_existing(path)?;
        store::write_file(path, |aside| {
            let mut file = std::fs::File::create(aside).map_err(|why| Error::disk(path, why))?;
            csv::write(report::coverage::table(&sentences, words.language).frame(), &mut file)
        })?;
    }
    screen::say(&match (json, out) {
        (true, _) => format!("{:#}", coverage::json(&sentences, words.language)),
        (false, Some(path)) => words.fill("coverage.written", &[("file", path.display().to_string())]),
        (false, None) => screen::sentences(standard, &sentences, words),
    })?;
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
