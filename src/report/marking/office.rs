//! The sheet of one office: an entry a row, a unit a column.

use rust_xlsxwriter::{
    DataValidation, DataValidationRule, Formula, Worksheet, XlsxError, utility::row_col_to_cell,
};

use super::{Formats, OfficeEntries, Points, cut, height, lead, memory::hidden, print, protect, short};
use crate::{
    number,
    standard::{
        AdjustmentRule, Item, Rule, Standard,
        entry::{Entry, Value, What},
        rule_text,
    },
    tables::{
        marking::{Anchor, DATE, Filling, HEADER, Lead, MARKER, OFFICE, Typed},
        marks::Unit,
    },
    words::Words,
};

const TITLE_ROW: u32 = 1;
/// Rows of the office's name, of who marks and of the day.
const SIGNED: [(u32, &str, &str); 3] = [(2, OFFICE, "office"), (3, MARKER, "marker"), (4, DATE, "date")];
const HEADER_ROW: u32 = 5;
/// Of the columns before the units.
const WIDTHS: [f64; 7] = [9.0, 22.0, 32.0, 8.0, 34.0, 60.0, 22.0];
/// The first unit's, behind the hidden column and those.
const FIRST_UNIT: u16 = 8;
/// Number, headings and title stay where they are.
const FROZEN: u16 = 4;
const UNIT_WIDTH: f64 = 13.0;

pub struct Layout<'a> {
    pub standard: &'a Standard,
    pub units: &'a [Unit],
    pub words: &'a Words,
    pub formats: &'a Formats,
    pub points: Option<&'a Points>,
    pub title: &'a str,
    pub filling: &'a Filling,
}

impl Layout<'_> {
    pub fn fill(
        &self,
        sheet: &mut Worksheet,
        office: &OfficeEntries,
        anchor: &Anchor,
    ) -> Result<(), XlsxError> {
        lead(sheet, anchor, &Lead::ALL)?;
        sheet.write_string_with_format(TITLE_ROW, 1, cut(self.title), &self.formats.title)?;
        for (row, key, label) in SIGNED {
            sheet.write_string(row, 0, key)?;
            let label = self.words.say(&format!("marking.{label}"));
            sheet.write_string_with_format(row, 1, label, &self.formats.label)?;
            match key {
                OFFICE => sheet.write_string_with_format(row, 2, cut(&office.office), &self.formats.text)?,
                MARKER if !self.filling.marker.is_empty() => {
                    sheet.write_string_with_format(row, 2, cut(&self.filling.marker), &self.formats.typed)?
                }
                _ => sheet.write_blank(row, 2, &self.formats.typed)?,
            };
        }
        self.header(sheet)?;
        let mut before = None;
        for (row, entry) in (HEADER_ROW + 1..).zip(&office.entries) {
            // The document's long texts stand once an item.
            self.row(sheet, row, entry, before == Some(entry.item))?;
            before = Some(entry.item);
        }
        sheet.set_freeze_panes(HEADER_ROW + 1, FROZEN)?;
        protect(sheet);
        print(sheet, HEADER_ROW, self.title, self.words)
    }

    fn header(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.write_string(HEADER_ROW, 0, HEADER)?;
        for ((column, key), width) in (1..).zip(Lead::ALL).zip(WIDTHS) {
            let label = self.words.say(&format!("marking.column.{}", key.id()));
            sheet.write_string_with_format(HEADER_ROW, column, label, &self.formats.head)?;
            sheet.set_column_width(column, width)?;
        }
        for (column, unit) in (FIRST_UNIT..).zip(self.units) {
            sheet.write_string(0, column, cut(&hidden(unit)))?;
            sheet.write_string_with_format(HEADER_ROW, column, cut(&unit.name), &self.formats.head)?;
            sheet.set_column_width(column, UNIT_WIDTH)?;
        }
        let names = self.units.iter().map(|unit| (unit.name.as_str(), UNIT_WIDTH));
        sheet.set_row_height(HEADER_ROW, height(names).max(32.0))?;
        Ok(())
    }

    fn row(&self, sheet: &mut Worksheet, row: u32, entry: &Entry, again: bool) -> Result<(), XlsxError> {
        let words = self.words;
        let item = entry.item.and_then(|index| self.standard.items.get(index));
        let evidence = match item {
            Some(item) => match evidence(item) {
                text if again && !text.is_empty() => words.say("marking.same"),
                text => text,
            },
            None => String::new(),
        };
        let texts = [
            (Lead::Number, entry.number(self.standard)),
            (Lead::Heading, item.map_or_else(String::new, |item| self.headings(item))),
            (Lead::Title, entry.title(self.standard, self.words.language)),
            (Lead::Rule, self.rule(entry, item, again)),
            (Lead::Evidence, evidence),
            (Lead::Entered, self.entered(entry)),
        ];
        sheet.write_string(row, 0, cut(&entry.id))?;
        let column = |lead: Lead| Lead::ALL.iter().position(|one| *one == lead).unwrap_or_default();
        for (lead, text) in &texts {
            sheet.write_string_with_format(row, column(*lead) as u16 + 1, cut(text), &self.formats.text)?;
        }
        self.points(sheet, (row, column(Lead::Points) as u16 + 1), entry)?;
        let cells = texts.iter().map(|(lead, text)| (text.as_str(), WIDTHS[column(*lead)]));
        sheet.set_row_height(row, height(cells))?;
        let mut concerned = 0;
        for ((at, unit), number) in (FIRST_UNIT..).zip(self.units).zip(0..) {
            let format = if self.standard.concerns(entry, |name| unit.is_called(name)) {
                concerned += 1;
                &self.formats.entry
            } else {
                &self.formats.barred
            };
            match self.filling.entries.get(&(entry.id.clone(), number)) {
                Some(Typed::Number(value)) => sheet.write_number_with_format(row, at, *value, format)?,
                Some(Typed::Text(text)) => sheet.write_string_with_format(row, at, cut(text), format)?,
                None => sheet.write_blank(row, at, format)?,
            };
        }
        let last = FIRST_UNIT + self.units.len() as u16;
        if concerned > 0
            && let Some(validation) = self.validation(entry, row)?
        {
            sheet.add_data_validation(row, FIRST_UNIT, row, last - 1, &validation)?;
        }
        Ok(())
    }

    /// `A6 部门工作` and what is within it, a line each.
    fn headings(&self, item: &Item) -> String {
        let mut lines = Vec::new();
        let mut next = Some(item.heading.as_str());
        while let Some(group) = next.and_then(|id| self.standard.groups.iter().find(|g| g.id == id)) {
            let title = group.title.get(self.words.language);
            let line = if title.starts_with(&group.label) {
                title.to_string()
            } else {
                format!("{} {title}", group.label)
            };
            lines.push(line);
            next = group.within.as_deref();
        }
        lines.reverse();
        lines.join("\n")
    }

    /// The rule of the entry; before everything else of its item, what caps the item.
    fn rule(&self, entry: &Entry, item: Option<&Item>, again: bool) -> String {
        let mut lines = vec![rule_text::of_entry(self.standard, entry, self.words)];
        if let (false, Some(Item { rule: Rule::Scored { adjustments, .. }, .. })) = (again, item) {
            let caps = adjustments
                .iter()
                .filter(|a| matches!(a.rule, AdjustmentRule::Cap { .. }) && self.standard.in_force(&a.only));
            lines.extend(caps.map(|cap| {
                let title = cap.title.get(self.words.language);
                format!("{title}：{}", rule_text::of_adjustment(cap, self.words))
            }));
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    fn points(&self, sheet: &mut Worksheet, at: (u32, u16), entry: &Entry) -> Result<(), XlsxError> {
        let (row, column) = at;
        let item = entry.item.and_then(|index| self.standard.items.get(index));
        let part = match (item.map(|item| &item.rule), entry.part) {
            (Some(Rule::Scored { parts, .. }), Some(part)) => parts.get(part),
            _ => None,
        };
        match part.map(|part| part.points) {
            Some(Some(points)) => {
                sheet.write_number_with_format(row, column, tidy(points), &self.formats.number)?;
            }
            Some(None) => match self.yearly(entry) {
                Some(cell) => {
                    let formula = Formula::new(format!("=IF({cell}=\"\",\"\",{cell})")).set_result("");
                    sheet.write_formula_with_format(row, column, formula, &self.formats.number)?;
                }
                None => {
                    sheet.write_blank(row, column, &self.formats.text)?;
                }
            },
            None => {
                sheet.write_blank(row, column, &self.formats.text)?;
            }
        }
        Ok(())
    }

    /// The cell of this year's points.
    fn yearly(&self, entry: &Entry) -> Option<String> {
        self.points?.cell(entry.item?)
    }

    /// 填什么.
    fn entered(&self, entry: &Entry) -> String {
        let say =
            |key: &str, args: &[(&str, String)]| self.words.text(&format!("marking.entered.{key}"), args);
        let tiers = ("tiers", entry.value.tiers().join("、"));
        let checks = |entry: &Entry| {
            let item = entry.item.and_then(|item| self.standard.items.get(item));
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
                Some(check) => say("rows", &[("rows", rule_text::rows_wanted(check, self.words))]),
                None => say("count", &[]),
            },
            (Value::Count, _) => say("count", &[]),
            (Value::YesNo, _) => say("yes_no", &[]),
            (Value::Amount { unit }, _) if unit.is_empty() => say("amount", &[]),
            (Value::Amount { unit }, _) => say("amount_of", &[("unit", self.words.unit(unit))]),
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
            _ => None,
        };
        let what = match about {
            Some(key) => format!("{}\n{what}", self.words.say(&format!("marking.what.{key}"))),
            None => what,
        };
        match (&entry.what, entry.optional) {
            (What::CheckRequired { .. }, _) => {
                let what = format!("{}\n{what}", self.words.say("marking.what.required"));
                say("optional", &[("what", what)])
            }
            (What::CheckValue { .. }, true) => say("optional", &[("what", what)]),
            _ => what,
        }
    }

    /// What Excel lets in, with a message in words.
    fn validation(&self, entry: &Entry, row: u32) -> Result<Option<DataValidation>, XlsxError> {
        let wrong = |key: &str, args: &[(&str, String)]| {
            short(self.words.text(&format!("marking.wrong.{key}"), args))
        };
        let new = DataValidation::new;
        let between = |most: f64| new().allow_decimal_number(DataValidationRule::Between(0.0, tidy(most)));
        let list = |choices: Vec<String>| -> Result<Option<DataValidation>, XlsxError> {
            // Excel keeps the list as one text; a comma ends a choice.
            let length: usize = choices.iter().map(|choice| choice.encode_utf16().count() + 1).sum();
            if length > 250 || choices.iter().any(|choice| choice.contains([',', '"']) || choice.is_empty()) {
                return Ok(None);
            }
            let message = wrong("choice", &[("choices", choices.join("、"))]);
            Ok(Some(new().allow_list_strings(&choices)?.set_error_message(message)?))
        };
        let say = |key: &str| self.words.say(&format!("marking.{key}"));
        Ok(match &entry.value {
            Value::Score { most: Some(most) } => {
                Some(between(*most).set_error_message(wrong("score", &[("most", shown(*most))]))?)
            }
            Value::Score { most: None } => match (self.yearly(entry), self.points) {
                (Some(cell), Some(points)) => {
                    let rule = DataValidationRule::Between(Formula::new("0"), Formula::new(cell));
                    let message = wrong("yearly", &[("sheet", points.name.clone())]);
                    Some(new().allow_decimal_number_formula(rule).set_error_message(message)?)
                }
                _ => None,
            },
            Value::Count => Some(
                new()
                    .allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0))
                    .set_error_message(wrong("count", &[]))?,
            ),
            Value::Amount { .. } => Some(
                new()
                    .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
                    .set_error_message(wrong("amount", &[]))?,
            ),
            Value::Percent => Some(between(100.0).set_error_message(wrong("percent", &[]))?),
            Value::YesNo => list(vec![say("yes"), say("no")])?,
            Value::Direction => list(vec![say("up"), say("flat"), say("down")])?,
            Value::OneOf { .. } => list(entry.value.tiers())?,
            Value::Range { least, most } => {
                let cell = row_col_to_cell(row, FIRST_UNIT);
                let (least, most) = (tidy(*least), tidy(*most));
                let rule = format!("=AND(ISNUMBER({cell}),OR({cell}=0,AND({cell}>={least},{cell}<={most})))");
                let args = [("least", shown(least)), ("most", shown(most))];
                Some(new().allow_custom(Formula::new(rule)).set_error_message(wrong("range", &args))?)
            }
        })
    }
}

/// The document's own words: what is asked for, and how it is marked.
fn evidence(item: &Item) -> String {
    item.requirements.iter().chain(&item.procedure).map(String::as_str).collect::<Vec<_>>().join("\n")
}

fn shown(value: f64) -> String {
    number::calculated(Some(value))
}

/// Without the dust of binary fractions: 5 × (1 − 0.8) is 1.
fn tidy(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}
