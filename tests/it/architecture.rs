//! Imports between rooms are those that ARCHITECTURE.md allows, and files do not import each other in circles.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::support::project;

/// A module by its path below the crate: `["ingest", "sheet"]`.
type Module = Vec<String>;

/// Which modules a module imports.
type Arrows = BTreeMap<Module, BTreeSet<Module>>;

/// Rust source without comments, without what stands in texts and characters, and without items that are only there in
/// tests; and the names of the modules that are only there in tests.
fn plain(source: &str) -> (String, BTreeSet<String>) {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            'r' if raw_text(rest).is_some() && !text.ends_with(is_of_name) => raw_text(rest).unwrap(),
            '"' => 1 + end_of_text(&rest[1..]),
            '\'' => character(rest),
            _ => 0,
        };
        if skipped == 0 {
            text.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            text.push(' ');
            rest = &rest[skipped..];
        }
    }
    let mut tests = BTreeSet::new();
    while let Some(start) = text.find("#[cfg(test)]") {
        let mut end = start + text[start..].find(['{', ';']).map_or(text.len() - start, |at| at);
        if text[end..].starts_with('{') {
            let mut depth = 0;
            for (at, c) in text[end..].char_indices() {
                depth += i32::from(c == '{') - i32::from(c == '}');
                if depth == 0 {
                    end += at;
                    break;
                }
            }
        } else if let Some((_, name)) = text[start..end].rsplit_once("mod ") {
            tests.insert(name.trim().to_string());
        }
        text.replace_range(start..(end + 1).min(text.len()), " ");
    }
    (text, tests)
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a raw text that begins here.
fn raw_text(rest: &str) -> Option<usize> {
    let hashes = rest[1..].len() - rest[1..].trim_start_matches('#').len();
    let body = rest[1 + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(2 + hashes + body.find(&end)? + end.len())
}

/// The length of a text up to its closing quote and with it.
fn end_of_text(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The length of a character that begins here; nothing for a lifetime.
fn character(rest: &str) -> usize {
    let body = &rest[1..];
    let length = if body.starts_with('\\') {
        2 + body[2..].find('\'').unwrap_or(0)
    } else {
        body.chars().next().map_or(0, char::len_utf8)
    };
    if length > 0 && body[length..].starts_with('\'') { length + 2 } else { 0 }
}

/// The paths of one `use`: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((before, inside)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.split("::").map(|part| part.trim().to_string()).collect()];
    };
    let before: Vec<String> =
        before.split("::").map(|part| part.trim().to_string()).filter(|part| !part.is_empty()).collect();
    let inside = inside.trim_end().strip_suffix('}').unwrap_or(inside);
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    let ends = inside.char_indices().chain([(inside.len(), ',')]);
    for (at, c) in ends {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            let branch = &inside[start..at];
            if !branch.trim().is_empty() {
                found.extend(paths(branch).into_iter().map(|path| [before.clone(), path].concat()));
            }
            start = at + 1;
        }
    }
    found
}

/// Every path that a source names: those of its `use` and those in the middle of its code.
fn named(text: &str) -> Vec<Vec<String>> {
    let (mut found, mut rest, mut code) = (Vec::new(), text, String::new());
    while let Some(at) = rest.find("use ") {
        let is_word = !rest[..at].ends_with(is_of_name);
        code.push_str(&rest[..at]);
        rest = &rest[at + 4..];
        if is_word && let Some(end) = rest.find(';') {
            found.extend(paths(&rest[..end]));
            rest = &rest[end..];
        }
    }
    code.push_str(rest);
    let is_of_path = |c: char| is_of_name(c) || c == ':';
    for path in code.split(|c| !is_of_path(c)).filter(|path| path.contains("::")) {
        found.push(path.split("::").map(str::to_string).collect());
    }
    found
}

/// The arrows of all sources: file name below `src` and text.
fn arrows(sources: &[(String, String)]) -> Arrows {
    let mut texts: BTreeMap<Module, String> = BTreeMap::new();
    let mut tests: BTreeSet<Module> = BTreeSet::new();
    for (name, source) in sources {
        let mut module: Module = name.trim_end_matches(".rs").split('/').map(str::to_string).collect();
        if module.last().is_some_and(|last| last == "mod" || last == "lib") {
            module.pop();
        }
        let (text, own_tests) = plain(source);
        tests.extend(own_tests.into_iter().map(|test| [module.clone(), vec![test]].concat()));
        texts.insert(module, text);
    }
    let is_test = |module: &Module| {
        module.iter().any(|part| part == "tests") || tests.iter().any(|test| module.starts_with(test))
    };
    texts.retain(|module, _| !is_test(module));
    let mut arrows = Arrows::new();
    for (module, text) in &texts {
        for mut path in named(text) {
            let from = match path.first().map(String::as_str) {
                Some("crate") => Module::new(),
                Some("self") => module.clone(),
                Some("super") => {
                    let mut from = module.clone();
                    while path.get(1).is_some_and(|part| part == "super") {
                        from.pop();
                        path.remove(0);
                    }
                    from.pop();
                    from
                }
                // A module that stands below this one may be named as it is.
                Some(first) if texts.contains_key(&[module.clone(), vec![first.to_string()]].concat()) => {
                    path.insert(0, "self".into());
                    module.clone()
                }
                _ => continue,
            };
            let mut to = [from, path[1..].to_vec()].concat();
            while !to.is_empty() && !texts.contains_key(&to) {
                to.pop();
            }
            if !to.is_empty() && to != *module {
                arrows.entry(module.clone()).or_default().insert(to);
            }
        }
    }
    arrows
}

/// What ARCHITECTURE.md allows: a room and all that it may import. Lines without four columns are no rooms.
fn allowed(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let (mut allowed, mut vocabularies) = (BTreeMap::new(), BTreeSet::new());
    let mut in_vocabularies = false;
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            in_vocabularies = heading == "The vocabularies";
        }
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [name, .., imports] = &cells[..] else { continue };
        let Some(name) = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) else { continue };
        if in_vocabularies {
            vocabularies.insert(name.to_string());
        }
        let mut all = BTreeSet::new();
        for import in imports.split(',').map(str::trim).filter(|import| *import != "—") {
            match import {
                "vocabularies" => all.extend(vocabularies.clone()),
                room => drop(all.insert(room.to_string())),
            }
        }
        allowed.insert(name.to_string(), all);
    }
    allowed
}

/// Arrows between rooms that are not allowed.
fn strays(arrows: &Arrows, allowed: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut found = Vec::new();
    for (from, to) in arrows.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to))) {
        let ([room, ..], [other, ..]) = (&from[..], &to[..]) else { continue };
        // The front of the library names all rooms.
        if room != other && room != "main" && !allowed.get(room).is_some_and(|all| all.contains(other)) {
            found.push(format!("{} → {}", from.join("::"), to.join("::")));
        }
    }
    found
}

/// Circles of files. A folder's front and what stands in the folder belong together.
fn circles(arrows: &Arrows) -> Vec<String> {
    let beside = |from: &Module| {
        let all = arrows.get(from).into_iter().flatten();
        let apart = |to: &&Module| !to.starts_with(from) && !from.starts_with(to);
        all.filter(apart).collect::<Vec<_>>()
    };
    let reached = |from: &Module| {
        let (mut seen, mut next) = (BTreeSet::new(), beside(from));
        while let Some(module) = next.pop() {
            if seen.insert(module.clone()) {
                next.extend(beside(module));
            }
        }
        seen
    };
    let all: BTreeMap<&Module, BTreeSet<Module>> = arrows.keys().map(|from| (from, reached(from))).collect();
    let mut told = BTreeSet::new();
    for (from, reached) in &all {
        if reached.contains(*from) {
            let back = |to: &&Module| all.get(to).is_some_and(|all| all.contains(*from));
            let circle: BTreeSet<String> = reached.iter().filter(back).map(|to| to.join("::")).collect();
            told.insert(circle.into_iter().collect::<Vec<_>>().join(", "));
        }
    }
    told.into_iter().collect()
}

fn sources(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            sources(&path, &format!("{name}/"), found);
        } else if name.ends_with(".rs") {
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn ours() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&project("src"), "", &mut found);
    found.sort();
    found
}

fn page() -> String {
    std::fs::read_to_string(project("ARCHITECTURE.md")).unwrap()
}

#[test]
fn rooms_import_what_the_page_allows() {
    let strays = strays(&arrows(&ours()), &allowed(&page()));
    assert!(strays.is_empty(), "arrows that are not in ARCHITECTURE.md:\n{}", strays.join("\n"));
}

#[test]
fn files_make_no_circles() {
    let circles = circles(&arrows(&ours()));
    assert!(circles.is_empty(), "files that import one another:\n{}", circles.join("\n"));
}

/// The page's own table leads from above to below: no two rooms may import each other.
#[test]
fn the_page_allows_no_circle_of_rooms() {
    let allowed = allowed(&page());
    let arrows: Arrows = allowed
        .iter()
        .map(|(room, all)| (vec![room.clone()], all.iter().map(|other| vec![other.clone()]).collect()))
        .collect();
    assert_eq!(circles(&arrows), [] as [String; 0]);
    // Every room of the library has its line, and every line a room.
    let lib = std::fs::read_to_string(project("src/lib.rs")).unwrap();
    let (lib, _) = plain(&lib);
    let rooms: BTreeSet<&str> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(allowed.keys().map(String::as_str).collect::<BTreeSet<_>>(), rooms);
}

/// The library ends no process: a notebook's kernel would go with it.
#[test]
fn the_library_ends_no_process() {
    for (name, source) in ours() {
        let (text, _) = plain(&source);
        assert!(name == "main.rs" || !text.contains("process::exit"), "{name}");
    }
}

fn made(files: &[(&str, &str)]) -> Arrows {
    let files: Vec<(String, String)> =
        files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
    arrows(&files)
}

const PAGE: &str = "## The vocabularies\n| `word` | | | — |\n## The rooms\n| room | | | may import |\n|---|---|---|---|\n\
                    | `low` | does | never | vocabularies |\n| `high` | does | never | vocabularies, low |\n";

#[test]
fn an_arrow_that_points_up_is_found() {
    let allowed = allowed(PAGE);
    let up = |text: &str| {
        strays(
            &made(&[("low.rs", text), ("high/mod.rs", ""), ("high/part.rs", ""), ("word.rs", "")]),
            &allowed,
        )
    };
    for text in [
        "use crate::high::part::Thing;",
        "use crate::{\n    word::Word,\n    high::{self, part::{A, B as C}},\n};",
        "fn f() -> crate::high::part::Thing { todo!() }",
        "fn f() { super::high::part::g() }",
        "const A: char = '\"'; use crate::high::part; const B: char = '\"';",
    ] {
        assert!(!up(text).is_empty(), "{text}");
    }
    for text in [
        "use crate::word::Word;",
        "// use crate::high::part::Thing;",
        "const A: &str = \"use crate::high::part;\"; const B: &str = r#\"crate::high::part \" x\"#;",
        "#[cfg(test)]\nmod tests {\n    use crate::high::part;\n    const A: char = '}';\n}",
    ] {
        assert_eq!(up(text), [] as [String; 0], "{text}");
    }
    let down = made(&[("high/part.rs", "use crate::low;"), ("low.rs", ""), ("word.rs", "use crate::low;")]);
    assert_eq!(strays(&down, &allowed), ["word → low"]);
}

#[test]
fn a_circle_of_files_is_found() {
    let round = [
        ("low/mod.rs", "mod a; mod b; mod c; #[cfg(test)] mod sample; use a::A;"),
        ("low/a.rs", "use super::b::B; use super::Front;"),
        ("low/b.rs", "use crate::low::c;"),
        ("low/c.rs", "fn f() { super::a::g() }"),
        ("low/sample.rs", "use super::a::A; use super::free;"),
        ("low/free.rs", "use super::sample::S;"),
    ];
    assert_eq!(circles(&made(&round)), ["low::a, low::b, low::c"]);
    // Without the way back there is none; the front and its files are no circle.
    assert_eq!(circles(&made(&round[..3])), [] as [String; 0]);
}
