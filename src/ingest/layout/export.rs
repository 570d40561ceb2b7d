//! Finds the header of a table: the rows it occupies, and the path of each column. The statistics exports have several
//! merged header rows (专任教师 / #按学历分 / 本科), with titles above them, and totals and notes below the table.

use crate::{
    dictionary::Section,
    ingest::{
        cell::{self, Dimension, Unit, fold},
        header,
        sheet::{Cell, Row, Sheet},
    },
};

/// The number of rows in which a header is looked for.
const SEARCHED: u32 = 30;
/// The maximum number of columns that one group heading of a csv can span.
const MAX_GROUP_WIDTH: u32 = 200;
/// The maximum length of a header; longer cells are none.
const MAX_HEADER_BYTES: usize = 600;

/// The rows of the header (0-based, inclusive) and the path of each column that has one.
#[derive(Debug, Clone)]
pub struct Header {
    pub first: u32,
    pub last: u32,
    pub columns: Vec<(u32, Vec<String>)>,
}

impl Header {
    pub fn path(&self, i: usize) -> Vec<&str> {
        self.columns[i].1.iter().map(String::as_str).collect()
    }
    /// All headers as the user sees them.
    pub fn shown(&self) -> String {
        let all: Vec<String> =
            (0..self.columns.len().min(60)).map(|i| header::shown(&self.path(i))).collect();
        all.join("、")
    }
}

fn row(sheet: &Sheet, index: u32) -> Option<&Row> {
    sheet.rows.binary_search_by_key(&index, |r| r.index).ok().map(|i| &sheet.rows[i])
}

fn text_of(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) if text.len() > MAX_HEADER_BYTES => None,
        Cell::Text(text) if fold(text).is_empty() => None,
        Cell::Empty | Cell::Uncalculated | Cell::Error(_) => None,
        cell => Some(cell::shown(cell)),
    }
}

fn text_at(sheet: &Sheet, index: u32, column: u32) -> Option<String> {
    row(sheet, index).and_then(|r| text_of(r.get(column)))
}

fn texts(row: &Row) -> impl Iterator<Item = (u32, String)> + '_ {
    row.cells.iter().take(2_000).filter_map(|(c, cell)| match cell {
        Cell::Text(_) => Some((*c, text_of(cell)?)),
        _ => None,
    })
}

/// Merged ranges by the rows they touch, among the rows that can hold a header.
struct Merges(Vec<Vec<(u32, u32, u32, u32)>>);

impl Merges {
    fn of(sheet: &Sheet) -> Merges {
        let mut by_row = vec![Vec::new(); SEARCHED as usize * 2];
        let searched = SEARCHED * 2;
        for &range in sheet.merges.iter().filter(|m| m.0 < searched) {
            for r in range.0..=range.2.min(searched - 1) {
                by_row[r as usize].push(range);
            }
        }
        by_row.iter_mut().for_each(|row| row.sort_by_key(|m| m.1));
        Merges(by_row)
    }
    fn row(&self, row: u32) -> &[(u32, u32, u32, u32)] {
        self.0.get(row as usize).map_or(&[], Vec::as_slice)
    }
    /// The cell whose value is displayed at `row`, `column`.
    fn anchor(&self, row: u32, column: u32) -> (u32, u32) {
        let ranges = self.row(row);
        let after = ranges.partition_point(|m| m.1 <= column);
        match after.checked_sub(1).and_then(|i| ranges.get(i)) {
            Some(m) if m.3 >= column => (m.0, m.1),
            _ => (row, column),
        }
    }
}

/// Finds the header: the row with the largest number of headers that the dictionary knows, the rows that its merged
/// cells reach, and the rows of group headings above it. `given` fixes the rows. `None` if no row has two known
/// headers.
pub fn find(sheet: &Sheet, given: Option<(u32, u32)>) -> Option<Header> {
    let merges = Merges::of(sheet);
    let (first, last) = match given {
        Some((first, last)) => {
            let first = first.saturating_sub(1);
            (first, last.saturating_sub(1).clamp(first, first + SEARCHED))
        }
        None => span(sheet, &merges)?,
    };
    Some(Header { first, last, columns: paths(sheet, &merges, first, last) })
}

/// The row that looks most like a header, whether or not the dictionary knows its words; for messages.
pub fn likely(sheet: &Sheet) -> Option<Header> {
    let row = sheet
        .rows
        .iter()
        .take(SEARCHED as usize)
        .max_by_key(|r| (texts(r).count(), std::cmp::Reverse(r.index)))?;
    let columns = texts(row).map(|(c, text)| (c, vec![text])).collect();
    Some(Header { first: row.index, last: row.index, columns })
}

fn span(sheet: &Sheet, merges: &Merges) -> Option<(u32, u32)> {
    let known = |r: &Row| {
        texts(r)
            .filter(|(_, text)| {
                let meaning = header::resolve(&[text]);
                !meaning.facts.is_empty() || meaning.is_section
            })
            .count()
    };
    let candidates = sheet.rows.iter().take_while(|r| r.index < SEARCHED);
    let (count, best) = candidates.map(|r| (known(r), r)).rev_max()?;
    if count < 2 {
        return None;
    }
    let wide = best.cells.last().map_or(0, |(c, _)| *c).max(1);
    let is_group = |m: &(u32, u32, u32, u32)| m.3 > m.1 && (m.3 - m.1) * 2 <= wide;
    let mut first = best.index;
    while first > 0 {
        let above = first - 1;
        let texts_above = row(sheet, above).map_or(0, |r| texts(r).count());
        let reaches =
            merges.row(above).iter().any(|m| is_group(m) && m.2 == above || m.0 <= above && m.2 > above);
        if texts_above < 2 || !reaches {
            break;
        }
        first = above;
    }
    let mut last = best.index;
    loop {
        let reached = (first..=last)
            .flat_map(|r| merges.row(r))
            .map(|m| if m.0 == last && m.3 > m.1 && m.2 == last { last + 1 } else { m.2 })
            .max()
            .unwrap_or(last);
        let next = last + 1;
        if next >= first + SEARCHED {
            break;
        }
        let strict = reached <= last;
        if !row(sheet, next).is_some_and(|r| is_heading(r, best, strict)) {
            break;
        }
        last = next;
    }
    Some((first, last))
}

/// Whether a row continues a header: it contains only words. Without a merge that proves it, the row must also leave
/// the columns of school and code blank and contain more than one word, unlike a note below an empty table.
fn is_heading(row: &Row, above: &Row, strict: bool) -> bool {
    let words_only = row.cells.iter().all(|(_, cell)| match cell {
        Cell::Text(text) => text.len() <= MAX_HEADER_BYTES && fold(text).parse::<f64>().is_err(),
        _ => false,
    });
    if !words_only || row.cells.is_empty() {
        return false;
    }
    if !strict {
        return true;
    }
    let identity = |text: &str| {
        header::resolve(&[text]).facts.iter().any(|&f| {
            crate::dictionary::Dictionary::get()
                .facts()
                .get(f)
                .is_some_and(|f| matches!(f.id.as_str(), "school_name" | "school_code"))
        })
    };
    let mut identities = texts(above).filter(|(_, text)| identity(text)).peekable();
    row.cells.len() > 1 && identities.peek().is_some() && identities.all(|(c, _)| *row.get(c) == Cell::Empty)
}

fn paths(sheet: &Sheet, merges: &Merges, first: u32, last: u32) -> Vec<(u32, Vec<String>)> {
    let mut columns: Vec<u32> = (first..=last)
        .filter_map(|r| row(sheet, r))
        .flat_map(|r| r.cells.iter().take(4_000).map(|(c, _)| *c))
        .collect();
    let widest = columns.iter().max().copied().unwrap_or(0);
    for m in (first..=last).flat_map(|r| merges.row(r)) {
        columns.extend(m.1..=m.3.min(widest));
    }
    columns.sort_unstable();
    columns.dedup();
    let merged = (first..=last).any(|r| !merges.row(r).is_empty());
    columns
        .into_iter()
        .filter_map(|column| {
            let mut path: Vec<String> = Vec::new();
            let mut previous = None;
            for r in first..=last {
                let anchor = merges.anchor(r, column);
                if anchor.0 < first || previous == Some(anchor) {
                    continue;
                }
                previous = Some(anchor);
                let text = text_at(sheet, anchor.0, anchor.1).or_else(|| {
                    if merged || r == last { None } else { from_the_left(sheet, first, last, r, column) }
                });
                path.extend(text);
            }
            (!path.is_empty()).then_some((column, path))
        })
        .collect()
}

/// A csv has no merged cells: a blank above a word belongs to the word to its left, as far as the same parent reaches.
fn from_the_left(sheet: &Sheet, first: u32, last: u32, at: u32, column: u32) -> Option<String> {
    let blank = |r: u32, c: u32| row(sheet, r).is_none_or(|row| *row.get(c) == Cell::Empty);
    if (at + 1..=last).all(|r| blank(r, column)) {
        return None;
    }
    let mut c = column;
    loop {
        if (first..at).any(|r| !blank(r, c)) {
            return None;
        }
        c = c.checked_sub(1).filter(|c| column - c < MAX_GROUP_WIDTH)?;
        if !blank(at, c) {
            return text_at(sheet, at, c);
        }
    }
}

/// The year and the section named in the title, the rows above the header. Remarks there (说明：教学点并入所属中心小学)
/// name neither.
pub fn title(sheet: &Sheet, first: u32, year_offset: Option<i32>) -> (Option<i32>, Option<Section>) {
    let words: Vec<String> = sheet
        .rows
        .iter()
        .take_while(|r| r.index < first)
        .flat_map(|r| texts(r).map(|(_, t)| t))
        .filter(|text| !is_remark(text))
        .take(50)
        .collect();
    let year = |offset| header::year_in(words.iter().map(String::as_str), offset);
    (year(year_offset).or_else(|| year(None)), words.iter().find_map(|t| header::section_in(t)))
}

/// Whether a text above a table explains it rather than naming it.
fn is_remark(text: &str) -> bool {
    let folded = fold(text);
    let beginnings = ["注", "备注", "说明", "填报", "填表", "要求", "提示", "口径", "请", "*", "※"];
    folded.contains(['。', '；', ';']) || beginnings.iter().any(|word| folded.starts_with(word))
}

/// The units of money and area named in the rows above the header (单位：元), for columns whose header has none. Two units
/// of one dimension are ambiguous and ignored.
pub fn units_of_table(sheet: &Sheet, first: u32) -> Vec<Unit> {
    let mut found: Vec<Unit> = Vec::new();
    for row in sheet.rows.iter().take_while(|r| r.index < first) {
        for (_, text) in texts(row) {
            let folded = fold(&text);
            let Some((_, list)) = folded.split_once("单位:") else { continue };
            let list = list.trim_end_matches(')');
            found.extend(list.split(['、', ',', ';', '/', '，']).filter_map(cell::unit));
        }
    }
    found.retain(|u| matches!(u.dimension, Dimension::Money | Dimension::Area));
    let alone = |u: &&Unit| found.iter().all(|v| v.dimension != u.dimension || v.factor == u.factor);
    found.iter().filter(alone).copied().collect()
}

/// Whether a row holds totals: 合计, 全区总计：, 小学合计（3所）, 平均数.
pub fn is_total(text: &str) -> bool {
    if text.len() > 60 || !text.contains(['计', '均', '全']) {
        return false;
    }
    let folded = fold(text);
    let bare = folded.split('(').next().unwrap_or_default().trim_end_matches([':', '-']);
    matches!(bare, "计" | "全县" | "全区" | "全市" | "全旗" | "全州" | "全省" | "均值")
        || ["合计", "总计", "小计", "共计", "平均", "平均值", "平均数"].iter().any(|w| bare.ends_with(w))
        || ["合计", "总计", "小计", "共计"].iter().any(|w| bare.starts_with(w))
}

/// Whether a row is a note under a table: 注：…, 填表人：….
pub fn is_note(text: &str) -> bool {
    // Nearly every text is a school's name, which the first character already decides.
    let first = text.chars().find(|c| cell::narrow(*c).is_some());
    if !first.is_some_and(|c| "注备说填制审单负数资*＊※".contains(c)) {
        return false;
    }
    let start: String = text.trim_start().chars().take(12).collect();
    let folded = fold(&start);
    [
        "注:",
        "注1",
        "备注",
        "说明",
        "填表",
        "填报人",
        "制表",
        "审核",
        "单位负责人",
        "负责人",
        "数据来源",
        "资料来源",
        "*",
        "※",
    ]
    .iter()
    .any(|w| folded.starts_with(w))
}

trait RevMax<T> {
    fn rev_max(self) -> Option<(usize, T)>;
}

/// The first of the maximal elements.
impl<T, I: Iterator<Item = (usize, T)>> RevMax<T> for I {
    fn rev_max(self) -> Option<(usize, T)> {
        self.fold(None, |best, next| match best {
            Some((count, _)) if count >= next.0 => best,
            _ => Some(next),
        })
    }
}
