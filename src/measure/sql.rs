//! The calculation as one short SQL query: run in DIR, it reads `facts.parquet` and returns the columns of `dispersion`
//! from `district_code` to `cv`. Any SQL engine must reproduce the program's numbers.

use sqlparser::keywords::ALL_KEYWORDS;

use crate::standard::{BySection, Formula, Section, Standard};

/// The query for the whole standard. `reliefs` must be as in the run it is compared with.
pub fn sql(standard: &Standard, reliefs: bool) -> String {
    let sections =
        standard.scope.sections.iter().map(|s| format!("'{}'", s.id())).collect::<Vec<_>>().join(", ");
    let about = format!("{} ({} {}), {}", standard.title.zh, standard.id, standard.version, standard.source);
    let mut out = format!("{}\n", comment(&about));
    out += "with ";
    let mut from = "'facts.parquet'".to_string();
    if let Some(rule) = &standard.apportionment {
        let weights: Vec<String> = Section::ALL
            .iter()
            .map(|s| format!("when '{}' then {:?}", s.id(), rule.weights.get(s).copied().unwrap_or(0.0)))
            .collect();
        let shared = |id: &String| rule.facts.contains(id);
        let columns = super::Measure::new(standard, reliefs).columns();
        let apportioned: Vec<String> = columns
            .iter()
            .map(|id| (shared(id), name(id)))
            .map(|(shared, name)| if shared { format!("{name} * share as {name}") } else { name })
            .collect();
        out += &format!(
            "{}\nweighted as (\n  select *, students * case section {} end as weight\n  from {from}),\n\
             schools as (\n  select district_code, year, school_code, count(*) as sections, count(weight) as known, \
             sum(weight) as weights\n  from weighted group by district_code, year, school_code),\n\
             shared as (\n  select w.*, case when s.sections = 1 then 1.0 when s.sections = s.known then w.weight / \
             nullif(s.weights, 0) end as share\n  from weighted w join schools s on w.district_code = s.district_code \
             and w.year = s.year and w.school_code = s.school_code),\n\
             apportioned as (\n  select {}\n  from shared),\n",
            comment(&rule.clause),
            weights.join(" "),
            apportioned.join(", ")
        );
        from = "apportioned".to_string();
    }
    let mut conditions =
        vec![format!("section in ({sections})"), "(students > 0 or students is null)".to_string()];
    for exclusion in standard.scope.exclude.iter().filter(|x| standard.in_force(&x.only)) {
        conditions.push(format!("not coalesce({}, false)", with_columns(&exclusion.when)));
    }
    out += &format!("scope as (\n  select * from {from}\n  where {}),\n", conditions.join("\n    and "));
    let values: Vec<String> = standard
        .indicators
        .iter()
        .map(|indicator| {
            let mut numerator = by_section(&indicator.numerator);
            let reliefs = if reliefs { &indicator.reliefs[..] } else { &[] };
            for relief in reliefs.iter().rev() {
                if let Some(instead) = &relief.numerator {
                    numerator =
                        format!("case when {} then {} else {numerator} end", with_columns(&relief.when), by_section(instead));
                }
            }
            format!(
                "  select district_code, year, section, {} as indicator,\n    {:?} * ({numerator}) as x, {} as p from scope",
                text(&indicator.id),
                indicator.factor,
                with_columns(&indicator.denominator)
            )
        })
        .collect();
    out += &format!("amounts as (\n{}),\n", values.join("\n  union all\n"));
    let keys = "district_code, year, section, indicator";
    out += &format!(
        "means as (\n  select {keys}, count(*) as schools, sum(p) as students, sum(x) / sum(p) as mean\n  \
         from amounts where p > 0 and x is not null group by {keys}),\n\
         deviations as (\n  select m.district_code, m.year, m.section, m.indicator, max(m.schools) as schools, \
         max(m.students) as students, max(m.mean) as mean,\n    \
         sqrt(sum(a.p * (a.x / a.p - m.mean) * (a.x / a.p - m.mean)) / max(m.students)) as sd\n  \
         from amounts a join means m on a.district_code = m.district_code and a.year = m.year\n    \
         and a.section = m.section and a.indicator = m.indicator\n  \
         where a.p > 0 and a.x is not null group by m.district_code, m.year, m.section, m.indicator)"
    );
    let cvs = format!("select {keys}, schools, students, mean, sd, sd / nullif(mean, 0) as cv");
    let order =
        "order by district_code, year, case section when 'primary' then 1 when 'junior' then 2 else 3 end";
    let composites = composites(standard);
    if composites.is_empty() {
        out += &format!("\n{cvs}\nfrom deviations\n{order}, indicator;\n");
    } else {
        let composites = composites.join("");
        out += &format!(
            ",\ncvs as (\n  {cvs}\n  from deviations)\nselect * from cvs\n{composites}{order}, mean is null, indicator;\n"
        );
    }
    out
}

/// The mean of several indicators' CVs (null if one is missing), in rows after the indicators, without mean and
/// deviation.
fn composites(standard: &Standard) -> Vec<String> {
    standard
        .composites()
        .map(|(item, indicators, _)| {
            let ids = indicators.iter().map(|id| text(id)).collect::<Vec<_>>().join(", ");
            let count = indicators.len();
            format!(
                "union all\nselect district_code, year, section, {} as indicator, min(schools), min(students), \
                 null, null,\n  case when count(cv) = {count} then sum(cv) / {count} end\nfrom cvs where indicator in ({ids}) \
                 group by district_code, year, section\n",
                text(&item.id)
            )
        })
        .collect()
}

fn by_section(formulas: &BySection<Formula>) -> String {
    match formulas {
        BySection::Same(formula) => with_columns(formula),
        BySection::Each(map) => {
            let arms: Vec<String> = map
                .iter()
                .map(|(section, f)| format!("when '{}' then {}", section.id(), with_columns(f)))
                .collect();
            format!("case section {} end", arms.join(" "))
        }
    }
}

/// A formula with its ids as column names.
fn with_columns(formula: &Formula) -> String {
    formula.to_sql(&|id| name(&id.replace('.', "_")))
}

/// A one-line comment, whatever text a standard contains: a line break would end the comment, and the rest would be
/// executed.
fn comment(text: &str) -> String {
    let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let words: Vec<&str> = text.split(ends).map(str::trim).filter(|part| !part.is_empty()).collect();
    format!("-- {}", words.join(" "))
}

/// An SQL string literal.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An SQL column name, quoted where an engine may require it.
fn name(id: &str) -> String {
    let plain = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let word = id.to_ascii_uppercase();
    // The dictionary's SQL keywords that every engine accepts as column names.
    let free = ["year", "section", "ownership", "location"].contains(&id)
        || ALL_KEYWORDS.binary_search(&word.as_str()).is_err();
    if plain && free { id.to_string() } else { format!("\"{}\"", id.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use sqlparser::{dialect::GenericDialect, parser::Parser};

    use super::*;

    #[test]
    fn names_and_texts_stay_what_they_are() {
        assert_eq!((name("students"), name("year")), ("students".into(), "year".into()));
        assert_eq!(name("select"), "\"select\"");
        assert_eq!(name("a\" from b; --"), "\"a\"\" from b; --\"");
        assert_eq!(text("L1'; drop table x; --"), "'L1''; drop table x; --'");
        assert_eq!(comment("一\r\ncopy x to 'y';\u{2028}二"), "-- 一 copy x to 'y'; 二");
    }

    #[test]
    fn a_standard_that_breaks_its_lines_is_one_query_still() {
        let mut standard = Standard::load("quality-balance-2017").unwrap();
        let attack = "x\n; copy (select 1) to 'stolen.csv';\r--";
        for text in [&mut standard.title.zh, &mut standard.id, &mut standard.version, &mut standard.source] {
            *text = attack.into();
        }
        standard.indicators[0].id = "L1' as indicator; copy (select 1) to 'stolen.csv'; --".into();
        standard.apportionment.as_mut().unwrap().clause = attack.into();
        let statements = Parser::parse_sql(&GenericDialect {}, &sql(&standard, true)).unwrap();
        assert_eq!(statements.len(), 1);
    }
}
