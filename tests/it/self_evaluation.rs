//! 自评报告 (the self-evaluation report) as a user gets it: report.docx to continue writing, report.pdf to hand in.

use std::path::Path;

use crate::support::{copy, junheng, once, output, program, project, python_with};

/// Runs `assess` of the demonstration county for these two documents alone.
fn assess(folder: &Path, more: &[&str]) -> std::process::Output {
    let county = project("data/demo/大祥区.xlsx").display().to_string();
    let rest =
        ["--no-form", "--no-annotated", "--no-gaps", "--no-charts", "--no-html", "--date", "2026-03-01"];
    junheng(folder, &[&["assess", &county, "--out", "out"], &rest[..], more].concat())
}

fn done(folder: &Path, more: &[&str]) {
    let run = assess(folder, more);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
}

/// Both documents in Chinese, in `out`.
fn both() -> tempfile::TempDir {
    copy(&once("self-evaluation", |folder| done(folder, &[])))
}

#[test]
fn word_finds_real_styles_headings_captions_and_tables() {
    let Some(python) = python_with("docx") else { return };
    let folder = both();
    let script = r#"
import docx
d = docx.Document('out/report.docx')
styles = {}
for p in d.paragraphs:
    styles.setdefault(p.style.name, []).append(p.text)
print('title', styles['Title'][0])
print('h1', '|'.join(styles['Heading 1']))
print('h2', len(styles['Heading 2']) > 8, 'h3', len(styles['Heading 3']) > 20)
print('captions', len([c for c in styles['Caption'] if c.startswith('表')]), 'tables', len(d.tables))
print('first', styles['Caption'][0])
s = d.sections[0]
print('page', round(s.page_width.mm), round(s.page_height.mm), round(s.top_margin.mm), round(s.bottom_margin.mm), round(s.left_margin.mm), round(s.right_margin.mm))
print('heads', all('w:tblHeader' in t.rows[0]._tr.xml for t in d.tables))
print('alt', all(x.get('descr') for x in d.element.body.iter('{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr')))
print('cv', any(c.text == '0.634' for t in d.tables for r in t.rows for c in r.cells))
print('fill', any(r.style.name == 'Fill In' for p in d.paragraphs for r in p.runs))
print('core', d.core_properties.title, d.core_properties.author)
"#;
    let found = output(&python, &["-X", "utf8", "-c", script], folder.path());
    for line in [
        "title 大祥区义务教育优质均衡发展自评报告",
        "h1 一、县域基本情况|二、学校办学基本标准达标情况|三、校际间均衡状况|四、政府推进工作情况|五、社会认可度|\
         六、主要做法与存在问题|七、整改措施|附件 1　各学校指标值|附件 2　不纳入资源配置评估的学校|附件 3　计算规则与数据来源",
        "h2 True h3 True",
        "captions 20 tables 20",
        "first 表 1　各学段学校、班级、学生和教师情况",
        "page 210 297 37 35 28 26",
        "heads True",
        "alt True",
        "cv True",
        "fill True",
        "core 大祥区义务教育优质均衡发展自评报告 大祥区",
    ] {
        assert!(found.lines().any(|own| own == line), "{line}\n{found}");
    }
}

#[test]
fn libreoffice_opens_it_with_headings_and_numbered_captions() {
    if !program("soffice") {
        return;
    }
    let folder = both();
    let home = format!("-env:UserInstallation=file://{}", folder.path().join("office").display());
    output("soffice", &["--headless", &home, "--convert-to", "fodt", "out/report.docx"], folder.path());
    let odt = std::fs::read_to_string(folder.path().join("report.fodt")).unwrap();
    assert!(odt.matches("<text:h ").count() > 40, "headings");
    assert!(odt.contains("text:outline-level=\"1\"") && odt.contains("一、县域基本情况"));
    // Captions count themselves: a sequence field for 表.
    assert!(odt.matches("<text:sequence ").count() >= 20, "captions");
    assert!(odt.contains("<text:table-of-content"), "contents");
    assert_eq!(odt.matches("<table:table-header-rows>").count(), 20, "heads that are repeated");
}

#[cfg(feature = "pdf")]
#[test]
fn the_pdf_has_the_numbers_and_its_fonts() {
    if !program("pdftotext") {
        return;
    }
    let folder = both();
    let text = output("pdftotext", &["-layout", "out/report.pdf", "-"], folder.path());
    for part in ["大祥区义务教育优质均衡发展自评报告", "目", "0.634", "12.07", "48,418.2", "附件 1", "表 20"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let fonts = output("pdffonts", &["out/report.pdf"], folder.path());
    let lines: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(!lines.is_empty(), "{fonts}");
    for line in lines {
        let columns: Vec<&str> = line.split_whitespace().rev().collect();
        // … emb sub uni object ID
        assert_eq!(columns.get(4), Some(&"yes"), "{fonts}");
    }
    let info = output("pdfinfo", &["out/report.pdf"], folder.path());
    for part in ["大祥区义务教育优质均衡发展自评报告", "A4", "Tagged:          yes"] {
        assert!(info.contains(part), "{part}\n{info}");
    }
}

#[test]
fn both_are_written_in_english() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["--lang", "en"]);
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(folder.path().join("out/report.docx")).unwrap()).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    for part in ["1. The county", "SEQ Table", "Conclusion: the requirements are not yet met.", "0.634"] {
        assert!(xml.contains(part), "{part}");
    }
    #[cfg(feature = "pdf")]
    assert!(std::fs::read(folder.path().join("out/report.pdf")).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn left_out_on_demand_and_by_ones_own_template() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["--no-docx", "--no-pdf"]);
    assert!(
        !folder.path().join("out/report.docx").exists() && !folder.path().join("out/report.pdf").exists()
    );

    let own = folder.path().join("own");
    std::fs::create_dir(&own).unwrap();
    let template = own.join("self-evaluation.zh.md.jinja");
    std::fs::write(&template, "::title 我县\n\n{{ verdict.schools }} 所\n").unwrap();
    done(folder.path(), &["--templates", "own", "--no-pdf"]);
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(folder.path().join("out/report.docx")).unwrap()).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    assert!(xml.contains("我县") && xml.contains("42 所") && !xml.contains("县域基本情况"));

    std::fs::write(&template, "::title 我县\n\n::tabel reached\n").unwrap();
    let run = assess(folder.path(), &["--templates", "own"]);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(
        said.contains("self-evaluation.zh.md.jinja") && said.contains("3") && said.contains("::tabel"),
        "{said}"
    );
}
