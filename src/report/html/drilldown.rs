//! The details that the numbers of the page open: formulas with numbers in place, facts, cells. They make up most of
//! the page, so they are compact: what repeats (files, sheets, formulas, names of facts) is stored once and referred to
//! by its position.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use crate::{
    dictionary::{Dictionary, Grain, Section},
    number::{self, calculated},
    problem::Place,
    report::calculation::{self, Calculation, facts_of_checks, weighted, with_numbers},
    standard::{Indicator, Item, Rule},
    tables::{
        cells::{Cells, Role},
        district::District,
        facts, measures, schools,
    },
    words::Words,
};

/// The rows of `facts` by school and section. The page refers to them by their positions.
pub struct Records<'a> {
    pub rows: Vec<facts::Row<'a>>,
    by_key: HashMap<(&'a str, Section), usize>,
    by_school: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Records<'a> {
    pub fn of(district: &'a District) -> Records<'a> {
        let rows: Vec<facts::Row> = district.facts.rows().collect();
        let (mut by_key, mut by_school) = (HashMap::new(), HashMap::<_, Vec<usize>>::new());
        for (index, row) in rows.iter().enumerate() {
            let code = row.school_code().unwrap_or_default();
            if let Some(section) = row.section() {
                by_key.entry((code, section)).or_insert(index);
            }
            by_school.entry(code).or_default().push(index);
        }
        Records { rows, by_key, by_school }
    }

    pub fn find(&self, school_code: &str, section: Section) -> Option<usize> {
        self.by_key.get(&(school_code, section)).copied()
    }

    /// All records of a school.
    pub fn of_school(&self, school_code: &str) -> &[usize] {
        self.by_school.get(school_code).map_or(&[], Vec::as_slice)
    }
}

/// The data for the script.
#[derive(Serialize)]
pub struct Drilldown<'a> {
    words: BTreeMap<&'a str, String>,
    /// File and sheet, to which cells refer.
    places: Vec<(String, String)>,
    /// Formulas, to which values refer.
    formulas: Vec<String>,
    facts: Vec<Fact>,
    /// Value and cell, by position in `facts`.
    district: BTreeMap<usize, FactCells>,
    reliefs: Vec<(String, String)>,
    indicators: BTreeMap<&'a str, Named<'a>>,
    items: BTreeMap<&'a str, Judged<'a>>,
    records: Vec<Record>,
    dispersion: Vec<Dispersion<'a>>,
}

#[derive(Serialize)]
struct Fact {
    id: String,
    label: String,
    /// Whether the value belongs to a section, not to the whole school.
    section: bool,
}

#[derive(Serialize)]
struct Named<'a> {
    title: &'a str,
    unit: String,
    clause: &'a str,
    /// `null` if it is 1.
    factor: Option<String>,
}

/// A fact's value as read, and its cells: place, address, and the relation of the cell to the record if it is not the
/// record's own row.
#[derive(Serialize)]
struct FactCells(String, Vec<Cell>);

#[derive(Serialize)]
#[serde(untagged)]
enum Cell {
    Own(usize, String),
    Other(usize, String, &'static str),
}

#[derive(Serialize)]
struct Record {
    name: String,
    code: String,
    section: String,
    /// The result of the school: mark, met, judged, reason.
    school: Option<(&'static str, String, String, String)>,
    /// Positions of the school's other sections.
    others: Vec<usize>,
    /// weight × pupils, if the school is combined.
    #[serde(skip_serializing_if = "String::is_empty")]
    weighted: String,
    facts: BTreeMap<usize, FactCells>,
    /// The places where a fact without a cell was looked for.
    looked: Vec<Cell>,
    values: BTreeMap<String, Value>,
}

/// One value, in the order in which the script reads it.
#[derive(Serialize)]
struct Value(
    /// Mark, printed value, threshold, floor, mark of the floor, amount needed (empty if none).
    &'static str,
    String,
    String,
    String,
    &'static str,
    String,
    /// Whether it is borderline; the value in full, numerator, denominator.
    u8,
    String,
    String,
    String,
    /// Formulas and numbers of numerator and denominator; facts; relief; whether it is apportioned.
    Option<usize>,
    String,
    Option<usize>,
    String,
    Vec<usize>,
    Option<usize>,
    u8,
);

#[derive(Serialize)]
struct Dispersion<'a> {
    section: &'a str,
    indicator: &'a str,
    mark: &'static str,
    schools: String,
    students: String,
    mean: String,
    mean_exact: String,
    sd: String,
    cv: String,
    cv_exact: String,
    limit: String,
    /// Present if the CV is above its limit.
    shares: Shares,
}

/// Per record: share of CV², and the amount that it receives to bring the CV to its limit (empty if none).
type Shares = BTreeMap<usize, (String, String)>;

#[derive(Serialize)]
struct Judged<'a> {
    title: &'a str,
    clause: &'a str,
    /// The indicator that the item judges, or those whose CVs it averages.
    indicators: Vec<&'a str>,
    line: String,
    checks: Vec<(String, String)>,
    facts: Vec<usize>,
    requirements: &'a [String],
    note: &'a str,
    /// The answers of the sheet 佐证与评分, with their cells.
    answers: Vec<(String, Vec<Cell>)>,
}

/// The lists to which a [`Drilldown`] refers; they grow while the records are processed.
struct DrilldownBuilder<'a> {
    district: &'a District<'a>,
    places: Vec<(String, String)>,
    place_of: HashMap<(String, String), usize>,
    formulas: Vec<String>,
    formula_of: HashMap<String, usize>,
    facts: Vec<Fact>,
    fact_of: HashMap<String, usize>,
    reliefs: Vec<(String, String)>,
}

impl<'a> DrilldownBuilder<'a> {
    fn cell(&mut self, role: Role, place: Place) -> Cell {
        let key = (place.file.unwrap_or_default(), place.sheet.unwrap_or_default());
        let next = self.places.len();
        let at = *self.place_of.entry(key.clone()).or_insert(next);
        if at == next {
            self.places.push(key);
        }
        let address = place.cell.unwrap_or_default();
        match role {
            Role::Own => Cell::Own(at, address),
            Role::Also => Cell::Other(at, address, "also"),
            Role::Site => Cell::Other(at, address, "site"),
        }
    }

    fn formula(&mut self, text: String) -> usize {
        let next = self.formulas.len();
        let at = *self.formula_of.entry(text.clone()).or_insert(next);
        if at == next {
            self.formulas.push(text);
        }
        at
    }

    fn fact(&mut self, id: &str) -> usize {
        if let Some(at) = self.fact_of.get(id) {
            return *at;
        }
        let section = Dictionary::get().fact(id).is_some_and(|fact| fact.grain == Grain::Section);
        let label = calculation::label(id, self.district.words);
        self.facts.push(Fact { id: id.to_string(), label, section });
        self.fact_of.insert(id.to_string(), self.facts.len() - 1);
        self.facts.len() - 1
    }

    fn relief(&mut self, title: &str, clause: &str) -> usize {
        let said = (title.to_string(), clause.to_string());
        self.reliefs.iter().position(|known| *known == said).unwrap_or_else(|| {
            self.reliefs.push(said);
            self.reliefs.len() - 1
        })
    }
}

impl<'a> Drilldown<'a> {
    pub fn of(district: &'a District<'a>, records: &Records<'a>, cells: &Cells) -> Drilldown<'a> {
        let standard = district.standard;
        let language = district.words.language;
        let mut builder = DrilldownBuilder {
            district,
            places: Vec::new(),
            place_of: HashMap::new(),
            formulas: Vec::new(),
            formula_of: HashMap::new(),
            facts: Vec::new(),
            fact_of: HashMap::new(),
            reliefs: Vec::new(),
        };
        let items = standard.items.iter().map(|item| (item.id.as_str(), builder.item(item, cells))).collect();
        let all = builder.records(records, cells);
        let of_district = builder.of_district(cells);
        let indicators = standard.indicators.iter().map(|indicator| {
            let named = Named {
                title: indicator.title.get(language),
                unit: district.words.unit(&indicator.unit),
                clause: &indicator.clause,
                factor: (indicator.factor != 1.0).then(|| calculated(Some(indicator.factor))),
            };
            (indicator.id.as_str(), named)
        });
        Drilldown {
            words: words(district.words),
            indicators: indicators.collect(),
            items,
            records: all,
            dispersion: dispersion(district, records),
            district: of_district,
            places: builder.places,
            formulas: builder.formulas,
            facts: builder.facts,
            reliefs: builder.reliefs,
        }
    }
}

/// The texts of the script, and those of `explain`, which shows the same.
fn words(words: &Words) -> BTreeMap<&str, String> {
    let wanted = words.keys().filter(|key| {
        ["explain.", "html.open.", "html.list.", "report.section."].iter().any(|part| key.starts_with(part))
    });
    wanted.map(|key| (key, words.say(key))).collect()
}

impl<'a> DrilldownBuilder<'a> {
    fn records(&mut self, records: &Records<'a>, cells: &Cells) -> Vec<Record> {
        let district = self.district;
        let mut measures: HashMap<(&str, Section), Vec<measures::Row>> = HashMap::new();
        for row in district.measures.rows() {
            measures.entry((row.school_code(), row.section())).or_default().push(row);
        }
        let schools: HashMap<(&str, Section), schools::Row> =
            district.schools.rows().map(|row| ((row.school_code(), row.section()), row)).collect();
        let of_checks = self.facts_of_checks();
        (0..records.rows.len())
            .map(|index| {
                let row = records.rows[index];
                let code = row.school_code().unwrap_or_default();
                let key = row.section().map(|section| (code, section));
                let all = records.of_school(code);
                let values = key.and_then(|key| measures.get(&key)).map_or(&[][..], Vec::as_slice);
                let mut wanted: BTreeSet<usize> = of_checks.clone();
                if all.len() > 1 {
                    wanted.insert(self.fact(facts::column::students));
                }
                let values: BTreeMap<String, Value> = values
                    .iter()
                    .filter_map(|measure| {
                        let indicator = district.standard.indicator(measure.indicator())?;
                        let value = self.value(indicator, *measure, row, all.len() > 1);
                        wanted.extend(&value.14);
                        Some((indicator.id.clone(), value))
                    })
                    .collect();
                let apportionment = district.standard.apportionment.as_ref().filter(|_| all.len() > 1);
                Record {
                    name: row.school_name().unwrap_or_default().to_string(),
                    code: code.to_string(),
                    section: row.section().map_or("", Section::id).to_string(),
                    school: key.and_then(|key| schools.get(&key)).map(|school| {
                        let met = number::count(school.indicators_met());
                        let judged = number::count(school.indicators_judged());
                        (mark(school.met()), met, judged, school.reason().to_string())
                    }),
                    others: all.iter().copied().filter(|other| *other != index).collect(),
                    weighted: apportionment.map(|a| weighted(a, row)).unwrap_or_default(),
                    facts: wanted.into_iter().map(|fact| (fact, self.fact_cells(row, fact, cells))).collect(),
                    looked: cells.looked_in(row).into_iter().map(|p| self.cell(Role::Own, p)).collect(),
                    values,
                }
            })
            .collect()
    }

    /// Positions of the school and section facts that the checks in force read.
    fn facts_of_checks(&mut self) -> BTreeSet<usize> {
        let mut ids = BTreeSet::new();
        self.district.standard.items.iter().for_each(|item| ids.extend(facts_of_checks(item)));
        ids.retain(|id| grain(id) != Some(Grain::District));
        ids.iter().map(|id| self.fact(id)).collect()
    }

    fn value(
        &mut self,
        indicator: &'a Indicator,
        measure: measures::Row,
        record: facts::Row,
        combined: bool,
    ) -> Value {
        let (standard, words) = (self.district.standard, self.district.words);
        let reliefs = !self.district.verdict.reliefs.is_empty();
        let needed = match measure.shortfall().filter(|shortfall| *shortfall > 0.0) {
            Some(shortfall) => number::needed(Some(shortfall), measure.shortfall_unit(), words),
            None => String::new(),
        };
        let made = Calculation::of(standard, indicator, reliefs, record, combined);
        let denominator = self.formula(indicator.denominator.to_string());
        Value(
            mark(measure.met()),
            number::fixed(measure.value(), standard.print.value),
            calculated(measure.threshold()),
            calculated(measure.floor()),
            mark(measure.floor_met()),
            needed,
            u8::from(measure.borderline() == Some(true)),
            calculated(measure.value()),
            calculated(measure.numerator()),
            calculated(measure.denominator()),
            made.as_ref().map(|made| self.formula(made.numerator.to_string())),
            made.as_ref().map(|made| with_numbers(made.numerator, record)).unwrap_or_default(),
            Some(denominator),
            with_numbers(&indicator.denominator, record),
            made.iter().flat_map(Calculation::facts).map(|fact| self.fact(&fact)).collect(),
            made.as_ref().and_then(|made| made.relief).map(|relief| {
                let title = relief.title.get(words.language);
                self.relief(title, &relief.clause)
            }),
            u8::from(made.is_some_and(|made| made.apportionment.is_some())),
        )
    }

    fn fact_cells(&mut self, record: facts::Row, fact: usize, cells: &Cells) -> FactCells {
        let id = self.facts[fact].id.clone();
        let value = calculation::value(record, &id, self.district.words);
        FactCells(
            value,
            cells.cells(record, &id).into_iter().map(|(role, place)| self.cell(role, place)).collect(),
        )
    }

    /// District facts that some formula reads.
    fn of_district(&mut self, cells: &Cells) -> BTreeMap<usize, FactCells> {
        let mut found = BTreeMap::new();
        for fact in 0..self.facts.len() {
            let id = self.facts[fact].id.clone();
            if grain(&id) != Some(Grain::District) {
                continue;
            }
            let (words, unit) = (self.district.words, Dictionary::get().fact(&id).map(|f| f.unit.as_str()));
            let given = cells.district_fact(&self.district.code, self.district.year, &id);
            let value = given.as_ref().and_then(|(value, _)| *value);
            let said = value.map(|value| number::fact(value, unit.unwrap_or_default()));
            let cell = given.map(|(_, place)| self.cell(Role::Own, place));
            let said = said.unwrap_or_else(|| words.say("explain.no_value"));
            found.insert(fact, FactCells(said, cell.into_iter().collect()));
        }
        found
    }

    fn item(&mut self, item: &'a Item, cells: &Cells) -> Judged<'a> {
        let (district, words) = (self.district, self.district.words);
        let row = district.items.rows().find(|row| row.item() == item.id);
        let line = row.map(|row| calculation::item_line(row, words)).unwrap_or_default();
        let mut answers = Vec::new();
        let part = format!("{}.", item.id);
        for answer in district.answers.rows() {
            let id = answer.item();
            if id != item.id && !id.starts_with(&part) {
                continue;
            }
            let met = answer.met().map(|met| words.say(if met { "explain.yes" } else { "explain.no" }));
            let score = answer.score().map(|score| calculated(Some(score)));
            let texts = [answer.document(), answer.date(), answer.who()].map(|text| text.map(str::to_string));
            let said: Vec<String> = [met, score].into_iter().chain(texts).flatten().collect();
            let cell =
                cells.named(answer.source_id(), answer.cell()).map(|place| self.cell(Role::Own, place));
            answers.push((format!("{id} {}", said.join(" · ")), cell.into_iter().collect()));
        }
        let dispersion: Vec<_> = district.dispersion.rows().collect();
        let checks = calculation::checks(district.standard, item, words).into_iter();
        Judged {
            title: item.title.get(words.language),
            clause: &item.clause,
            indicators: match &item.rule {
                Rule::Indicator { indicator } => vec![indicator],
                Rule::Composite { indicators, .. } => indicators.iter().map(String::as_str).collect(),
                _ => Vec::new(),
            },
            line,
            checks: calculation::composite(district.standard, item, &dispersion, words)
                .into_iter()
                .chain(checks.map(|(title, formula)| (title.to_string(), formula)))
                .collect(),
            facts: facts_of_checks(item).iter().map(|fact| self.fact(fact)).collect(),
            requirements: &item.requirements,
            note: item.note.as_ref().map_or("", |note| note.get(words.language)),
            answers,
        }
    }
}

fn dispersion<'a>(district: &'a District, records: &Records) -> Vec<Dispersion<'a>> {
    let mut shares: HashMap<(Section, &str), Shares> = HashMap::new();
    for row in district.shares.rows() {
        let Some(record) = records.find(row.school_code(), row.section()) else { continue };
        let indicator = row.indicator();
        let unit = district.standard.indicator(indicator).map_or("", |i| i.shortfall_unit.as_str());
        let percent = row.share().map(|share| 100.0 * share);
        let percent = format!("{}%", number::fixed(percent, district.standard.print.percent));
        let amount = row.amount().filter(|amount| *amount > 0.0);
        let amount = amount.map(|amount| number::needed(Some(amount), unit, district.words));
        let of = shares.entry((row.section(), indicator)).or_default();
        of.insert(record, (percent, amount.unwrap_or_default()));
    }
    let print = district.standard.print;
    // A mean of CVs has no values of schools, so it is opened as an item.
    district
        .dispersion
        .rows()
        .filter(|row| district.standard.indicator(row.indicator()).is_some())
        .map(|row| Dispersion {
            section: row.section().id(),
            indicator: row.indicator(),
            mark: mark(row.met()),
            schools: number::count(row.schools()),
            students: number::fixed(Some(row.students()), 0),
            mean: number::fixed(row.mean(), print.mean),
            mean_exact: calculated(row.mean()),
            sd: calculated(row.sd()),
            cv: number::fixed(row.cv(), print.cv),
            cv_exact: calculated(row.cv()),
            limit: calculated(row.limit()),
            shares: shares.remove(&(row.section(), row.indicator())).unwrap_or_default(),
        })
        .collect()
}

fn grain(fact: &str) -> Option<Grain> {
    Dictionary::get().fact(fact).map(|fact| fact.grain)
}

/// ✓ met, ✗ not met, — unknown.
pub fn mark(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "—",
    }
}
