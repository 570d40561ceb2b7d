use junheng::*;
use polars::prelude::*;
use std::time::Instant;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let standard = standard::Standard::load("quality-balance-2017").unwrap();
    let m = measure::Measure::new(&standard, false);
    let cols = m.columns();
    println!("{cols:?}");
    let mut r = ParquetReader::new(std::fs::File::open(&path).unwrap());
    let md = r.get_metadata().unwrap().clone();
    let present: Vec<String> = r.schema().unwrap().iter_names().map(|n| n.to_string()).collect();
    let named: Vec<String> = cols.iter().filter(|c| present.contains(c)).cloned().collect();
    let (mut tr, mut ta, mut tm, mut tk) = (0.0, 0.0, 0.0, 0.0);
    let mut start = 0;
    for g in &md.row_groups {
        let t = Instant::now();
        let mut r = ParquetReader::new(std::fs::File::open(&path).unwrap());
        r.set_metadata(md.clone());
        let f = r
            .with_columns(Some(named.clone()))
            .with_slice(Some((start, g.num_rows())))
            .read_parallel(ParallelStrategy::None)
            .finish()
            .unwrap();
        tr += t.elapsed().as_secs_f64();
        let mut all = vec![];
        for id in &cols {
            match f.column(id) {
                Ok(c) => all.push(c.clone()),
                Err(_) => {
                    let k = dictionary::Dictionary::get().fact(id).unwrap();
                    all.push(Column::full_null(id.as_str().into(), f.height(), &tables::dtype_of(k.kind, id)))
                }
            }
        }
        let f = DataFrame::new(f.height(), all).unwrap();
        let combined = measure::apportion::Combined::default();
        let t = Instant::now();
        let mut m = measure::Measure::new(&standard, false);
        let mut p = m.add(&f, start as u32, &combined).unwrap();
        ta += t.elapsed().as_secs_f64();
        let t = Instant::now();
        let row = p.row.clone();
        let ex = measure::exact::ExactRows {
            standard: &standard,
            reliefs: false,
            frame: &f,
            first: start as u32,
            combined: &combined,
            row: &row,
        };
        judge::schools::mark(&mut p, &m.groups, &standard, &ex);
        tm += t.elapsed().as_secs_f64();
        let t = Instant::now();
        let (code, school) = (
            f.column("district_code").unwrap().str().unwrap(),
            f.column("school_code").unwrap().str().unwrap(),
        );
        let mut keys = vec![];
        for (c, s) in code.iter().zip(school.iter()) {
            keys.push(measure::apportion::school_key(c.unwrap(), 1, s.unwrap()));
        }
        tk += t.elapsed().as_secs_f64() + keys.len() as f64 * 0.0;
        start += g.num_rows();
    }
    println!("read {tr:.3} add {ta:.3} mark {tm:.3} keys {tk:.3}");
}
