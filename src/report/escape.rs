//! Texts of a user's files inside marked-up text ([`super::document::grammar`]): nothing in them is a mark.

use serde::{Serialize, Serializer};

/// A text as marked-up text may hold it anywhere: one line, without control characters, every character that could be a
/// mark behind a `\`. Spaces at its ends stay, line breaks there do not.
pub fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim_matches(char::is_control).chars().map(shown) {
        if matches!(c, '\\' | '【' | '】' | '⟦' | '⟧' | '#' | ':' | '-' | '>' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// One line, without what XML does not allow.
pub fn clean(text: &str) -> String {
    text.chars().map(shown).collect::<String>().trim().to_string()
}

fn shown(c: char) -> char {
    match c {
        c if c.is_control() => ' ',
        '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}' => ' ',
        c => c,
    }
}

/// For `#[serde(serialize_with)]`: texts that are marked-up text already. A template prints them as they are.
///
/// # Errors
/// Those of the serializer.
pub fn marked_up<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().map(|text| Marked(text)))
}

struct Marked<'a>(&'a str);

impl Serialize for Marked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        minijinja::Value::from_safe_string(self.0.to_string()).serialize(serializer)
    }
}
