//! `对比表.html`: all units on one self-contained page with the style and script of `report.html`: lists that can be
//! searched and sorted, and scores that open their arithmetic and cells.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;

use super::{
    comparison::{Comparison, opened},
    feedback::{EvidenceLine, PartLine},
    lists::{self, Shown},
    view::View,
};
use crate::{
    chart::Picture,
    problem::Result,
    report::{document, html::inert, templates},
};

const TEMPLATE: &str = "score-comparison.html";

/// Context of the template. `style`, `script`, `behind` and the charts are inserted unchanged; everything else is
/// escaped by the template.
#[derive(Serialize)]
struct Context<'a> {
    language: &'static str,
    words: BTreeMap<String, String>,
    page: &'a Comparison,
    lists: BTreeMap<&'static str, Shown<'a>>,
    figures: Vec<Figure<'a>>,
    made: String,
    style: String,
    script: String,
    behind: String,
}

#[derive(Serialize)]
struct Figure<'a> {
    name: &'a str,
    /// The part of the page that shows the list.
    place: &'static str,
    title: &'a str,
    svg: &'a str,
}

/// The details that a score opens.
#[derive(Serialize)]
struct Behind {
    words: BTreeMap<String, String>,
    places: [(); 0],
    units: Vec<String>,
    items: Vec<Item>,
    /// By unit, then by item, in the order of the page; `null` if the item does not apply to the unit.
    scores: Vec<Vec<Option<Score>>>,
}

#[derive(Serialize)]
struct Item {
    title: String,
    heading: String,
    requirements: Vec<String>,
    procedure: Vec<String>,
    clause: String,
    note: Option<String>,
}

#[derive(Serialize)]
struct Score {
    state: String,
    points: String,
    score: String,
    lost: String,
    arithmetic: String,
    parts: Vec<PartLine>,
    evidence: Vec<EvidenceLine>,
    who: Vec<String>,
    cells: String,
}

/// The page, UTF-8. `folder`: a folder whose files replace those of `data/templates`.
///
/// # Errors
/// A template cannot be read or filled; the problem names its file and line.
pub fn write(
    view: &View<'_>,
    all: &Comparison,
    pictures: &[Picture],
    folder: Option<&Path>,
) -> Result<Vec<u8>> {
    let template = templates::text(TEMPLATE, folder)?;
    let lists = [
        ("standings", lists::comparison::standings(view, all)),
        ("unmarked", lists::comparison::unmarked(view, &all.unmarked)),
        ("above", lists::comparison::above(view, all)),
        ("reasons", lists::comparison::reasons(view, all)),
        ("papers", lists::comparison::papers(view)),
        ("consequences", lists::comparison::consequences(view)),
        ("differences", lists::comparison::differences(view, all.self_assessments.as_ref())),
        ("markers", lists::comparison::markers(view, all)),
    ];
    let context = Context {
        language: match document::suffix(view.words().language) {
            "zh" => "zh-CN",
            other => other,
        },
        // `scores.column.rank` becomes `column_rank`; if both catalogues have a key, the text of the scores is used.
        words: ["html.", "scores."]
            .into_iter()
            .flat_map(|start| view.words().under(start))
            .map(|(key, text)| (key.replace('.', "_"), text))
            .collect(),
        page: all,
        lists: lists.iter().map(|(name, list)| (*name, list.shown(view))).collect(),
        figures: pictures
            .iter()
            .map(|picture| Figure {
                name: &picture.name,
                place: picture.kind.place().id(),
                title: &picture.title,
                svg: picture.live(),
            })
            .collect(),
        made: view.scoring.made_line(),
        style: templates::text("report.css", folder)?,
        script: templates::text("report.js", folder)?,
        behind: inert(&behind(view, all))?,
    };
    templates::render(TEMPLATE, &template, &context).map(String::into_bytes)
}

fn behind(view: &View<'_>, all: &Comparison) -> Behind {
    let said = |key: &str| (key.to_string(), view.words().say(key));
    let wanted = view.words().keys().filter(|key| {
        key.starts_with("scores.column.") || key.starts_with("scores.open.") || key.starts_with("html.list.")
    });
    let items = all.items.iter().map(|item| {
        let own = view.items().get(item.at);
        Item {
            title: item.title.clone(),
            heading: item.heading.clone(),
            requirements: own.map_or(Vec::new(), |own| own.requirements.clone()),
            procedure: own.map_or(Vec::new(), |own| own.procedure.clone()),
            clause: own.map_or(String::new(), |own| own.clause.clone()),
            note: own.and_then(|own| own.note.as_ref()).map(|note| view.said(note).to_string()),
        }
    });
    let score = |unit: usize, item: usize| {
        let own = opened(view, unit, item)?;
        Some(Score {
            state: view.say(&format!("state.{}", own.state), &[]),
            points: own.points,
            score: own.score,
            lost: own.lost,
            arithmetic: own.arithmetic,
            parts: own.parts,
            evidence: own.evidence,
            who: own.who,
            cells: own.cells,
        })
    };
    Behind {
        words: wanted.map(said).collect(),
        places: [],
        units: all.units.iter().map(|unit| unit.name.clone()).collect(),
        items: items.collect(),
        scores: all
            .units
            .iter()
            .map(|unit| all.items.iter().map(|item| score(unit.at, item.at)).collect())
            .collect(),
    }
}
