//! A made year of many districts with the years before it, for the tests of what is drawn and written: every table of
//! [`Annual`] from the same made schools, so that the tables agree with one another.

mod measures;
mod numbers;
mod rows;
mod schools;
mod spreads;

use polars::prelude::DataFrame;

use self::measures::Maker;
pub use self::schools::Plan;
use super::{Annual, Portrait};
use crate::{
    standard::Standard,
    tables::{definition::Frame, provenance::Provenance, years::Region},
    words::{Language, Words},
};

/// The tables, and what they are read with.
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
    /// Of every district, the last year.
    pub gaps: crate::tables::gaps::Frame,
    pub outlook: crate::tables::outlook::Frame,
    pub standard: Standard,
    pub words: Words,
    pub made: Provenance,
}

impl Sample {
    /// 12 districts in 3 cities, 2019 to 2024, by `quality-balance-2017`. One district lacks 2021, one begins with 2020,
    /// one more has no 2024; one school lacks its backbone teachers in 2021.
    pub fn usual(language: Language) -> Sample {
        Sample::of(&Plan::usual(language))
    }

    pub fn of(plan: &Plan) -> Sample {
        let standard = Standard::load(plan.standard).unwrap();
        let words = Words::load(plan.language).unwrap();
        let made = Provenance {
            program: "junheng 0.1.0".into(),
            inputs: vec!["store".into()],
            date: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        };
        let maker = Maker::of(plan, &standard);
        let (panel, regional, whole, by_location) = maker.panel();
        let (sigma, growth, convergence) = maker.convergence();
        let all = schools::regions(plan);
        let (regions, absent) = all.split_at(all.len() - 1);
        let alone = *plan.years.start() == *plan.years.end();
        Sample {
            year: *plan.years.end(),
            regions: regions.to_vec(),
            absent: if alone { Vec::new() } else { absent.to_vec() },
            panel,
            regional,
            whole,
            by_location,
            standings: maker.standings(),
            coverage: maker.coverage(),
            joined: maker.joined(),
            decomposition: maker.decomposition(),
            comparison: maker.comparison(),
            sigma,
            convergence,
            growth,
            lorenz: maker.lorenz(),
            class_sizes: maker.class_sizes(),
            gaps: Frame::new(maker.gaps()).unwrap(),
            outlook: Frame::new(maker.outlook()).unwrap(),
            standard,
            words,
            made,
        }
    }

    pub fn annual(&self) -> Annual<'_> {
        Annual {
            year: self.year,
            regions: self.regions.clone(),
            panel: Frame::new(self.panel.clone()).unwrap(),
            regional: Frame::new(self.regional.clone()).unwrap(),
            whole: Frame::new(self.whole.clone()).unwrap(),
            by_location: Frame::new(self.by_location.clone()).unwrap(),
            standings: Frame::new(self.standings.clone()).unwrap(),
            coverage: Frame::new(self.coverage.clone()).unwrap(),
            joined: Frame::new(self.joined.clone()).unwrap(),
            decomposition: Frame::new(self.decomposition.clone()).unwrap(),
            comparison: Frame::new(self.comparison.clone()).unwrap(),
            sigma: Frame::new(self.sigma.clone()).unwrap(),
            convergence: Frame::new(self.convergence.clone()).unwrap(),
            growth: Frame::new(self.growth.clone()).unwrap(),
            lorenz: Frame::new(self.lorenz.clone()).unwrap(),
            class_sizes: Frame::new(self.class_sizes.clone()).unwrap(),
            absent: self.absent.clone(),
            standard: &self.standard,
            words: &self.words,
            made: &self.made,
        }
    }

    /// Of the n-th of [`Self::regions`].
    pub fn portrait<'a>(&self, annual: &'a Annual<'a>, at: usize) -> Portrait<'a> {
        let region = self.regions[at].clone();
        Portrait {
            annual,
            gaps: self.gaps.filter(|row| row.district_code() == region.district_code),
            outlook: self.outlook.filter(|row| row.district_code() == region.district_code),
            region,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Row;

    #[test]
    fn the_tables_agree_with_one_another() {
        let sample = Sample::usual(Language::Chinese);
        assert_eq!((sample.regions.len(), sample.absent.len(), sample.year), (12, 1, 2024));
        // 2 sections, 7 indicators; 13 districts less the years three of them lack.
        assert_eq!(sample.panel.height(), (13 * 6 - 3) * 14);
        assert_eq!(sample.whole.height(), 6 * 14);
        for row in Row::all(&sample.whole) {
            let same = |other: &Row| {
                ["section", "indicator"].iter().all(|name| other.text(name) == row.text(name))
                    && other.whole("year") == row.whole("year")
            };
            let squared = Row::all(&sample.decomposition).find(|part| {
                same(part) && part.said("measure") == "cv_squared" && part.said("part") == "total"
            });
            if let Some(squared) = squared {
                let cv = row.number("cv").unwrap();
                assert!((squared.number("value").unwrap() - cv * cv).abs() < 1e-12);
            }
        }
        let met = Row::all(&sample.standings).filter(|row| row.said("level") == "district");
        let passes =
            met.filter(|row| row.whole("year") == Some(2024) && row.yes("passes") == Some(true)).count();
        assert!(passes < 24, "somebody fails");
        assert!(sample.gaps.height() > 20 && sample.outlook.height() > 20);
        assert_eq!(sample.growth.height(), 11 * 14);
    }
}
