//! The calculation as one SQL query, short enough to read: run inside DIR, it reads `facts.parquet` and returns the
//! columns of `dispersion` from `district_code` to `cv`. Any SQL engine must give the numbers of our kernel.

use crate::standard::{BySection, Formula, Section, Standard};

/// One query for the whole standard. `reliefs` as in the run it is compared with.
pub fn sql(standard: &Standard, reliefs: bool) -> String {
    let plain = |formula: &Formula| formula.to_sql(&|id| id.replace('.', "_"));
    let sections =
        standard.scope.sections.iter().map(|s| format!("'{}'", s.id())).collect::<Vec<_>>().join(", ");
    let mut out =
        format!("-- {} ({} {}), {}\n", standard.title.zh, standard.id, standard.version, standard.source);
    out += "with ";
    let mut from = "'facts.parquet'".to_string();
    if let Some(rule) = &standard.apportionment {
        let weights: Vec<String> = Section::ALL
            .iter()
            .map(|s| format!("when '{}' then {:?}", s.id(), rule.weights.get(s).copied().unwrap_or(0.0)))
            .collect();
        let shared: Vec<String> = rule.facts.iter().map(|id| format!("{id} * share as {id}")).collect();
        out += &format!(
            "weighted as (  -- {}\n  select *, case section {} end * students as weight from {from}),\n\
             shared as (\n  select *, case when count(*) over school = 1 then 1.0\n    \
             when count(*) over school = count(weight) over school then weight / nullif(sum(weight) over school, 0) end \
             as share\n  from weighted window school as (partition by district_code, year, school_code)),\n\
             apportioned as (\n  select * replace ({}) from shared),\n",
            rule.clause,
            weights.join(" "),
            shared.join(", ")
        );
        from = "apportioned".to_string();
    }
    let mut conditions =
        vec![format!("section in ({sections})"), "(students > 0 or students is null)".to_string()];
    for exclusion in standard.scope.exclude.iter().filter(|x| standard.in_force(&x.only)) {
        conditions.push(format!("not coalesce({}, false)", plain(&exclusion.when)));
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
                        format!("case when {} then {} else {numerator} end", plain(&relief.when), by_section(instead));
                }
            }
            format!(
                "  select district_code, year, section, '{}' as indicator, {:?} * ({numerator}) as x, {} as p from scope",
                indicator.id,
                indicator.factor,
                plain(&indicator.denominator)
            )
        })
        .collect();
    out += &format!("amounts as (\n{}),\n", values.join("\n  union all\n"));
    out += "means as (\n  select district_code, year, section, indicator, count(*) as schools, sum(p) as students, \
            sum(x) / sum(p) as mean\n  from amounts where p > 0 and x is not null group by 1, 2, 3, 4),\n";
    out += "deviations as (\n  select district_code, year, section, indicator, schools, students, mean,\n    \
            sqrt(sum(p * (x / p - mean) * (x / p - mean)) / students) as sd\n  from amounts join means using \
            (district_code, year, section, indicator)\n  where p > 0 and x is not null group by all)\n";
    out += "select district_code, year, section, indicator, schools, students, mean, sd, sd / nullif(mean, 0) as cv\n\
            from deviations\norder by district_code, year, case section when 'primary' then 1 when 'junior' then 2 \
            else 3 end, indicator;\n";
    out
}

fn by_section(formulas: &BySection<Formula>) -> String {
    let plain = |formula: &Formula| formula.to_sql(&|id| id.replace('.', "_"));
    match formulas {
        BySection::Same(formula) => plain(formula),
        BySection::Each(map) => {
            let arms: Vec<String> =
                map.iter().map(|(section, f)| format!("when '{}' then {}", section.id(), plain(f))).collect();
            format!("case section {} end", arms.join(" "))
        }
    }
}
