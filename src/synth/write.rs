//! Writes a county as files: three statistics exports, a form per school and the county's, one wide workbook.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use super::{County, School, SchoolSection, Value, layout::Layout};
use crate::{
    dictionary::{Dictionary, Grain, Section, is_for_the_form},
    problem::{Error, Place, Problem, Result},
    report::workbook::{Sheet, Style, Value as Content, Workbook, address, undated},
    tables::facts,
    words::{Language, Words},
};

/// Writes `county` into `folder` (created if necessary): `exports/`, `forms/`, `<district>.xlsx` and, if flaws were
/// planted, `瑕疵清单.txt` with a list of them. Returns the files written. Fails if `exports` or `forms` contains other
/// workbooks, because two counties would be read as one.
pub fn write(county: &County, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = write_exports(county, &folder.join("exports"))?;
    files.extend(write_forms(county, &folder.join("forms"))?);
    files.push(write_wide(county, &folder.join(format!("{}.xlsx", county.district_name)))?);
    if !county.flaws.is_empty() {
        let path = folder.join("瑕疵清单.txt");
        std::fs::write(&path, flaw_list(county)).map_err(|e| Error::disk(&path, e))?;
        files.push(path);
    }
    Ok(files)
}

/// `小学.xlsx`, `初中.xlsx`, `高中.xlsx`, for the sections that the county has.
pub fn write_exports(county: &County, folder: &Path) -> Result<Vec<PathBuf>> {
    let sections: Vec<Section> = Section::ALL
        .into_iter()
        .filter(|section| county.schools.iter().any(|school| school.section(*section).is_some()))
        .collect();
    prepare(
        folder,
        &sections.iter().map(|section| format!("{}.xlsx", section.label_zh())).collect::<Vec<_>>(),
    )?;
    sections
        .into_iter()
        .map(|section| {
            let path = folder.join(format!("{}.xlsx", section.label_zh()));
            saved(&path, |book| export(county, section, book))
        })
        .collect()
}

/// `<school>.xlsx` for each school, and the county's form.
pub fn write_forms(county: &County, folder: &Path) -> Result<Vec<PathBuf>> {
    let form = &Layout::get().form;
    let mut names: Vec<String> =
        county.schools.iter().map(|school| format!("{}.xlsx", school.name)).collect();
    names.push(format!("{}.xlsx", form.district_file));
    prepare(folder, &names)?;
    let mut files = Vec::with_capacity(names.len());
    for (school, name) in county.schools.iter().zip(&names) {
        files.push(saved(&folder.join(name), |book| school_form(county, school, book))?);
    }
    let path = folder.join(format!("{}.xlsx", form.district_file));
    files.push(saved(&path, |book| district_form(county, book))?);
    Ok(files)
}

/// One workbook of two sheets: 学校, with one row per school, and 区县.
pub fn write_wide(county: &County, path: &Path) -> Result<PathBuf> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| Error::disk(folder, e))?;
    }
    saved(path, |book| wide(county, book))
}

/// Creates `folder`; fails if it contains workbooks that would remain.
fn prepare(folder: &Path, names: &[String]) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::disk(folder, e))?;
    let ours: HashSet<&String> = names.iter().collect();
    for entry in std::fs::read_dir(folder).map_err(|e| Error::disk(folder, e))? {
        let name = entry.map_err(|e| Error::disk(folder, e))?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".xlsx") && !name.starts_with("~$") && !ours.contains(&name) {
            let place = Place::file(folder.display().to_string());
            return Err(Error::usage(Problem::error("synth_folder_in_use", place).with("found", name)));
        }
    }
    Ok(())
}

/// The same bytes every time: the creation date is fixed.
fn saved(path: &Path, fill: impl FnOnce(&mut Workbook)) -> Result<PathBuf> {
    let mut book = Workbook::new(undated());
    fill(&mut book);
    book.save(path)?;
    Ok(path.to_path_buf())
}

impl From<Value> for Content {
    fn from(value: Value) -> Content {
        match value {
            Value::Number(number) => Content::Number(number),
            // Always a string cell, whatever it begins with.
            Value::Text(text) => Content::AsRead(text),
        }
    }
}

fn text(text: impl Into<String>) -> Option<Value> {
    Some(Value::Text(text.into()))
}

fn yes_no(yes: bool) -> Option<Value> {
    text(if yes { "是" } else { "否" })
}

/// The value of a fact for a school as a whole, including its identity; `None` for a blank cell.
pub(super) fn school_value(county: &County, school: &School, fact: &str) -> Option<Value> {
    let students: f64 = school
        .sections
        .iter()
        .filter(|p| p.section != Section::Senior)
        .map(|p| p.number(facts::column::students))
        .sum();
    let largest =
        school.sections.iter().map(|part| part.number(facts::column::max_class_size)).fold(0.0, f64::max);
    match fact {
        "district_code" => text(&county.district_code),
        "district_name" => text(&county.district_name),
        "year" => Some(Value::Number(f64::from(county.year))),
        "school_code" => text(&school.code),
        "school_name" => text(&school.name),
        "school_type" => text(&school.school_type),
        "ownership" => text(&school.ownership),
        "location" => text(&school.location),
        "boarding" => yes_no(school.boarding),
        "built_year" => Some(Value::Number(f64::from(school.built_year))),
        "built_by_2010" => yes_no(school.built_year <= 2010),
        "built_by_2016" => yes_no(school.built_year <= 2016),
        "dense_urban_core" => yes_no(school.dense_urban_core),
        "small_rural_school" => yes_no(school.location == "乡村" && (50.0..100.0).contains(&students)),
        "small_class_rural_school" => yes_no(school.location == "乡村" && students < 100.0 && largest < 30.0),
        "counted" => Some(Value::Number(1.0)),
        _ => school.facts.get(fact).cloned(),
    }
}

pub(super) fn section_value(part: &SchoolSection, fact: &str) -> Option<Value> {
    match fact {
        "arts_teachers_total" => {
            let parts = ["music_teachers", "art_teachers", "arts_teachers"];
            Some(Value::Number(parts.iter().map(|fact| part.number(fact)).sum()))
        }
        _ => part.facts.get(fact).cloned(),
    }
}

fn is_section_fact(fact: &str) -> bool {
    Dictionary::get().fact(fact).is_some_and(|fact| fact.grain == Grain::Section)
}

fn export(county: &County, section: Section, book: &mut Workbook) {
    let layout = &Layout::get().export;
    let filled = |text: &str| {
        text.replace("{year}", &county.year.to_string()).replace("{section}", section.label_zh())
    };
    let mut sheet = book.sheet(&layout.sheet);
    let head = Style::new().centre().middle().wrap();
    let last = layout.columns.len() as u16 - 1;
    sheet.merge((0, 0), (0, last), &filled(&layout.title), &head);
    let paths: Vec<Vec<String>> =
        layout.columns.iter().map(|column| column.path.iter().map(|part| filled(part)).collect()).collect();
    let levels = paths.iter().map(Vec::len).max().unwrap_or(1);
    for level in 0..levels {
        let mut start = 0;
        while start < paths.len() {
            let Some(label) = paths[start].get(level) else {
                start += 1;
                continue;
            };
            let mut end = start;
            while paths.get(end + 1).is_some_and(|next| next.get(..=level) == paths[start].get(..=level)) {
                end += 1;
            }
            // A leaf extends down to the last row of the header.
            let bottom = if paths[start].len() == level + 1 { levels } else { level + 1 };
            let (top, left, right) = (1 + level as u32, start as u16, end as u16);
            sheet.merge((top, left), (bottom as u32, right), label, &head);
            start = end + 1;
        }
    }

    let first = 1 + levels as u32;
    let mut row = first;
    let mut students = 0.0;
    for school in &county.schools {
        let Some(part) = school.section(section) else { continue };
        for (column, wanted) in layout.columns.iter().enumerate() {
            let value = match wanted.fact.as_str() {
                "ownership" if school.ownership == "公办" => text(&layout.public_owner),
                "ownership" => text(&layout.private_owner),
                fact if is_section_fact(fact) => section_value(part, fact),
                fact => school_value(county, school, fact),
            };
            sheet.write(row, column as u16, value);
        }
        students += part.number(facts::column::students);
        row += 1;
    }
    sheet.write(row, 0, &layout.total);
    if let Some(column) = layout.columns.iter().position(|column| column.fact == "students") {
        let column = column as u16;
        let sum = format!("=SUM({}:{})", address(first, column), address(row - 1, column));
        sheet.formula(row, column, &sum, &students.to_string(), &Style::new());
    }
    sheet.write(row + 1, 0, &layout.note).widths(&[24.0, 14.0]);
    book.add(sheet);
}

/// A form being written row by row.
struct Form {
    sheet: Sheet,
    row: u32,
}

/// The other cells of a row of a form.
#[derive(Clone, Copy, Default)]
struct FormRow<'a> {
    group: &'a str,
    item: &'a str,
    unit: &'a str,
    optional: bool,
    note: &'a str,
}

impl Form {
    fn new(mut sheet: Sheet) -> Form {
        sheet.write_row((0, 0), &Layout::get().form.headers);
        for (column, width) in [(1, 14.0), (2, 44.0), (4, 20.0), (6, 34.0)] {
            sheet.width(column, width);
        }
        Form { sheet, row: 0 }
    }

    fn line(&mut self, of: FormRow, value: Option<Value>) {
        let form = &Layout::get().form;
        self.row += 1;
        let required = if of.optional { &form.optional } else { &form.required };
        self.sheet
            .write(self.row, 0, f64::from(self.row))
            .write_row((self.row, 1), [of.group, of.item, of.unit])
            .write(self.row, 4, value)
            .write_row((self.row, 5), [required, of.note]);
    }
}

fn school_form(county: &County, school: &School, book: &mut Workbook) {
    let layout = &Layout::get().form;
    let mut form = Form::new(book.sheet(&layout.school_sheet));
    for row in &layout.rows {
        let of = FormRow {
            group: &row.group,
            item: &row.item,
            unit: &row.unit,
            optional: row.optional,
            note: &row.note,
        };
        if !is_section_fact(&row.fact) {
            form.line(of, school_value(county, school, &row.fact));
            continue;
        }
        for part in &school.sections {
            if row.note == JUNIOR_NOTE && part.section != Section::Junior {
                continue;
            }
            let section = part.section.label_zh();
            let item = if row.item.contains("{section}") {
                row.item.replace("{section}", section)
            } else if row.named || school.is_combined() {
                format!("{}（{section}）", row.item)
            } else {
                row.item.clone()
            };
            form.line(FormRow { item: &item, ..of }, section_value(part, &row.fact));
        }
    }
    book.add(form.sheet);
}

/// The note in the form beside facts that only a 初中 has.
const JUNIOR_NOTE: &str = "初中填写";

fn district_rows(county: &County) -> Vec<(&str, &str, Value)> {
    let label = |id: &str| Dictionary::get().fact(id).map_or("", |fact| fact.label_zh.as_str());
    let mut rows = vec![
        (label("district_name"), "", Value::Text(county.district_name.clone())),
        (label("district_code"), "", Value::Text(county.district_code.clone())),
        (label("year"), "", Value::Number(f64::from(county.year))),
    ];
    for fact in Dictionary::get().facts().iter().filter(|fact| fact.grain == Grain::District) {
        if let Some(value) = county.facts.get(fact.id.as_str()) {
            rows.push((&fact.label_zh, &fact.unit, value.clone()));
        }
    }
    rows
}

fn district_form(county: &County, book: &mut Workbook) {
    let mut form = Form::new(book.sheet(&Layout::get().form.district_sheet));
    for (item, unit, value) in district_rows(county) {
        form.line(FormRow { item, unit, ..FormRow::default() }, Some(value));
    }
    book.add(form.sheet);
}

pub(super) const IDENTITY: [&str; 13] = [
    "district_code",
    "district_name",
    "year",
    "school_code",
    "school_name",
    "school_type",
    "ownership",
    "location",
    "boarding",
    "built_year",
    "dense_urban_core",
    "small_rural_school",
    "small_class_rural_school",
];

fn wide(county: &County, book: &mut Workbook) {
    let layout = &Layout::get().wide;
    let facts: Vec<_> = Dictionary::get().columns().collect();
    // A column for every fact that some school has.
    let mut columns: Vec<(Option<Section>, &str, String)> = Vec::new();
    for id in IDENTITY {
        columns.push((None, id, Dictionary::get().fact(id).map_or(id.into(), |fact| fact.label_zh.clone())));
    }
    let of_sections = |columns: &mut Vec<_>, for_the_form: bool| {
        for section in Section::ALL {
            for fact in facts.iter().filter(|fact| fact.grain == Grain::Section) {
                let mut parts = county.schools.iter().filter_map(|school| school.section(section));
                if is_for_the_form(&fact.id) == for_the_form
                    && parts.any(|part| part.facts.contains_key(fact.id.as_str()))
                {
                    let header = format!("{}{}", section.label_zh(), fact.label_zh);
                    columns.push((Some(section), fact.id.as_str(), header));
                }
            }
        }
    };
    of_sections(&mut columns, false);
    for fact in facts.iter().filter(|fact| fact.grain == Grain::School) {
        if county.schools.iter().any(|school| school.facts.contains_key(fact.id.as_str())) {
            columns.push((None, &fact.id, fact.label_zh.clone()));
        }
    }
    // Facts used only by the application form come last, so that the columns that are judged keep their positions.
    of_sections(&mut columns, true);

    let head = Style::new().bold().wrap().middle();
    let mut sheet = book.sheet(&layout.school_sheet);
    sheet.freeze(1, 5).put_row((0, 0), columns.iter().map(|(.., header)| header), &head);
    let rows = (0..county.schools.len()).chain(county.repeated.iter().copied());
    for (row, school) in (1..).zip(rows.filter_map(|index| county.schools.get(index))) {
        sheet.write_row(
            (row, 0),
            columns.iter().map(|(section, fact, _)| match section {
                Some(section) => school.section(*section).and_then(|part| part.facts.get(fact).cloned()),
                None => school_value(county, school, fact),
            }),
        );
    }
    sheet.width(3, 12.0).width(4, 22.0);
    book.add(sheet);

    let mut sheet = book.sheet(&layout.district_sheet);
    sheet.put_row((0, 0), &layout.district_headers, &head);
    for (row, (item, _, value)) in (1..).zip(district_rows(county)) {
        sheet.write(row, 0, item).write(row, 1, value);
    }
    sheet.width(0, 38.0);
    book.add(sheet);
}

/// The list of flaws in the language of the files: one line per flaw, with parts separated by tabs.
fn flaw_list(county: &County) -> String {
    let words = Words::load(Language::Chinese).ok();
    let say = |key: &str| words.as_ref().map_or_else(|| key.to_string(), |words| words.say(key));
    let mut out = format!("{}\n", say("synth.flaw_list"));
    for flaw in &county.flaws {
        let fact = Dictionary::get().fact(flaw.fact).map_or("", |fact| fact.label_zh.as_str());
        let section = flaw.section.map_or("", Section::label_zh);
        let what = say(&format!("synth.flaw.{}", flaw.code));
        let parts =
            [flaw.code, &flaw.school_code, &flaw.school_name, &format!("{section}{fact}"), &flaw.written];
        out += &format!("{}\t{what}\n", parts.join("\t"));
    }
    out
}
