//! What is written of a small scored system: tables, workbooks, feedback and comparison.

use std::path::Path;

use calamine::{Data, Reader, open_workbook_auto_from_rs};

use super::{
    feedback::Lost,
    lists::Value,
    sample::{any, sample},
    *,
};
use crate::{
    report::document::{Report, grammar, plain_text},
    words::Language,
};

/// All of a document, as people read it.
fn text(report: &Report<'_>) -> String {
    plain_text::text(report, usize::MAX)
}

/// Everything of the sample in a folder.
fn written(units: usize, language: Language, at: &Path) {
    let whole = sample(units, language, true);
    let mut folder = Folder::begin(at, []).unwrap();
    tables(&mut folder, whole.scoring()).unwrap();
    documents(&mut folder, whole.scoring(), &Documents::all()).unwrap();
    folder.commit().unwrap();
}

#[test]
fn the_tables_have_everything() {
    let whole = sample(7, Language::Chinese, true);
    let view = View::of(whole.scoring());
    let mut out = String::new();
    for (name, frame) in super::tables::all(&view).unwrap() {
        let mut csv = Vec::new();
        crate::report::csv::write(&frame, &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.starts_with('\u{feff}'));
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
        out += &format!("{name}: {} rows\n{}\n", frame.height(), lines[..lines.len().min(6)].join("\n"));
    }
    insta::assert_snapshot!(out);
    // A unit that is not concerned loses nothing, and one that is vetoed is in no rank.
    let scores = &super::tables::all(&view).unwrap()[0].1;
    assert_eq!(scores.height(), 7 * 5);
}

fn feedback_text(unit: usize, language: Language) -> String {
    let whole = sample(7, language, true);
    let view = View::of(whole.scoring());
    text(&documents::feedback(&view, &Feedback::of(&view, unit), (&[], true), None).unwrap())
}

#[test]
fn feedback_of_a_unit_in_chinese() {
    insta::assert_snapshot!(feedback_text(0, Language::Chinese));
}

#[test]
fn feedback_of_a_unit_in_english() {
    insta::assert_snapshot!(feedback_text(1, Language::English));
}

#[test]
fn feedback_of_a_unit_that_is_not_marked_in_full_and_of_one_that_is_vetoed() {
    let (unmarked, vetoed) = (feedback_text(3, Language::Chinese), feedback_text(4, Language::Chinese));
    assert!(unmarked.contains("北川县尚有 1 处未评，不能合计"), "{unmarked}");
    assert!(
        unmarked.contains(
            "TABLE 未评清单\n  | 指标项 | 填报内容 | 填报单位\n  | 1 政策落实 | ①方案与材料：评分 | 督导室"
        ),
        "{unmarked}"
    );
    assert!(!unmarked.contains("名次") && !unmarked.contains("列第"), "{unmarked}");
    assert!(vetoed.contains("一票否决：4 校园安全。本单位不定等级、不排名次。"), "{vetoed}");
}

#[test]
fn comparison_in_chinese() {
    let whole = sample(7, Language::Chinese, true);
    let view = View::of(whole.scoring());
    let pictures = chart::scoring_pictures(&whole.scoring()).unwrap();
    let report = documents::comparison(&view, &Comparison::of(&view), &pictures, None).unwrap();
    insta::assert_snapshot!(text(&report));
}

#[test]
fn comparison_of_many_units_in_english() {
    let whole = sample(40, Language::English, false);
    let view = View::of(whole.scoring());
    let report = documents::comparison(&view, &Comparison::of(&view), &[], None).unwrap();
    let said = text(&report);
    assert!(said.contains("40 units were assessed"), "{said}");
    // Units go down where there are many; last year is not spoken of where it is not known.
    assert!(said.contains("  | County | A1 Departments | A2 Conditions | A3 Bonus\n"), "{said}");
    assert!(!said.contains("last year"), "{said}");
}

#[test]
fn the_workbook_has_numbers_and_their_arithmetic() {
    let whole = sample(7, Language::Chinese, true);
    let view = View::of(whole.scoring());
    let bytes = workbook::comparison(&view, &Comparison::of(&view)).unwrap();
    let mut book = open_workbook_auto_from_rs(std::io::Cursor::new(bytes.clone())).unwrap();
    assert_eq!(
        book.sheet_names(),
        ["总表", "按标题汇总", "逐项得分", "失分事由", "未评清单", "超分清单", "评分人"]
    );
    let items = book.worksheet_range("逐项得分").unwrap();
    let head: Vec<String> = items.rows().nth(2).unwrap().iter().map(ToString::to_string).collect();
    let column = head.iter().position(|name| name == "东风县").unwrap();
    let row = items.rows().find(|row| row[1] == Data::String("2 大班额".into())).unwrap();
    assert_eq!(row[column], Data::Float(30.0));
    // A unit that is called like a formula is a text.
    assert!(head.contains(&"<b>=1+1</b>".to_string()));
    // The best tier is above its points.
    let above = book.worksheet_range("超分清单").unwrap();
    assert!(
        above
            .rows()
            .skip(3)
            .any(|row| row[1] == Data::String("3 教师交流与培训".into()) && row[3] == Data::Float(28.0))
    );
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut said = String::new();
    for at in 0..package.len() {
        let mut part = package.by_index(at).unwrap();
        if part.name().unwrap().contains("comments") {
            std::io::Read::read_to_string(&mut part, &mut said).unwrap();
        }
    }
    for arithmetic in ["9 + 16 − 2 = 23", "②各项措施：20 − 2 × 2 = 16", "督导室（王敏）"] {
        assert!(said.contains(arithmetic), "{arithmetic}: {said}");
    }
}

#[test]
fn every_unit_has_its_files_and_their_names_are_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("out");
    written(7, Language::Chinese, &at);
    for name in ["东风县", "青石_白水旗", "_CON", "_b_=1+1__b_"] {
        for ending in ["xlsx", "html", "docx", "csv"] {
            assert!(at.join(format!("反馈/{name}.{ending}")).is_file(), "{name}.{ending}");
        }
    }
    for name in ["对比表.xlsx", "对比表.docx", "对比表.html", "scores.csv", "scores.parquet", "above.csv"]
    {
        assert!(at.join(name).is_file(), "{name}");
    }
    let page = std::fs::read_to_string(at.join("反馈/_b_=1+1__b_.html")).unwrap();
    assert!(page.contains("&lt;b&gt;=1+1&lt;/b&gt;") && !page.contains("<b>=1+1"), "{page}");
    // The same scoring is the same files.
    let again = folder.path().join("again");
    written(7, Language::Chinese, &again);
    for name in ["对比表.xlsx", "对比表.docx", "对比表.html", "反馈/东风县.docx", "反馈/东风县.xlsx"]
    {
        assert!(std::fs::read(at.join(name)).unwrap() == std::fs::read(again.join(name)).unwrap(), "{name}");
    }
}

#[test]
fn an_office_writes_its_own_feedback() {
    let whole = sample(3, Language::Chinese, false);
    let view = View::of(whole.scoring());
    let folder = tempfile::tempdir().unwrap();
    let own = |content: &str| {
        std::fs::write(folder.path().join("score-feedback.zh.md.jinja"), content).unwrap();
        documents::feedback(&view, &Feedback::of(&view, 0), (&[], true), Some(folder.path()))
            .map(|report| text(&report))
            .map_err(|error| whole.words.error(&error))
    };
    let said = own("::title 给{{ unit }}的信\n\n失 {{ standing.lost }} 分\n::table lost | 清单\n").unwrap();
    assert!(said.starts_with("TITLE 给东风县的信\n失 "), "{said}");
    let wrong = own("::title 一\n::table losses").unwrap_err();
    assert!(wrong.contains("score-feedback.zh.md.jinja") && wrong.contains("::table losses"), "{wrong}");
    let wrong = own("::title 一\n\n::table parts 99").unwrap_err();
    assert!(wrong.contains(" 3 "), "{wrong}");
}

#[test]
fn what_is_lost_and_what_is_above_make_up_the_difference_to_the_points() {
    for name in ["bayannur-2020", "taobei-2023"] {
        let whole = any::under(name, 9, Language::Chinese);
        let view = View::of(whole.scoring());
        let done: Vec<_> = whole.scored.standings.iter().filter(|own| own.total.is_some()).collect();
        assert!(!done.is_empty(), "{name}");
        for own in done {
            let (lost, above) = view.balance(own.unit, None);
            let missing = own.points.unwrap() - own.score;
            assert!((lost - above - missing).abs() < 1e-6, "{name}: {lost} − {above} ≠ {missing}");
        }
    }
    // The sentence of one whose sum has both.
    let mut whole = any::under("bayannur-2020", 9, Language::Chinese);
    let standing = whole.scored.standings.iter().find(|own| own.total.is_some()).unwrap();
    let unit = standing.unit;
    let full = |own: &&mut crate::tables::scored::ItemScore| own.unit == unit && own.points > Some(0.0);
    let item = whole.scored.items.iter_mut().find(full).unwrap();
    let before = item.score.unwrap();
    item.score = item.points.map(|points| points + 2.0);
    let more = item.score.unwrap() - before;
    whole.scored.standings.iter_mut().filter(|own| own.unit == unit).for_each(|own| own.score += more);
    let view = View::of(whole.scoring());
    let said = text(&documents::feedback(&view, &Feedback::of(&view, unit), (&[], true), None).unwrap());
    let (lost, above) = view.balance(unit, None);
    let points = view::points_text;
    let wanted =
        format!("少 {} 分（失 {} 分，另超出分值 {} 分）", points(lost - above), points(lost), points(above));
    assert!(above >= 2.0 && said.contains(&wanted), "{wanted}: {said}");
}

#[test]
fn above_its_points_or_against_what_is_asked_for_is_no_strength() {
    let mut whole = sample(7, Language::Chinese, false);
    let view = View::of(whole.scoring());
    let praised = |view: &View<'_>, title: &str| {
        (0..7).filter(|unit| Feedback::of(view, *unit).strengths.iter().any(|own| own.title == title)).count()
    };
    assert_eq!(praised(&view, "3 教师交流与培训"), 0);
    let doubtful = |unit: usize| Feedback::of(&view, unit).doubtful.iter().any(|own| own.at == 2);
    assert!((0..7).any(doubtful));
    assert!(praised(&view, "2 大班额") > 0);
    // The same scores, but the data do not meet what the item asks for.
    for score in whole.scored.items.iter_mut().filter(|score| score.item == 1) {
        let evidence = crate::tables::scored::Evidence {
            check: 0,
            value: Some(1.0),
            required: Some(2.0),
            met: Some(false),
            missing: vec![],
            places: vec![],
            computed: true,
        };
        score.evidence = vec![evidence];
    }
    assert_eq!(praised(&View::of(whole.scoring()), "2 大班额"), 0);
}

#[test]
fn nothing_tells_how_a_disk_is_laid_out() {
    let mut whole = sample(7, Language::Chinese, true);
    let folder = "/home/wang/2026/";
    for mark in &mut whole.marks.marks {
        mark.place.file = mark.place.file.take().map(|file| format!("{folder}{file}"));
    }
    whole.scored.findings.push(
        crate::problem::Problem::warning(
            "marks_points_sum",
            crate::problem::Place::file(format!("{folder}人事科.xlsx")),
        )
        .with("found", format!("{folder}人事科.xlsx")),
    );
    let view = View::of(whole.scoring());
    let all = Comparison::of(&view);
    let mut said = text(&documents::comparison(&view, &all, &[], None).unwrap());
    said += &String::from_utf8(page::write(&view, &all, &[], None).unwrap()).unwrap();
    for unit in 0..7 {
        let own = Feedback::of(&view, unit);
        said += &text(&documents::feedback(&view, &own, (&[], true), None).unwrap());
        let paper = text(&documents::feedback(&view, &own, (&[], false), None).unwrap());
        assert!(!paper.contains(".xlsx"), "cells are for the screen: {paper}");
    }
    for (_, frame) in super::tables::all(&view).unwrap() {
        let mut csv = Vec::new();
        crate::report::csv::write(&frame, &mut csv).unwrap();
        said += &String::from_utf8(csv).unwrap();
    }
    assert!(said.contains("人事科.xlsx") && !said.contains(folder), "{said}");
}

#[test]
fn findings_about_the_document_are_said_in_its_words_and_where_the_points_went() {
    let whole = any::under("bayannur-2020", 9, Language::Chinese);
    let view = View::of(whole.scoring());
    assert_eq!(view.about("document"), "全文");
    assert_eq!(view.about("scoring.total"), "总分");
    assert_eq!(view.about("51"), "第 51 项");
    assert!(view.about("22.petition").starts_with("第 22 项“"), "{}", view.about("22.petition"));
    assert!(view.about("B17").starts_with("B17 "), "{}", view.about("B17"));
    // What the document says wrongly is no unit's fault.
    for finding in &whole.standard.document_findings {
        let said = view.said(&finding.text);
        for unit in 0..view.units().len() {
            let own = Feedback::of(&view, unit);
            let all: Vec<&Lost> = own.items.iter().chain(&own.doubtful).collect();
            let list = lists::feedback::lost(&view, &own, &all, true);
            let cells = list.rows.iter().flatten().map(|cell| match &cell.value {
                Value::Text(text) => text.clone(),
                Value::Lines(lines) => lines.join("\n"),
                _ => String::new(),
            });
            assert!(cells.into_iter().all(|text| !text.contains(said.trim_end_matches('。'))), "{said}");
        }
    }
    let notes = view.headed_otherwise();
    assert!(notes.iter().any(|note| note.contains("文件标 450 分，各项合计 460 分")), "{notes:?}");
    let akqi = any::under("akqi-2021", 9, Language::Chinese);
    let view = View::of(akqi.scoring());
    assert!(view.headed_otherwise().is_empty());
    for finding in &akqi.standard.document_findings {
        let said = view.about(&finding.about);
        assert!(!said.is_ascii(), "{said}");
    }
    let region = any::under("inner-mongolia", 3, Language::Chinese);
    assert_eq!(region.scoring().group_title(0), "评价的内容");
    // A rank is one of the units that are ranked.
    let sample = sample(7, Language::Chinese, false);
    let view = View::of(sample.scoring());
    let ranks = view.ranks();
    assert_eq!((ranks.ranked + ranks.vetoed + ranks.open + ranks.idle, ranks.vetoed), (7, 1));
    let said = feedback_text(0, Language::Chinese);
    assert!(said.contains(&format!("在排名的 {} 个旗县区中列第", ranks.ranked)), "{said}");
}

const SHIPPED: [&str; 4] = ["bayannur-2020", "taobei-2023", "akqi-2021", "inner-mongolia"];

#[test]
fn every_shipped_standard_has_its_documents() {
    for name in SHIPPED {
        for language in [Language::Chinese, Language::English] {
            let whole = any::under(name, 9, language);
            let view = View::of(whole.scoring());
            let pictures = chart::scoring_pictures(&whole.scoring()).unwrap();
            let found: Vec<String> = pictures.iter().flat_map(crate::chart::tests::collisions).collect();
            assert!(found.is_empty(), "{name} {language:?}: {found:#?}");
            let all = Comparison::of(&view);
            assert_eq!(all.items.len(), whole.standard.items.len(), "{name}");
            assert_eq!(all.units.len(), whole.scored.units.len(), "{name}");
            let said = text(&documents::comparison(&view, &all, &pictures, None).unwrap());
            assert!(!said.contains("scores."), "a word is missing: {said}");
            for unit in [0, 1] {
                let own = Feedback::of(&view, unit);
                let said = text(&documents::feedback(&view, &own, (&[], true), None).unwrap());
                assert!(!said.contains("scores."), "a word is missing: {said}");
                // The text of what the worst losses asked for stands there as the document has it.
                let lost = own.items.iter().take(10).flat_map(|item| &item.requirements);
                for requirement in lost.filter(|text| text.chars().count() > 12) {
                    assert!(said.contains(&grammar::clean(requirement)), "{name}: {requirement}");
                }
                for duty in &own.duties {
                    assert!(said.contains(duty.trim()), "{name}: {duty}");
                }
                workbook::feedback(&view, &own).unwrap();
            }
            // A unit that no item concerns is reported as such, and waits for no office.
            if let ("akqi-2021", Language::Chinese) = (name, language) {
                let unit = all.units.iter().find(|unit| unit.name == "县民政局").unwrap();
                let own = Feedback::of(&view, unit.at);
                let said = text(&documents::feedback(&view, &own, (&[], true), None).unwrap());
                assert!(said.contains("没有涉及县民政局的指标项"), "{said}");
            }
            workbook::comparison(&view, &all).unwrap();
            let page = page::write(&view, &all, &pictures, None).unwrap();
            assert!(!String::from_utf8(page).unwrap().contains(">scores."), "{name}");
        }
    }
}

/// What `tests/browser` needs, where `tests/run.sh` installed it; says what is missing and that the test is skipped,
/// except in CI, where it is an error.
fn browser() -> Option<(std::path::PathBuf, &'static str)> {
    let runs = |program: &&str| {
        std::process::Command::new(program).arg("--version").output().is_ok_and(|run| run.status.success())
    };
    let own = std::env::current_exe().ok()?;
    let modules = own.ancestors().nth(3).map(|target| target.join("browser"));
    let modules = modules.filter(|folder| folder.join("node_modules/playwright-core").is_dir());
    let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].into_iter().find(runs);
    match (modules, chromium, runs(&"node")) {
        (Some(modules), Some(chromium), true) => Some((modules, chromium)),
        found => {
            assert!(std::env::var("CI").is_err(), "{found:?}: tests/run.sh installs them");
            eprintln!("skipped: {found:?} (modules, chromium, node); tests/run.sh installs them");
            None
        }
    }
}

#[test]
fn a_person_uses_the_pages_in_a_browser() {
    let Some((modules, chromium)) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut pages = Vec::new();
    for (language, id, item, file, own) in [
        (Language::Chinese, "zh", "1 政策落实", "对比表.html", "反馈/东风县.html"),
        (Language::English, "en", "1 Policies", "comparison.html", "feedback/东风县.html"),
    ] {
        let at = folder.path().join(id);
        written(7, language, &at);
        pages.push(serde_json::json!({
            "name": id, "file": at.join(file), "language": id, "units": 7, "unit": "东风县", "item": item,
            "parts": ["20 − 0 × 2 = 20", "督导室.xlsx / 督导室 / E5", "每缺一项扣2分"],
        }));
        let name = format!("{id}-feedback");
        pages.push(serde_json::json!({ "name": name, "file": at.join(own), "language": id }));
    }
    let (expected, shots) = (folder.path().join("expected.json"), folder.path().join("shots"));
    std::fs::create_dir(&shots).unwrap();
    std::fs::write(&expected, serde_json::json!({ "browser": chromium, "pages": pages }).to_string())
        .unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/scores.mjs");
    let run = std::process::Command::new("node").arg(script).args([&modules, &expected, &shots]).output();
    let run = run.unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && said.contains("no error in the console"), "{said}");
}

/// Writes everything to `junheng-scores` in the temporary folder: `cargo test --lib look_at_scores -- --ignored`.
#[test]
#[ignore = "for looking at"]
fn look_at_scores() {
    let root = std::env::temp_dir().join("junheng-scores");
    let _ = std::fs::remove_dir_all(&root);
    for (units, language) in [(7, Language::Chinese), (7, Language::English), (40, Language::Chinese)] {
        written(units, language, &root.join(format!("{units}-{language:?}")));
    }
    for name in SHIPPED {
        let whole = any::under(name, 9, Language::Chinese);
        let mut folder = Folder::begin(&root.join(name), []).unwrap();
        tables(&mut folder, whole.scoring()).unwrap();
        documents(&mut folder, whole.scoring(), &Documents::all()).unwrap();
        folder.commit().unwrap();
    }
}
