//! What patching the parts of a package needs of XML: attributes by name, elements with one attribute changed,
//! text as OOXML keeps it.

use std::fmt::Write as _;

use quick_xml::{
    escape::{escape, unescape},
    events::BytesStart,
};

/// A part that does not conform to the format, or is not understood here. The copy is then rebuilt from the cells that
/// were read.
#[derive(Debug)]
pub struct Broken(pub String);

pub type Patched<T> = std::result::Result<T, Broken>;

impl From<quick_xml::Error> for Broken {
    fn from(why: quick_xml::Error) -> Self {
        Broken(why.to_string())
    }
}

impl From<std::io::Error> for Broken {
    fn from(why: std::io::Error) -> Self {
        Broken(why.to_string())
    }
}

impl From<zip::result::ZipError> for Broken {
    fn from(why: zip::result::ZipError) -> Self {
        Broken(why.to_string())
    }
}

/// The value of the attribute spelled `name`, including the prefix.
pub fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok().flatten()?;
    Some(unescape(&found.value).ok()?.into_owned())
}

/// The value of the prefixed attribute with this local name: `id` for `r:id`.
pub fn prefixed(element: &BytesStart, local: &str) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.prefix().is_some() && a.key.local_name().as_ref() == local)?;
    Some(unescape(&found.value).ok()?.into_owned())
}

/// The number in an attribute.
pub fn number(element: &BytesStart, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

/// The prefix of an element with its colon, for its siblings: `x:`, or empty.
pub fn prefix(element: &BytesStart) -> String {
    let name = element.name();
    let local = name.local_name().as_ref().len();
    name.as_ref()[..name.as_ref().len() - local].to_string()
}

/// The same element with these attributes changed, added or (if the value is `None`) removed. Other attributes stay as
/// they are written.
pub fn changed(element: &BytesStart, changes: &[(&str, Option<&str>)]) -> BytesStart<'static> {
    let name = element.name().as_ref().to_string();
    let length = name.len();
    let mut content = name;
    let mut done = vec![false; changes.len()];
    for attribute in element.attributes().with_checks(false).flatten() {
        let key = attribute.key.as_ref();
        match changes.iter().position(|(name, _)| *name == key) {
            Some(at) => {
                done[at] = true;
                if let Some(value) = changes[at].1 {
                    let _ = write!(content, r#" {key}="{}""#, escape(value));
                }
            }
            None => {
                let quote = if attribute.value.contains('"') { '\'' } else { '"' };
                let _ = write!(content, " {key}={quote}{}{quote}", attribute.value);
            }
        }
    }
    for ((name, value), done) in changes.iter().zip(done) {
        if let (Some(value), false) = (value, done) {
            let _ = write!(content, r#" {name}="{}""#, escape(*value));
        }
    }
    BytesStart::from_content(content, length)
}

/// Excel's maximum length of a text in a cell or comment, in UTF-16 units.
const MAX_TEXT: usize = 32_767;

/// `text` as the content of `<t>`. Characters that XML does not allow are written `_x0001_`, as Excel does, so the
/// underscore of a text that looks like this is escaped.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.chars();
    let mut units = 0;
    while let Some(c) = rest.next() {
        let tail = rest.as_str();
        let looks_escaped = c == '_'
            && tail
                .strip_prefix('x')
                .and_then(|t| t.get(..5))
                .is_some_and(|t| t.ends_with('_') && t.bytes().take(4).all(|b| b.is_ascii_hexdigit()));
        units += c.len_utf16();
        if units > MAX_TEXT {
            break;
        }
        match c {
            '_' if looks_escaped => out.push_str("_x005F_"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' => out.push(c),
            '\r' => out.push_str("&#13;"),
            '\0'..='\x1f' | '\u{FFFE}' | '\u{FFFF}' => {
                let _ = write!(out, "_x{:04X}_", c as u32);
            }
            _ => out.push(c),
        }
    }
    out
}

/// `value` as an attribute in double quotes. Characters that XML does not allow are left out.
pub fn quoted(value: &str) -> String {
    let clean: String =
        value.chars().filter(|c| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f')).collect();
    escape(clean).into_owned()
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, events::Event};

    use super::*;

    fn element(text: &str) -> BytesStart<'static> {
        match Reader::from_str(text).read_event().unwrap() {
            Event::Empty(e) | Event::Start(e) => e.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_attribute_is_changed_and_the_others_stay_as_they_are_written() {
        let cell = element(r#"<x:c  r='A1' s="3" t="s" x14ac:y='a"b' />"#);
        let text = |e: &BytesStart| format!("{}{}", e.name().as_ref(), e.attributes_raw());
        assert_eq!(text(&changed(&cell, &[("s", Some("7"))])), r#"x:c r="A1" s="7" t="s" x14ac:y='a"b'"#);
        assert_eq!(
            text(&changed(&cell, &[("s", None), ("q", Some("<"))])),
            r#"x:c r="A1" t="s" x14ac:y='a"b' q="&lt;""#
        );
        assert_eq!(prefix(&cell), "x:");
        assert_eq!(prefixed(&cell, "y").as_deref(), Some("a\"b"));
        assert_eq!(prefixed(&cell, "s"), None);
    }

    #[test]
    fn text_is_as_excel_writes_it() {
        assert_eq!(text("<a>&\u{1}𠮷_x0041_ _x"), "&lt;a&gt;&amp;_x0001_𠮷_x005F_x0041_ _x");
        assert_eq!(text(&"𠮷".repeat(20_000)).chars().count(), MAX_TEXT / 2);
        assert_eq!(quoted("a\"\u{2}<"), "a&quot;&lt;");
    }
}
