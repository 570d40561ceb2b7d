//! Texts of a user's files inside marked-up text ([`super::document::grammar`]): nothing in them is interpreted as a
//! mark.

use serde::{Serialize, Serializer};

/// Escapes a text for any place in marked-up text: one line, without control characters, with a `\` before every
/// character that could be a mark. Spaces at its ends are kept, line breaks there are not.
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

/// One line, without characters that XML does not allow.
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

/// For `#[serde(serialize_with)]`: texts that are already marked up. A template prints them unchanged.
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
