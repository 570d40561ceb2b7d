//! Explains a result of `score`: finds the unit and the subject.

use std::path::Path;

use super::{heading, result, shown, unit::UnitExplainer};
use crate::{
    nearest::{distance, nearest},
    problem::{Problem, Result},
    standard::{Group, Rule, Standard},
    tables::{
        run::{Run, Used},
        scoring_tables::unit_standings,
    },
    words::Words,
};

/// Separates the aliases of a unit in the table `standings`.
const ALIASES: &str = "; ";

/// The standard of a result of `score`; `None` if the folder is not such a result.
pub fn scored(folder: &Path, named: Option<&str>) -> Result<Option<Standard>> {
    let run = Run::load(folder)?;
    let fits = |used: &&Used| named.is_none_or(|name| used.id == name || used.named == name);
    let Some(used) = run.standards.iter().find(fits) else { return Ok(None) };
    // A standard that judges is loaded again, with its errors, when its verdicts are explained.
    Ok(Standard::load(&used.named).ok().filter(|standard| standard.units.is_some()))
}

/// The subject of a question about a unit.
enum Asked<'a> {
    Total,
    /// Ids of headings; several, because a document may print the same label twice.
    Headings(Vec<&'a str>),
    /// An item, or one of its parts alone.
    Item(&'a str, Option<&'a str>),
}

/// Score, parts and evidence of an item or of one part, a heading with what is under it, or the total, in words.
///
/// # Errors
/// The folder lacks the tables; it knows no such unit or subject.
pub fn explain(folder: &Path, standard: &Standard, unit: &str, asked: &str, words: &Words) -> Result<String> {
    let standings: unit_standings::Frame = result::table(folder, "")?;
    let unit = called(&standings, standard, unit.trim()).ok_or_else(|| {
        let names: Vec<&str> = standings.rows().map(unit_standings::Row::unit).collect();
        Problem::error("score_unit_unknown", shown(folder))
            .with("found", unit)
            .with("nearest", likely(unit.trim(), &names).join(&words.say("score.comma")))
            .with("known", names.join(&words.say("score.comma")))
    })?;
    let explainer = UnitExplainer { folder, standard, words, unit };
    let lines = match subject(standard, asked.trim()) {
        Some(Asked::Total) => heading::total(&explainer, &standings)?,
        Some(Asked::Headings(ids)) => {
            let mut lines = Vec::new();
            for id in ids {
                lines.extend(heading::one(&explainer, id)?);
            }
            lines
        }
        Some(Asked::Item(item, part)) => explainer.item(item, part)?,
        None => {
            let items = standard.items.iter().map(|item| item.id.as_str());
            let ids: Vec<&str> =
                items.chain(standard.groups.iter().map(|group| group.label.as_str())).collect();
            return Err(Problem::error("score_subject_unknown", shown(folder))
                .with("found", asked)
                .with("nearest", likely(asked.trim(), &ids).join(&words.say("score.comma")))
                .with("standard", &standard.id)
                .into());
        }
    };
    Ok(lines.join("\n"))
}

/// The unit of this name, code or alias, from the list of units of the run or from the document.
fn called(standings: &unit_standings::Frame, standard: &Standard, asked: &str) -> Option<String> {
    let is = |row: &unit_standings::Row| {
        let aliases = row.aliases().unwrap_or_default().split(ALIASES).map(str::trim);
        [row.unit(), row.unit_code().unwrap_or_default()].into_iter().chain(aliases).any(|name| name == asked)
    };
    if let Some(row) = standings.rows().find(|row| !asked.is_empty() && is(row)) {
        return Some(row.unit().to_string());
    }
    let members = standard.units.as_ref().map_or(&[][..], |units| &units.members);
    let member = members
        .iter()
        .find(|member| member.name == asked || member.aliases.iter().any(|alias| alias == asked))?;
    let own = standings
        .rows()
        .map(unit_standings::Row::unit)
        .find(|name| *name == member.name || member.aliases.iter().any(|alias| alias == name))?;
    Some(own.to_string())
}

/// Finds an item before a heading of the same id, and a part written `27.2`; ignores case.
fn subject<'a>(standard: &'a Standard, asked: &str) -> Option<Asked<'a>> {
    let same = |other: &str| other.eq_ignore_ascii_case(asked);
    if let Some(item) = standard.items.iter().find(|item| same(&item.id)) {
        return Some(Asked::Item(&item.id, None));
    }
    if asked == "总分" || same("total") {
        return Some(Asked::Total);
    }
    let headings = |is: &dyn Fn(&Group) -> bool| -> Vec<&'a str> {
        standard.groups.iter().filter(|group| is(group)).map(|group| group.id.as_str()).collect()
    };
    for found in [headings(&|group| same(&group.id)), headings(&|group| same(&group.label))] {
        if !found.is_empty() {
            return Some(Asked::Headings(found));
        }
    }
    standard.items.iter().find_map(|item| {
        let Rule::Scored { parts, adjustments, .. } = &item.rule else { return None };
        let mut ids = parts.iter().map(|part| &part.id).chain(adjustments.iter().map(|own| &own.id));
        let id = ids.find(|id| same(&format!("{}.{id}", item.id)))?;
        Some(Asked::Item(&item.id, Some(id)))
    })
}

/// Up to three similar names: those that contain what was typed, or are contained in it, come before those that differ
/// in few letters.
fn likely<'a>(asked: &str, known: &[&'a str]) -> Vec<&'a str> {
    let within = |name: &&&str| !asked.is_empty() && (name.contains(asked) || asked.contains(**name));
    let mut found: Vec<&str> = known.iter().filter(within).copied().collect();
    found.sort_by_key(|name| distance(asked, name));
    found.dedup();
    for name in nearest(asked, known.iter().copied()) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    // If nothing is similar, the first names at least show what names look like.
    if found.is_empty() {
        found.extend(known);
    }
    found.truncate(3);
    found
}
