//! The list of all charts, one line per chart.
//!
//! To add a chart, write one file with a constant [`Chart`] and add its line here. Files, pages, documents and
//! notebooks take their charts from this list. The tests of `chart` fail where its words are missing in one of the languages, where
//! it draws nothing on the demonstration data, and where no report shows it.

use super::{
    annual::{
        cities, class_sizes_years, cv_years, decomposition, growth, limit_distance, location_years,
        lorenz_years, portrait_radar, portrait_trend, standing_years,
    },
    class_sizes,
    definition::{Chart, Place},
    dispersion, gaps, heat_map, location, lorenz, radar,
    scores::{distance, ranks, totals},
    shares, strip,
};

macro_rules! charts {
    ($($(#[$meaning:meta])+ $kind:ident: $chart:path,)+) => {
        /// What a picture shows. Documents decide by it where a picture stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$meaning])+ $kind,)+
        }

        impl Kind {
            /// All kinds, in the order in which reports show them.
            pub const ALL: &[Kind] = &[$(Kind::$kind),+];

            pub(super) fn chart(self) -> &'static Chart {
                match self {
                    $(Kind::$kind => &$chart,)+
                }
            }
        }
    };
}

charts! {
    /// County: the CV of every indicator against its limit, one panel per section.
    Dispersion: dispersion::CHART,
    /// County: schools × indicators in ratios to the threshold, one picture per section.
    HeatMap: heat_map::CHART,
    /// County: one dot per school, one picture per section and indicator.
    Strip: strip::CHART,
    /// County: each school's share of CV², one picture per dispersion above its limit.
    Shares: shares::CHART,
    /// County: the number of gaps by the department in charge.
    GapsByDepartment: gaps::BY_DEPARTMENT,
    /// County: the number of gaps by item.
    GapsByKind: gaps::BY_KIND,
    /// County: classes by their number of pupils, one panel per section.
    ClassSizes: class_sizes::CHART,
    /// County: Lorenz curves, one panel per indicator.
    Lorenz: lorenz::CHART,
    /// County: 城区, 镇区 and 乡村 side by side.
    Location: location::CHART,
    /// County: the indicators of the weakest school of each section.
    Radar: radar::CHART,
    /// Scoring: one stacked bar per unit, one part per heading.
    Totals: totals::CHART,
    /// Scoring: units × headings, the share of the points that is lost.
    Distance: distance::CHART,
    /// Scoring: ranks last year and this year.
    Ranks: ranks::CHART,
    /// Annual report: the CV of all schools together by year against its limit, with its interval.
    CvYears: cv_years::CHART,
    /// Annual report: districts by their distance to the limit.
    LimitDistance: limit_distance::CHART,
    /// Annual report: schools at standard by year.
    StandingYears: standing_years::CHART,
    /// Annual report: the CV by year, one panel per city.
    Cities: cities::CHART,
    /// Annual report: 城区, 镇区 and 乡村 by year.
    LocationYears: location_years::CHART,
    /// Annual report: the Lorenz curves of the first year and the last.
    LorenzYears: lorenz_years::CHART,
    /// Annual report: CV² decomposed by location, ownership and region.
    Decomposition: decomposition::CHART,
    /// Annual report: classes by their number of pupils, by year.
    ClassSizesYears: class_sizes_years::CHART,
    /// Annual report: growth against the mean at the start (β-convergence).
    Growth: growth::CHART,
    /// Portrait: a district's means against their thresholds and its CVs against their limits.
    PortraitRadar: portrait_radar::CHART,
    /// Portrait: a district's CVs by year.
    PortraitTrend: portrait_trend::CHART,
}

impl Kind {
    /// The name of the kind in templates: `heat-map`.
    pub fn id(self) -> &'static str {
        self.chart().id
    }

    /// The kind of this name; `None` where no chart has it.
    pub fn from_id(id: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.id() == id)
    }

    /// Where a page in HTML shows pictures of this kind.
    pub fn place(self) -> Place {
        self.chart().place
    }
}
