//! The rows that checks are evaluated on (sections, schools or districts), each with the facts its formulas name.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::{
    dictionary::{Dictionary, Grain},
    standard::{Over, Standard},
    tables::{district_facts, facts},
};

const KEYS: [&str; 2] = [facts::column::district_code, facts::column::year];

/// The columns that every row has.
const IDENTITY: [&str; 4] = [KEYS[0], KEYS[1], facts::column::school_code, facts::column::school_name];

/// The rows that the checks of a standard are evaluated on, by [`Over`].
pub struct Rows {
    pub sections: DataFrame,
    pub schools: DataFrame,
    pub districts: DataFrame,
}

impl Rows {
    pub fn get(&self, over: Over) -> &DataFrame {
        match over {
            Over::Section | Over::SumOfSections => &self.sections,
            Over::School | Over::SumOfSchools => &self.schools,
            Over::District => &self.districts,
        }
    }

    /// The rows of the sections that the standard covers (`facts`), with the columns that its checks read.
    pub fn new(
        facts: &DataFrame,
        district_facts: &district_facts::Frame,
        standard: &Standard,
    ) -> PolarsResult<Rows> {
        let needed = columns(standard);
        let districts = districts(facts, district_facts, &needed)?;
        let in_scope = standard
            .scope
            .sections
            .iter()
            .map(|s| col(facts::column::section).eq(lit(s.id())))
            .reduce(|a, b| a.or(b))
            .unwrap_or_else(|| lit(false));
        let sections = facts.clone().lazy().filter(in_scope);
        let with_district = |rows: LazyFrame| {
            rows.join(
                districts.clone().lazy(),
                KEYS.map(col),
                KEYS.map(col),
                // In the order of the facts, so that repeated runs give the same output.
                JoinArgs {
                    maintain_order: MaintainOrderJoin::Left,
                    ..JoinArgs::new(JoinType::Left).with_coalesce(JoinCoalesce::CoalesceColumns)
                },
            )
            .collect()
        };
        let schools = with_district(schools(sections.clone(), &needed))?;
        Ok(Rows { sections: with_district(sections)?, schools, districts })
    }
}

/// Every column that a check of the standard reads, with its section as in `primary.students`.
fn columns(standard: &Standard) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for check in standard.items.iter().flat_map(|item| item.checks()) {
        let reliefs = check
            .reliefs
            .iter()
            .flat_map(|r| std::iter::once(&r.when).chain(r.numerator.iter()).chain(r.required.iter()));
        for formula in check
            .applies
            .iter()
            .chain([&check.numerator, &check.required])
            .chain(check.denominator.iter())
            .chain(check.shortfall.iter())
            .chain(reliefs)
        {
            found.extend(formula.columns());
        }
    }
    found
}

/// One row per school and year: school facts, section facts added up (null if one is null), and section facts that
/// formulas name with their section.
fn schools(sections: LazyFrame, needed: &BTreeSet<String>) -> LazyFrame {
    let dictionary = Dictionary::get();
    let of = |section: &str| col(facts::column::section).eq(lit(section));
    let mut aggregates = vec![col(facts::column::school_name).first()];
    for id in needed {
        if let Some((section, fact)) = id.split_once('.') {
            aggregates.push(col(fact).filter(of(section)).first().alias(id.as_str()));
            continue;
        }
        let Some(fact) = dictionary.fact(id) else { continue };
        let key = IDENTITY.contains(&id.as_str());
        match fact.grain {
            _ if key => {}
            Grain::School => aggregates.push(col(id.as_str()).first()),
            // The largest class of a school is the maximum of its sections', not their sum.
            Grain::Section if id == facts::column::max_class_size => {
                aggregates.push(null_if_incomplete(id, col(id.as_str()).max()))
            }
            Grain::Section => aggregates.push(null_if_incomplete(id, col(id.as_str()).sum())),
            Grain::District => {}
        }
    }
    sections.group_by_stable([KEYS[0], KEYS[1], facts::column::school_code].map(col)).agg(aggregates)
}

fn null_if_incomplete(id: &str, value: Expr) -> Expr {
    when(col(id).null_count().gt(lit(0))).then(lit(NULL)).otherwise(value).alias(id)
}

/// One row per district and year of `facts`, one column per district fact that a check reads.
fn districts(
    facts: &DataFrame,
    district_facts: &district_facts::Frame,
    needed: &BTreeSet<String>,
) -> PolarsResult<DataFrame> {
    let keys = keys(facts)?;
    let index: BTreeMap<&(String, i32), usize> = keys.iter().enumerate().map(|(i, k)| (k, i)).collect();
    let dictionary = Dictionary::get();
    let ids: Vec<&str> = needed
        .iter()
        .map(String::as_str)
        .filter(|id| dictionary.fact(id).is_some_and(|f| f.grain == Grain::District))
        .collect();
    let mut values = vec![vec![None; keys.len()]; ids.len()];
    for row in district_facts.rows() {
        let key = (row.district_code().to_string(), row.year());
        if let (Some(&at), Some(k)) = (index.get(&key), ids.iter().position(|id| *id == row.fact())) {
            values[k][at] = row.value();
        }
    }
    let mut columns = vec![
        Column::new(KEYS[0].into(), keys.iter().map(|k| k.0.as_str()).collect::<Vec<_>>()),
        Column::new(KEYS[1].into(), keys.iter().map(|k| k.1).collect::<Vec<_>>()),
    ];
    columns.extend(ids.iter().zip(values).map(|(id, v)| Column::new((*id).into(), v)));
    DataFrame::new(keys.len(), columns)
}

/// The districts and years of `facts`, sorted.
pub fn keys(facts: &DataFrame) -> PolarsResult<Vec<(String, i32)>> {
    let (code, year) =
        (facts.column(facts::column::district_code)?.str()?, facts.column(facts::column::year)?.i32()?);
    let mut keys = BTreeSet::new();
    let mut last: Option<(&str, i32)> = None;
    for row in 0..facts.height() {
        let key = (code.get(row).unwrap_or(""), year.get(row).unwrap_or(0));
        if last != Some(key) {
            keys.insert((key.0.to_string(), key.1));
            last = Some(key);
        }
    }
    Ok(keys.into_iter().collect())
}
