//! An indicator of one school: the verdict, the calculation with numbers in place, the facts with their cells; and its
//! dispersion in the district.

use super::{
    super::screen::{self, WIDTH, wrap},
    page::{Page, key},
    school::Wanted,
};
use crate::{
    number::{self, calculated},
    problem::Result,
    report::calculation::{Calculation, weighted, with_numbers},
    standard::{Apportionment, Indicator},
    tables::{dispersion, facts, measures, schools},
};

impl Page<'_> {
    pub fn indicator(&self, indicator: &Indicator, record: facts::Row) -> Result<Vec<String>> {
        let measures: measures::Frame = self.written.judged()?;
        let schools: schools::Frame = self.written.judged()?;
        let name = self.name_of(indicator);
        let mut lines = vec![self.head(record)];
        let school = schools.rows().find(|row| {
            Some((row.district_code(), row.year(), row.school_code(), row.section())) == key(record)
        });
        if let Some(school) = school.filter(|_| self.written.standard.has_thresholds()) {
            let args = [
                ("mark", screen::mark(school.met()).to_string()),
                ("met", number::count(school.indicators_met())),
                ("judged", number::count(school.indicators_judged())),
                ("reason", school.reason().to_string()),
            ];
            lines.extend(self.say("school", &args));
        }
        let measure = measures.rows().find(|row| {
            row.indicator() == indicator.id
                && Some((row.district_code(), row.year(), row.school_code(), row.section())) == key(record)
        });
        let Some(measure) = measure else {
            lines.extend(self.say("not_judged", &name));
            return Ok(lines);
        };
        lines.push(String::new());
        lines.push(self.heading("indicator", &name));
        lines.extend(self.verdict(indicator, measure));
        let combined = self.records.len() > 1;
        let (standard, reliefs) = (&self.written.standard, self.written.run.reliefs);
        let Some(calculation) = Calculation::of(standard, indicator, reliefs, record, combined) else {
            return Ok(lines);
        };
        if let Some(relief) = calculation.relief {
            let title = relief.title.get(self.words.language).to_string();
            lines.extend(self.say("relief", &[("title", title), ("clause", relief.clause.clone())]));
        }
        lines.extend(self.calculation(&calculation, measure, record));
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
            for other in self.records.iter().filter(|other| other.section() != record.section()) {
                lines.extend(self.fact(*other, facts::column::students));
            }
        }
        Ok(lines)
    }

    fn name_of(&self, indicator: &Indicator) -> [(&'static str, String); 3] {
        let title = indicator.title.get(self.words.language).to_string();
        [("id", indicator.id.clone()), ("title", title), ("unit", indicator.unit.clone())]
    }

    fn verdict(&self, indicator: &Indicator, measure: measures::Row) -> Vec<String> {
        let decimals = self.written.standard.print.value;
        let near = if measure.borderline() == Some(true) { "≈" } else { "" };
        let args = [
            ("mark", format!("{}{near}", screen::mark(measure.met()))),
            ("value", number::fixed(measure.value(), decimals)),
            ("threshold", calculated(measure.threshold())),
            ("floor", calculated(measure.floor())),
            ("floor_mark", screen::mark(measure.floor_met()).to_string()),
            ("unit", indicator.unit.clone()),
            ("clause", indicator.clause.clone()),
        ];
        let key = match (measure.value(), measure.threshold(), measure.met()) {
            // Some standards have a limit for the CV but no threshold for the value of a school.
            (Some(_), None, _) => "no_threshold",
            (None, None, _) => "missing_no_threshold",
            (.., None) => "missing",
            _ => "value",
        };
        let mut lines = self.say(key, &args);
        if measure.shortfall().is_some_and(|shortfall| shortfall > 0.0) {
            let needed = number::needed(measure.shortfall(), measure.shortfall_unit(), self.words);
            lines.extend(self.say("shortfall", &[("needed", needed)]));
        }
        if !near.is_empty() {
            lines.extend(wrap(&self.words.say("screen.borderline"), "  ", WIDTH));
        }
        lines
    }

    fn calculation(
        &self,
        calculation: &Calculation,
        measure: measures::Row,
        record: facts::Row,
    ) -> Vec<String> {
        let indicator = calculation.indicator;
        let parts = [
            ("value", calculated(measure.value())),
            ("factor", calculated(Some(indicator.factor))),
            ("numerator", calculated(measure.numerator())),
            ("denominator", calculated(measure.denominator())),
        ];
        let mut lines = match measure.value() {
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

    /// Weights and pupils of every section. The share itself is the numerator shown above.
    fn apportionment(&self, apportionment: &Apportionment, record: facts::Row) -> Vec<String> {
        let term = |row: &facts::Row| weighted(apportionment, *row);
        let all: Vec<String> = self.records.iter().map(term).collect();
        let args = [
            ("facts", self.labels(&apportionment.facts)),
            ("own", term(&record)),
            ("all", all.join(" + ")),
            ("section", self.section(record.section())),
            ("clause", apportionment.clause.clone()),
        ];
        let mut lines = vec![self.heading("apportionment", &args)];
        lines.extend(self.say("share", &args));
        lines
    }

    pub fn dispersion(&self, indicator: &Indicator, wanted: &Wanted) -> Result<String> {
        let dispersion: dispersion::Frame = self.written.judged()?;
        let print = self.written.standard.print;
        let name = self.name_of(indicator);
        let mut lines = vec![self.heading("indicator", &name)];
        let rows = dispersion.rows().filter(|row| {
            row.indicator() == indicator.id
                && wanted.section.is_none_or(|section| row.section() == section)
                && wanted.year.is_none_or(|year| row.year() == year)
        });
        for row in rows {
            let args = [
                ("district", row.district_code().to_string()),
                ("year", row.year().to_string()),
                ("section", self.section(Some(row.section()))),
                ("mark", screen::mark(row.met()).to_string()),
                ("schools", number::count(row.schools())),
                ("students", number::fixed(Some(row.students()), 0)),
                ("mean", number::fixed(row.mean(), print.mean)),
                ("sd", calculated(row.sd())),
                ("mean_exact", calculated(row.mean())),
                ("cv", number::fixed(row.cv(), print.cv)),
                ("cv_exact", calculated(row.cv())),
                ("limit", calculated(row.limit())),
            ];
            lines.extend(self.say("dispersion", &args));
        }
        lines.extend(self.say("dispersion_rows", &name));
        Ok(lines.join("\n"))
    }
}
