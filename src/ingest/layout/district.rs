//! The county's form, or the sheet 区县 beside a wide sheet: one row per district fact.

use super::{
    DistrictForm, Value,
    form_items::{Items, is_empty},
    name_year, position,
};
use crate::{
    dictionary::{Dictionary, Grain},
    ingest::sheet::{Sheet, address},
    problem::Problem,
};

pub fn read(
    sheet: &Sheet,
    items: &Items,
    source: usize,
    problems: &mut Vec<Problem>,
) -> Option<DistrictForm> {
    if is_empty(sheet, items, problems) {
        return None;
    }
    let facts = Dictionary::get().facts();
    let mut form = DistrictForm {
        source,
        code: None,
        name: None,
        year: None,
        name_year: name_year(sheet),
        values: Vec::new(),
    };
    let (code, name, year) = (position("district_code"), position("district_name"), position("year"));
    for (item, fact, value) in items.values(sheet, None, problems) {
        match value {
            Value::Text(text) if Some(fact) == code => form.code = Some(text.into()),
            Value::Text(text) if Some(fact) == name => form.name = Some(text.into()),
            Value::Number(n) if Some(fact) == year => form.year = Some(n as i32),
            Value::Number(n) if facts[fact].grain == Grain::District => {
                form.values.push((fact, n, address(item.row, items.value_column())))
            }
            _ => {}
        }
    }
    Some(form)
}
