//! File names that are valid on Windows, macOS and Linux alike, made distinct where several are needed, and matched
//! against patterns with `*`.

use std::collections::HashSet;

use crate::sha256;

/// Names that Windows reserves for devices, with any extension.
const DEVICES: [&str; 22] = [
    "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
    "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];
/// The maximum length of a name in UTF-8 bytes, which leaves room for an extension on every file system.
const MAX_BYTES: usize = 200;
/// The same for a district's code, which is followed by a year.
const MAX_CODE_BYTES: usize = 100;
/// The maximum length of an id that names a folder, in characters.
pub const MAX_ID: usize = 64;

/// A file name without extension for each of `names`, in order. No two are equal, even on file systems that ignore
/// case.
pub fn distinct<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .into_iter()
        .map(|name| {
            let name = allowed(name);
            let numbered = (2..).map(|number| format!("{name}-{number}"));
            // Windows and macOS ignore case.
            let free =
                std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(name.to_lowercase()));
            free.unwrap_or(name)
        })
        .collect()
}

/// A file name without extension for a district's code. It depends on the code alone, and no two codes share one. A
/// code of letters and digits is its own name; to any other, and where case could make two alike, the beginning of its
/// SHA-256 is appended: `A_1~2f0c66a1`.
pub fn of_code(code: &str) -> String {
    let mut name: String = code.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let mut end = name.len().min(MAX_CODE_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    if name.is_empty() || name != code || code.chars().any(char::is_lowercase) {
        name.push('~');
        name.extend(sha256::of(code).chars().take(8));
    }
    name
}

/// Whether an id can be used unchanged as the name of a folder: letters of any script, digits, `-` and `_`, with `.`
/// between them; at most [`MAX_ID`] characters; not a name that Windows reserves for a device.
pub fn is_plain(id: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    !id.is_empty()
        && id.chars().count() <= MAX_ID
        && id.chars().all(plain)
        && !id.starts_with('.')
        && !id.ends_with('.')
        && !is_device(id)
}

/// Whether `name` matches `pattern`, where `*` stands for any run of characters.
pub fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |part| rest.ends_with(part))
}

fn allowed(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '_',
            c if c.is_control() => '_',
            // Control characters that reverse the direction of text on the screen.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '_',
            c => c,
        })
        .collect();
    // Windows strips trailing dots and blanks; a leading dot hides a file.
    let mut kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace()).to_string();
    while kept.len() > MAX_BYTES {
        kept.pop();
    }
    match kept.as_str() {
        "" => "_".into(),
        _ if is_device(&kept) => format!("_{kept}"),
        _ => kept,
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_uppercase();
    DEVICES.contains(&stem.as_str())
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
            distinct(names),
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
        assert!(distinct([long.as_str()]).iter().all(|name| name.len() <= MAX_BYTES));
        assert_eq!(distinct(["甲", "甲", "甲"]), ["甲", "甲-2", "甲-3"]);
    }

    #[test]
    fn every_code_has_a_name_of_its_own() {
        for plain in ["430503", "A1", "县01"] {
            assert_eq!(of_code(plain), plain);
        }
        let long = "9".repeat(300);
        let longer = "9".repeat(301);
        let codes = ["A-1", "A_1", "A/1", "a_1", "A1 ", "A1.", "a1", "..", "", "~", &long, &longer];
        let names: HashSet<String> = codes.iter().map(|code| of_code(code).to_lowercase()).collect();
        assert_eq!(names.len(), codes.len(), "{names:?}");
        let allowed = |name: &String| name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '~');
        assert!(names.iter().all(|name| allowed(name) && name.len() <= MAX_CODE_BYTES + 9), "{names:?}");
    }

    #[test]
    fn an_id_that_is_no_folder_everywhere_is_not_plain() {
        for id in ["quality-balance-2017", "daxiang", "a.b_c-1", "1", "大祥区"] {
            assert!(is_plain(id), "{id}");
        }
        let long = "a".repeat(MAX_ID + 1);
        let not_plain = [
            "", ".", "..", "../../x", "/etc", "C:\\x", "a/b", "a\\b", ".a", "a.", "a b", " a", "a\n", "a\0",
            "con", "NUL.x", "com1", &long,
        ];
        for id in not_plain {
            assert!(!is_plain(id), "{id:?}");
        }
    }

    #[test]
    fn a_star_is_any_run_of_characters() {
        for (pattern, name, fit) in [
            ("*", "a.csv", true),
            ("*.csv", "a.csv", true),
            ("*.csv", "a.xlsx", false),
            ("10?_*", "103_basec.csv", false),
            ("10*_base*.csv", "103_basec.csv", true),
            ("a*a", "a", false),
            ("a*b*c", "a1b2b3c", true),
            ("a.csv", "a.csv", true),
            ("a.csv", "aa.csv", false),
            ("小*.xlsx", "小学.xlsx", true),
        ] {
            assert_eq!(fits(pattern, name), fit, "{pattern} {name}");
        }
    }
}
