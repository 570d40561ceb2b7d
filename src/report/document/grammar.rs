//! The marked-up text that a template produces, and the blocks that it describes.
//!
//! One line is one block; an empty line means nothing.
//!
//! ```text
//! ::title 大祥区……自评报告          title of the report, on its title page
//! ::line 2026 年 3 月 1 日           a centred line under it
//! ::contents                         the table of contents
//! ::page                             what follows begins a page
//! # 一、县域基本情况                 heading; ## and ### are of level 2 and 3
//! 全区现有……                         a paragraph
//! - 小学 L5……                        an entry of a list
//! > 注：……                            a small note
//! ::table reached | 各学段达标情况    a table by name (and section, number …), after | its caption
//! ::figure heat-map primary           pictures by kind; without | the caption is the picture's own title
//! 【待填：……】                        inside any line: a place that people fill in, set off by colour
//! ⟦0.490|37⟧  ⟦^12⟧                  a number with the number of its source; a raised note number
//! ```
//!
//! `\` removes the special meaning of the character after it. Values that a template prints with `{{ }}` are escaped in
//! this way ([`inert`]), so that a school whose name begins with `#` makes no heading. Only text that is already marked
//! up passes unchanged ([`marked_up`](crate::report::escape::marked_up)).

use serde::Serialize;

pub use crate::report::escape::{clean, inert};

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// A place to be filled in by people, with its brackets.
    Blank(String),
    /// A number, and the index of its source.
    Traced(String, usize),
    /// The number of a note, set small and raised.
    Note(String),
}

impl Piece {
    pub fn text(&self) -> &str {
        match self {
            Piece::Text(text) | Piece::Blank(text) | Piece::Traced(text, _) | Piece::Note(text) => text,
        }
    }
}

/// Serialized as `{ kind, text }`, so that a layout that does not know a kind can print its text.
impl Serialize for Piece {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let kind = match self {
            Piece::Text(_) => "text",
            Piece::Blank(_) => "blank",
            Piece::Traced(..) => "traced",
            Piece::Note(_) => "note",
        };
        let mut piece = serializer.serialize_struct("Piece", 2)?;
        piece.serialize_field("kind", kind)?;
        piece.serialize_field("text", self.text())?;
        piece.end()
    }
}

/// One line of the text, before tables and pictures are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    Title(Vec<Piece>),
    Line(Vec<Piece>),
    Contents,
    Page,
    Heading(u8, Vec<Piece>),
    Paragraph(Vec<Piece>),
    Entry(Vec<Piece>),
    Note(Vec<Piece>),
    Table { name: String, of: Vec<String>, caption: Option<Vec<Piece>> },
    Figure { kind: String, of: Vec<String>, caption: Option<Vec<Piece>> },
}

/// A line that is none of the above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The line as written.
    pub line: String,
}

/// The blocks of the text, in order; an error for the first line that is invalid.
pub fn parse(text: &str) -> Result<Vec<Mark>, Unknown> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(mark).collect()
}

fn mark(line: &str) -> Result<Mark, Unknown> {
    let unknown = || Unknown { line: line.to_string() };
    if let Some(command) = line.strip_prefix("::") {
        let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let rest = rest.trim();
        return match (word, rest.is_empty()) {
            ("title", false) => Ok(Mark::Title(pieces(rest))),
            ("line", false) => Ok(Mark::Line(pieces(rest))),
            ("contents", true) => Ok(Mark::Contents),
            ("page", true) => Ok(Mark::Page),
            ("table", false) => {
                let (name, of, caption) = named(rest).ok_or_else(unknown)?;
                Ok(Mark::Table { name, of, caption })
            }
            ("figure", false) => {
                let (kind, of, caption) = named(rest).ok_or_else(unknown)?;
                Ok(Mark::Figure { kind, of, caption })
            }
            _ => Err(unknown()),
        };
    }
    if line.starts_with('#') {
        let level = line.chars().take_while(|c| *c == '#').count();
        let title = line[level..].trim();
        return match u8::try_from(level) {
            Ok(level @ 1..=3) if !title.is_empty() => Ok(Mark::Heading(level, pieces(title))),
            _ => Err(unknown()),
        };
    }
    Ok(match (line.strip_prefix("- "), line.strip_prefix("> ")) {
        (Some(entry), _) => Mark::Entry(pieces(entry)),
        (_, Some(note)) => Mark::Note(pieces(note)),
        _ => Mark::Paragraph(pieces(line)),
    })
}

/// `shares primary L5 | caption`.
fn named(text: &str) -> Option<(String, Vec<String>, Option<Vec<Piece>>)> {
    let bar = text.char_indices().find(|(at, c)| *c == '|' && !text[..*at].ends_with('\\'));
    let (what, caption) = match bar {
        Some((at, _)) => (&text[..at], Some(pieces(text[at + 1..].trim()))),
        None => (text, None),
    };
    let mut words = what.split_whitespace().map(|word| plain(&pieces(word)));
    Some((words.next()?, words.collect(), caption.filter(|caption| !caption.is_empty())))
}

/// Splits a line into text and places to fill in, and removes `\`.
pub fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut text, mut inside) = (String::new(), false);
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => text.extend(rest.next()),
            '【' if !inside => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                inside = true;
                text.push(c);
            }
            '】' if inside => {
                text.push(c);
                pieces.push(Piece::Blank(std::mem::take(&mut text)));
                inside = false;
            }
            '⟦' if !inside && let Some((piece, after)) = referring(rest.as_str()) => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(piece);
                rest = after.chars();
            }
            c => text.push(c),
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// Parses what follows `⟦`; returns it and the rest of the line.
fn referring(line: &str) -> Option<(Piece, &str)> {
    let (inner, after) = line.split_once('⟧')?;
    let piece = match inner.strip_prefix('^') {
        Some(note) => Piece::Note(note.to_string()),
        None => {
            let (text, source) = inner.rsplit_once('|')?;
            Piece::Traced(text.to_string(), source.parse().ok()?)
        }
    };
    Some((piece, after))
}

/// The plain text of pieces, including places to fill in, without notes.
pub fn plain(pieces: &[Piece]) -> String {
    pieces.iter().filter(|piece| !matches!(piece, Piece::Note(_))).map(Piece::text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<Piece> {
        vec![Piece::Text(text.into())]
    }

    #[test]
    fn every_mark_is_read() {
        let page = "::title 报告\n::line 三月\n::contents\n::page\n\n# 一\n## 二\n### 三\n正文\n- 条\n> 注\n\
                    ::table shares primary L5 | 各校所占份额\n::figure heat-map";
        assert_eq!(
            parse(page).unwrap(),
            [
                Mark::Title(text("报告")),
                Mark::Line(text("三月")),
                Mark::Contents,
                Mark::Page,
                Mark::Heading(1, text("一")),
                Mark::Heading(2, text("二")),
                Mark::Heading(3, text("三")),
                Mark::Paragraph(text("正文")),
                Mark::Entry(text("条")),
                Mark::Note(text("注")),
                Mark::Table {
                    name: "shares".into(),
                    of: vec!["primary".into(), "L5".into()],
                    caption: Some(text("各校所占份额")),
                },
                Mark::Figure { kind: "heat-map".into(), of: vec![], caption: None },
            ]
        );
    }

    #[test]
    fn a_line_that_means_nothing_is_given_back() {
        for line in ["::tabel reached", "::table", "::title", "::contents here", "#### 四", "#"] {
            assert_eq!(parse(&format!("好\n{line}\n")), Err(Unknown { line: line.into() }));
        }
    }

    #[test]
    fn places_to_fill_in_are_set_apart() {
        assert_eq!(
            pieces("人口【待填：万人】，镇【待填】"),
            [
                Piece::Text("人口".into()),
                Piece::Blank("【待填：万人】".into()),
                Piece::Text("，镇".into()),
                Piece::Blank("【待填】".into()),
            ]
        );
        assert_eq!(pieces("没有关上【待填"), [Piece::Text("没有关上".into()), Piece::Text("【待填".into())]);
    }

    #[test]
    fn numbers_know_their_source() {
        assert_eq!(
            pieces("为⟦0.490|37⟧，⟦x⟧。⟦^3⟧"),
            [
                Piece::Text("为".into()),
                Piece::Traced("0.490".into(), 37),
                Piece::Text("，⟦x⟧。".into()),
                Piece::Note("3".into()),
            ]
        );
        assert_eq!(
            serde_json::to_value(Piece::Traced("0.490".into(), 37)).unwrap(),
            serde_json::json!({ "kind": "traced", "text": "0.490" })
        );
    }

    #[test]
    fn a_hostile_name_is_text_wherever_it_stands() {
        for name in
            ["# 一", "::page", "- x", "> y", "【待填】", "a\\", "::table x | y", "<script>", "𠮷𫖯", "⟦9|1⟧"]
        {
            let line = inert(name);
            assert_eq!(parse(&line).unwrap(), [Mark::Paragraph(text(name))], "{name}");
        }
        assert_eq!(inert("一\n# 二\u{1}"), "一 \\# 二");
        let found = parse(&format!("::table shares {} | 一", inert("B-1|2"))).unwrap();
        let Mark::Table { of, caption, .. } = &found[0] else { panic!("{found:?}") };
        assert_eq!((&of[..], caption), (&["B-1|2".to_string()][..], &Some(text("一"))));
    }
}
