//! The structure of a scorebook, the workbook that offices fill in. Hidden keys in its sheets identify entries and
//! units, whatever users did to the rest.
//!
//! ```text
//!          A (hidden)      B …            I …
//! row 1    Anchor          @number …      unit|乌拉特前旗|150823|30|乌前旗      (hidden)
//!          @office         科室           基教科
//!          @marker @date   评分人, 日期
//!          @header         编号 …         乌拉特前旗
//!          27.2.count      27.2 …         what is entered
//! ```
//!
//! A self-assessment is a workbook of its own: its sheets have kinds of their own, so that it is never taken for marks of
//! an office, and the anchor names the unit in place of the office. Its columns have the keys of [`Lead`] and
//! [`SelfColumn`], its rows the ids of parts (`27.2`) or of sections of the report.
//!
//! The anchor names the standard and the kind of sheet, so that a sheet is recognized in any workbook; rows and columns
//! keep their ids when they are moved.

use std::collections::HashMap;

/// Values written into the cells of a workbook that is made for trying out the program.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filling {
    /// The person who signs every sheet; empty for nobody.
    pub marker: String,
    /// By the id of the entry and the index of the unit.
    pub entries: HashMap<(String, usize), Typed>,
    /// 年度分值 by the index of the item.
    pub points: HashMap<usize, f64>,
    /// The rows of the sheet 事由, by column.
    pub reasons: Vec<[String; 7]>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    Number(f64),
    Text(String),
}

/// The hidden sheet with all units and all entries per sheet, so that anything removed from the sheets is reported.
pub const MEMORY: &str = "_junheng";
/// The beginning of an anchor; its number changes with the layout.
pub const MARK: &str = "junheng marking 1";

/// Keys of rows that are not entries.
pub const OFFICE: &str = "@office";
pub const MARKER: &str = "@marker";
pub const DATE: &str = "@date";
pub const HEADER: &str = "@header";
/// What the key of a row of 年度分值 begins with if it asks for the share of a source.
pub const SOURCE: &str = "source.";
/// The row of a self-assessment that names the unit.
pub const UNIT: &str = "@unit";

/// The columns in front of the units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    Number,
    Heading,
    Title,
    Points,
    Rule,
    Evidence,
    Entered,
}

impl Lead {
    pub const ALL: [Lead; 7] =
        [Lead::Number, Lead::Heading, Lead::Title, Lead::Points, Lead::Rule, Lead::Evidence, Lead::Entered];

    pub fn id(self) -> &'static str {
        match self {
            Lead::Number => "number",
            Lead::Heading => "heading",
            Lead::Title => "title",
            Lead::Points => "points",
            Lead::Rule => "rule",
            Lead::Evidence => "evidence",
            Lead::Entered => "entered",
        }
    }

    /// As in the hidden row.
    pub fn key(self) -> String {
        format!("@{}", self.id())
    }
}

/// The columns that a unit fills in on its self-assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SelfColumn {
    /// 自评分.
    Mark,
    /// 事实: what was done.
    Fact,
    /// 佐证材料.
    Evidence,
    /// 失分原因.
    Reason,
    /// The text of a section of the report.
    Text,
}

impl SelfColumn {
    /// Those of the sheet of marks.
    pub const OF_MARKS: [SelfColumn; 4] =
        [SelfColumn::Mark, SelfColumn::Fact, SelfColumn::Evidence, SelfColumn::Reason];

    pub fn id(self) -> &'static str {
        match self {
            SelfColumn::Mark => "self_mark",
            SelfColumn::Fact => "self_fact",
            SelfColumn::Evidence => "self_evidence",
            SelfColumn::Reason => "self_reason",
            SelfColumn::Text => "self_text",
        }
    }

    /// As in the hidden row.
    pub fn key(self) -> String {
        format!("@{}", self.id())
    }
}

/// The columns of the sheet 事由, in which offices say why a mark was given. Its rows have no keys: people add, sort and
/// delete them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReasonColumn {
    /// The number of an item or a part, or the id of an entry.
    Number,
    Unit,
    Fact,
    Evidence,
    /// The number of the document that is the evidence.
    Document,
    Date,
    /// What is required of the unit.
    Required,
}

impl ReasonColumn {
    pub const ALL: [ReasonColumn; 7] = [
        ReasonColumn::Number,
        ReasonColumn::Unit,
        ReasonColumn::Fact,
        ReasonColumn::Evidence,
        ReasonColumn::Document,
        ReasonColumn::Date,
        ReasonColumn::Required,
    ];

    /// Its header is `marking.reasons.column.<id>`.
    pub fn id(self) -> &'static str {
        match self {
            ReasonColumn::Number => "number",
            ReasonColumn::Unit => "unit",
            ReasonColumn::Fact => "fact",
            ReasonColumn::Evidence => "evidence",
            ReasonColumn::Document => "document",
            ReasonColumn::Date => "date",
            ReasonColumn::Required => "required",
        }
    }

    /// As in the hidden row.
    pub fn key(self) -> String {
        format!("@{}", self.id())
    }
}

/// The kind of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The sheet of an office, or of entries without an office.
    Office,
    /// 年度分值.
    Points,
    /// 事由.
    Reasons,
    Memory,
    /// 自评表: a unit's own marks, facts and evidence.
    SelfMarks,
    /// 自评报告: the sections of a unit's report.
    SelfReport,
    /// The hidden sheet of a self-assessment.
    SelfMemory,
}

impl Kind {
    const ALL: [Kind; 7] = [
        Kind::Office,
        Kind::Points,
        Kind::Reasons,
        Kind::Memory,
        Kind::SelfMarks,
        Kind::SelfReport,
        Kind::SelfMemory,
    ];

    /// Whether it is a hidden sheet.
    pub fn is_memory(self) -> bool {
        matches!(self, Kind::Memory | Kind::SelfMemory)
    }

    pub fn id(self) -> &'static str {
        match self {
            Kind::Office => "office",
            Kind::Points => "points",
            Kind::Reasons => "reasons",
            Kind::Memory => "memory",
            Kind::SelfMarks => "self",
            Kind::SelfReport => "self_report",
            Kind::SelfMemory => "self_memory",
        }
    }
}

/// The standard and kind of a sheet, with the settings it was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    pub kind: Kind,
    pub standard: String,
    pub version: String,
    pub settings: Vec<(String, String)>,
    pub year: Option<i32>,
    /// Empty if the document names no office; in a self-assessment, the unit (see [`unit_text`]).
    pub office: String,
    /// The round, or the check after rectification, that its marks are made in; empty for those of the year.
    pub stage: String,
}

impl Anchor {
    pub fn text(&self) -> String {
        let settings: Vec<String> =
            self.settings.iter().map(|(id, value)| format!("{}={}", escaped(id), escaped(value))).collect();
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        let fields = [
            escaped(&self.standard),
            escaped(&self.version),
            settings.join(";"),
            year,
            escaped(&self.office),
        ];
        let stage = if self.stage.is_empty() { String::new() } else { format!("|{}", escaped(&self.stage)) };
        format!("{MARK}|{}|{}{stage}", self.kind.id(), fields.join("|"))
    }

    /// `None` for any other text.
    pub fn from_text(text: &str) -> Option<Anchor> {
        let mut fields = text.trim().strip_prefix(MARK)?.strip_prefix('|')?.split('|');
        let mut next = || fields.next();
        let kind = next()?;
        let kind = Kind::ALL.into_iter().find(|k| k.id() == kind)?;
        let (standard, version) = (unescaped(next()?), unescaped(next()?));
        let settings = next()?.split(';').filter_map(|pair| {
            let (id, value) = pair.split_once('=')?;
            Some((unescaped(id), unescaped(value)))
        });
        let settings = settings.collect();
        let year = next()?.parse().ok();
        let office = unescaped(next()?);
        let stage = next().map(unescaped).unwrap_or_default();
        Some(Anchor { kind, standard, version, settings, year, office, stage })
    }
}

/// A unit as in the hidden row: `unit|name|code|class|alias;alias`.
pub fn unit_text(name: &str, code: &str, class: &str, aliases: &[String]) -> String {
    let aliases: Vec<String> = aliases.iter().map(|alias| escaped(alias)).collect();
    format!("unit|{}|{}|{}|{}", escaped(name), escaped(code), escaped(class), aliases.join(";"))
}

/// Name, code, class and aliases, empty if absent; `None` for any other text.
pub fn unit_from(text: &str) -> Option<(String, String, String, Vec<String>)> {
    let mut fields = text.trim().strip_prefix("unit|")?.split('|');
    let mut next = || fields.next().map(unescaped);
    let (name, code, class) = (next()?, next()?, next()?);
    let aliases = fields.next()?.split(';').map(unescaped).filter(|alias| !alias.is_empty()).collect();
    (!name.is_empty()).then_some((name, code, class, aliases))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '|' => out.push_str("%7C"),
            ';' => out.push_str("%3B"),
            '=' => out.push_str("%3D"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn unescaped(text: &str) -> String {
    text.replace("%7C", "|").replace("%3B", ";").replace("%3D", "=").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_hidden_is_read_back(
            texts in proptest::collection::vec("[ -~一-龥|;=%]{1,12}", 6),
            year in proptest::option::of(1900..2200i32),
        ) {
            let [standard, version, id, value, office, alias] = &texts[..] else { unreachable!() };
            let anchor = Anchor {
                kind: Kind::Office,
                standard: standard.clone(),
                version: version.clone(),
                settings: vec![(id.clone(), value.clone())],
                year,
                office: format!("{office}科"),
                stage: String::new(),
            };
            let again = Anchor { stage: format!("{alias}次"), ..anchor.clone() };
            prop_assert_eq!(Anchor::from_text(&again.text()), Some(again));
            prop_assert_eq!(Anchor::from_text(&anchor.text()), Some(anchor));
            let aliases = vec![format!("{alias}。")];
            let name = format!("{standard}县");
            let text = unit_text(&name, version, "", &aliases);
            prop_assert_eq!(unit_from(&text), Some((name, version.clone(), String::new(), aliases)));
        }
    }

    #[test]
    fn anything_else_is_no_anchor() {
        for text in ["", "junheng marking", "junheng marking 1", "junheng marking 10|office|a|1|||", "编号"]
        {
            assert_eq!(Anchor::from_text(text), None, "{text}");
            assert_eq!(unit_from(text), None, "{text}");
        }
    }
}
