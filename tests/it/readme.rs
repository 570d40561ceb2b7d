//! The README is correct: its local editions are written as shown and its commands run.

use std::path::Path;

use crate::support::{junheng, project};

/// The text under a heading, up to the next.
fn section<'a>(readme: &'a str, heading: &str) -> &'a str {
    let (_, after) = readme.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{heading}"));
    let end = ["\n## ", "\n### "].iter().filter_map(|next| after.find(next)).min();
    &after[..end.unwrap_or(after.len())]
}

/// The first fenced block of a language.
fn block<'a>(section: &'a str, language: &str) -> &'a str {
    let (_, after) =
        section.split_once(&format!("\n```{language}\n")).unwrap_or_else(|| panic!("{language}"));
    after.split_once("\n```").expect("the block ends").0
}

/// Runs every command of the section, each as it stands there.
fn run(section: &str, folder: &Path) -> Vec<String> {
    let commands =
        block(section, "sh").lines().map(|line| line.split(" #").next().unwrap_or_default().trim());
    let said = commands.map(|command| {
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words.first(), Some(&"junheng"), "{command}");
        let run = junheng(folder, &words[1..]);
        assert_eq!(run.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    });
    said.collect()
}

/// Writes the edition to the file that the text names and runs every command, each as it stands there.
fn follow(heading: &str, file: &str, folder: &Path) -> Vec<String> {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    let section = section(&readme, heading);
    assert!(section.contains(&format!("`{file}`")), "the text says what to call the file");
    std::fs::write(folder.join(file), block(section, "toml")).unwrap();
    let demo = folder.join("data/demo");
    std::fs::create_dir_all(&demo).unwrap();
    std::fs::copy(project("data/demo/大祥区.xlsx"), demo.join("大祥区.xlsx")).unwrap();
    run(section, folder)
}

#[test]
fn a_local_edition_in_ten_minutes() {
    let folder = tempfile::tempdir().unwrap();
    let said = follow("### 十分钟写一个地方版", "my-county.toml", folder.path());
    assert_eq!(said.len(), 4);
    assert!(said[0].contains("没有发现错误"), "{}", said[0]);
    for value in ["小学 ≥ 1.2", "special_funding = 8000", "≥ 8 %", "第七条"] {
        assert!(said[1].contains(value), "{value}: {}", said[1]);
    }
    assert!(said[2].contains("某县优质均衡标准"), "{}", said[2]);
    assert!(folder.path().join("结果-my-county/report.html").exists());
    let gaps = std::fs::read_to_string(folder.path().join("结果-my-county/gaps.csv")).unwrap();
    assert!(gaps.contains(",L2,"), "the higher threshold leaves gaps");
}

#[test]
fn the_same_in_english() {
    let folder = tempfile::tempdir().unwrap();
    let said = follow("### A local edition in ten minutes", "county-edition.toml", folder.path());
    assert_eq!(said.len(), 4);
    assert!(said[1].contains("primary ≥ 2.5, junior ≥ 2.6") && said[1].contains("≥ 12 %"), "{}", said[1]);
    assert!(said[2].contains("A county's standard"), "{}", said[2]);
    assert!(folder.path().join("result-edition/report.html").exists());
}

#[test]
fn scoring_as_the_readme_says_it() {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    for (heading, folder_of_scores, feedback) in
        [("## 打分", "评分", "反馈"), ("### Scoring", "scores", "feedback")]
    {
        let folder = tempfile::tempdir().unwrap();
        let said = run(section(&readme, heading), folder.path());
        assert_eq!(said.len(), 7);
        let scores = folder.path().join(folder_of_scores);
        assert_eq!(std::fs::read_dir(scores.join(feedback)).unwrap().count(), 7 * 4);
        assert!(said[2].contains("27"), "{}", said[2]);
        let ranks: Vec<String> = crate::support::rows(&scores.join("standings.csv"))
            .into_iter()
            .map(|row| row["rank"].clone())
            .collect();
        assert!(ranks.len() == 7 && ranks.iter().all(|rank| !rank.is_empty()), "{ranks:?}");
    }
}

#[test]
fn many_years_as_the_readme_says_it() {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    for (heading, folders) in [
        ("## 多年多区县", ["面板", "差异", "预警", "年报"]),
        ("### Many districts, many years", ["panel", "equity", "outlook", "annual"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let said = run(section(&readme, heading), folder.path());
        assert_eq!(said.len(), 7);
        for (name, made) in
            folders.into_iter().zip(["panel.csv", "decomposition.csv", "outlook.csv", "annual-2025.pdf"])
        {
            assert!(folder.path().join(name).join(made).is_file(), "{name}/{made}");
        }
        let panel = crate::support::rows(&folder.path().join(folders[0]).join("panel.csv"));
        assert!(panel.iter().any(|row| row["certainty"] == "open"), "some are undecided");
    }
}

/// The example of the guide beside the standards is a whole standard, and is scored.
#[test]
fn the_guide_to_standards_has_an_example_that_works() {
    let guide = std::fs::read_to_string(project("data/standards/README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let section = section(&guide, "## 计分类标准：一个能用的例子");
    std::fs::write(folder.path().join("示例.toml"), block(section, "toml")).unwrap();
    std::fs::write(folder.path().join("学校名单.csv"), "名称,代码\n一小,1\n二中,2\n三校,3\n").unwrap();
    let of = |args: &[&str]| {
        let run = junheng(folder.path(), args);
        assert_eq!(run.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
    };
    of(&["standards", "check", "示例.toml"]);
    let first = block(section, "sh").lines().next().unwrap().split(" #").next().unwrap().trim();
    of(&first.split_whitespace().skip(1).collect::<Vec<_>>());
    of(&["synth", "--standard", "示例.toml", "--units", "学校名单.csv", "--out", "各科室交来的"]);
    of(&["score", "各科室交来的", "--standard", "示例.toml", "--out", "评分结果", "--no-documents"]);
    let rows = crate::support::rows(&folder.path().join("评分结果/standings.csv"));
    assert!(rows.len() == 3 && rows.iter().all(|row| !row["result"].is_empty()), "{rows:?}");
}
