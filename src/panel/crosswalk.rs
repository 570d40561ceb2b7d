//! Codes that changed or merged over the years, and where districts lie.

use std::path::Path;

use crate::{problem::Result, tables::years::Region, words::Words};

/// Where a code of a year went, and in which city and province a district lies.
#[derive(Debug, Clone, Default)]
pub struct Crosswalk {}

impl Crosswalk {
    /// Reads a crosswalk (csv or xlsx: `from_code, from_name, to_code, to_name, from_year, to_year`) and a file of regions
    /// (`district_code, city_code, city_name, province_code, province_name`), where they are given.
    ///
    /// # Errors
    /// A column is missing, a year is none, one code leads to two at once, or lines lead in a circle: named with their lines.
    pub fn read(_crosswalk: Option<&Path>, _regions: Option<&Path>) -> Result<Crosswalk> {
        todo!()
    }

    /// Where a district of that year is counted, chains followed to their end.
    pub fn region(&self, _year: i32, _code: &str, _name: &str, _words: &Words) -> Region {
        todo!()
    }
}
