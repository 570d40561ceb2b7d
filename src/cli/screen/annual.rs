//! The annual report: its main findings, then its files.

use super::WIDTH;
use super::layout::{heading, wrap};
use crate::{
    report::{annual::portraits::Done, format::Format},
    words::Words,
};

/// What the screen shows of an annual report.
pub struct Annual<'a> {
    pub folder: &'a str,
    /// The summary sentences of the report.
    pub findings: &'a [String],
    pub files: &'a [String],
    /// `None` if no portraits were wanted.
    pub done: Option<Done>,
}

pub fn annual(shown: &Annual, words: &Words) -> String {
    let mut lines: Vec<String> = shown.findings.iter().flat_map(|line| wrap(line, "", WIDTH)).collect();
    lines.push(String::new());
    lines.push(heading(&words.fill("annual.screen.files", &[("folder", shown.folder.to_string())])));
    let top: Vec<&str> = shown.files.iter().map(String::as_str).filter(|name| !name.contains('/')).collect();
    lines.extend(top.iter().filter(|name| !Format::is_table(name)).map(|name| format!("  {name}")));
    let pictures =
        shown.files.iter().filter(|name| name.starts_with("charts/") && name.ends_with(".svg")).count();
    if pictures > 0 {
        lines.push(format!("  {}", words.fill("annual.screen.charts", &[("count", pictures.to_string())])));
    }
    lines.push(match shown.done {
        Some(done) => {
            let args = [
                ("count", (done.made + done.taken).to_string()),
                ("made", done.made.to_string()),
                ("taken", done.taken.to_string()),
            ];
            format!("  {}", words.fill("annual.screen.portraits", &args))
        }
        None => format!("  {}", words.say("annual.screen.no_portraits")),
    });
    let tables: Vec<&str> = top.iter().filter_map(|name| name.strip_suffix(".csv")).collect();
    let tables = words.fill("annual.screen.tables", &[("tables", tables.join(" "))]);
    lines.extend(wrap(&tables, "  ", WIDTH));
    lines.join("\n")
}
