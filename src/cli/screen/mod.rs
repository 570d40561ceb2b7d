//! Screen output: at most 100 columns, of which a Chinese character takes two. Calculates nothing.

mod annual;
mod equity;
mod findings;
mod layout;
mod panel;
mod sentences;
mod standings;
mod verdict;

use std::io::{ErrorKind, IsTerminal, Write};

use unicode_width::UnicodeWidthStr;

use crate::{
    problem::{Error, Level, Result},
    words::Words,
};

pub use annual::{Annual, annual};
pub use equity::{Inquired, equity};
pub use findings::findings;
pub use layout::{Column, WIDTH, cut, heading, mark, table, wrap};
pub use panel::{coverage, summary};
pub use sentences::sentences;
pub use standings::{score_files, standings};
pub use verdict::{View, verdicts};

/// Prints to stdout, with colours on a terminal. A closed pipe (`| head`) is not an error: its reader has read enough.
///
/// # Errors
/// The output cannot be written, for example because the disk is full.
pub fn say(text: &str) -> Result<()> {
    let out = std::io::stdout();
    let text = if coloured(out.is_terminal()) { paint(text) } else { text.to_string() };
    let mut out = out.lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(why) if why.kind() != ErrorKind::BrokenPipe => Err(Error::Output(why)),
        _ => Ok(()),
    }
}

/// Prints to stderr.
pub fn tell(text: &str) {
    let out = std::io::stderr();
    let text = if coloured(out.is_terminal()) { paint(text) } else { text.to_string() };
    let _ = writeln!(out.lock(), "{text}");
}

/// <https://no-color.org>: set and not empty.
fn coloured(terminal: bool) -> bool {
    terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// Colours only the marks ✓ ✗ ≈ and the headings, so that no meaning depends on colour alone.
fn paint(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (i, line) in text.lines().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let heading = line.starts_with(layout::HEADING);
        if heading {
            out.push_str("\x1b[1m");
        }
        for c in line.chars() {
            let colour = match c {
                '✓' => "32",
                '✗' => "31",
                '≈' => "33",
                _ => {
                    out.push(c);
                    continue;
                }
            };
            out.push_str(&format!("\x1b[{colour}m{c}\x1b[39m"));
        }
        if heading {
            out.push_str("\x1b[0m");
        }
    }
    out
}

/// An error: its kind, then every problem on a line of its own.
pub fn error(error: &Error, words: &Words) -> String {
    let messages = match error {
        // Only what stopped the run; `check` shows the warnings too.
        Error::Input(problems) => {
            let grave = problems.iter().filter(|p| p.level == Level::Error);
            let shown: Vec<String> = grave.take(MAX_ERRORS).map(|p| words.placed(p)).collect();
            if shown.is_empty() { problems.iter().map(|p| words.placed(p)).collect() } else { shown }
        }
        other => vec![words.error(other)],
    };
    let hidden = match error {
        Error::Input(problems) => problems.len() - messages.len(),
        _ => 0,
    };
    let many = messages.len() > 1;
    let frame = words.say(match error {
        Error::Usage(_) => "screen.wrong_usage",
        Error::Input(_) => "screen.bad_input",
        Error::Disk { .. } | Error::Output(_) => "screen.disk",
        Error::Engine(_) | Error::Defect { .. } => "screen.engine",
    });
    let mut out = vec![frame];
    for message in messages {
        out.extend(layout::message(&message, if many { "  · " } else { "  " }));
    }
    if hidden > 0 {
        out.push(words.fill("screen.more_problems", &[("n", hidden.to_string())]));
    }
    out.join("\n")
}

/// Maximum number of errors shown; `check` lists all.
const MAX_ERRORS: usize = 20;

/// Documents in the order of their importance to people, each with a line that describes it (`screen.document.<id>`).
const DOCUMENTS: [(&str, &str); 8] = [
    ("report.html", "html"),
    ("申报表.xlsx", "form"),
    ("gaps.xlsx", "gaps"),
    ("report.docx", "docx"),
    ("report.pdf", "pdf"),
    (CHARTS, "charts"),
    ("verdict.json", "verdict"),
    ("run.json", "run"),
];
const CHARTS: &str = "charts/";

/// The folder of the result and its files. `names` are the files of the run, such as `daxiang/gaps.csv`.
pub fn files(folder: &str, names: &[String], words: &Words) -> String {
    let mut lines = vec![layout::heading(&words.fill("screen.files", &[("folder", folder.to_string())]))];
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    lines.extend(files_by_folder(&names, words));
    lines.join("\n")
}

/// The files of a folder, then those of its first subfolder as an example of the others.
fn files_by_folder(names: &[&str], words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |name: &str, id: &str, args: &[(&str, String)]| {
        let said = words.fill(&format!("screen.document.{id}"), args);
        lines.push(format!("  {name}{}  {said}", " ".repeat(16usize.saturating_sub(name.width()))));
    };
    let pictures = names.iter().filter(|n| n.starts_with(CHARTS) && n.ends_with(".png")).count();
    for (name, id) in DOCUMENTS {
        if name == CHARTS && pictures > 0 {
            line(name, id, &[("count", pictures.to_string())]);
        } else if names.contains(&name) {
            line(name, id, &[]);
        }
    }
    // Before their own ending, in the run's language.
    let suffix = format!("{}.", words.say("annotate.suffix"));
    let annotated: Vec<&str> =
        names.iter().copied().filter(|n| !n.contains('/') && n.contains(&suffix)).collect();
    if let Some(first) = annotated.first() {
        line(first, "annotated", &[("count", annotated.len().to_string())]);
    }
    // In the order of calculation, not in alphabetical order.
    let order = crate::report::READ.into_iter().chain(crate::report::JUDGED);
    let tables: Vec<&str> =
        order.filter(|table| names.contains(&format!("{table}.parquet").as_str())).collect();
    if !tables.is_empty() {
        lines.extend(layout::wrap(
            &words.fill("screen.tables", &[("tables", tables.join(" "))]),
            "  ",
            INNER_WIDTH,
        ));
    }
    let mut folders: Vec<&str> =
        names.iter().filter_map(|n| n.split_once('/')).map(|(folder, _)| folder).collect();
    folders.sort_unstable();
    folders.dedup();
    folders.retain(|folder| format!("{folder}/") != CHARTS);
    if let Some(first) = folders.first() {
        let shown = folders.iter().take(MAX_FOLDERS).map(|folder| format!("{folder}/"));
        let list = shown.collect::<Vec<_>>().join(" ");
        let key = if folders.len() > MAX_FOLDERS { "screen.many_folders" } else { "screen.folders" };
        let args = [("folders", list), ("count", folders.len().to_string())];
        lines.extend(layout::wrap(&words.fill(key, &args), "  ", INNER_WIDTH));
        let inside: Vec<&str> =
            names.iter().filter_map(|n| n.strip_prefix(first)?.strip_prefix('/')).collect();
        lines.extend(files_by_folder(&inside, words).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// Each level of folders is indented by two columns.
const INNER_WIDTH: usize = WIDTH - 4;
/// If there are more folders than this, only their number is shown.
const MAX_FOLDERS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn colours_only_repeat_what_the_marks_say() {
        let plain = "■ a ✓\nb ✗ c";
        let painted = paint(plain);
        assert!(painted.contains("\x1b[32m✓") && painted.contains("\x1b[31m✗"));
        let mut bare = painted;
        for code in ["\x1b[1m", "\x1b[0m", "\x1b[31m", "\x1b[32m", "\x1b[39m"] {
            bare = bare.replace(code, "");
        }
        assert_eq!(bare, plain);
    }

    #[test]
    fn files_are_listed_by_folder() {
        let words = Words::load(Language::Chinese).unwrap();
        let mut names: Vec<String> = ["run.json", "verdict.json"].map(String::from).into();
        for (prefix, tables) in
            [("", crate::report::READ), ("a/", crate::report::JUDGED), ("b/", crate::report::JUDGED)]
        {
            names.extend(
                tables.iter().flat_map(|t| [format!("{prefix}{t}.csv"), format!("{prefix}{t}.parquet")]),
            );
        }
        for folder in ["a/", "b/"] {
            let documents = ["gaps.xlsx", "申报表.xlsx", "report.pdf", "charts/cv.png", "charts/cv.svg"];
            names.extend(documents.map(|name| format!("{folder}{name}")));
        }
        names.push("大祥区-批注.xlsx".into());
        names.sort();
        insta::assert_snapshot!(files("junheng-out", &names, &words));
    }
}
