//! Describes a standard for people (`standards show`) and for programs (`--json`).

use std::fmt::Write;

use serde_json::{Map, Value, json};

mod scored;

use super::{BySection, Check, Indicator, Item, Over, Rule, Section, Standard, rule_text};
use crate::words::{Language, Words};

/// One object: `id`, `title`, `source`, `items` (each with `id`, `title`, `kind`, `points` and every other field; null
/// or empty if absent), `settings`, `indicators`, `scope`, `notes`, `scoring` and the rest. Texts in both languages are
/// reduced to `language`.
pub fn json(standard: &Standard, language: Language) -> Value {
    let mut whole = serde_json::to_value(standard).unwrap_or_default();
    if let Some(Value::Array(items)) = whole.get_mut("items") {
        for (value, item) in items.iter_mut().zip(&standard.items) {
            *value = item_json(value.take(), item);
        }
    }
    localised(whole, language)
}

/// The rule's fields become fields of the item, the same for every kind.
fn item_json(value: Value, item: &Item) -> Value {
    let Value::Object(mut rest) = value else { return value };
    let mut rule = match rest.remove("rule") {
        Some(Value::Object(rule)) => rule,
        _ => Map::new(),
    };
    let mut flat = Map::new();
    for key in ["id", "title", "group", "class"] {
        flat.insert(key.into(), rest.remove(key).unwrap_or_default());
    }
    flat.insert("kind".into(), item.rule.kind().into());
    for key in ["points", "floor", "indicator", "indicators", "limit"] {
        flat.insert(key.into(), rule.remove(key).unwrap_or_default());
    }
    for key in ["parts", "adjustments", "checks"] {
        flat.insert(key.into(), rule.remove(key).unwrap_or_else(|| json!([])));
    }
    flat.extend(rest);
    Value::Object(flat)
}

fn localised(value: Value, language: Language) -> Value {
    match value {
        Value::Object(mut map) if map.get("zh").is_some_and(Value::is_string) => {
            let english = map.remove("en").filter(|_| language == Language::English);
            english.or_else(|| map.remove("zh")).unwrap_or_default()
        }
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key, localised(value, language))).collect())
        }
        Value::Array(list) => {
            Value::Array(list.into_iter().map(|value| localised(value, language)).collect())
        }
        other => other,
    }
}

/// The whole standard as text for the terminal.
pub fn text(standard: &Standard, words: &Words) -> String {
    let units = rule_text::units(standard, words);
    let mut page = Page { out: String::new(), words, units };
    page.standard(standard);
    page.out
}

struct Page<'a> {
    out: String,
    words: &'a Words,
    /// The name of a unit; empty if the standard scores nobody.
    units: String,
}

impl Page<'_> {
    fn say(&self, key: &str) -> String {
        self.words.say(&format!("standard.{key}"))
    }

    fn line(&mut self, depth: usize, line: impl AsRef<str>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{:indent$}{}", "", line.as_ref().trim_end(), indent = depth * 2);
    }

    /// `name：what`; nothing if `what` is empty.
    fn entry(&mut self, depth: usize, key: &str, what: &str) {
        if !what.is_empty() {
            let line =
                self.words.fill("standard.entry", &[("name", self.say(key)), ("what", one_line(what))]);
            self.line(depth, line);
        }
    }

    /// In round brackets in the style of the language.
    fn aside(&self, what: &str) -> String {
        self.words.fill("standard.aside", &[("what", what.to_string())])
    }

    /// In square brackets.
    fn label(&self, what: &str) -> String {
        self.words.fill("standard.label", &[("what", what.to_string())])
    }

    fn heading(&mut self, key: &str) {
        self.out.push('\n');
        let heading = self.say(key);
        self.line(0, heading);
    }

    fn standard(&mut self, standard: &Standard) {
        let language = self.words.language;
        self.line(0, standard.title.get(language));
        self.entry(
            0,
            "id",
            &format!(
                "{}{}",
                standard.id,
                self.aside(&format!("{} {}", self.say("version"), standard.version))
            ),
        );
        self.entry(0, "source", &standard.source);
        self.entry(0, "extends", standard.extends.as_deref().unwrap_or_default());
        match &standard.units {
            Some(units) => self.units(units, standard),
            None => self.scope(standard),
        }
        if !standard.indicators.is_empty() {
            self.heading("indicators");
            standard.indicators.iter().for_each(|indicator| self.indicator(indicator, standard));
        }
        match standard.units {
            Some(_) => self.headings(standard),
            None => self.items(standard),
        }
        self.scoring(standard);
        self.steps(standard);
        self.papers(standard);
        if !standard.settings.is_empty() {
            self.heading("settings");
        }
        for setting in &standard.settings {
            self.line(1, format!("{} = {}　{}", setting.id, setting.value, setting.title.get(language)));
            for (value, meaning) in &setting.values {
                let mark = if *value == setting.value { "●" } else { "○" };
                self.line(2, format!("{mark} {value}　{}", meaning.get(language)));
            }
            self.entry(2, "clause", &setting.clause);
        }
        if !standard.notes.is_empty() {
            self.heading("notes");
        }
        for (i, note) in standard.notes.iter().enumerate() {
            self.line(1, format!("{}. {}", i + 1, note.get(language)));
        }
        if !standard.document_findings.is_empty() {
            self.out.push('\n');
            let heading = self.words.say("document_finding.heading");
            self.line(0, heading);
        }
        for finding in &standard.document_findings {
            let kind = self.words.say(&format!("document_finding.{}", finding.kind.id()));
            let name = format!("{}{}", finding.about, self.aside(&kind));
            let what = one_line(finding.text.get(language));
            let line = self.words.fill("standard.entry", &[("name", name), ("what", what)]);
            self.line(1, line);
        }
    }

    fn scope(&mut self, standard: &Standard) {
        let language = self.words.language;
        self.heading("scope");
        let sections: Vec<String> = standard.scope.sections.iter().map(|s| self.section(*s)).collect();
        self.entry(1, "sections", &sections.join(&self.say("and")));
        for exclusion in &standard.scope.exclude {
            let only = self.only(&exclusion.only);
            self.entry(1, "excluded", &format!("{}{only}", exclusion.reason.get(language)));
        }
        self.entry(1, "clause", &standard.scope.clause);
        if let Some(apportionment) = &standard.apportionment {
            let weights: Vec<String> =
                apportionment.weights.iter().map(|(s, w)| format!("{} {w}", self.section(*s))).collect();
            let split = format!("{}{}", weights.join(" : "), self.aside(&apportionment.facts.join(", ")));
            self.entry(1, "apportionment", &split);
        }
        if let Some(rule) = &standard.school_rule {
            self.entry(1, "school_rule", rule.text.get(language));
        }
    }

    fn indicator(&mut self, indicator: &Indicator, standard: &Standard) {
        let language = self.words.language;
        let unit = self.aside(&indicator.unit);
        self.line(1, format!("{}　{}{unit}", indicator.id, indicator.title.get(language)));
        let sections = &standard.scope.sections;
        let threshold = self.by_section(&indicator.threshold, sections, "≥ ");
        let limit = self.by_section(&indicator.limit, sections, "≤ ");
        if threshold.is_empty() && limit.is_empty() {
            let note = self.say("measured_only");
            self.line(2, note);
        }
        self.entry(2, "threshold", &threshold);
        self.entry(2, "limit", &limit);
        let factor =
            if indicator.factor == 1.0 { String::new() } else { format!("{} × ", indicator.factor) };
        match &indicator.numerator {
            BySection::Same(numerator) => {
                self.entry(2, "formula", &format!("{factor}({numerator}) / {}", indicator.denominator));
            }
            BySection::Each(numerators) => {
                for (section, numerator) in numerators {
                    let section = self.section(*section);
                    let formula = format!("{section} {factor}({numerator}) / {}", indicator.denominator);
                    self.entry(2, "formula", &formula);
                }
            }
        }
        for relief in &indicator.reliefs {
            self.entry(2, "relief", relief.title.get(language));
        }
        self.entry(2, "clause", &indicator.clause);
    }

    fn by_section<T: std::fmt::Display>(
        &self,
        values: &BySection<T>,
        sections: &[Section],
        sign: &str,
    ) -> String {
        let each = sections.iter().filter_map(|s| Some((s, values.get(*s)?)));
        each.map(|(s, value)| format!("{} {sign}{value}", self.section(*s)))
            .collect::<Vec<_>>()
            .join(&self.say("comma"))
    }

    fn items(&mut self, standard: &Standard) {
        let language = self.words.language;
        self.heading("items");
        let mut group = "";
        for item in &standard.items {
            if item.group.get(language) != group {
                group = item.group.get(language);
                self.line(1, format!("— {group} —"));
            }
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        let language = self.words.language;
        let kind = self.say(&format!("kind_{}", item.rule.kind()));
        let class = if item.class.is_empty() { String::new() } else { format!(" {}", item.class) };
        let kind = self.label(&kind);
        self.line(1, format!("{}{class}　{}{kind}", item.id, item.title.get(language)));
        match &item.rule {
            Rule::Checks { checks } => checks.iter().for_each(|check| self.check(check)),
            Rule::Composite { indicators, limit } => {
                self.entry(2, "composite", &indicators.join(&self.say("and")));
                let limit = self.by_section(limit, &Section::ALL, "≤ ");
                self.entry(2, "composite_limit", &limit);
            }
            Rule::Scored { points, floor, parts, adjustments, checks } => {
                if let Some(points) = points {
                    let least = points * floor;
                    let args = [("points", points.to_string()), ("floor", least.to_string())];
                    let key = if *floor > 0.0 { "standard.points_floor" } else { "standard.points" };
                    let line = self.words.fill(key, &args);
                    self.line(2, line);
                }
                self.parts(item, parts, checks);
                self.adjustments(item, adjustments);
                checks.iter().for_each(|check| self.check(check));
            }
            Rule::Indicator { .. } | Rule::Evidence | Rule::Veto => {}
        }
        if item.evidence {
            let line = self.say("evidence_too");
            self.line(2, line);
        }
        for (key, list) in [
            ("requirements", &item.requirements),
            ("procedure", &item.procedure),
            ("measures", &item.measures),
        ] {
            match &list[..] {
                [one] => self.entry(2, key, one),
                many => {
                    for (i, entry) in many.iter().enumerate() {
                        self.entry(2, key, &format!("{}. {entry}", i + 1));
                    }
                }
            }
        }
        let and = self.say("and");
        self.entry(2, "departments", &item.departments.join(&and));
        self.entry(2, "offices", &item.offices.join(&and));
        self.entry(2, "due", item.due.as_deref().unwrap_or_default());
        self.entry(2, "clause", &item.clause);
        self.entry(2, "note", item.note.as_ref().map_or("", |note| note.get(language)));
    }

    fn check(&mut self, check: &Check) {
        let over = self.say(match check.over {
            Over::Section => "over_section",
            Over::School => "over_school",
            Over::District => "over_district",
            Over::SumOfSections => "over_sum_of_sections",
            Over::SumOfSchools => "over_sum_of_schools",
        });
        let factor = if check.factor == 1.0 { String::new() } else { format!("{} × ", check.factor) };
        let value = match &check.denominator {
            Some(denominator) => format!("{factor}({}) / ({denominator})", check.numerator),
            None => format!("{factor}{}", check.numerator),
        };
        let sign = check.compare.sign();
        let only = self.only(&check.only);
        let over = self.label(&over);
        self.line(2, format!("· {}{over}{only}", check.title.get(self.words.language)));
        let formula = format!("{value} {sign} {} {}", check.required, check.unit);
        self.entry(3, "formula", &formula);
        if let Some(applies) = &check.applies {
            self.entry(3, "applies", &applies.to_string());
        }
        for relief in &check.reliefs {
            self.entry(3, "relief", &relief.clause);
        }
    }

    fn only(&self, only: &Option<super::Choice>) -> String {
        only.as_ref().map_or_else(String::new, |choice| {
            let args = [("setting", choice.setting.clone()), ("value", choice.value.clone())];
            self.aside(&self.words.fill("standard.only", &args))
        })
    }

    fn scoring(&mut self, standard: &Standard) {
        let Some(scoring) = &standard.scoring else { return };
        self.heading("scoring");
        let floor = (scoring.item_floor * 1000.0).round() / 10.0;
        if let Some(total) = scoring.total {
            let args = [
                ("total", standard.full_points().unwrap_or(total).to_string()),
                ("floor", floor.to_string()),
            ];
            let key = if scoring.item_floor > 0.0 { "standard.total" } else { "standard.total_alone" };
            let line = self.words.fill(key, &args);
            self.line(1, line);
            self.sum_of_the_items(standard, total);
        }
        self.components_and_bonus(scoring);
        for grade in &scoring.grades {
            self.grade(grade, standard.units.is_some());
        }
        self.entry(1, "clause", &scoring.clause);
    }

    fn section(&self, section: Section) -> String {
        self.say(&format!("section_{}", section.id()))
    }
}

/// A formula of several lines, on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
