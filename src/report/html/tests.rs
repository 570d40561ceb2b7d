//! The page of a made county, as its text is read.

use polars::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::{report::sample::Whole, tables::facts, words::Language};

fn written(whole: &Whole) -> String {
    let district = whole.district();
    let pictures = crate::chart::district_pictures(&district).unwrap();
    String::from_utf8(write(&district, &pictures, None).unwrap()).unwrap()
}

/// The JSON that stands in the page.
fn behind(page: &str) -> Json {
    let start = page.find("id=\"behind\">").unwrap() + "id=\"behind\">".len();
    let text = &page[start..];
    serde_json::from_str(&text[..text.find("</script>").unwrap()]).unwrap()
}

/// The visible text of a part of the page: without tags, one line per row.
fn read(page: &str, part: &str) -> String {
    let start = page.find(&format!("<section id=\"{part}\"")).unwrap();
    let section = &page[start..start + page[start..].find("</section>").unwrap()];
    let (mut out, mut tag, mut drawn) = (String::new(), String::new(), false);
    let mut inside = false;
    for c in section.chars() {
        match c {
            '<' => (inside, tag) = (true, String::new()),
            '>' => {
                inside = false;
                drawn = (drawn || tag.starts_with("svg")) && !tag.starts_with("/svg");
                if ["/tr", "/p", "/h2", "/h3", "/li", "/dd", "/summary"].contains(&tag.as_str()) {
                    out.push('\n');
                } else if !drawn && ["/td", "/th", "/dt", "/span"].contains(&tag.as_str()) {
                    out.push(' ');
                }
            }
            c if inside => tag.push(c),
            '\n' => out.push(' '),
            c if !drawn => out.push(c),
            _ => {}
        }
    }
    for (escaped, c) in
        [("&#x2f;", "/"), ("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
    {
        out = out.replace(escaped, c);
    }
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_read_of_a_small_county() {
    for (language, name) in [(Language::Chinese, "zh"), (Language::English, "en")] {
        let whole = Whole::synthetic(3, "quality-balance-2017", language);
        // Without charts, whose texts have their own tests.
        let page = String::from_utf8(write(&whole.district(), &[], None).unwrap()).unwrap();
        let parts = ["verdict", "indicators", "schools"].map(|part| read(&page, part));
        insta::assert_snapshot!(name, parts.join("\n\n"));
    }
}

#[test]
fn an_english_page_is_english() {
    let page = written(&Whole::demo("quality-balance-2017", Language::English));
    assert!(page.contains("<html lang=\"en\">"));
    for part in ["indicators", "items"] {
        // Clauses and requirements are quoted as the document has them; what is said is English.
        let said = read(&page, part);
        for chinese in ["达标", "差异系数", "缺资料", "均值"] {
            assert!(!said.contains(chinese), "{part}: {chinese}");
        }
    }
}

#[test]
fn every_number_opens_something() {
    let page = written(&Whole::demo("quality-balance-2017", Language::Chinese));
    let behind = behind(&page);
    let (markup, _) = page.split_once("id=\"behind\">").unwrap();
    for opens in markup.split("data-opens=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let opens = opens.replace("&#x2f;", "/");
        let parts: Vec<&str> = opens.split('/').collect();
        let found = match parts[..] {
            ["v", record, indicator] => {
                let record: usize = record.parse().unwrap();
                behind["records"][record]["values"][indicator].is_array()
            }
            ["d", section, indicator] => behind["dispersion"]
                .as_array()
                .unwrap()
                .iter()
                .any(|row| row["section"] == section && row["indicator"] == indicator),
            ["i", item] => behind["items"][item].is_object(),
            ["i", item, record] => {
                behind["items"][item].is_object()
                    && behind["records"][record.parse::<usize>().unwrap()].is_object()
            }
            _ => false,
        };
        assert!(found, "{opens}");
    }
}

#[test]
fn hostile_names_are_text() {
    let hostile = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "𠮷𫖯中学\u{7}\u{0}</script><!--",
        "\"onmouseover=\"alert(1)",
        &"长".repeat(60),
    ];
    let mut whole = Whole::synthetic(9, "quality-balance-2017", Language::Chinese);
    let facts = whole.facts.facts.clone();
    let mut names: Vec<String> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for code in facts.rows().filter_map(|row| row.school_code()) {
        if !seen.iter().any(|known| known == code) {
            seen.push(code.to_string());
        }
        let at = seen.iter().position(|known| known == code).unwrap();
        names.push(hostile.get(at).map_or_else(|| format!("第{at}小学"), |name| name.to_string()));
    }
    whole
        .facts
        .facts
        .frame_mut()
        .with_column(Column::new(facts::column::school_name.into(), &names))
        .unwrap();
    whole.assessment = crate::assess::assess(&whole.facts, &whole.standard, false, &whole.words).unwrap();
    let page = written(&whole);
    let (markup, _) = page.split_once("id=\"behind\">").unwrap();
    assert!(!page.contains("<script>alert") && !markup.contains("\"onmouseover"), "a name became markup");
    let scripts = page.matches("<script").count();
    assert_eq!((scripts, page.matches("</script>").count()), (2, 2));
    let behind = behind(&page);
    let names: Vec<&str> =
        behind["records"].as_array().unwrap().iter().map(|record| record["name"].as_str().unwrap()).collect();
    for name in hostile {
        assert!(names.contains(&name), "{name} is lost");
    }
}
