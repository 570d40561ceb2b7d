//! `report.html`: one self-contained page of one district. Nothing is loaded from elsewhere: style, script, charts and
//! the cells behind the numbers are in the file.
//!
//! ```text
//! report.html (template) ◀── page: what is read, row by row
//!                        ◀── drilldown: what a number opens, as JSON
//!                        ◀── report.css, report.js, the pictures' SVG
//! ```

mod calculation;
mod drilldown;
mod page;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde::Serialize;

use super::templates;
use crate::{
    chart::Picture,
    problem::Result,
    tables::{cells::Cells, district::District},
};

/// Context of the template. `style`, `script`, `behind` and the charts are inserted unchanged; everything else is
/// escaped by the template.
#[derive(Serialize)]
struct Context<'a> {
    page: page::Page<'a>,
    style: String,
    script: String,
    behind: String,
}

/// The page, UTF-8. `templates`: a folder whose files replace those of `data/templates`.
///
/// # Errors
/// A template cannot be read or filled; the problem names its file and line.
pub fn write(district: &District, pictures: &[Picture], templates: Option<&Path>) -> Result<Vec<u8>> {
    let template = templates::text("report.html", templates)?;
    let records = drilldown::Records::of(district);
    let cells = Cells::of(district)?;
    let context = Context {
        page: page::Page::of(district, pictures, &records, &cells),
        style: templates::text("report.css", templates)?,
        script: templates::text("report.js", templates)?,
        behind: inert(&drilldown::Drilldown::of(district, &records, &cells))?,
    };
    templates::render("report.html", &template, &context).map(String::into_bytes)
}

/// JSON that cannot end the `<script>` it stands in, nor a line of JavaScript.
pub fn inert(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(value).map_err(|why| crate::problem::Error::json("report.html", why))?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    Ok(out)
}
