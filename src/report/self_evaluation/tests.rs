use super::*;
#[cfg(feature = "pdf")]
use crate::report::document::pdf;
use crate::{
    report::{
        document::{docx, plain_text},
        sample::Whole,
    },
    words::Language,
};

/// All of the report, as people read it.
fn text(report: &Report) -> String {
    plain_text::text(report, usize::MAX)
}

fn made(whole: &Whole) -> String {
    let district = whole.district();
    match report(&district, &[], None) {
        Ok(report) => text(&report),
        Err(error) => panic!("{}", whole.words.error(&error)),
    }
}

#[test]
fn the_demonstration_county_in_chinese() {
    insta::assert_snapshot!(made(&Whole::demo("quality-balance-2017", Language::Chinese)));
}

#[test]
fn the_demonstration_county_in_english() {
    insta::assert_snapshot!(made(&Whole::demo("quality-balance-2017", Language::English)));
}

#[test]
fn by_the_list_of_daxiang() {
    insta::assert_snapshot!(made(&Whole::demo("daxiang", Language::Chinese)));
}

/// A county of its own: the columns of a wide sheet and its lines.
fn county(columns: &str, lines: &[&str]) -> Whole {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("county.csv");
    let lines: Vec<String> = lines.iter().map(|line| format!("430503,某县,2025,{line}\n")).collect();
    let home = "区县代码,区县名称,年度,学校代码,学校名称,学校类型";
    std::fs::write(&file, format!("{home},{columns}\n{}", lines.concat())).unwrap();
    Whole::of(&[file], "quality-balance-2017", Language::Chinese)
}

#[test]
fn what_is_missing_is_said_to_be_missing() {
    let whole = county(
        "小学在校生数,小学专任教师数,教学及辅助用房面积",
        &["1,一小,小学,400,20,2000", "2,二小,小学,300,,", "3,三小,小学,,,"],
    );
    insta::assert_snapshot!(made(&whole));
}

#[test]
fn a_county_that_is_ready() {
    let mut whole = county(
        "小学在校生数,小学专任教师数,小学专科学历教师数,小学本科学历教师数,小学硕士学历教师数,小学博士学历教师数,\
         小学县级及以上骨干教师数,小学体育专任教师数,小学音乐专任教师数,小学美术专任教师数,小学艺术专任教师数,\
         教学及辅助用房面积,室内体育用房面积,体育馆面积,体育场面积,教学仪器设备值,网络多媒体教室数,办学性质,城乡类型",
        &[
            "1,一小,小学,400,30,10,20,0,0,6,2,2,2,0,3000,0,0,4000,120,12,公办,城区",
            "2,二小,小学,300,24,4,20,0,0,5,2,1,1,0,2400,0,0,3000,90,9,公办,乡村",
        ],
    );
    // Evidence and vetoes are no business of this county.
    whole.standard.items.retain(|item| item.kind() == "indicator");
    whole.assessment = crate::assess::assess(&whole.facts, &whole.standard, false, &whole.words).unwrap();
    let text = made(&whole);
    assert!(text.contains("自评结论：达到评估要求"), "{text}");
    assert!(text.contains("小学全部达标"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn hostile_names_are_text_in_every_format() {
    let name = "# 一小【待填】#read(\"/etc/passwd\") $x$ =cmd|' /C calc'!A0 <script>alert(1)</script> 𠮷𫖯";
    let quoted = name.replace('"', "\"\"");
    let whole = county("小学在校生数,小学专任教师数", &[&format!("1,\"{quoted}\",小学,400,20")]);
    let district = whole.district();
    let report = match report(&district, &[], None) {
        Ok(report) => report,
        Err(error) => panic!("{}", whole.words.error(&error)),
    };
    let text = text(&report);
    assert!(text.contains(name), "{text}");
    let document = docx::write(&report).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(document)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    assert!(xml.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let mut reader = quick_xml::Reader::from_str(&xml);
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    #[cfg(feature = "pdf")]
    assert!(pdf::write(&report).unwrap().starts_with(b"%PDF-"));
}

/// What is said of the demonstration county's report with a template of one's own.
fn with_own(file: &str, content: &str) -> std::result::Result<String, String> {
    let whole = Whole::demo("quality-balance-2017", Language::Chinese);
    let district = whole.district();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), content).unwrap();
    let made = report(&district, &[], Some(folder.path())).and_then(|report| {
        #[cfg(feature = "pdf")]
        pdf::write(&report)?;
        Ok(text(&report))
    });
    made.map_err(|error| whole.words.error(&error))
}

#[test]
fn a_template_of_ones_own_says_it_in_other_words() {
    let own = "::title {{ name }}\n\n# 达标\n共 {{ verdict.schools }} 所\n::table reached | 达标情况\n";
    let text = with_own("self-evaluation.zh.md.jinja", own).unwrap();
    assert!(text.starts_with("TITLE 大祥区\n\n# 达标\n共 42 所\nTABLE 达标情况\n"), "{text}");
}

#[test]
fn a_broken_template_is_said_with_its_file_and_line() {
    for (file, content, line, said) in [
        ("self-evaluation.zh.md.jinja", "::title 一\n{{ nobody }}", "2", "undefined"),
        ("self-evaluation.zh.md.jinja", "::title 一\n\n{% for %}", "3", "syntax"),
        ("self-evaluation.zh.md.jinja", "::title 一\n二\n::tabel reached", "3", "::tabel reached"),
        ("self-evaluation.zh.md.jinja", "::title 一\n::table {{ code }} x", "2", "::table 430503 x"),
        ("self-evaluation.zh.md.jinja", "::title 一\n::figure pie", "2", "::figure pie"),
        ("report.styles.zh.xml", "<w:styles>\n<w:style></w:styles>", "2", "style"),
        #[cfg(feature = "pdf")]
        ("report.typ", "= 一\n\n#nobody", "3", "unknown variable: nobody"),
        #[cfg(feature = "pdf")]
        ("report.typ", "#read(\"/etc/passwd\")", "1", "file not found"),
        #[cfg(feature = "pdf")]
        ("report.typ", "#import \"@preview/tablex:0.0.8\": *", "1", "file not found"),
    ] {
        let error = with_own(file, content).unwrap_err();
        assert!(
            error.contains(file) && error.contains(&format!(" {line} ")) && error.contains(said),
            "{error}"
        );
    }
}

#[test]
fn the_same_report_is_the_same_file() {
    let whole = Whole::demo("quality-balance-2017", Language::English);
    let district = whole.district();
    let made = || report(&district, &[], None).unwrap();
    assert!(docx::write(&made()).unwrap() == docx::write(&made()).unwrap());
    #[cfg(feature = "pdf")]
    assert!(pdf::write(&made()).unwrap() == pdf::write(&made()).unwrap());
}
