//! `report.html` as `assess` writes it: self-contained, small and safe; and as a person uses it, in a headless
//! Chromium.

use std::{path::Path, process::Command};

use crate::support::{browser, junheng, project, rows};

/// All documents but the page: they have tests of their own.
const PAGE_ALONE: [&str; 6] =
    ["--no-form", "--no-annotated", "--no-gaps", "--no-charts", "--no-docx", "--no-pdf"];

/// The page of these inputs, in `folder/out`.
fn page(folder: &Path, inputs: &[&str], out: &str, more: &[&str]) -> String {
    let mut args = vec!["assess"];
    args.extend(inputs);
    args.extend(["--out", out, "--date", "2026-03-01"]);
    args.extend(PAGE_ALONE);
    args.extend(more);
    let run = junheng(folder, &args);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    std::fs::read_to_string(folder.join(out).join("report.html")).unwrap()
}

fn demo() -> String {
    project("data/demo/大祥区.xlsx").display().to_string()
}

/// Addresses in a page that are no names of an XML namespace.
fn addresses(page: &str) -> Vec<&str> {
    let starts = page.match_indices("http://").chain(page.match_indices("https://"));
    let found =
        starts.map(|(at, _)| page[at..].split(['"', '\'', '<', ' ', ')', '\n']).next().unwrap_or_default());
    found.filter(|address| !address.starts_with("http://www.w3.org/")).collect()
}

#[test]
fn the_demonstration_county_gets_one_page_that_needs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path(), &[&demo()], "out", &[]);
    let verdict = page.find("未达标").unwrap();
    assert!(verdict < page.find("id=\"indicators\"").unwrap(), "the verdict comes first");
    assert_eq!(addresses(&page), [""; 0]);
    for loaded in [" src=", "<link", "@import", "url(", "srcset="] {
        assert!(!page.contains(loaded), "{loaded} asks for another file");
    }
    assert!(page.contains("<svg"), "pictures stand in the page");
    assert!(page.contains("2026-03-01"), "what made it is said");
    let sha256 = rows(&folder.path().join("out/sources.csv"))[0]["sha256"].clone();
    assert!(page.contains(&sha256));
}

#[test]
fn a_page_of_120_schools_stays_under_three_megabytes() {
    let folder = tempfile::tempdir().unwrap();
    let made = junheng(folder.path(), &["synth", "--schools", "120", "--out", "county"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let page = page(folder.path(), &["county"], "out", &[]);
    assert!(page.matches("class=\"detail\"").count() > 100, "all but those out of scope are listed");
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}

#[test]
fn a_template_of_ones_own_stands_for_ours_and_a_broken_one_names_its_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    let own = folder.path().join("own/report.html");
    std::fs::write(&own, "<title>{{ page.district }}</title>").unwrap();
    let more = ["--templates", "own"];
    assert_eq!(page(folder.path(), &[&demo()], "out", &more), "<title>大祥区</title>");

    std::fs::write(&own, "<title>\n{{ page.nobody }}</title>").unwrap();
    let mut args =
        vec!["assess".to_string(), demo(), "--out".into(), "broken".into(), "--lang".into(), "en".into()];
    args.extend(PAGE_ALONE.iter().chain(&more).map(|arg| arg.to_string()));
    let run = junheng(folder.path(), &args.iter().map(String::as_str).collect::<Vec<_>>());
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success() && said.contains("report.html") && said.contains("line 2"), "{said}");
    assert!(!folder.path().join("broken").exists(), "nothing is half written");
}

#[test]
fn a_person_uses_the_page_in_a_browser() {
    let Some((modules, chromium)) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let shots = folder.path().join("shots");
    std::fs::create_dir(&shots).unwrap();
    let mut pages = Vec::new();
    for (language, outcome, section) in [("zh", "未达标", "小学"), ("en", "not ready", "primary")] {
        page(folder.path(), &[&demo()], language, &["--lang", language]);
        let out = folder.path().join(language);
        let schools = rows(&out.join("schools.csv"));
        // A school of two sections: its area is apportioned.
        let combined = |code: &str| schools.iter().filter(|row| row["school_code"] == code).count() > 1;
        let school = schools.iter().find(|row| combined(&row["school_code"])).unwrap();
        let name = school["school_name"].as_str();
        let explain = ["explain", language, name, "L4", "--section", "primary", "--lang", language];
        let explained = junheng(folder.path(), &explain);
        let explained = String::from_utf8(explained.stdout).unwrap();
        let cells: Vec<&str> =
            explained.lines().map(str::trim).filter(|line| line.contains(" / 学校 / ")).collect();
        assert!(cells.len() > 3, "{explained}");
        pages.push(serde_json::json!({
            "name": language, "file": out.join("report.html"), "language": language, "outcome": outcome,
            "schools": schools.len(), "school": name, "section": section, "indicator": "L4", "parts": cells,
        }));
    }
    let expected = folder.path().join("expected.json");
    std::fs::write(&expected, serde_json::json!({ "browser": chromium, "pages": pages }).to_string())
        .unwrap();
    let run = Command::new("node")
        .arg(project("tests/browser/page.mjs"))
        .args([&modules, &expected, &shots])
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{said}");
    assert!(said.contains("no error in the console"), "{said}");
}
