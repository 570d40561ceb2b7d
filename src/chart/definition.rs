//! The definition of a chart: its names, where it is shown, and what it is drawn from.

use super::{
    Drawn,
    annual::{AnnualView, PortraitView},
    county::County,
};
use crate::{
    standard::{Indicator, Section},
    tables::scoring::Scoring,
};

/// One chart: everything that other modules need to know about it.
pub(super) struct Chart {
    /// Its name in the templates of documents: `::figure heat-map`.
    pub id: &'static str,
    /// What the names of its files begin with: `heat` for `heat-primary.svg`.
    pub file: &'static str,
    /// The table of the word catalogues that has its texts, among them `what` (what is shown: the line under the title)
    /// and `described` (the description for readers who cannot see the picture).
    pub words: &'static str,
    /// Where a page in HTML shows it.
    pub place: Place,
    pub draw: Draw,
}

impl Chart {
    /// A chart whose files begin with its id.
    pub const fn new(id: &'static str, words: &'static str, place: Place, draw: Draw) -> Chart {
        Chart { id, file: id, words, place, draw }
    }

    pub const fn in_files(self, file: &'static str) -> Chart {
        Chart { file, ..self }
    }
}

/// What a chart is drawn from, and how often.
pub(super) enum Draw {
    County(fn(&County) -> Drawn),
    /// Once per section of the county.
    CountySection(fn(&County, Section) -> Drawn),
    /// Once per section of the county and indicator of the standard.
    CountyIndicator(fn(&County, Section, &Indicator) -> Drawn),
    /// Once per section of the year's report.
    Annual(fn(&AnnualView, Section) -> Drawn),
    /// Once per section of the portrait of one district.
    Portrait(fn(&PortraitView, Section) -> Drawn),
    Scoring(fn(&Scoring) -> Drawn),
}

/// The part of a page in HTML that shows a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `report.html`, beside the table of indicators.
    Indicators,
    /// `report.html`, folded away below the table of indicators.
    Strips,
    /// `report.html`, above the list of schools.
    Schools,
    /// `report.html`, above the list of gaps.
    Gaps,
    /// `score-comparison.html`, below the ranking.
    Units,
    /// `score-comparison.html`, below the table of headings.
    Headings,
    /// The portrait of one district.
    Portrait,
    /// Wherever the template of the annual report names it.
    Template,
}

impl Place {
    pub const ALL: [Place; 8] = [
        Place::Indicators,
        Place::Strips,
        Place::Schools,
        Place::Gaps,
        Place::Units,
        Place::Headings,
        Place::Portrait,
        Place::Template,
    ];

    /// As the templates of the pages write it.
    pub fn id(self) -> &'static str {
        match self {
            Place::Indicators => "indicators",
            Place::Strips => "strips",
            Place::Schools => "schools",
            Place::Gaps => "gaps",
            Place::Units => "units",
            Place::Headings => "headings",
            Place::Portrait => "portrait",
            Place::Template => "template",
        }
    }
}
