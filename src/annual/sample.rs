//! An invented year of many districts with the years before it, for the tests of charts and documents. It passes
//! through the same rooms as real data: facts from `synth`, kept in memory, measured, judged, and compared by
//! [`annual`].

use std::sync::OnceLock;

use polars::prelude::*;

use super::{annual, district};
use crate::{
    outlook,
    panel::{Resampling, StudyOptions, crosswalk::Crosswalk},
    standard::Standard,
    synth::{Decade, decade, write_decade},
    tables::{
        self,
        annual::{Annual, Portrait},
        provenance::Provenance,
        years::{InMemoryYears, Region},
    },
    words::{Language, Words},
};

/// The size of the invented data.
#[derive(Debug, Clone)]
pub struct Plan {
    /// In two cities from five districts on, in three from nine on.
    pub districts: usize,
    pub years: std::ops::RangeInclusive<i32>,
    /// The approximate number per district.
    pub schools: usize,
    pub standard: &'static str,
    pub language: Language,
}

impl Plan {
    /// 12 districts in 3 cities, 6 years.
    pub fn usual(language: Language) -> Plan {
        Plan { districts: 12, years: 2019..=2024, schools: 12, standard: "quality-balance-2017", language }
    }

    /// The facts of the years. As in `synth`, two districts become one and one is missing in the middle year; in
    /// addition, one more begins with the second year, and the last district lacks the last year.
    fn facts(&self) -> DataFrame {
        let settings =
            Decade { seed: 1, years: self.years.clone(), districts: self.districts, schools: self.schools };
        let years = decade(&settings).unwrap();
        let mut all = years[0].clone();
        for year in &years[1..] {
            all.vstack_mut(year).unwrap();
        }
        let (first, last) = (*self.years.start(), *self.years.end());
        if self.districts < 9 || last - first < 2 {
            return all;
        }
        let lacks = [(BEGINS_LATE, first), (ENDS_EARLY, last)];
        let codes = all.column("district_code").unwrap().str().unwrap();
        let of = all.column("year").unwrap().i32().unwrap();
        let there: BooleanChunked = codes
            .iter()
            .zip(of.iter())
            .map(|(code, year)| {
                Some(!lacks.iter().any(|&(own, lacked)| code == Some(own) && year == Some(lacked)))
            })
            .collect();
        all.filter(&there).unwrap()
    }
}

/// The codes of two districts of [`Plan::usual`].
pub const BEGINS_LATE: &str = "430624";
pub const ENDS_EARLY: &str = "430724";

/// The tables of [`Annual`], which a test may change, and their context.
#[derive(Debug, Clone)]
pub struct Sample {
    pub year: i32,
    pub regions: Vec<Region>,
    pub panel: DataFrame,
    pub regional: DataFrame,
    pub whole: DataFrame,
    pub by_location: DataFrame,
    pub standings: DataFrame,
    pub coverage: DataFrame,
    pub joined: DataFrame,
    pub decomposition: DataFrame,
    pub comparison: DataFrame,
    pub sigma: DataFrame,
    pub convergence: DataFrame,
    pub growth: DataFrame,
    pub lorenz: DataFrame,
    pub class_sizes: DataFrame,
    pub absent: Vec<Region>,
    /// The gaps of every district in the last year.
    pub gaps: tables::gaps::Frame,
    pub outlook: tables::outlook::Frame,
    pub standard: Standard,
    pub words: Words,
    pub made: Provenance,
}

impl Sample {
    /// The sample of [`Plan::usual`], made once.
    pub fn usual(language: Language) -> Sample {
        static CHINESE: OnceLock<Sample> = OnceLock::new();
        static ENGLISH: OnceLock<Sample> = OnceLock::new();
        let made = match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        };
        made.get_or_init(|| Sample::of(&Plan::usual(language))).clone()
    }

    pub fn of(plan: &Plan) -> Sample {
        let standard = Standard::load(plan.standard).unwrap();
        let words = Words::load(plan.language).unwrap();
        let made = Provenance {
            program: "junheng 0.1.0".into(),
            inputs: vec!["store".into()],
            date: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        };
        let asked = StudyOptions {
            crosswalk: crosswalk(plan),
            resampling: Resampling { replicates: 100, ..Resampling::default() },
            ..StudyOptions::default()
        };
        let year = *plan.years.end();
        let held = InMemoryYears::of(&plan.facts()).unwrap();
        let found = annual(&held, year, &asked, &standard, &made, &words, &|_, _| {}).unwrap();
        let parts = district::parts(&held, year, &asked, &words);
        let mut gaps = tables::gaps::Frame::empty();
        for region in &found.regions {
            let parts = &parts[&region.district_code];
            gaps.append(&district::gaps(&held, parts, region, &standard, false, &words).unwrap());
        }
        let outlook = outlook::outlook(&found.panel, &standard, year + 3, asked.resampling.level);
        Sample {
            year,
            regions: found.regions,
            panel: found.panel.into_frame(),
            regional: found.regional.into_frame(),
            whole: found.whole.into_frame(),
            by_location: found.by_location.into_frame(),
            standings: found.standings.into_frame(),
            coverage: found.coverage.into_frame(),
            joined: found.joined.into_frame(),
            decomposition: found.decomposition.into_frame(),
            comparison: found.comparison.into_frame(),
            sigma: found.sigma.into_frame(),
            convergence: found.convergence.into_frame(),
            growth: found.growth.into_frame(),
            lorenz: found.lorenz.into_frame(),
            class_sizes: found.class_sizes.into_frame(),
            absent: found.absent,
            gaps,
            outlook,
            standard,
            words,
            made,
        }
    }

    pub fn annual(&self) -> Annual<'_> {
        use tables::*;
        Annual {
            year: self.year,
            regions: self.regions.clone(),
            panel: panel::Frame::new(self.panel.clone()).unwrap(),
            regional: panel::Frame::new(self.regional.clone()).unwrap(),
            whole: panel::Frame::new(self.whole.clone()).unwrap(),
            by_location: panel::Frame::new(self.by_location.clone()).unwrap(),
            standings: standings::Frame::new(self.standings.clone()).unwrap(),
            coverage: coverage::Frame::new(self.coverage.clone()).unwrap(),
            joined: joined::Frame::new(self.joined.clone()).unwrap(),
            decomposition: decomposition::Frame::new(self.decomposition.clone()).unwrap(),
            comparison: comparison::Frame::new(self.comparison.clone()).unwrap(),
            sigma: sigma::Frame::new(self.sigma.clone()).unwrap(),
            convergence: convergence::Frame::new(self.convergence.clone()).unwrap(),
            growth: growth::Frame::new(self.growth.clone()).unwrap(),
            lorenz: lorenz::Frame::new(self.lorenz.clone()).unwrap(),
            class_sizes: class_sizes::Frame::new(self.class_sizes.clone()).unwrap(),
            absent: self.absent.clone(),
            standard: &self.standard,
            words: &self.words,
            made: &self.made,
        }
    }

    /// The portrait of the n-th of [`Self::regions`].
    pub fn portrait<'a>(&self, annual: &'a Annual<'a>, at: usize) -> Portrait<'a> {
        let region = self.regions[at].clone();
        Portrait {
            annual,
            gaps: self.gaps.filter(|row| row.district_code() == region.district_code),
            outlook: self.outlook.filter(|row| row.district_code() == region.district_code),
            region,
        }
    }

    /// The index of a district in [`Self::regions`].
    pub fn at(&self, code: &str) -> usize {
        self.regions.iter().position(|region| region.district_code == code).unwrap()
    }
}

/// The files that `synth` writes beside the years.
fn crosswalk(plan: &Plan) -> Crosswalk {
    let folder = tempfile::tempdir().unwrap();
    // One year would be enough, but the middle year determines which codes change.
    let settings = Decade { seed: 1, years: plan.years.clone(), districts: plan.districts, schools: 1 };
    write_decade(&settings, folder.path()).unwrap();
    let file = |name: &str| folder.path().join(name);
    Crosswalk::read(Some(&file("crosswalk.csv")), Some(&file("regions.csv"))).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_year_has_what_tests_look_for() {
        let sample = Sample::usual(Language::Chinese);
        // Two of the twelve districts have become one, and one lacks the last year.
        assert_eq!((sample.regions.len(), sample.absent.len(), sample.year), (10, 1, 2024));
        assert_eq!(sample.absent[0].district_code, ENDS_EARLY);
        let annual = sample.annual();
        let years_of = |code: &str| {
            let rows = annual.panel.rows().filter(|row| row.district_code() == code);
            rows.map(|row| row.year()).collect::<std::collections::BTreeSet<_>>().len()
        };
        assert_eq!((years_of(BEGINS_LATE), years_of(ENDS_EARLY)), (5, 5));
        assert_eq!(annual.whole.height(), 6 * 14);
        let fails = annual.standings.rows().any(|row| row.year() == 2024 && row.passes() == Some(false));
        assert!(fails && sample.gaps.height() > 20 && sample.outlook.height() > 20);
        let cities: std::collections::BTreeSet<&str> =
            sample.regions.iter().map(|region| region.city_code.as_str()).collect();
        assert_eq!(cities.len(), 3);
        assert!(!annual.joined.is_empty() && !annual.growth.is_empty());
    }
}
