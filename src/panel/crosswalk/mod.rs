//! Codes that changed or merged over the years, and the location of districts.

mod read;
mod regions;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

use regions::Regions;
pub use regions::{is_national, provinces};

use crate::{
    problem::{Error, Place, Problem, Result},
    tables::years::Region,
    words::Words,
};

/// The columns of a crosswalk file, in the order in which it is written.
pub const COLUMNS: [&str; 6] = ["from_code", "from_name", "to_code", "to_name", "from_year", "to_year"];

/// The successor of each code and year, and the city and province of each district.
#[derive(Debug, Clone, Default)]
pub struct Crosswalk {
    lines: Vec<Line>,
    /// Lines that name a code, those that also name the name first; then lines that name only the name.
    by_code: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    regions: Regions,
}

/// A line from one district to another, in some years.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    place: Place,
    /// The 1-based line number in the file.
    number: u32,
    /// Empty: any code.
    from_code: String,
    from_name: String,
    /// Empty: unchanged.
    to_code: String,
    to_name: String,
    from_year: i32,
    to_year: i32,
}

impl Line {
    fn overlaps(&self, other: &Line) -> bool {
        self.from_year <= other.to_year && other.from_year <= self.to_year
    }

    fn fits(&self, year: i32, code: &str, name: &str) -> bool {
        (self.from_year..=self.to_year).contains(&year)
            && (self.from_code.is_empty() || self.from_code == code)
            && (self.from_name.is_empty() || folded(&self.from_name) == folded(name))
    }

    /// Whether both can apply to the same district.
    fn meets(&self, other: &Line) -> bool {
        let either = |a: &str, b: &str| a.is_empty() || b.is_empty() || folded(a) == folded(b);
        if self.from_code.is_empty() && other.from_code.is_empty() {
            folded(&self.from_name) == folded(&other.from_name)
        } else {
            self.from_code == other.from_code && either(&self.from_name, &other.from_name)
        }
    }

    fn leads(&self, code: &str, name: &str) -> (String, String) {
        let or = |new: &String, old: &str| if new.is_empty() { old.to_string() } else { new.clone() };
        (or(&self.to_code, code), or(&self.to_name, name))
    }
}

/// Names that differ only in blanks are equal.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The district that a code and year leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    pub code: String,
    pub name: String,
    /// The first line that was followed; 1-based, in the file.
    pub line: Option<u32>,
    /// Every line that was followed, for [`Crosswalk::unused`].
    lines: Vec<usize>,
}

impl Crosswalk {
    /// Reads a crosswalk (csv or xlsx: `from_code, from_name, to_code, to_name, from_year, to_year`, or 原代码 …) and a
    /// file of regions (`district_code, city_code, city_name, province_code, province_name`, or 区县代码 …), if given. One
    /// of from_code and from_name may be empty, and one of to_code and to_name; without years a line applies to all
    /// years.
    ///
    /// # Errors
    /// A column is missing, a year is invalid, one code leads to two districts in a year, or lines form a circle; each
    /// is reported with its lines.
    pub fn read(crosswalk: Option<&Path>, regions: Option<&Path>) -> Result<Crosswalk> {
        let lines = crosswalk.map(read::lines).transpose()?.unwrap_or_default();
        let regions = regions.map(read::regions).transpose()?.unwrap_or_default();
        Crosswalk::of(lines, Regions::of(regions)?)
    }

    fn of(lines: Vec<Line>, regions: Regions) -> Result<Crosswalk> {
        let mut found = Crosswalk { regions, ..Crosswalk::default() };
        for (at, line) in lines.iter().enumerate() {
            let of_name = line.from_code.is_empty();
            let index = if of_name { &mut found.by_name } else { &mut found.by_code };
            let key = if of_name { folded(&line.from_name) } else { line.from_code.clone() };
            index.entry(key).or_default().push(at);
        }
        found.by_code.values_mut().for_each(|at| at.sort_by_key(|&at| lines[at].from_name.is_empty()));
        found.lines = lines;
        let mut problems = found.two_targets();
        problems.extend(found.circles());
        if problems.is_empty() { Ok(found) } else { Err(Error::Input(problems)) }
    }

    /// The district that a district of that year is counted as, following chains to their end.
    pub fn region(&self, year: i32, code: &str, name: &str, words: &Words) -> Region {
        let (code, name) = match self.followed(year, code, name) {
            Ok(followed) => (followed.code, followed.name),
            Err(_) => (code.to_string(), name.to_string()),
        };
        self.place(&code, &name, words)
    }

    /// The region of a district that is already resolved.
    pub(super) fn place(&self, code: &str, name: &str, words: &Words) -> Region {
        self.regions.of_district(code, name, words)
    }

    /// Like [`Self::region`], with the lines that were followed.
    ///
    /// # Errors
    /// A circle that only applies to this district's code and name together.
    pub fn followed(&self, year: i32, code: &str, name: &str) -> Result<Followed> {
        let (mut code, mut name) = (code.to_string(), name.to_string());
        let mut way = Vec::new();
        while let Some(at) = self.step(year, &code, &name) {
            if way.contains(&at) {
                return Err(self.circle(&way[way.iter().position(|seen| *seen == at).unwrap_or(0)..]).into());
            }
            way.push(at);
            (code, name) = self.lines[at].leads(&code, &name);
        }
        let line = way.first().map(|&at| self.lines[at].number);
        Ok(Followed { code, name, line, lines: way })
    }

    /// The line that applies in that year; a line that leads nowhere else is ignored.
    fn step(&self, year: i32, code: &str, name: &str) -> Option<usize> {
        let (of_code, of_name) = (self.by_code.get(code), self.by_name.get(&folded(name)));
        of_code.into_iter().chain(of_name).flatten().copied().find(|&at| {
            let line = &self.lines[at];
            let (to_code, to_name) = line.leads(code, name);
            line.fits(year, code, name) && (to_code != code || folded(&to_name) != folded(name))
        })
    }

    /// Lines that were never followed.
    pub fn unused(&self, ways: &[Followed]) -> Vec<Problem> {
        let used: BTreeSet<usize> = ways.iter().flat_map(|way| way.lines.iter().copied()).collect();
        let unused = self.lines.iter().enumerate().filter(|(at, _)| !used.contains(at));
        unused
            .map(|(_, line)| {
                Problem::warning("crosswalk_unused", line.place.clone())
                    .with("line", line.number)
                    .with("from", line.from())
            })
            .collect()
    }

    fn two_targets(&self) -> Vec<Problem> {
        let groups = self.by_code.values().chain(self.by_name.values());
        let mut pairs: Vec<(usize, usize)> = groups
            .flat_map(|group| group.iter().flat_map(|&a| group.iter().map(move |&b| (a, b))))
            .filter(|&(a, b)| {
                let (first, second) = (&self.lines[a], &self.lines[b]);
                a < b
                    && first.overlaps(second)
                    && first.meets(second)
                    && (&first.to_code, &first.to_name) != (&second.to_code, &second.to_name)
            })
            .collect();
        pairs.sort_unstable();
        let told = |(a, b): (usize, usize)| {
            let (first, second) = (&self.lines[a], &self.lines[b]);
            Problem::error("crosswalk_two_targets", second.place.clone())
                .with("from", second.from())
                .with("first", first.number)
                .with("second", second.number)
                .with("first_to", first.to())
                .with("second_to", second.to())
        };
        pairs.into_iter().map(told).collect()
    }

    /// Finds every circle once.
    fn circles(&self) -> Vec<Problem> {
        // The set of applicable lines only changes where a line begins or has ended.
        let mut years: Vec<i32> =
            self.lines.iter().flat_map(|line| [line.from_year, line.to_year.saturating_add(1)]).collect();
        years.sort_unstable();
        years.dedup();
        let mut told = BTreeSet::new();
        let mut problems = Vec::new();
        for year in years {
            for line in self.lines.iter().filter(|line| line.fits(year, &line.from_code, &line.from_name)) {
                let (mut code, mut name) = (line.from_code.clone(), line.from_name.clone());
                let mut way: Vec<usize> = Vec::new();
                while let Some(at) = self.step(year, &code, &name) {
                    if let Some(start) = way.iter().position(|seen| *seen == at) {
                        let mut members = way[start..].to_vec();
                        members.sort_unstable();
                        if told.insert(members) {
                            problems.push(self.circle(&way[start..]));
                        }
                        break;
                    }
                    way.push(at);
                    (code, name) = self.lines[at].leads(&code, &name);
                }
            }
        }
        problems
    }

    fn circle(&self, way: &[usize]) -> Problem {
        let lines = way.iter().filter_map(|&at| self.lines.get(at));
        let numbers: Vec<String> = lines.clone().map(|line| line.number.to_string()).collect();
        let mut steps: Vec<String> = lines.clone().map(Line::from).collect();
        steps.extend(lines.clone().next().map(Line::from));
        let place = lines.clone().next().map(|line| line.place.clone()).unwrap_or_default();
        Problem::error("crosswalk_cycle", place).list("lines", numbers).with("way", steps.join(" → "))
    }
}

fn label(code: &str, name: &str) -> String {
    [code, name].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Line {
    fn from(&self) -> String {
        label(&self.from_code, &self.from_name)
    }
    fn to(&self) -> String {
        label(&self.to_code, &self.to_name)
    }
}
