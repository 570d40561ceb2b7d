//! A small standard and a small county, for tests of documents and charts.

use polars::prelude::*;

use crate::{
    assess::{Assessment, Excluded, Outcome, Verdict},
    standard::{
        Apportionment, BySection, Indicator, Item, Print, Rule, SchoolRule, Scope, Section, Standard, Text,
    },
    tables::{self, verdict::Reason},
};

fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.into(), en: Some(en.into()) }
}

fn indicator(id: &str, title: Text, unit: &str, numerator: &str, factor: f64, threshold: f64) -> Indicator {
    Indicator {
        id: id.into(),
        title,
        unit: unit.into(),
        numerator: BySection::Same(numerator.parse().unwrap()),
        denominator: "students".parse().unwrap(),
        factor,
        threshold: BySection::Same(threshold),
        limit: BySection::Each([(Section::Primary, 0.5), (Section::Junior, 0.45)].into()),
        shortfall_unit: "㎡".into(),
        whole: false,
        reliefs: vec![],
        departments: vec!["区教育局".into()],
        offices: vec![],
        measures: vec![],
        due: None,
        clause: "附件 1".into(),
    }
}

fn item(id: &str, title: &str, rule: Rule) -> Item {
    Item {
        id: id.into(),
        form: None,
        group: Text::default(),
        heading: String::new(),
        title: text(title, title),
        class: String::new(),
        rule,
        evidence: false,
        requirements: vec![],
        procedure: vec![],
        measures: vec![],
        departments: vec![],
        offices: vec![],
        due: None,
        clause: String::new(),
        note: None,
    }
}

pub fn standard() -> Standard {
    Standard {
        id: "sample".into(),
        version: "1".into(),
        title: text("优质均衡（示例）", "Quality and balance (sample)"),
        source: "教督〔2017〕6号".into(),
        extends: None,
        notes: vec![],
        scope: Scope {
            sections: vec![Section::Primary, Section::Junior],
            exclude: vec![],
            clause: String::new(),
        },
        apportionment: Some(Apportionment {
            facts: vec!["teaching_area".into(), "gym_area".into()],
            weights: [(Section::Primary, 1.0), (Section::Junior, 1.1), (Section::Senior, 1.32)].into(),
            clause: "测算说明".into(),
        }),
        school_rule: Some(SchoolRule {
            at_least: 1,
            floor: 0.85,
            district_mean: false,
            text: text("每所学校达到要求", "Every school reaches it"),
            clause: String::new(),
        }),
        indicators: vec![
            indicator(
                "L1",
                text("每百名学生拥有高于规定学历教师数", "teachers above the required degree per 100 pupils"),
                "人",
                "teachers_bachelor",
                100.0,
                4.2,
            ),
            indicator(
                "L4",
                text("生均教学及辅助用房面积", "teaching rooms per pupil"),
                "㎡",
                "teaching_area - gym_area",
                1.0,
                4.5,
            ),
        ],
        items: vec![
            item(
                "L4",
                "生均教学及辅助用房面积达到规定标准且校际差异系数在上限之内",
                Rule::Indicator { indicator: "L4".into() },
            ),
            item("G1", "县域内义务教育学校规划布局合理，符合国家规定要求", Rule::Evidence),
        ],
        settings: vec![],
        scoring: None,
        print: Print::default(),
        groups: vec![],
        units: None,
        steps: vec![],
        papers: vec![],
        consequences: vec![],
        self_report: None,
        rounds: vec![],
        recheck: None,
        document_findings: vec![],
    }
}

/// One district. `long`: every name 40 characters.
pub fn assessment(long: bool) -> Assessment {
    let name = |name: &str| if long { name.repeat(40).chars().take(40).collect() } else { name.to_string() };
    let (first, second) = (name("一小"), name("第二实验学校"));
    let schools = tables::schools::Frame::partial(df!(
        "district_code" => ["430503"; 3], "year" => [2024i32; 3], "school_code" => ["a", "b", "b"],
        "school_name" => [first.as_str(), &second, &second], "section" => ["primary", "primary", "junior"],
        "indicators_judged" => [2i64, 2, 1], "indicators_met" => [2i64, 1, 1],
        "met" => [Some(true), Some(false), None], "reason" => ["", "L4 未达标", "缺 L1"],
    ));
    let measures = tables::measures::Frame::partial(df!(
        "district_code" => ["430503"; 3], "district_name" => ["大祥区"; 3], "year" => [2024i32; 3],
        "school_code" => ["a", "b", "b"], "school_name" => [first.as_str(), &second, &second],
        "section" => ["primary", "primary", "junior"], "indicator" => ["L4"; 3],
        "numerator" => [Some(2000.0), Some(646.0), None], "denominator" => [Some(370.0), Some(166.0), Some(210.0)],
        "value" => [Some(2000.0 / 370.0), Some(646.0 / 166.0), None],
        "threshold" => [4.5, 4.5, 5.8], "floor" => [3.825, 3.825, 4.93],
        "status" => ["met", "unmet", "missing"], "met" => [Some(true), Some(false), None],
        "floor_met" => [Some(true), Some(true), None], "borderline" => [Some(false), Some(true), None],
        "shortfall" => [Some(0.0), Some(101.04), None], "shortfall_unit" => ["㎡"; 3],
    ));
    let districts = tables::districts::Frame::partial(df!(
        "district_code" => ["430503"; 2], "year" => [2024i32; 2], "section" => ["primary", "junior"],
        "schools" => [2i64, 1], "students" => [30_197.0, 4_347.0], "schools_met" => [1i64, 0],
        "schools_at_floor" => [2i64, 0],
    ));
    let dispersion = tables::dispersion::Frame::partial(df!(
        "district_code" => ["430503"; 3], "year" => [2024i32; 3], "section" => ["primary", "primary", "junior"],
        "indicator" => ["L1", "L4", "L4"], "schools" => [2i64, 2, 0],
        "students" => [30_197.0, 30_197.0, 0.0], "mean" => [Some(4.195), Some(4.18), None],
        "sd" => [Some(2.1), Some(1.0), None], "cv" => [Some(0.50049), Some(0.239), None],
        "limit" => [0.5, 0.5, 0.45], "status" => ["unmet", "met", "missing"],
        "met" => [Some(false), Some(true), None], "borderline" => [Some(true), Some(false), None],
    ));
    let items = tables::items::Frame::partial(df!(
        "district_code" => ["430503"; 2], "year" => [2024i32; 2], "item" => ["L4", "G1"],
        "kind" => ["indicator", "evidence"], "value" => [Some(4.18), None], "threshold" => [Some(4.5), None],
        "points" => [None::<f64>; 2], "score" => [None::<f64>; 2], "status" => ["unmet", "missing"],
        "detail" => ["1 校未达标", "佐证与评分表中没有结论"],
    ));
    let gaps = tables::gaps::Frame::partial(df!(
        "district_code" => ["430503"; 2], "year" => [2024i32; 2], "item" => ["L4", "G1"],
        "school_code" => [Some("b"), None], "school_name" => [Some(second.as_str()), None],
        "section" => [Some("primary"), None], "current" => [Some(646.0), None],
        "required" => [Some(747.0), None], "shortfall" => [Some(101.04), None], "unit" => ["㎡", ""],
        "departments" => ["区教育局、区财政局、区自然资源局", ""], "measures" => [""; 2],
        "due" => [None::<&str>; 2],
    ));
    Assessment {
        measures,
        schools,
        districts,
        dispersion,
        items,
        gaps,
        shares: Default::default(),
        verdicts: vec![verdict("430503", "大祥区", Outcome::NotReady)],
        missing: Vec::new(),
    }
}

pub fn verdict(code: &str, name: &str, outcome: Outcome) -> Verdict {
    let reason = |status, text: &str| Reason { status, text: text.into(), rows: serde_json::json!({}) };
    Verdict {
        district_code: code.into(),
        district_name: name.into(),
        year: 2024,
        standard: "sample".into(),
        standard_version: "1".into(),
        standard_title: "优质均衡（示例）".into(),
        reliefs: vec![],
        outcome,
        schools: 3,
        schools_met: 1,
        schools_unmet: 1,
        schools_missing: 1,
        excluded: vec![Excluded {
            school_code: "t".into(),
            school_name: "某教学点".into(),
            section: "primary".into(),
            reason: "不足 50 人的教学点".into(),
        }],
        items_met: 0,
        items_unmet: 1,
        items_missing: 1,
        score: Some(85.5),
        grade: Some("合格".into()),
        score_statement: None,
        grade_note: None,
        borderline: true,
        reasons: vec![reason("unmet", "1 个学段部未达标"), reason("missing", "1 项没有佐证")],
    }
}

/// An invented county run through the whole program in memory, for tests of documents and charts.
pub struct Whole {
    pub facts: crate::ingest::Facts,
    pub assessment: Assessment,
    pub standard: Standard,
    pub words: crate::words::Words,
    pub made: crate::tables::provenance::Provenance,
}

impl Whole {
    /// The demonstration county judged by this standard: `quality-balance-2017`, `daxiang`.
    pub fn demo(standard: &str, language: crate::words::Language) -> Whole {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/大祥区.xlsx");
        Whole::of(&[file], standard, language)
    }

    /// A county with this number of schools ([`crate::synth`]).
    pub fn synthetic(schools: usize, standard: &str, language: crate::words::Language) -> Whole {
        let folder = tempfile::tempdir().unwrap();
        let settings = crate::synth::Settings { schools: Some(schools), ..Default::default() };
        let file = folder.path().join("county.xlsx");
        crate::synth::write_wide(&crate::synth::county(&settings), &file).unwrap();
        Whole::of(&[file], standard, language)
    }

    /// Files run through the program.
    pub fn of(inputs: &[std::path::PathBuf], standard: &str, language: crate::words::Language) -> Whole {
        let words = crate::words::Words::load(language).unwrap();
        let standard = Standard::load(standard).unwrap();
        let facts = crate::ingest::read(inputs, &Default::default(), &|_, _, _| {}).unwrap();
        let assessment = crate::assess::assess(&facts, &standard, false, &words).unwrap();
        let made = crate::tables::provenance::Provenance {
            program: "junheng 0.1.0".into(),
            inputs: vec!["大祥区.xlsx".into()],
            date: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        };
        Whole { facts, assessment, standard, words, made }
    }

    /// The only district there is.
    pub fn district(&self) -> tables::district::District<'_> {
        let (facts, assessment) = (&self.facts, &self.assessment);
        let mut all =
            super::documents::districts(facts, assessment, &self.standard, &self.made, &self.words).unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_county_comes_through_whole() {
        let whole = Whole::synthetic(9, "quality-balance-2017", crate::words::Language::Chinese);
        let district = whole.district();
        assert_eq!(district.facts.height(), whole.facts.facts.height());
        assert!(district.measures.height() > 0 && !district.name.is_empty());
        assert!(district.made_line().contains("2026-03-01"), "{}", district.made_line());
    }
}
