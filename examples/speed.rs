use junheng::*;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let standard = standard::Standard::load("quality-balance-2017").unwrap();
    let t = std::time::Instant::now();
    let out =
        assess::stream::parquet(std::path::Path::new(&path), &standard, false, &|_, _| {}).unwrap().unwrap();
    eprintln!("{:?} {:?}", t.elapsed(), out.dispersion.shape());
    let d = &out.dispersion;
    let cv = d.column("cv").unwrap().f64().unwrap();
    let mut f = std::io::BufWriter::new(std::fs::File::create("/tmp/ours.csv").unwrap());
    use std::io::Write;
    for i in 0..d.height() {
        writeln!(
            f,
            "{},{},{},{},{:?}",
            d.column("district_code").unwrap().str().unwrap().get(i).unwrap(),
            d.column("year").unwrap().i32().unwrap().get(i).unwrap(),
            d.column("section").unwrap().str().unwrap().get(i).unwrap(),
            d.column("indicator").unwrap().str().unwrap().get(i).unwrap(),
            cv.get(i).unwrap()
        )
        .unwrap();
    }
    let d = &out.districts;
    let mut f = std::io::BufWriter::new(std::fs::File::create("/tmp/ours_met.csv").unwrap());
    for i in 0..d.height() {
        writeln!(
            f,
            "{},{},{},{},{}",
            d.column("district_code").unwrap().str().unwrap().get(i).unwrap(),
            d.column("year").unwrap().i32().unwrap().get(i).unwrap(),
            d.column("section").unwrap().str().unwrap().get(i).unwrap(),
            d.column("schools").unwrap().i64().unwrap().get(i).unwrap(),
            d.column("schools_met").unwrap().i64().unwrap().get(i).unwrap()
        )
        .unwrap();
    }
}
