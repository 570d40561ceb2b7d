//! Names of files that are named after units: allowed on Windows, macOS and Linux, each once.

use std::collections::HashSet;

/// Names that Windows keeps for devices, with any ending.
const DEVICES: [&str; 22] = [
    "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
    "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];
/// A name of more UTF-8 bytes is too long for some disks once an ending is added.
const MOST: usize = 200;

/// The name for each unit, in their order, without an ending.
pub fn files<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .into_iter()
        .map(|name| {
            let safe = safe(name);
            let numbered = (2..).map(|number| format!("{safe}-{number}"));
            // Windows and macOS do not tell capitals apart.
            let free =
                std::iter::once(safe.clone()).chain(numbered).find(|name| taken.insert(name.to_lowercase()));
            free.unwrap_or(safe)
        })
        .collect()
}

fn safe(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '_',
            c if c.is_control() => '_',
            // They would turn the name round on the screen.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '_',
            c => c,
        })
        .collect();
    // Windows takes dots and blanks at the end away; a dot at the beginning hides a file.
    let mut kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace()).to_string();
    while kept.len() > MOST {
        kept.pop();
    }
    let stem = kept.split('.').next().unwrap_or_default().to_uppercase();
    match kept.as_str() {
        "" => "_".into(),
        _ if DEVICES.contains(&stem.as_str()) => format!("_{kept}"),
        _ => kept,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_everywhere_and_each_stands_once() {
        let names = [
            "东风县",
            "青石/白水旗",
            "CON",
            "con.txt",
            "..",
            " a. ",
            "<b>=1+1</b>",
            "A",
            "a",
            "..\\..\\x",
            "\u{202e}x",
        ];
        assert_eq!(
            files(names),
            [
                "东风县",
                "青石_白水旗",
                "_CON",
                "_con.txt",
                "_",
                "a",
                "_b_=1+1__b_",
                "A-2",
                "a-3",
                "_.._x",
                "_x"
            ]
        );
        let long = "长".repeat(300);
        assert!(files([long.as_str()]).iter().all(|name| name.len() <= MOST));
        assert_eq!(files(["甲", "甲", "甲"]), ["甲", "甲-2", "甲-3"]);
    }
}
