//! The explanation itself: the verdict, the calculation with numbers in place, the facts with their cells.

use std::collections::BTreeSet;

use super::{
    super::screen::{WIDTH, wrap},
    Subject,
    result::Written,
};
use crate::{
    dictionary::{Dictionary, Grain, Section},
    nearest::distance,
    number::{self, calculated},
    problem::{Place, Problem, Result},
    report::calculation::{self, Calculation, facts_of_checks, weighted, with_numbers},
    standard::{Apportionment, Indicator, Item},
    tables::{
        Row,
        cells::{Cells, Role},
    },
    words::Words,
};

/// What was asked for besides the subject.
pub struct Wanted<'a> {
    pub school: &'a str,
    pub section: Option<&'a str>,
    pub year: Option<i64>,
}

/// One school: the subject in each of its sections.
pub fn one(written: &Written, subject: &Subject, wanted: &Wanted, words: &Words) -> Result<String> {
    let records = records(written, wanted)?;
    let page = Page { written, words, records: &records, cells: written.cells()? };
    let mut lines = Vec::new();
    for record in &records {
        if wanted.section.is_some_and(|section| record.text("section") != Some(section)) {
            continue;
        }
        let part = match subject {
            Subject::Indicator(indicator) => page.indicator(indicator, record)?,
            Subject::Item(item) => page.item(item, record)?,
        };
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(part);
    }
    if lines.is_empty() {
        let has: Vec<String> = records.iter().map(|r| words.section(r.said("section"))).collect();
        let asked = wanted.section.map(|id| words.section(id)).unwrap_or_default();
        return Err(Problem::error("section_not_there", Place::default())
            .with("school", wanted.school)
            .with("found", asked)
            .with("known", has.join("、"))
            .into());
    }
    Ok(lines.join("\n"))
}

/// The whole district (`-` for the school).
pub fn district(written: &Written, subject: &Subject, wanted: &Wanted, words: &Words) -> Result<String> {
    let page = Page { written, words, records: &[], cells: written.cells()? };
    match subject {
        Subject::Indicator(indicator) => page.dispersion(indicator, wanted),
        Subject::Item(item) => page.district_item(item, wanted),
    }
}

/// The rows of `facts` that are this school's in one year.
fn records<'a>(written: &'a Written, wanted: &Wanted) -> Result<Vec<Row<'a>>> {
    let asked = wanted.school.trim();
    let is = |row: &Row| row.text("school_code") == Some(asked) || row.text("school_name") == Some(asked);
    let mut rows: Vec<Row> = Row::all(&written.facts).filter(is).collect();
    let schools: BTreeSet<(&str, &str, &str)> = rows
        .iter()
        .map(|r| (r.said("district_code"), r.said("school_code"), r.said("school_name")))
        .collect();
    let codes: BTreeSet<(&str, &str)> = schools.iter().map(|(d, c, _)| (*d, *c)).collect();
    if codes.is_empty() {
        return Err(Problem::error("school_unknown", Place::default())
            .with("found", asked)
            .with("nearest", nearest(written, asked).join("、"))
            .into());
    }
    if codes.len() > 1 {
        let list: Vec<String> = schools.iter().map(|(d, c, n)| format!("{n} {c}（{d}）")).collect();
        return Err(Problem::error("school_ambiguous", Place::default())
            .with("found", asked)
            .with("candidates", list.join("、"))
            .into());
    }
    let years: BTreeSet<i64> = rows.iter().filter_map(|row| row.whole("year")).collect();
    let year = wanted.year.or(years.last().copied());
    if !year.is_some_and(|year| years.contains(&year)) {
        let known: Vec<String> = years.iter().map(i64::to_string).collect();
        return Err(Problem::error("year_not_there", Place::default())
            .with("found", year.unwrap_or_default())
            .with("known", known.join("、"))
            .into());
    }
    rows.retain(|row| row.whole("year") == year);
    let order = |row: &Row| Section::from_id(row.said("section"));
    rows.sort_by_key(order);
    Ok(rows)
}

/// The three names most like what was typed: those that contain it first.
fn nearest(written: &Written, asked: &str) -> Vec<String> {
    let names: BTreeSet<&str> = Row::all(&written.facts).map(|row| row.said("school_name")).collect();
    let mut names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    names.sort_by_cached_key(|name| {
        let within = name.contains(asked) || asked.contains(name);
        (!within, distance(asked, name))
    });
    names.into_iter().take(3).map(str::to_string).collect()
}

struct Page<'a> {
    written: &'a Written,
    words: &'a Words,
    /// All sections of the school in that year.
    records: &'a [Row<'a>],
    cells: Cells<'a>,
}

impl<'a> Page<'a> {
    fn say(&self, key: &str, args: &[(&str, String)]) -> Vec<String> {
        wrap(&self.words.text(&format!("explain.{key}"), args), "  ", WIDTH)
    }

    fn heading(&self, key: &str, args: &[(&str, String)]) -> String {
        super::super::screen::heading(self.words.text(&format!("explain.{key}"), args).trim_end())
    }

    fn head(&self, record: &Row) -> String {
        let args = [
            ("school", record.said("school_name").to_string()),
            ("code", record.said("school_code").to_string()),
            ("section", self.words.section(record.said("section"))),
            ("year", record.whole("year").unwrap_or_default().to_string()),
        ];
        self.heading("head", &args)
    }

    /// The rows of a table that are this record's.
    fn own<'t>(
        &self,
        frame: &'t polars::prelude::DataFrame,
        record: &Row,
    ) -> impl Iterator<Item = Row<'t>> + use<'t> {
        let key: Vec<(&str, String)> = ["district_code", "school_code", "section"]
            .into_iter()
            .map(|column| (column, record.said(column).to_string()))
            .collect();
        let year = record.whole("year");
        Row::all(frame).filter(move |row| {
            row.whole("year") == year && key.iter().all(|(c, v)| row.said(c) == v.as_str())
        })
    }

    fn indicator(&self, indicator: &Indicator, record: &Row) -> Result<Vec<String>> {
        let (measures, schools) = (self.written.judged("measures")?, self.written.judged("schools")?);
        let title = indicator.title.get(self.words.language).to_string();
        let name = [("id", indicator.id.clone()), ("title", title), ("unit", indicator.unit.clone())];
        let mut lines = vec![self.head(record)];
        let judged = self.written.standard.has_thresholds();
        if let Some(school) = self.own(&schools, record).next().filter(|_| judged) {
            let args = [
                ("mark", mark(school.yes("met")).to_string()),
                ("met", number::fixed(school.number("indicators_met"), 0)),
                ("judged", number::fixed(school.number("indicators_judged"), 0)),
                ("reason", school.said("reason").to_string()),
            ];
            lines.extend(self.say("school", &args));
        }
        let own = |row: &Row| row.text("indicator") == Some(indicator.id.as_str());
        let Some(measure) = self.own(&measures, record).find(own) else {
            lines.extend(self.say("not_judged", &name));
            return Ok(lines);
        };
        lines.push(String::new());
        lines.push(self.heading("indicator", &name));
        lines.extend(self.verdict(indicator, &measure));
        let combined = self.records.len() > 1;
        let (standard, reliefs) = (&self.written.standard, self.written.run.reliefs);
        let Some(calculation) = Calculation::of(standard, indicator, reliefs, record, combined) else {
            return Ok(lines);
        };
        if let Some(relief) = calculation.relief {
            let title = relief.title.get(self.words.language).to_string();
            lines.extend(self.say("relief", &[("title", title), ("clause", relief.clause.clone())]));
        }
        lines.extend(self.calculation(&calculation, &measure, record));
        if let Some(apportionment) = calculation.apportionment {
            lines.push(String::new());
            lines.extend(self.apportionment(apportionment, record));
        }
        lines.push(String::new());
        lines.push(self.heading("facts", &[]));
        for fact in calculation.facts() {
            lines.extend(self.fact(record, &fact));
        }
        if calculation.apportionment.is_some() {
            for other in self.records.iter().filter(|r| r.text("section") != record.text("section")) {
                lines.extend(self.fact(other, "students"));
            }
        }
        Ok(lines)
    }

    fn verdict(&self, indicator: &Indicator, measure: &Row) -> Vec<String> {
        let decimals = self.written.standard.print.value;
        let near = if measure.yes("borderline") == Some(true) { "≈" } else { "" };
        let args = [
            ("mark", format!("{}{near}", mark(measure.yes("met")))),
            ("value", number::fixed(measure.number("value"), decimals)),
            ("threshold", calculated(measure.number("threshold"))),
            ("floor", calculated(measure.number("floor"))),
            ("floor_mark", mark(measure.yes("floor_met")).to_string()),
            ("unit", indicator.unit.clone()),
            ("clause", indicator.clause.clone()),
        ];
        let key = match (measure.number("value"), measure.number("threshold"), measure.yes("met")) {
            // Some standards ask nothing of a school's value, only of the CV.
            (Some(_), None, _) => "no_threshold",
            (None, None, _) => "missing_no_threshold",
            (.., None) => "missing",
            _ => "value",
        };
        let mut lines = self.say(key, &args);
        if measure.number("shortfall").is_some_and(|s| s > 0.0) {
            let needed =
                number::needed(measure.number("shortfall"), measure.said("shortfall_unit"), self.words);
            lines.extend(self.say("shortfall", &[("needed", needed)]));
        }
        if !near.is_empty() {
            lines.extend(wrap(&self.words.say("screen.borderline"), "  ", WIDTH));
        }
        lines
    }

    fn calculation(&self, calculation: &Calculation, measure: &Row, record: &Row) -> Vec<String> {
        let indicator = calculation.indicator;
        let number = |column: &str| calculated(measure.number(column));
        let parts = [
            ("value", number("value")),
            ("factor", calculated(Some(indicator.factor))),
            ("numerator", number("numerator")),
            ("denominator", number("denominator")),
        ];
        let mut lines = match measure.number("value") {
            Some(_) => self.say(if indicator.factor == 1.0 { "quotient" } else { "product" }, &parts),
            None => Vec::new(),
        };
        let shared = calculation.apportionment.is_some();
        let above = if shared { "numerator_shared" } else { "numerator_is" };
        let formulas = [(above, calculation.numerator), ("denominator_is", &indicator.denominator)];
        for (key, formula) in formulas {
            let numbers = with_numbers(formula, record);
            lines.extend(self.say(key, &[("formula", formula.to_string()), ("numbers", numbers)]));
        }
        lines
    }

    /// Weights and pupils of every section; the share itself is the numerator's and stands there.
    fn apportionment(&self, apportionment: &Apportionment, record: &Row) -> Vec<String> {
        let term = |row: &Row| weighted(apportionment, row);
        let all: Vec<String> = self.records.iter().map(term).collect();
        let args = [
            ("facts", self.labels(&apportionment.facts)),
            ("own", term(record)),
            ("all", all.join(" + ")),
            ("section", self.words.section(record.said("section"))),
            ("clause", apportionment.clause.clone()),
        ];
        let mut lines = vec![self.heading("apportionment", &args)];
        lines.extend(self.say("share", &args));
        lines
    }

    fn labels(&self, facts: &[String]) -> String {
        facts.iter().map(|fact| self.label(fact)).collect::<Vec<_>>().join(&self.words.say("judge.comma"))
    }

    fn label(&self, fact: &str) -> String {
        calculation::label(fact, self.words)
    }

    /// Label, value, unit; then the cells, or where it was looked for.
    fn fact(&self, record: &Row, fact: &str) -> Vec<String> {
        let known = Dictionary::get().fact(fact);
        if known.is_some_and(|known| known.grain == Grain::District) {
            return self.district_fact(record.said("district_code"), record.whole("year"), fact);
        }
        let value = calculation::value(record, fact, self.words);
        let of = match known.map(|known| known.grain) {
            Some(Grain::Section) => self.words.section(record.said("section")),
            _ => String::new(),
        };
        let mut lines = self.fact_line(fact, &of, value);
        let cells = self.cells.cells(record, fact);
        if cells.is_empty() {
            let places = self.cells.looked_in(record);
            let places: Vec<String> = places.iter().map(Place::to_string).collect();
            let args = [("places", places.join(&self.words.say("judge.joint")))];
            let key = if places.is_empty() { "explain.no_source" } else { "explain.looked_in" };
            lines.extend(wrap(&self.words.text(key, &args), "      ", WIDTH));
        }
        for (role, place) in cells {
            let role = match role {
                Role::Own => String::new(),
                Role::Also => self.words.say("explain.also"),
                Role::Site => self.words.say("explain.site"),
            };
            lines.extend(wrap(&format!("{place}{role}"), "      ", WIDTH));
        }
        lines
    }

    fn fact_line(&self, fact: &str, of: &str, value: String) -> Vec<String> {
        let label = format!("{of}{}{}", if of.is_empty() { "" } else { " " }, self.label(fact));
        wrap(&format!("{label} = {value}  [{fact}]"), "  ", WIDTH)
    }

    fn district_fact(&self, district: &str, year: Option<i64>, fact: &str) -> Vec<String> {
        let unit = Dictionary::get().fact(fact).map(|known| known.unit.as_str()).unwrap_or_default();
        let found = year.and_then(|year| self.cells.district_fact(district, year, fact));
        let value = found.as_ref().and_then(|(value, _)| *value);
        let shown = value.map_or_else(|| self.words.say("explain.no_value"), |v| number::fact(v, unit));
        let mut lines = self.fact_line(fact, "", shown);
        match found {
            Some((_, place)) => lines.extend(wrap(&place.to_string(), "      ", WIDTH)),
            None => lines.extend(wrap(&self.words.say("explain.no_district_fact"), "      ", WIDTH)),
        }
        lines
    }

    /// An item that data settle, seen from one school: its checks, its gaps, its facts.
    fn item(&self, item: &Item, record: &Row) -> Result<Vec<String>> {
        let mut lines = vec![self.head(record)];
        let (district, year) = (record.said("district_code"), record.whole("year"));
        lines.extend(self.item_lines(item, district, year)?);
        let gaps = self.written.judged("gaps")?;
        let own = Row::all(&gaps).filter(|gap| {
            gap.text("item") == Some(item.id.as_str())
                && gap.text("school_code") == record.text("school_code")
                && gap.whole("year") == year
                && gap.text("section").is_none_or(|s| Some(s) == record.text("section"))
        });
        for gap in own {
            let args = [
                ("current", calculated(gap.number("current"))),
                ("required", calculated(gap.number("required"))),
                ("needed", number::needed(gap.number("shortfall"), gap.said("unit"), self.words)),
            ];
            lines.extend(self.say("gap", &args));
        }
        let facts = facts_of_checks(item);
        if !facts.is_empty() {
            lines.push(String::new());
            lines.push(self.heading("facts", &[]));
            facts.iter().for_each(|fact| lines.extend(self.fact(record, fact)));
        }
        Ok(lines)
    }

    /// What became of the item in the district, and by which formulas.
    fn item_lines(&self, item: &Item, district: &str, year: Option<i64>) -> Result<Vec<String>> {
        let items = self.written.judged("items")?;
        let title = item.title.get(self.words.language).to_string();
        let name = [("id", item.id.clone()), ("title", title), ("clause", item.clause.clone())];
        let mut lines = vec![self.heading("item", &name)];
        let found = Row::all(&items).find(|row| {
            row.text("item") == Some(item.id.as_str())
                && row.text("district_code") == Some(district)
                && row.whole("year") == year
        });
        if let Some(row) = found {
            lines.extend(wrap(&calculation::item_line(&row, self.words), "  ", WIDTH));
        }
        let dispersion = self.written.judged("dispersion")?;
        let here = |row: &Row| row.text("district_code") == Some(district) && row.whole("year") == year;
        let dispersion: Vec<Row> = Row::all(&dispersion).filter(here).collect();
        for (title, formula) in calculation::composite(&self.written.standard, item, &dispersion, self.words)
        {
            lines.extend(self.say("check", &[("title", title), ("formula", formula)]));
        }
        for (title, formula) in calculation::checks(&self.written.standard, item, self.words) {
            lines.extend(self.say("check", &[("title", title.to_string()), ("formula", formula)]));
        }
        Ok(lines)
    }

    fn district_item(&self, item: &Item, wanted: &Wanted) -> Result<String> {
        let items = self.written.judged("items")?;
        let mut districts: BTreeSet<(&str, i64)> = Row::all(&items)
            .filter_map(|row| Some((row.text("district_code")?, row.whole("year")?)))
            .collect();
        districts.retain(|(_, year)| wanted.year.is_none_or(|asked| asked == *year));
        let mut lines = Vec::new();
        for (district, year) in districts {
            let args = [("district", district.to_string()), ("year", year.to_string())];
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(self.heading("district", &args));
            lines.extend(self.item_lines(item, district, Some(year))?);
            let dictionary = Dictionary::get();
            let grain = |fact: &str| dictionary.fact(fact).map(|known| known.grain);
            for fact in facts_of_checks(item).iter().filter(|f| grain(f) == Some(Grain::District)) {
                lines.extend(self.district_fact(district, Some(year), fact));
            }
        }
        Ok(lines.join("\n"))
    }

    fn dispersion(&self, indicator: &Indicator, wanted: &Wanted) -> Result<String> {
        let dispersion = self.written.judged("dispersion")?;
        let print = self.written.standard.print;
        let title = indicator.title.get(self.words.language).to_string();
        let name = [("id", indicator.id.clone()), ("title", title), ("unit", indicator.unit.clone())];
        let mut lines = vec![self.heading("indicator", &name)];
        let rows = Row::all(&dispersion).filter(|row| {
            row.text("indicator") == Some(indicator.id.as_str())
                && wanted.section.is_none_or(|s| row.text("section") == Some(s))
                && wanted.year.is_none_or(|year| row.whole("year") == Some(year))
        });
        for row in rows {
            let args = [
                ("district", row.said("district_code").to_string()),
                ("year", row.whole("year").unwrap_or_default().to_string()),
                ("section", self.words.section(row.said("section"))),
                ("mark", mark(row.yes("met")).to_string()),
                ("schools", number::fixed(row.number("schools"), 0)),
                ("students", number::fixed(row.number("students"), 0)),
                ("mean", number::fixed(row.number("mean"), print.mean)),
                ("sd", calculated(row.number("sd"))),
                ("mean_exact", calculated(row.number("mean"))),
                ("cv", number::fixed(row.number("cv"), print.cv)),
                ("cv_exact", calculated(row.number("cv"))),
                ("limit", calculated(row.number("limit"))),
            ];
            lines.extend(self.say("dispersion", &args));
        }
        lines.extend(self.say("dispersion_rows", &name));
        Ok(lines.join("\n"))
    }
}

fn mark(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "—",
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{tables::cells::tests::sample, words::Language};

    fn written(folder: &std::path::Path) -> Written {
        let facts = df!(
            "district_code" => ["430503"; 4], "year" => [2023i32, 2024, 2024, 2024],
            "school_code" => ["b", "b", "b", "c"],
            "school_name" => ["第二实验学校", "第二实验学校", "第二实验学校", "第三小学"],
            "section" => ["primary", "junior", "primary", "primary"],
            "students" => [160.0, 210.0, 166.0, 99.0],
            "teaching_area" => [None, Some(1800.0), Some(1800.0), None],
            "gym_area" => [None, Some(254.93), Some(254.93), None],
            "source_id" => [0i32; 4], "source_row" => [3i32, 5, 4, 9],
        )
        .unwrap();
        Written::sample(folder, facts, sample())
    }

    fn told(school: &str, subject: &str, section: Option<&str>) -> std::result::Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let written = written(folder.path());
        let words = Words::load(Language::Chinese).unwrap();
        let wanted = Wanted { school, section, year: None };
        let tell = || {
            let subject = super::super::subject(&written.standard, subject)?;
            if school == "-" {
                return district(&written, &subject, &wanted, &words);
            }
            one(&written, &subject, &wanted, &words)
        };
        tell().map_err(|error| words.error(&error))
    }

    #[test]
    fn from_the_verdict_to_the_cells() {
        insta::assert_snapshot!(told("第二实验学校", "l4", None).unwrap());
    }

    #[test]
    fn the_district_and_its_items() {
        insta::assert_snapshot!(told("-", "L4", None).unwrap() + "\n\n" + &told("-", "G1", None).unwrap());
    }

    #[test]
    fn what_is_not_there_is_named() {
        let lines: Vec<String> = [("第二小学", "L4", None), ("b", "L9", None), ("c", "L4", Some("junior"))]
            .map(|(school, subject, section)| told(school, subject, section).unwrap_err())
            .into();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
