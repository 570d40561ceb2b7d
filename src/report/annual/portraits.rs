//! The portraits of all districts, created in parallel and written one by one. An interrupted run continues where it
//! stopped.
//!
//! Portraits do not wait for the folder's commit: each is written whole or not at all as soon as it is made, and before
//! a page is put in place, a list (`portraits/portraits.csv`: file, key, sha256) records it. The key is a hash of
//! everything the page shows (the district's rows, its kept facts, its neighbours, standard, words, template, program
//! version). A page whose key and bytes are those of the list is kept; any other is created again; the page of a
//! district that no longer exists is removed. A page that is not in the list belongs to somebody else and is not
//! overwritten.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    portrait::{self, Ranking, file},
    rows_by,
};
use crate::{
    chart,
    problem::{Error, Place, Problem, Result},
    report::{csv, templates},
    sha256,
    store::{Folder, write_file},
    tables::{
        self,
        annual::{Annual, Derived, Portrait},
        definition::{Defined, Frame},
        derived::ranking,
        gaps, outlook, panel, standings,
        years::{Region, StoredYear, YearSource},
    },
    words::Language,
};

/// Their folder within the folder of the report.
pub const FOLDER: &str = "portraits";
const LIST: &str = "portraits.csv";
const INDEX: &str = "portraits/index.html";

/// Source of the data that a district's page needs besides the annual tables.
pub trait Districts: Sync {
    /// A key that changes whenever anything that [`Self::gaps`] reads changes.
    ///
    /// # Errors
    /// The disk fails.
    fn identity(&self, region: &Region) -> Result<String>;

    /// [`crate::tables::gaps`] of the district's year, worst first.
    ///
    /// # Errors
    /// The disk fails.
    fn gaps(&self, region: &Region) -> Result<gaps::Frame>;
}

/// The number of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    pub made: usize,
    /// Pages kept from an earlier run.
    pub taken: usize,
    pub removed: usize,
}

/// Writes every district's page below `folder`'s target, and the index into the folder. `watch(done, all)`.
///
/// # Errors
/// The disk fails, a template of the user is invalid, or a page that this program did not write is in the way.
pub fn write(
    folder: &mut Folder,
    (annual, derived): (&Annual, &Derived),
    outlook: &outlook::Frame,
    districts: &dyn Districts,
    templates: Option<&Path>,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Done> {
    let at = folder.target().join(FOLDER);
    fs::create_dir_all(&at).map_err(|why| Error::disk(&at, why))?;
    let ranking = Ranking::of(&derived.ranking);
    let work = Work {
        annual,
        ranking,
        rows: Rows::of(annual, outlook),
        outlook,
        shared: shared(annual, templates)?,
        districts,
        templates,
    };
    let list = List::open(&at)?;
    let names: HashSet<String> = annual.regions.iter().map(|region| file(&region.district_code)).collect();
    let removed = list.remove_but(&names)?;
    let (made, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    annual.regions.par_iter().try_for_each(|region| -> Result<()> {
        let name = file(&region.district_code);
        let key = work.key(region)?;
        if !list.has(&name, &key) {
            let page = work.page(region)?;
            list.put(&name, &key, &page)?;
            made.fetch_add(1, Ordering::Relaxed);
        }
        watch(done.fetch_add(1, Ordering::Relaxed) + 1, annual.regions.len());
        Ok(())
    })?;
    list.close()?;
    let index = index(annual, &derived.ranking, templates)?;
    folder.put(INDEX, &index)?;
    let made = made.into_inner();
    Ok(Done { made, taken: annual.regions.len() - made, removed })
}

/// The rows of each district.
struct Rows {
    panel: HashMap<String, Vec<usize>>,
    standings: HashMap<String, Vec<usize>>,
    outlook: HashMap<String, Vec<usize>>,
}

impl Rows {
    fn of(annual: &Annual, outlook: &outlook::Frame) -> Rows {
        Rows {
            panel: rows_by(&annual.panel, panel::column::district_code),
            standings: rows_by(&annual.standings, standings::column::district_code),
            outlook: rows_by(outlook, outlook::column::district_code),
        }
    }
}

struct Work<'a> {
    annual: &'a Annual<'a>,
    ranking: Ranking<'a>,
    rows: Rows,
    outlook: &'a outlook::Frame,
    /// Key of everything that all pages show.
    shared: Vec<u8>,
    districts: &'a dyn Districts,
    templates: Option<&'a Path>,
}

fn taken<T: Defined>(frame: &Frame<T>, rows: &HashMap<String, Vec<usize>>, codes: &[&str]) -> Frame<T> {
    frame.take(codes.iter().filter_map(|code| rows.get(*code)).flatten().copied())
}

impl Work<'_> {
    /// SHA-256 of everything that the page shows.
    fn key(&self, region: &Region) -> Result<String> {
        let code = region.district_code.as_str();
        let mut hash = Sha256::new();
        hash.update(&self.shared);
        hash.update(format!("{region:?}"));
        for frame in [
            taken(&self.annual.panel, &self.rows.panel, &[code]).into_frame(),
            taken(&self.annual.standings, &self.rows.standings, &[code]).into_frame(),
            taken(self.outlook, &self.rows.outlook, &[code]).into_frame(),
        ] {
            let mut text = Vec::new();
            csv::write(&frame, &mut text)?;
            hash.update(&text);
        }
        for row in self.ranking.beside(code) {
            let row = row.any();
            for column in self.ranking.frame.frame().get_column_names() {
                hash.update(format!("{:?} {:?} ", row.text(column), row.number(column)));
            }
        }
        hash.update(self.districts.identity(region)?);
        Ok(sha256::hex(&hash.finalize()))
    }

    fn page(&self, region: &Region) -> Result<Vec<u8>> {
        let annual = self.annual;
        let code = region.district_code.as_str();
        // Only the tables of this district, so that a chart does not search those of the whole country.
        let own = Annual {
            year: annual.year,
            regions: vec![region.clone()],
            panel: taken(&annual.panel, &self.rows.panel, &[code]),
            regional: annual.regional.clone(),
            whole: annual.whole.clone(),
            by_location: annual.by_location.clone(),
            standings: taken(&annual.standings, &self.rows.standings, &[code, "all"]),
            coverage: annual.coverage.head(0),
            joined: annual.joined.head(0),
            decomposition: annual.decomposition.head(0),
            comparison: annual.comparison.head(0),
            sigma: annual.sigma.head(0),
            convergence: annual.convergence.head(0),
            growth: annual.growth.head(0),
            lorenz: annual.lorenz.head(0),
            class_sizes: annual.class_sizes.head(0),
            absent: Vec::new(),
            standard: annual.standard,
            words: annual.words,
            made: annual.made,
        };
        let of = Portrait {
            annual: &own,
            region: region.clone(),
            gaps: self.districts.gaps(region)?,
            outlook: taken(self.outlook, &self.rows.outlook, &[code]),
        };
        let pictures = chart::portrait_pictures(&of)?;
        portrait::portrait(&of, &self.ranking, &pictures, self.templates)
    }
}

/// SHA-256 of everything that the gaps of a district-year depend on; it changes when a file was corrected.
///
/// # Errors
/// As [`crate::tables::years::YearSource::facts`].
pub fn identity(years: &dyn YearSource, parts: &[&StoredYear]) -> Result<String> {
    let mut hash = Sha256::new();
    for table in [tables::facts::table(), tables::district_facts::table(), tables::answers::table()] {
        let mut text = Vec::new();
        csv::write(&years.stacked(parts, &table)?, &mut text)?;
        hash.update(&text);
    }
    Ok(sha256::hex(&hash.finalize()))
}

/// Everything that all pages have in common, as bytes.
fn shared(annual: &Annual, folder: Option<&Path>) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    let standard = serde_json::to_vec(annual.standard).map_err(|why| Error::json("json", why))?;
    all.extend(standard);
    all.extend(env!("CARGO_PKG_VERSION").as_bytes());
    all.extend(format!("{} {:?} {}", annual.year, annual.words.language, annual.regions.len()).bytes());
    all.extend(templates::text("portrait.html", folder)?.bytes());
    for key in annual.words.keys().filter(|key| key.starts_with("annual.") || key.starts_with("chart.")) {
        all.extend(annual.words.say(key).bytes());
    }
    let mut whole = Vec::new();
    csv::write(annual.whole.frame(), &mut whole)?;
    all.extend(whole);
    Ok(Sha256::digest(&all).to_vec())
}

/// The list of pages that this program wrote.
struct List {
    folder: PathBuf,
    /// File → key and hash, from the last line that names the file.
    known: Mutex<BTreeMap<String, (String, String)>>,
    /// Lines are added as pages are made.
    lines: Mutex<fs::File>,
}

impl List {
    fn open(folder: &Path) -> Result<List> {
        let path = folder.join(LIST);
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(why) if why.kind() == io::ErrorKind::NotFound => String::new(),
            Err(why) => return Err(Error::disk(&path, why)),
        };
        let mut known = BTreeMap::new();
        // An incomplete last line of a killed run is ignored: its page had not been put in place yet.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        for (at, line) in whole.lines().enumerate() {
            let parts: Vec<&str> = line.split(',').collect();
            let [file, key, hash] = parts[..] else {
                let place = Place::cell(path.display().to_string(), "", (at + 1).to_string());
                return Err(Problem::error("portraits_broken", place).with("why", line).into());
            };
            // Anybody can edit the list, so a path outside its folder is never accepted as ours.
            if !file.contains(['/', '\\']) && file.ends_with(".html") {
                known.insert(file.to_string(), (key.to_string(), hash.to_string()));
            }
        }
        let list =
            List { folder: folder.to_path_buf(), known: Mutex::new(known), lines: Mutex::new(open(&path)?) };
        if text.len() > whole.len() && !text.ends_with('\n') {
            list.rewrite()?;
        }
        Ok(list)
    }

    fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
        // A panic cannot have left a partial state, because lines and entries are added as a whole.
        mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Whether the page exists as listed and is still up to date.
    fn has(&self, name: &str, key: &str) -> bool {
        let known = List::lock(&self.known).get(name).cloned();
        known.is_some_and(|(own, hash)| {
            own == key && fs::read(self.folder.join(name)).is_ok_and(|page| sha256::of(&page) == hash)
        })
    }

    /// Records the page in the list, then puts it in place.
    fn put(&self, name: &str, key: &str, page: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        let hash = sha256::of(page);
        if path.exists() && !List::lock(&self.known).contains_key(name) {
            return Err(Problem::error("portrait_not_ours", Place::file(path.display().to_string())).into());
        }
        {
            let mut lines = List::lock(&self.lines);
            let line = format!("{name},{key},{hash}\n");
            lines.write_all(line.as_bytes()).map_err(|why| Error::disk(self.folder.join(LIST), why))?;
        }
        List::lock(&self.known).insert(name.to_string(), (key.to_string(), hash));
        write_file(&path, |aside| fs::write(aside, page).map_err(|why| Error::disk(aside, why)))
    }

    /// Removes our pages of other districts.
    fn remove_but(&self, names: &HashSet<String>) -> Result<usize> {
        let mut known = List::lock(&self.known);
        let stale: Vec<String> = known.keys().filter(|name| !names.contains(*name)).cloned().collect();
        for name in &stale {
            let path = self.folder.join(name);
            match fs::remove_file(&path) {
                Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(Error::disk(&path, why)),
                _ => {}
            }
            known.remove(name);
        }
        drop(known);
        if !stale.is_empty() {
            self.rewrite()?;
        }
        Ok(stale.len())
    }

    /// One line per page.
    fn rewrite(&self) -> Result<()> {
        let path = self.folder.join(LIST);
        let text: String = List::lock(&self.known)
            .iter()
            .map(|(name, (key, hash))| format!("{name},{key},{hash}\n"))
            .collect();
        write_file(&path, |aside| fs::write(aside, &text).map_err(|why| Error::disk(aside, why)))?;
        // The open file is the one that was replaced, so the list is opened again.
        *List::lock(&self.lines) = open(&path)?;
        Ok(())
    }

    fn close(self) -> Result<()> {
        self.rewrite()
    }
}

fn open(path: &Path) -> Result<fs::File> {
    fs::OpenOptions::new().create(true).append(true).open(path).map_err(|why| Error::disk(path, why))
}

/// Context of `portraits.html`.
#[derive(Serialize)]
struct Index {
    language: &'static str,
    title: String,
    search: String,
    none_found: String,
    heads: Vec<String>,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    file: String,
    name: String,
    code: String,
    city: String,
    rank: String,
    ratio: String,
    passes: String,
}

fn index(annual: &Annual, ranking: &ranking::Frame, folder: Option<&Path>) -> Result<Vec<u8>> {
    let words = annual.words;
    let say = |key: &str| words.say(&format!("annual.{key}"));
    let rows = ranking.rows().map(|row| Line {
        file: file(row.district_code()),
        name: row.district_name().unwrap_or_default().to_string(),
        code: row.district_code().to_string(),
        city: row.city_name().unwrap_or_default().to_string(),
        rank: crate::number::fixed(row.rank().map(|rank| rank as f64), 0),
        ratio: crate::number::fixed(row.ratio(), 3),
        passes: say(&format!("value.{}", super::tables::passes_key(row))),
    });
    let index = Index {
        language: match words.language {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        },
        title: words.fill("annual.portrait.index", &[("year", annual.year.to_string())]),
        search: say("portrait.search"),
        none_found: say("portrait.none_found"),
        heads: ["rank", "district", "code", "city", "ratio", "passes"]
            .map(|key| say(&format!("column.{key}")))
            .to_vec(),
        rows: rows.collect(),
    };
    let name = "portraits.html";
    let template = templates::text(name, folder)?;
    templates::render(name, &template, &index).map(String::into_bytes)
}
