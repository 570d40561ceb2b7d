//! The sheet of one office: one row per entry, one column per unit.

use super::{OfficeEntries, Points, Scorebook, Styles, height, lead, memory::hidden, print, shown_office};
use crate::{
    number,
    report::workbook::{Allowed, Paper, Sheet, Value as Content, address},
    standard::{
        AdjustmentRule, Item, Rule, Standard,
        entry::{Entry, Value, What},
        rule_text,
    },
    tables::{
        scorebook::{DATE, HEADER, Kind, Lead, MARKER, OFFICE, Typed},
        scoring::labelled,
    },
    words::Words,
};

const TITLE_ROW: u32 = 1;
/// Rows of the office's name, the marker and the date.
const SIGNED: [(u32, &str, &str); 3] = [(2, OFFICE, "office"), (3, MARKER, "marker"), (4, DATE, "date")];
const HEADER_ROW: u32 = 5;
/// Widths of the columns before the units.
const WIDTHS: [f64; 7] = [9.0, 22.0, 32.0, 8.0, 34.0, 60.0, 22.0];
/// The column of the first unit, after the hidden column and those.
const FIRST_UNIT: u16 = 8;
/// Number, headings and title stay in view.
const FROZEN: u16 = 4;
const UNIT_WIDTH: f64 = 13.0;

pub struct Layout<'a> {
    pub of: &'a Scorebook<'a>,
    pub styles: &'a Styles,
    pub points: Option<&'a Points>,
    pub title: &'a str,
}

impl Layout<'_> {
    pub fn fill(&self, sheet: &mut Sheet, office: &OfficeEntries) {
        let words = self.of.words;
        lead(sheet, &self.of.anchor(Kind::Office, &office.office), &Lead::ALL);
        sheet.put(TITLE_ROW, 1, self.title, &self.styles.title);
        let marker = self.of.filling.map_or("", |filling| &filling.marker);
        for (row, key, label) in SIGNED {
            sheet.write(row, 0, key);
            sheet.put(row, 1, words.say(&format!("marking.{label}")), &self.styles.label);
            match key {
                OFFICE => sheet.put(row, 2, shown_office(&office.office, words), &self.styles.text),
                MARKER => sheet.put(row, 2, marker, &self.styles.typed),
                _ => sheet.put(row, 2, Content::Blank, &self.styles.typed),
            };
        }
        self.header(sheet);
        let mut before = None;
        for (row, entry) in (HEADER_ROW + 1..).zip(&office.entries) {
            // The document's long texts appear once per item.
            self.row(sheet, row, entry, before == Some(entry.item));
            before = Some(entry.item);
        }
        sheet.freeze(HEADER_ROW + 1, FROZEN).protect_all_but_entries();
        sheet.print(print(Paper::A3, self.title, words).repeat(HEADER_ROW, HEADER_ROW));
    }

    fn header(&self, sheet: &mut Sheet) {
        sheet.write(HEADER_ROW, 0, HEADER);
        for ((column, key), width) in (1..).zip(Lead::ALL).zip(WIDTHS) {
            let label = self.of.words.say(&format!("marking.column.{}", key.id()));
            sheet.put(HEADER_ROW, column, label, &self.styles.head).width(column, width);
        }
        for (column, unit) in (FIRST_UNIT..).zip(self.of.units) {
            sheet.write(0, column, hidden(unit));
            sheet.put(HEADER_ROW, column, &unit.name, &self.styles.head).width(column, UNIT_WIDTH);
        }
        let names = self.of.units.iter().map(|unit| (unit.name.as_str(), UNIT_WIDTH));
        sheet.height(HEADER_ROW, height(names).max(32.0));
    }

    fn row(&self, sheet: &mut Sheet, row: u32, entry: &Entry, again: bool) {
        let Scorebook { standard, units, words, .. } = *self.of;
        let item = entry.item.and_then(|index| standard.items.get(index));
        let evidence = match item {
            Some(item) => match evidence(item) {
                text if again && !text.is_empty() => words.say("marking.same"),
                text => text,
            },
            None => String::new(),
        };
        let texts = [
            (Lead::Number, entry.number(standard)),
            (Lead::Heading, item.map_or_else(String::new, |item| headings(standard, item, words))),
            (Lead::Title, entry.title(standard, words.language)),
            (Lead::Rule, self.rule(entry, item, again)),
            (Lead::Evidence, evidence),
            (Lead::Entered, self.entered(entry)),
        ];
        sheet.write(row, 0, &entry.id);
        let column = |lead: Lead| Lead::ALL.iter().position(|one| *one == lead).unwrap_or_default();
        for (lead, text) in &texts {
            sheet.put(row, column(*lead) as u16 + 1, text, &self.styles.text);
        }
        self.points(sheet, (row, column(Lead::Points) as u16 + 1), entry);
        let cells = texts.iter().map(|(lead, text)| (text.as_str(), WIDTHS[column(*lead)]));
        sheet.height(row, height(cells));
        let (mut concerned, shared) = (false, standard.is_shared(entry));
        for ((at, unit), number) in (FIRST_UNIT..).zip(units).zip(0..) {
            let concerns = standard.concerns(entry, |name| unit.is_called(name));
            // A figure of the district is entered once, in the column of the first unit.
            let concerns = concerns && !(concerned && shared);
            concerned |= concerns;
            let style = match (concerns, &entry.value) {
                (false, _) => &self.styles.barred,
                (true, Value::Date) => &self.styles.date,
                (true, _) => &self.styles.entry,
            };
            let typed = self.of.filling.and_then(|filling| filling.entries.get(&(entry.id.clone(), number)));
            match typed {
                Some(Typed::Number(value)) => sheet.put(row, at, *value, style),
                Some(Typed::Text(text)) => sheet.put(row, at, text, style),
                None => sheet.put(row, at, Content::Blank, style),
            };
        }
        if let (true, Some((allowed, message))) = (concerned, self.allowed(entry, row)) {
            let last = FIRST_UNIT + units.len() as u16 - 1;
            sheet.allow((row, FIRST_UNIT), (row, last), &allowed, &message);
        }
    }

    /// The rule of the entry; the first entry of an item also states the cap of the item.
    fn rule(&self, entry: &Entry, item: Option<&Item>, again: bool) -> String {
        let mut lines = self.due(entry);
        lines.push(rule_text::of_entry(self.of.standard, entry, self.of.words));
        if let (false, Some(Item { rule: Rule::Scored { adjustments, .. }, .. })) = (again, item) {
            let caps = adjustments.iter().filter(|a| {
                matches!(a.rule, AdjustmentRule::Cap { .. }) && self.of.standard.in_force(&a.only)
            });
            lines.extend(caps.map(|cap| {
                let title = cap.title.get(self.of.words.language);
                format!("{title}：{}", rule_text::of_adjustment(cap, self.of.words))
            }));
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    /// When the paper of an entry of the register is due, and its clause.
    fn due(&self, entry: &Entry) -> Vec<String> {
        let What::Paper { .. } = &entry.what else { return Vec::new() };
        let standard = self.of.standard;
        let is = |paper: &&crate::standard::Paper| entry.id.starts_with(&format!("paper.{}.", paper.id));
        let Some(paper) = standard.papers.iter().find(is) else { return Vec::new() };
        let step = standard.step(&paper.step);
        let day = step.filter(|step| step.is_dated()).map(|step| {
            let day = self.of.year.and_then(|year| step.due_in(year)).map(|day| day.to_string());
            let said = ("said", step.said.clone());
            match day {
                Some(day) => self.of.words.fill("marking.paper.due_on", &[("day", day), said]),
                None => self.of.words.fill("marking.paper.due_said", &[said]),
            }
        });
        let open = || self.of.words.say("marking.paper.due_open");
        vec![day.unwrap_or_else(open), paper.clause.clone()]
    }

    fn points(&self, sheet: &mut Sheet, (row, column): (u32, u16), entry: &Entry) {
        let item = entry.item.and_then(|index| self.of.standard.items.get(index));
        let part = match (item.map(|item| &item.rule), entry.part) {
            (Some(Rule::Scored { parts, .. }), Some(part)) => parts.get(part),
            _ => None,
        };
        match (part.map(|part| part.points), self.yearly(entry)) {
            (Some(Some(points)), _) => sheet.put(row, column, tidy(points), &self.styles.number),
            (Some(None), Some(cell)) => {
                let formula = format!("=IF({cell}=\"\",\"\",{cell})");
                sheet.formula(row, column, &formula, "", &self.styles.number)
            }
            _ => sheet.put(row, column, Content::Blank, &self.styles.text),
        };
    }

    /// The cell of this year's points.
    fn yearly(&self, entry: &Entry) -> Option<String> {
        self.points?.cell(entry.item?)
    }

    /// 填什么.
    fn entered(&self, entry: &Entry) -> String {
        let say =
            |key: &str, args: &[(&str, String)]| self.of.words.fill(&format!("marking.entered.{key}"), args);
        let tiers = ("tiers", entry.value.tiers().join(&self.of.words.say("rule.listed")));
        let checks = |entry: &Entry| {
            let item = entry.item.and_then(|item| self.of.standard.items.get(item));
            item.map_or(&[][..], Item::checks).iter()
        };
        let what = match (&entry.value, &entry.what) {
            (Value::Score { most: Some(most) }, what) => {
                let key = match what {
                    What::Bonus => "bonus",
                    _ if entry.optional => "score_otherwise",
                    _ => "score",
                };
                say(key, &[("most", shown(*most))])
            }
            (Value::Score { most: None }, What::Bonus) => say("bonus_yearly", &[]),
            (Value::Score { most: None }, _) => say("score_yearly", &[]),
            (Value::Count, What::CheckValue { check }) => match checks(entry).find(|c| c.id == *check) {
                Some(check) => say("rows", &[("rows", rule_text::rows_wanted(check, self.of.words))]),
                None => say("count", &[]),
            },
            (Value::Count, _) => say("count", &[]),
            (Value::Date, _) => say("date", &[]),
            (Value::YesNo, _) => say("yes_no", &[]),
            (Value::Amount { unit }, _) if unit.is_empty() => say("amount", &[]),
            (Value::Amount { unit }, _) => say("amount_of", &[("unit", self.of.words.unit(unit))]),
            (Value::Deduction { least }, _) => say("deduction", &[("least", shown(*least))]),
            (Value::Percent, _) => say("percent", &[]),
            (Value::OneOf { .. }, _) if entry.optional => say("tier_otherwise", &[tiers]),
            (Value::OneOf { .. }, _) => say("tier", &[tiers]),
            (Value::Direction, _) => say("direction", &[]),
            (Value::Range { least, most }, _) => {
                say("range", &[("least", shown(*least)), ("most", shown(*most))])
            }
        };
        let about = match &entry.what {
            What::Met => Some("met"),
            What::Fault => Some("fault"),
            What::Paper { asked, .. } => Some(asked.id()),
            What::Fact { .. } => Some("fact"),
            _ => None,
        };
        let what = match about {
            Some(key) => format!("{}\n{what}", self.of.words.say(&format!("marking.what.{key}"))),
            None => what,
        };
        let what = match self.of.standard.is_shared(entry) {
            true => format!("{}\n{what}", self.of.words.say("marking.what.shared")),
            false => what,
        };
        match (&entry.what, entry.optional) {
            (What::CheckRequired { .. }, _) => {
                let what = format!("{}\n{what}", self.of.words.say("marking.what.required"));
                say("optional", &[("what", what)])
            }
            (What::CheckValue { .. }, true) => say("optional", &[("what", what)]),
            _ => what,
        }
    }

    /// What may be entered, and the message for anything else.
    fn allowed(&self, entry: &Entry, row: u32) -> Option<(Allowed, String)> {
        let wrong =
            |key: &str, args: &[(&str, String)]| self.of.words.fill(&format!("marking.wrong.{key}"), args);
        let list = |choices: Vec<String>| {
            let message = wrong("choice", &[("choices", choices.join(&self.of.words.say("rule.listed")))]);
            (Allowed::OneOf(choices), message)
        };
        let say = |key: &str| self.of.words.say(&format!("marking.{key}"));
        Some(match &entry.value {
            Value::Score { most: Some(most) } => {
                (Allowed::NumberBetween(0.0, tidy(*most)), wrong("score", &[("most", shown(*most))]))
            }
            Value::Score { most: None } => {
                let message = wrong("yearly", &[("sheet", self.points?.name.clone())]);
                (Allowed::UpToCell(self.yearly(entry)?), message)
            }
            Value::Count => (Allowed::WholeFrom(0), wrong("count", &[])),
            Value::Amount { .. } => (Allowed::NumberFrom(0.0), wrong("amount", &[])),
            Value::Deduction { least } => {
                let (cell, least) = (address(row, FIRST_UNIT), tidy(*least));
                let rule = format!("=AND(ISNUMBER({cell}),OR({cell}=0,{cell}>={least}))");
                (Allowed::Formula(rule), wrong("deduction", &[("least", shown(least))]))
            }
            Value::Percent => (Allowed::NumberBetween(0.0, 100.0), wrong("percent", &[])),
            Value::Date => {
                // 1 January 2000 and 31 December 2099.
                (Allowed::NumberBetween(36_526.0, 73_050.0), wrong("date", &[]))
            }
            Value::YesNo => list(vec![say("yes"), say("no")]),
            Value::Direction => list(vec![say("up"), say("flat"), say("down")]),
            Value::OneOf { .. } => list(entry.value.tiers()),
            Value::Range { least, most } => {
                let cell = address(row, FIRST_UNIT);
                let (least, most) = (tidy(*least), tidy(*most));
                let rule = format!("=AND(ISNUMBER({cell}),OR({cell}=0,AND({cell}>={least},{cell}<={most})))");
                let args = [("least", shown(least)), ("most", shown(most))];
                (Allowed::Formula(rule), wrong("range", &args))
            }
        })
    }
}

/// `A6 部门工作` and the headings within it, one line each.
pub fn headings(standard: &Standard, item: &Item, words: &Words) -> String {
    let mut lines = Vec::new();
    let mut next = Some(item.heading.as_str());
    while let Some(group) = next.and_then(|id| standard.groups.iter().find(|group| group.id == id)) {
        lines.push(labelled(&group.label, group.title.get(words.language)));
        next = group.within.as_deref();
    }
    lines.reverse();
    lines.join("\n")
}

/// The document's own words: the requirements, and the procedure.
pub fn evidence(item: &Item) -> String {
    item.requirements.iter().chain(&item.procedure).map(String::as_str).collect::<Vec<_>>().join("\n")
}

fn shown(value: f64) -> String {
    number::calculated(Some(value))
}

/// Without the error of binary fractions: 5 × (1 − 0.8) is 1.
fn tidy(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}
