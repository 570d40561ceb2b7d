//! `calendar`: steps, dates and what is due, on the screen, as CSV and as a file that calendar programs open.

use std::{path::Path, process::Command};

use crate::support::{junheng, python_with, rows};

/// As in 阿合奇, and a year without a date.
const YEAR: &str = r#"id = "year"
version = "1"
title.zh = "对部门的教育督导评价"
title.en = "Evaluation of departments"
source = "试〔2021〕1号"

[units]
kind = "department"
title.zh = "责任单位"

[[step]]
id = "notice"
title.zh = "书面通知"
title.en = "Notice"
actor.zh = "县人民政府教育督导委员会"
actor.en = "Supervision committee"
due.zh = "印发书面通知、实施细则；召开会议"
due.en = "A notice, the rules; a meeting"
said = "每年年初"
note.zh = "“每年年初”没有写日期。"
note.en = "\"At the beginning of the year\" is no date."

[[step]]
id = "self_report"
title.zh = "自查自评"
title.en = "Self-evaluation"
actor.zh = "各责任单位"
actor.en = "The departments"
due.zh = "自查自评报告（基本情况、经验做法、工作成效、存在的问题和改进措施），报送县人民政府教育督导委员会办公室"
due.en = "Self-evaluation report, sent to the committee's office"
said = "每年3月1日前"
by = "03-01"
clause = "第五条第2项"

[[step]]
id = "visit"
title.zh = "实地督导"
title.en = "Field supervision"
actor.zh = "督导委员会办公室"
actor.en = "The committee's office"
due.zh = "到乡（镇）、场实地督导，予以赋分"
due.en = "Visits and marks"
said = "每年3月-4月"
from = "03-01"
until = "04-30"
clause = "第五条第3项"

[[step]]
id = "feedback"
title.zh = "结果反馈"
title.en = "Feedback"
actor.zh = "县督导组"
actor.en = "Supervision team"
due.zh = "问题清单、书面反馈意见"
due.en = "List of problems and written feedback"
said = "在实地督评结束14天内"
after = "visit"
days = 14
clause = "第五条第4项"

[[step]]
id = "plan"
title.zh = "整改方案"
title.en = "Rectification plan"
actor.zh = "各责任单位"
actor.en = "The departments"
due.zh = "整改方案（整改措施和时限）"
due.en = "Plan with measures and dates"
said = "在收到反馈意见7天内"
after = "feedback"
days = 7
clause = "第五条第5项"

[[step]]
id = "answer"
title.zh = "答复"
title.en = "Answer"
actor.zh = "县督导组"
actor.en = "Supervision team"
due.zh = "答复"
due.en = "An answer"
after = "notice"
days = 1
"#;

/// Writes the standard and calls `calendar` with it.
fn calendar(folder: &Path, args: &[&str]) -> std::process::Output {
    std::fs::write(folder.join("year.toml"), YEAR).unwrap();
    let mut all = vec!["calendar", "--standard", "year.toml"];
    all.extend(args);
    junheng(folder, &all)
}

fn said(output: &std::process::Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_table_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let open = said(&calendar(folder.path(), &["--year", "2026"]));
    let args =
        ["--year", "2026", "--known", "visit=2026-04-20", "--known", "notice=2027-01-08", "--lang", "en"];
    let known = said(&calendar(folder.path(), &args));
    insta::assert_snapshot!(format!("{open}\n{known}"));
}

#[test]
fn a_wrong_call_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = String::new();
    for (args, code) in [
        (vec!["--year", "2026", "--known", "vist=2026-04-20"], 2),
        (vec!["--year", "2026", "--known", "检查=2026-04-20"], 2),
        (vec!["--year", "2026", "--known", "visit"], 2),
        (vec!["--year", "2026", "--known", "visit=2026-02-29"], 2),
        (vec!["--year", "2026", "--known", "visit=26-04-20"], 2),
        (vec!["--year", "2026", "--known", "visit=2026-04-20", "--known", "visit=2026-04-21"], 2),
        (vec!["--year", "2026", "--out", "日程.xlsx"], 2),
        (vec!["--year", "26"], 2),
    ] {
        let output = calendar(folder.path(), &args);
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        told += &format!("{}\n{}\n", args.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    let none = junheng(folder.path(), &["calendar", "--standard", "quality-balance-2017", "--year", "2026"]);
    assert_eq!(none.status.code(), Some(2));
    let none = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(none.contains("quality-balance-2017") && none.contains("没有日程"), "{none}");
    insta::assert_snapshot!(told);
}

#[test]
fn a_file_of_others_is_not_overwritten_and_one_of_ours_is() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["日程.ics", "日程.csv"] {
        let path = folder.path().join(name);
        std::fs::write(&path, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//other//\r\nEND:VCALENDAR\r\n")
            .unwrap();
        let refused = calendar(folder.path(), &["--year", "2026", "--out", name]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("不予覆盖"));
        std::fs::remove_file(&path).unwrap();
        said(&calendar(folder.path(), &["--year", "2026", "--out", name]));
        let first = std::fs::read(&path).unwrap();
        said(&calendar(folder.path(), &["--year", "2026", "--out", name]));
        assert_eq!(std::fs::read(&path).unwrap(), first, "the same dates make the same file");
        said(&calendar(folder.path(), &["--year", "2026", "--known", "visit=2026-04-20", "--out", name]));
        assert_ne!(std::fs::read(&path).unwrap(), first);
    }
}

#[test]
fn the_csv_has_a_row_a_step() {
    let folder = tempfile::tempdir().unwrap();
    said(&calendar(folder.path(), &["--year", "2026", "--known", "visit=2026-04-20", "--out", "c.csv"]));
    let rows = rows(&folder.path().join("c.csv"));
    let cell = |step: &str, column: &str| {
        rows.iter().find(|row| row["step"] == step).map(|row| row[column].clone()).unwrap()
    };
    assert_eq!(rows.len(), 6);
    assert_eq!(
        (cell("self_report", "state"), cell("self_report", "until")),
        ("deadline".into(), "2026-03-01".into())
    );
    assert_eq!((cell("visit", "from"), cell("visit", "until")), ("2026-03-01".into(), "2026-04-30".into()));
    assert_eq!(
        (cell("visit", "ended"), cell("feedback", "until")),
        ("2026-04-20".into(), "2026-05-04".into())
    );
    assert_eq!(
        (cell("plan", "state"), cell("plan", "until"), cell("plan", "latest")),
        ("open".into(), String::new(), "2026-05-11".into())
    );
    assert_eq!(
        (cell("notice", "state"), cell("notice", "when")),
        ("unknown".into(), "文件未规定日期".into())
    );
    assert_eq!(cell("answer", "latest"), "");
    assert_eq!(cell("self_report", "said"), "每年3月1日前");
}

fn ics(args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec!["--year", "2026", "--out", "c.ics"];
    all.extend(args);
    said(&calendar(folder.path(), &all));
    std::fs::read_to_string(folder.path().join("c.ics")).unwrap()
}

#[test]
fn the_ics_in_both_languages() {
    let version = format!("junheng {}", env!("CARGO_PKG_VERSION"));
    let shown = |text: &str| {
        assert!(
            text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')),
            "lines of 75 octets"
        );
        text.replace("\r\n", "\n").replace(&version, "junheng [version]")
    };
    insta::assert_snapshot!("ics_zh", shown(&ics(&[])));
    insta::assert_snapshot!("ics_en", shown(&ics(&["--lang", "en", "--known", "visit=2026-04-20"])));
}

/// Another's reader, with what a calendar program makes of the file.
const READ: &str = r#"
import sys, icalendar
calendar = icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())
assert not calendar.errors, calendar.errors
assert str(calendar['version']) == '2.0' and str(calendar['prodid']).startswith('-//junheng//')
for part in calendar.walk():
    assert not part.errors, part.errors
    if part.name not in ('VEVENT', 'VTODO'):
        continue
    day = lambda key: str(part.decoded(key)) if key in part else '-'
    alarms = [(str(a['trigger'].dt), a['trigger'].params.get('RELATED'), str(a['action'])) for a in part.walk('VALARM')]
    print('|'.join([part.name, str(part['uid']), day('dtstart'), day('dtend'), str(part['status']),
        str(part['sequence']), str(part.decoded('dtstamp')), str(part['summary']), str(alarms)]))
    print(str(part['description']).replace('\n', '⏎'))
    print(part['categories'].to_ical().decode())
"#;

#[test]
fn another_program_reads_the_ics() {
    let Some(python) = python_with("icalendar") else { return };
    let folder = tempfile::tempdir().unwrap();
    let read = |args: &[&str]| {
        let mut all = vec!["--year", "2026", "--out", "c.ics"];
        all.extend(args);
        said(&calendar(folder.path(), &all));
        let path = folder.path().join("c.ics");
        let output =
            Command::new(&python).args(["-c", READ]).arg(&path).env("PYTHONIOENCODING", "utf-8").output();
        said(&output.unwrap())
    };
    let open = read(&[]);
    let known = read(&["--known", "visit=2026-04-20"]);
    insta::assert_snapshot!(open);
    // What is imported again is known again, and newer where something is known.
    let field = |text: &str, step: &str, n: usize| -> String {
        let line = text.lines().find(|line| line.contains(&format!("-2026-{step}@junheng"))).unwrap();
        line.split('|').nth(n).unwrap().to_string()
    };
    for step in ["notice", "self_report", "visit", "feedback", "plan", "answer"] {
        assert_eq!(field(&open, step, 1), field(&known, step, 1), "{step}");
        let newer = ["visit", "feedback", "plan"].contains(&step);
        assert_eq!(field(&known, step, 5) > field(&open, step, 5), newer, "{step}");
        assert_eq!(field(&known, step, 6) > field(&open, step, 6), newer, "{step}");
    }
    let feedback = |text: &str| [2, 3, 4].map(|n| field(text, "feedback", n));
    assert_eq!(feedback(&open), ["2026-05-14", "2026-05-15", "TENTATIVE"]);
    assert_eq!(feedback(&known), ["2026-05-04", "2026-05-05", "CONFIRMED"]);
}

#[test]
fn the_dates_of_the_documents() {
    let folder = tempfile::tempdir().unwrap();
    let dates = |standard: &str, step: &str, column: &str| {
        let args = ["calendar", "--standard", standard, "--year", "2026", "--out", "c.csv"];
        said(&junheng(folder.path(), &args));
        let rows = rows(&folder.path().join("c.csv"));
        rows.into_iter().find(|row| row["step"] == step).map(|row| row[column].clone()).unwrap()
    };
    assert_eq!(dates("akqi-2021", "self_report", "until"), "2026-03-01");
    assert_eq!(dates("akqi-2021", "feedback", "latest"), "2026-05-14");
    assert_eq!(dates("akqi-2021", "plan", "latest"), "2026-05-21");
    assert_eq!(dates("inner-mongolia", "notice", "until"), "2026-03-01");
    assert_eq!(dates("inner-mongolia", "monitoring", "from"), "2026-04-11");
    assert_eq!(dates("inner-mongolia", "self_report", "until"), "2026-04-30");
    assert_eq!(dates("inner-mongolia", "report", "state"), "unknown");
    assert_eq!(dates("taobei-2023", "constitution_day", "from"), "2026-12-04");
    assert_eq!(dates("taobei-2023", "constitution_day", "when"), "2026年12月4日");
    assert_eq!(dates("daxiang", "opening_check", "every"), "每学期");
    assert_eq!(dates("daxiang", "opening_check", "when"), "每学期，文件未规定日期");
    assert_eq!(dates("daxiang", "posts", "every"), "每2年");
    assert_eq!(dates("daxiang", "lead_teachers", "until"), "2029-12-31");
    assert_eq!(dates("bayannur-2020", "visit_first_half", "until"), "2026-06-30");
}
