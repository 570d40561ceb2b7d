//! Standard files with editing mistakes: they are read, or refused with an error that says what is wrong and where.

use std::{collections::HashSet, path::Path};

use crate::{
    calendar,
    problem::{Error, Place},
    standard::{Standard, describe, names},
    words::{Language, Words},
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::testing::{
    mutations::{count, survive_each},
    project,
};

/// What a value may become.
const VALUES: [&str; 20] = [
    "0",
    "-1",
    "1e308",
    "0.1",
    "99999999999999999999",
    "4294967296",
    "nan",
    "-inf",
    "true",
    "\"\"",
    "\"一\"",
    "\"02-29\"",
    "\"13-45\"",
    "[]",
    "[1, 2, 3]",
    "[\"a\", \"a\"]",
    "{}",
    "{ zh = \"一\" }",
    "2026-01-01",
    "\"((((students))))\"",
];

/// Keys of the format, also where they do not belong.
const KEYS: [&str; 24] = [
    "points",
    "check",
    "checks",
    "method",
    "kind",
    "only",
    "within",
    "group",
    "each",
    "least",
    "most",
    "tiers",
    "otherwise",
    "base",
    "fault",
    "after",
    "days",
    "by",
    "from",
    "until",
    "required",
    "required_by_class",
    "id",
    "extends",
];

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_string).collect()
}

/// Where the tables of a file begin, with what stands before the first.
fn tables(lines: &[String]) -> Vec<usize> {
    let begins = (0..lines.len()).filter(|i| lines[*i].trim_start().starts_with('['));
    std::iter::once(0).chain(begins).collect()
}

/// A whole table, from its heading to the next.
fn table(lines: &[String], random: &mut ChaCha8Rng) -> std::ops::Range<usize> {
    let tables = tables(lines);
    let k = random.random_range(0..tables.len());
    tables[k]..tables.get(k + 1).copied().unwrap_or(lines.len())
}

fn pick<'a, T>(list: &'a [T], random: &mut ChaCha8Rng) -> &'a T {
    &list[random.random_range(0..list.len())]
}

/// One to three edits of `original`; `others` are the files that a piece may come from.
fn edited(original: &str, others: &[String], random: &mut ChaCha8Rng) -> String {
    let mut lines = lines(original);
    for _ in 0..random.random_range(1..=3) {
        if lines.is_empty() {
            break;
        }
        let at = random.random_range(0..lines.len());
        let to = random.random_range(0..lines.len());
        let of_key = |lines: &[String], key: &str| -> Vec<usize> {
            (0..lines.len()).filter(|i| lines[*i].trim_start().starts_with(key)).collect()
        };
        match random.random_range(0..15) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(to, lines[at].clone()),
            2 => lines.swap(at, to),
            3 => {
                let (key, value) = match lines[at].split_once('=') {
                    Some((key, _)) => (key.to_string(), pick(&VALUES, random)),
                    None => (format!("{} ", pick(&KEYS, random)), pick(&VALUES, random)),
                };
                lines[at] = format!("{key}= {value}");
            }
            4 => {
                let key = pick(&KEYS, random);
                lines.insert(at, format!("{key} = {}", pick(&VALUES, random)));
            }
            // One number becomes another.
            5 => {
                let digits: Vec<(usize, usize)> = lines
                    .iter()
                    .enumerate()
                    .flat_map(|(i, line)| {
                        line.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(move |(k, _)| (i, k))
                    })
                    .collect();
                if !digits.is_empty() {
                    let (i, k) = *pick(&digits, random);
                    let digit = random.random_range(0..10).to_string();
                    lines[i].replace_range(k..=k, &digit);
                }
            }
            // A mark goes, or comes.
            6 => {
                let marks: Vec<(usize, char)> =
                    lines[at].char_indices().filter(|(_, c)| "\"[]{}=.,'()".contains(*c)).collect();
                if let Some((k, mark)) = marks.get(random.random_range(0..marks.len().max(1))) {
                    let new = *pick(&["", "\"", "]", "[", "=", "\"\"\"", "“"], random);
                    lines[at].replace_range(*k..k + mark.len_utf8(), new);
                }
            }
            // A misspelt key or word.
            7 => {
                let letters: Vec<usize> = lines[at]
                    .char_indices()
                    .filter(|(_, c)| c.is_ascii_lowercase())
                    .map(|(k, _)| k)
                    .collect();
                if !letters.is_empty() {
                    let k = *pick(&letters, random);
                    let new = *pick(&["", "x", "zz"], random);
                    lines[at].replace_range(k..=k, new);
                }
            }
            // What is named becomes what another is named.
            8 => {
                let keys =
                    ["id =", "group =", "within =", "check =", "about =", "after =", "indicator =", "from ="];
                let named: Vec<usize> = keys.iter().flat_map(|key| of_key(&lines, key)).collect();
                if !named.is_empty() {
                    let (i, k) = (*pick(&named, random), *pick(&named, random));
                    let value =
                        lines[k].split_once('=').map_or(String::new(), |(_, value)| value.to_string());
                    let key = lines[i].split_once('=').map_or(String::new(), |(key, _)| key.to_string());
                    lines[i] = format!("{key}={value}");
                }
            }
            // A table goes, stands twice, or elsewhere.
            9 => drop(lines.drain(table(&lines, random))),
            10 => {
                let piece = lines[table(&lines, random)].to_vec();
                let to = *pick(&tables(&lines), random);
                lines.splice(to..to, piece);
            }
            11 => {
                let piece: Vec<String> = lines.drain(table(&lines, random)).collect();
                let to = *pick(&tables(&lines), random);
                lines.splice(to..to, piece);
            }
            // A table of another file.
            12 => {
                let other = self::lines(pick::<String>(others, random));
                let piece = other[table(&other, random)].to_vec();
                lines.splice(to..to, piece);
            }
            // The end is missing.
            13 if random.random_range(0..4) == 0 => lines.truncate(at),
            13 => {
                let formulas: Vec<usize> = ["numerator", "denominator", "required", "applies", "when"]
                    .iter()
                    .flat_map(|key| of_key(&lines, key))
                    .collect();
                if !formulas.is_empty() {
                    let i = *pick(&formulas, random);
                    let key = lines[i].split_once('=').map_or("when ", |(key, _)| key).to_string();
                    let deep = random.random_range(1..3000);
                    let formula = match random.random_range(0..4) {
                        0 => format!("{}students{}", "(".repeat(deep), ")".repeat(deep)),
                        1 => vec!["students"; deep].join(" + "),
                        2 => format!("{}students", "-".repeat(deep)),
                        _ => format!("{}true", "not ".repeat(deep)),
                    };
                    lines[i] = format!("{key}= \"{formula}\"");
                }
            }
            // Any character anywhere.
            _ => {
                let places: Vec<usize> = lines[at].char_indices().map(|(k, _)| k).collect();
                let k = places.get(random.random_range(0..places.len().max(1))).copied().unwrap_or(0);
                let new =
                    *pick(&["\u{0}", "\t", "，", "\u{feff}", "#", "\\", "\r", "😀", "\u{202e}"], random);
                lines[at].insert_str(k, new);
            }
        }
    }
    let end = if random.random_range(0..10) == 0 { "\r\n" } else { "\n" };
    lines.join(end) + end
}

/// A standard that was read is whole; one that was refused says what is wrong, each time with the line of a file.
fn read(path: &Path) -> Result<(), Error> {
    let file = path.display().to_string();
    let words = Words::load(Language::Chinese).unwrap();
    let refused = match Standard::load(&file) {
        Ok(standard) => {
            for finding in &standard.document_findings {
                assert!(finding.place.file.is_some() && finding.place.cell.is_some(), "{finding:?}");
            }
            let entries = standard.entries();
            let ids: HashSet<&String> = entries.iter().map(|entry| &entry.id).collect();
            assert_eq!(ids.len(), entries.len());
            assert!(!describe::text(&standard, &words).is_empty());
            assert!(describe::json(&standard, Language::English).is_object());
            let steps = calendar::steps(&standard, 2026, &Default::default());
            assert_eq!(steps.len(), standard.steps.len());
            return Ok(());
        }
        Err(Error::Input(problems)) => problems,
        Err(other) => return Err(other),
    };
    let text = std::fs::read_to_string(path).unwrap();
    for problem in &refused {
        assert!(words.has(&format!("problem.{}", problem.code)), "{} has no words", problem.code);
        let Place { file: Some(at), cell: Some(cell), .. } = &problem.place else { panic!("{problem:?}") };
        let (line, column) = cell.split_once(':').unwrap_or_else(|| panic!("{problem:?}"));
        let (line, column): (usize, usize) = (line.parse().unwrap(), column.parse().unwrap());
        assert!(line >= 1 && column >= 1);
        // What an edition extends is another file.
        if *at == file {
            assert!(line <= text.split('\n').count(), "{problem:?}");
        }
    }
    Err(Error::Input(refused))
}

#[test]
fn mutated_standards_are_read_or_refused() {
    let names = names().unwrap();
    let texts: Vec<String> = names
        .iter()
        .map(|name| {
            let path = project(&format!("data/standards/{name}.toml"));
            std::fs::read_to_string(path).unwrap()
        })
        .collect();
    let mutated = |random: &mut ChaCha8Rng| {
        let k = random.random_range(0..texts.len());
        (format!("{}.toml", names[k]), edited(&texts[k], &texts, random).into_bytes())
    };
    survive_each(count(), mutated, read);
}
