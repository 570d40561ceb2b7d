//! What a cell shows: tables as HTML and as text, pictures as SVG. Calculates nothing.

use std::io::Write;

use polars::prelude::*;
use unicode_width::UnicodeWidthStr;

use crate::{
    chart::{Kind, Picture},
    markup::escaped,
    number,
    words::{Language, Words},
};

/// One form of what is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// `text/html`, `text/plain`, `image/svg+xml`.
    pub mime: &'static str,
    /// The content itself.
    pub body: String,
}

/// What a notebook shows where it is the last expression of a cell.
pub trait Show {
    /// The same thing in one form or several; the notebook chooses one.
    fn shown(&self) -> Vec<Content>;

    /// Called by the evcxr kernel.
    fn evcxr_display(&self) {
        let mut out = String::new();
        for Content { mime, body } in self.shown() {
            // A school may be called anything, but not end the output.
            let body = body.replace("EVCXR_", "EVCXR-");
            out.push_str(&format!("EVCXR_BEGIN_CONTENT {mime}\n{body}\nEVCXR_END_CONTENT\n"));
        }
        // At once, so that nothing of another thread stands in between. If the notebook has closed, nothing is written.
        let _ = std::io::stdout().lock().write_all(out.as_bytes());
    }
}

/// More rows are counted, not shown.
const ROWS: usize = 30;
/// More characters of a cell are cut.
const CHARACTERS: usize = 60;

impl Show for DataFrame {
    fn shown(&self) -> Vec<Content> {
        let table = Cells::of(self);
        vec![
            Content { mime: "text/html", body: table.html() },
            Content { mime: "text/plain", body: table.text() },
        ]
    }
}

/// A frame's cells as they are printed.
struct Cells {
    names: Vec<String>,
    /// Columns of numbers are aligned right.
    numbers: Vec<bool>,
    rows: Vec<Vec<String>>,
    /// How many rows there are, where not all are shown.
    note: String,
}

impl Cells {
    fn of(frame: &DataFrame) -> Cells {
        let columns = frame.columns();
        let shown = frame.height().min(ROWS);
        let cell = |column: &Column, row| column.get(row).map_or_else(|_| String::new(), |v| printed(&v));
        let note = match Words::load(Language::default()) {
            Ok(words) if shown < frame.height() => {
                let args = [("shown", shown.to_string()), ("all", frame.height().to_string())];
                words.fill("notebook.rows", &args)
            }
            _ => String::new(),
        };
        Cells {
            names: columns.iter().map(|column| column.name().to_string()).collect(),
            numbers: columns.iter().map(|column| column.dtype().is_primitive_numeric()).collect(),
            rows: (0..shown).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect(),
            note,
        }
    }

    fn html(&self) -> String {
        let cell = |tag: &str, number: bool, text: &str| {
            let side = if number { "right" } else { "left" };
            format!("<{tag} style=\"text-align:{side}\">{}</{tag}>", escaped(text))
        };
        let line = |tag: &str, texts: &[String]| {
            let cells: String =
                texts.iter().zip(&self.numbers).map(|(text, number)| cell(tag, *number, text)).collect();
            format!("<tr>{cells}</tr>\n")
        };
        let rows: String = self.rows.iter().map(|row| line("td", row)).collect();
        let note = match self.note.as_str() {
            "" => String::new(),
            note => format!("<p>{}</p>\n", escaped(note)),
        };
        format!(
            "<table>\n<thead>{}</thead>\n<tbody>{rows}</tbody>\n</table>\n{note}",
            line("th", &self.names)
        )
    }

    fn text(&self) -> String {
        let widest = |k: usize| {
            let cells = self.rows.iter().map(|row| row[k].width());
            cells.chain([self.names[k].width()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.names.len()).map(widest).collect();
        let line = |texts: &[String]| {
            let cells = texts.iter().enumerate().map(|(k, text)| {
                let room = " ".repeat(widths[k].saturating_sub(text.width()));
                if self.numbers[k] { format!("{room}{text}") } else { format!("{text}{room}") }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_string()
        };
        let mut lines = vec![line(&self.names)];
        lines.extend(self.rows.iter().map(|row| line(row)));
        lines.extend(Some(self.note.clone()).filter(|note| !note.is_empty()));
        lines.join("\n")
    }
}

/// A cell: numbers with four decimals at most, those near nothing by their power; no lines, no length.
fn printed(value: &AnyValue) -> String {
    let text = match value {
        AnyValue::Null => return String::new(),
        AnyValue::String(text) => (*text).to_string(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Float64(number) => return short(*number),
        AnyValue::Float32(number) => return short(f64::from(*number)),
        other => other.to_string(),
    };
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn short(number: f64) -> String {
    if number != 0.0 && number.abs() < 0.001 { format!("{number:.2e}") } else { number::at_most(number, 4) }
}

/// Lines of text; the first is their heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub Vec<String>);

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl Show for Text {
    fn shown(&self) -> Vec<Content> {
        let mut lines = self.0.iter();
        let heading = lines.next().map(|line| format!("<h3>{}</h3>\n", escaped(line))).unwrap_or_default();
        let rest: String = lines.map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
        vec![
            Content { mime: "text/html", body: heading + &rest },
            Content { mime: "text/plain", body: self.to_string() },
        ]
    }
}

impl Show for Picture {
    /// An image of its own, which every viewer of notebooks shows.
    fn shown(&self) -> Vec<Content> {
        vec![
            Content { mime: "image/svg+xml", body: self.live().trim_end().to_string() },
            Content { mime: "text/plain", body: format!("{}\n{}", self.title, self.description) },
        ]
    }
}

/// Pictures in the order a report shows them.
#[derive(Debug, Clone)]
pub struct Pictures(pub Vec<Picture>);

impl Pictures {
    /// The picture of this name (`cv`); `None` where there is none: a picture without data is left out.
    pub fn named(&self, name: &str) -> Option<Picture> {
        self.0.iter().find(|picture| picture.name == name).cloned()
    }

    /// All pictures of a kind, in their order: one a section, mostly.
    pub fn of(&self, kind: Kind) -> Pictures {
        Pictures(self.0.iter().filter(|picture| picture.kind == kind).cloned().collect())
    }

    /// Names, kinds and what each finds.
    pub fn list(&self) -> DataFrame {
        let column = |name: &str, of: &dyn Fn(&Picture) -> String| {
            Column::new(name.into(), self.0.iter().map(of).collect::<Vec<String>>())
        };
        let columns = vec![
            column("name", &|picture| picture.name.clone()),
            column("kind", &|picture| format!("{:?}", picture.kind)),
            column("title", &|picture| picture.title.clone()),
        ];
        DataFrame::new(self.0.len(), columns).unwrap_or_default()
    }
}

impl Show for Pictures {
    /// All of them, one under the other; a single one as itself.
    fn shown(&self) -> Vec<Content> {
        if let [only] = &self.0[..] {
            return only.shown();
        }
        let plain: Vec<String> = self.0.iter().map(|p| format!("{}: {}", p.name, p.title)).collect();
        vec![
            Content { mime: "text/html", body: self.0.iter().map(Picture::live).collect() },
            Content { mime: "text/plain", body: plain.join("\n") },
        ]
    }
}

impl<T: Show> Show for Option<T> {
    fn shown(&self) -> Vec<Content> {
        self.as_ref().map_or_else(
            || vec![Content { mime: "text/plain", body: "—".to_string() }],
            |thing| thing.shown(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(frame: &DataFrame) -> String {
        frame.shown().remove(0).body
    }

    #[test]
    fn what_a_file_says_is_no_html() {
        let frame = df!("<b>" => ["<script>alert(\"1\")</script> & Co"]).unwrap();
        let html = html(&frame);
        assert!(html.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Co"), "{html}");
        assert!(html.contains("&lt;b&gt;") && !html.contains("<script") && !html.contains("<b>"));
        let text = Text(vec!["<i>".into(), "a & b".into()]).shown().remove(0).body;
        assert_eq!(text, "<h3>&lt;i&gt;</h3>\n<p>a &amp; b</p>\n");
    }

    #[test]
    fn thirty_rows_are_shown_and_the_rest_is_counted() {
        let frame = df!("n" => (0..47).collect::<Vec<i32>>()).unwrap();
        let shown = html(&frame);
        assert_eq!(shown.matches("<tr>").count(), 1 + ROWS);
        assert!(shown.contains("30") && shown.contains("47"), "{shown}");
        let few = html(&frame.head(Some(30)));
        assert_eq!(few.matches("<tr>").count(), 1 + 30);
        assert!(!few.contains("<p>"));
    }

    #[test]
    fn numbers_are_short_and_cells_are_one_line() {
        for (number, text) in [
            (0.560576463, "0.5606"),
            (0.0, "0"),
            (12345.0, "12,345"),
            (0.00012345, "1.23e-4"),
            (f64::NAN, "—"),
        ] {
            assert_eq!(short(number), text);
        }
        let long = "长".repeat(100);
        let frame = df!("a" => ["一\n二", &long], "x" => [Some(1.5), None]).unwrap();
        let plain = frame.shown().remove(1).body;
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(lines.len(), 3, "{plain}");
        assert!(lines[1].starts_with("一 二") && lines[1].ends_with("1.5"));
        assert!(lines[2].ends_with('…') && lines[2].chars().count() == CHARACTERS + 1);
    }

    #[test]
    fn a_frame_without_columns_or_rows_is_shown() {
        assert!(html(&DataFrame::default()).contains("<table>"));
        assert_eq!(html(&df!("a" => Vec::<f64>::new()).unwrap()).matches("<tr>").count(), 1);
    }
}
