//! The README's words are kept: its local editions are written as they stand there and its commands run.

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

/// Writes the edition to the file that the text names and runs every command, each as it stands there.
fn follow(heading: &str, file: &str, folder: &Path) -> Vec<String> {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    let section = section(&readme, heading);
    assert!(section.contains(&format!("`{file}`")), "the text says what to call the file");
    std::fs::write(folder.join(file), block(section, "toml")).unwrap();
    let demo = folder.join("data/demo");
    std::fs::create_dir_all(&demo).unwrap();
    std::fs::copy(project("data/demo/大祥区.xlsx"), demo.join("大祥区.xlsx")).unwrap();
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

#[test]
fn a_local_edition_in_ten_minutes() {
    let folder = tempfile::tempdir().unwrap();
    let said = follow("### 十分钟写一个地方版", "my-county.toml", folder.path());
    assert_eq!(said.len(), 4);
    assert!(said[0].contains("格式和内容都正确"), "{}", said[0]);
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
