//! Writes an invented decade as files and as tables of facts.

use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::{Decade, counties, lives, names};
use crate::{
    dictionary::{Dictionary, Grain},
    problem::{Error, Result},
    synth::{
        County, School, SchoolSection, Value,
        write::{IDENTITY, school_value, section_value},
    },
    tables,
};

/// Writes `years/<year>.csv`, one row per section with the dictionary's headers, as `junheng store add` reads them;
/// `crosswalk.csv` and `regions.csv`. Returns the files written.
///
/// # Errors
/// The files cannot be written.
pub fn write_decade(settings: &Decade, folder: &Path) -> Result<Vec<PathBuf>> {
    let years = folder.join("years");
    std::fs::create_dir_all(&years).map_err(|why| Error::disk(&years, why))?;
    let mut lives = lives::begin(settings);
    let mut files = Vec::new();
    let mut columns = Vec::new();
    for year in settings.years.clone() {
        let counties = counties(&mut lives, year, settings);
        if columns.is_empty() {
            columns = filled(&counties);
        }
        files.push(save(&years.join(format!("{year}.csv")), |lines| {
            let label = |id: &&str| match *id {
                "section" => SECTION.to_string(),
                id => Dictionary::get().fact(id).map_or(id.into(), |fact| fact.label_zh.clone()),
            };
            lines.write_record(columns.iter().map(label))?;
            for (county, school, part) in parts(&counties) {
                lines.write_record(columns.iter().map(|id| match value(county, school, part, id) {
                    Some(Value::Number(number)) => number.to_string(),
                    Some(Value::Text(text)) => text,
                    None => String::new(),
                }))?;
            }
            Ok(())
        })?);
    }
    files.push(save(&folder.join("crosswalk.csv"), |lines| {
        lines.write_record(["from_code", "from_name", "to_code", "to_name", "from_year", "to_year"])?;
        for number in 0..settings.districts {
            let (code, name) = names::first(number, settings);
            if let Some((to_code, to_name)) = names::change(number, settings).filter(|(to, _)| *to != code)
                && let Some(middle) = settings.middle()
            {
                let (from, to) = (settings.years.start().to_string(), (middle - 1).to_string());
                lines.write_record([code, name, to_code, to_name, from, to])?;
            }
        }
        Ok(())
    })?);
    files.push(save(&folder.join("regions.csv"), |lines| {
        lines.write_record(["district_code", "city_code", "city_name", "province_code", "province_name"])?;
        let province = &names::Names::get().province;
        let cities = names::all_cities(settings);
        let mut codes: Vec<String> = (0..settings.districts)
            .flat_map(|n| [Some(names::first(n, settings)), names::change(n, settings)])
            .flatten()
            .map(|(code, _)| code)
            .collect();
        codes.sort();
        codes.dedup();
        for code in codes {
            if let Some((city, name)) = cities.iter().find(|(city, _)| code.starts_with(city.as_str())) {
                lines.write_record([&code, city, name, &province.code, &province.name])?;
            }
        }
        Ok(())
    })?);
    Ok(files)
}

/// The header of the column of sections.
const SECTION: &str = "学段";

/// UTF-8 with the byte order mark that Excel looks for.
fn save(
    path: &Path,
    fill: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error>,
) -> Result<PathBuf> {
    let mut lines = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let bytes = match fill(&mut lines) {
        Ok(()) => lines.into_inner().map_err(|why| Error::defect(path.display(), why.into_error()))?,
        Err(why) => return Err(Error::defect(path.display(), why)),
    };
    std::fs::write(path, bytes).map_err(|why| Error::disk(path, why))?;
    Ok(path.to_path_buf())
}

fn parts(counties: &[County]) -> impl Iterator<Item = (&County, &School, &SchoolSection)> {
    let schools =
        counties.iter().flat_map(|county| county.schools.iter().map(move |school| (county, school)));
    schools.flat_map(|(county, school)| school.sections.iter().map(move |part| (county, school, part)))
}

fn value(county: &County, school: &School, part: &SchoolSection, id: &str) -> Option<Value> {
    match id {
        "section" => Some(Value::Text(part.section.label_zh().to_string())),
        id if Dictionary::get().fact(id).is_some_and(|fact| fact.grain == Grain::Section) => {
            section_value(part, id)
        }
        id => school_value(county, school, id),
    }
}

/// The columns of the files: identity, then every fact that some section of the first district with schools has.
fn filled(counties: &[County]) -> Vec<&'static str> {
    let mut columns: Vec<&str> = IDENTITY.to_vec();
    let at = columns.iter().position(|id| *id == "school_type").unwrap_or_default();
    columns.insert(at, "section");
    for fact in Dictionary::get().columns() {
        let id = fact.id.as_str();
        let has = |part: &SchoolSection, school: &School| {
            part.facts.contains_key(id) || school.facts.contains_key(id)
        };
        if !columns.contains(&id) && parts(counties).any(|(_, school, part)| has(part, school)) {
            columns.push(id);
        }
    }
    columns
}

/// [`tables::facts`] of these districts.
pub(super) fn facts(counties: &[County]) -> Result<DataFrame> {
    let table = tables::facts::table();
    let height = parts(counties).count();
    let known = filled(counties);
    let columns = table.columns.iter().map(|column| {
        let id = column.name.as_str();
        let name: PlSmallStr = id.into();
        if id == "section" {
            let sections = parts(counties).map(|(.., part)| Some(part.section.id()));
            return Ok(StringChunked::from_iter_options(name, sections).into_column());
        }
        if id == "source_row" {
            let rows = (0..height).map(|row| Some(row as i32 + 2));
            return Ok(Int32Chunked::from_iter_options(name, rows).into_column());
        }
        if !known.contains(&id) {
            return Ok(Column::full_null(name, height, &column.dtype));
        }
        let values = parts(counties).map(|(county, school, part)| value(county, school, part, id));
        let number = |value: Option<Value>| value.as_ref().and_then(Value::number);
        let text = |value: Option<Value>| match value? {
            Value::Text(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
        };
        Ok(match column.dtype {
            DataType::String => StringChunked::from_iter_options(name, values.map(text)).into_column(),
            DataType::Boolean => {
                let yes = values.map(|value| text(value).map(|text| text == "是" || text == "1"));
                BooleanChunked::from_iter_options(name, yes).into_column()
            }
            DataType::Int32 => {
                let whole = values.map(|value| number(value).map(|number| number as i32));
                Int32Chunked::from_iter_options(name, whole).into_column()
            }
            _ => Float64Chunked::from_iter_options(name, values.map(number)).into_column(),
        })
    });
    let columns: PolarsResult<Vec<Column>> = columns.collect();
    let frame = DataFrame::new(height, columns?)?;
    table.check(&frame)?;
    Ok(frame)
}
