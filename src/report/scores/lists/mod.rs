//! The lists of a scoring: their rows, columns and texts. Each is defined once; paper, screen and workbook show the
//! columns meant for them.

pub mod comparison;
pub mod feedback;

use serde::Serialize;

use super::view::{View, percent, points};
use crate::report::document::table::{self, Table};

/// Where a column is shown; several are joined with `|`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media(u8);

pub const NOWHERE: Media = Media(0);
pub const PAPER: Media = Media(1);
pub const SCREEN: Media = Media(2);
pub const SHEET: Media = Media(4);
pub const EVERYWHERE: Media = Media(7);

impl Media {
    /// Shown here only if `condition` holds.
    pub fn when(self, condition: bool) -> Media {
        if condition { self } else { NOWHERE }
    }

    fn includes(self, other: Media) -> bool {
        self.0 & other.0 != 0
    }
}

impl std::ops::BitOr for Media {
    type Output = Media;
    fn bitor(self, other: Media) -> Media {
        Media(self.0 | other.0)
    }
}

#[derive(Default)]
pub struct List {
    pub columns: Vec<Column>,
    /// A cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

pub struct Column {
    /// Key under `scores.column`; `unit` if the column belongs to a unit.
    pub key: &'static str,
    pub title: String,
    /// Whether the column is right-aligned, for numbers.
    pub number: bool,
    pub media: Media,
    /// Width on a sheet, in characters.
    pub width: f64,
}

pub struct Cell {
    pub value: Value,
    pub look: Look,
    /// A small line below it, on the screen.
    pub below: String,
    /// Beside it, on a sheet.
    pub comment: String,
}

pub enum Value {
    Text(String),
    /// One below the other on a sheet, otherwise in one line.
    Lines(Vec<String>),
    /// `—` if there are none.
    Points(Option<f64>),
    /// Points of something that is not marked in full.
    SoFar(f64),
    /// The reason why there is no number; `—` on a sheet.
    Nothing(String),
    /// A share, shown as a percentage.
    Share(Option<f64>),
    Count(Option<usize>),
}

/// The look of a cell besides its kind.
#[derive(Clone, Copy, Default)]
pub struct Look {
    pub strong: bool,
    /// Highlighted on paper.
    pub unmet: bool,
    /// On a sheet: 0 (full points) … 4 (none), as in [`shade`](super::comparison::shade).
    pub shade: Option<u8>,
    /// Not marked yet.
    pub awaited: bool,
    /// Levels of indent.
    pub indent: u8,
}

impl Look {
    pub fn strong(strong: bool) -> Look {
        Look { strong, ..Look::default() }
    }

    pub fn awaited(awaited: bool) -> Look {
        Look { awaited, unmet: awaited, ..Look::default() }
    }

    /// Of a heading of this level, from 1.
    fn of_level(level: usize) -> Look {
        let indent = u8::try_from(level.saturating_sub(1)).unwrap_or(0);
        Look { indent, ..Look::strong(level == 1) }
    }
}

pub fn text(text: impl Into<String>) -> Cell {
    Value::Text(text.into()).into()
}

impl From<Value> for Cell {
    fn from(value: Value) -> Cell {
        value.look(Look::default())
    }
}

impl Value {
    pub fn look(self, look: Look) -> Cell {
        Cell { value: self, look, below: String::new(), comment: String::new() }
    }

    /// The text on paper and screen.
    fn said(&self, view: &View<'_>) -> String {
        match self {
            Value::Text(text) | Value::Nothing(text) => text.clone(),
            Value::Lines(lines) => lines.join(&view.words().say("scores.and")),
            Value::Points(value) => points(*value),
            Value::SoFar(value) => view.say("so_far", &[("score", points(Some(*value)))]),
            Value::Share(share) => percent(*share),
            Value::Count(count) => count.map_or_else(|| "—".into(), |count| count.to_string()),
        }
    }
}

impl List {
    /// A list of such rows, whose columns are added one by one.
    pub fn of<'v, R>(view: &'v View<'v>, rows: impl IntoIterator<Item = R>) -> ListBuilder<'v, R> {
        ListBuilder { view, rows: rows.into_iter().collect(), columns: Vec::new() }
    }

    /// The list without these columns.
    pub fn without(mut self, keys: &[&str]) -> List {
        self.columns.iter_mut().filter(|own| keys.contains(&own.key)).for_each(|own| own.media = NOWHERE);
        self
    }

    /// The columns of a medium, with their positions.
    pub fn columns_of(&self, media: Media) -> impl Iterator<Item = (usize, &Column)> + Clone {
        self.columns.iter().enumerate().filter(move |(_, column)| column.media.includes(media))
    }

    /// The list on paper, with at most this number of rows.
    pub fn table(&self, view: &View<'_>, most: usize) -> Table {
        let columns = self.columns_of(PAPER);
        let cell = |cell: &Cell| {
            let indent = "· ".repeat(cell.look.indent.into());
            table::text(indent + &cell.value.said(view)).unmet(cell.look.unmet)
        };
        let row = |row: &Vec<Cell>| columns.clone().filter_map(|(at, _)| row.get(at)).map(cell).collect();
        let heads = columns.clone().map(|(_, own)| (own.title.clone(), own.number)).collect();
        let rows = self.rows.iter().map(row).collect();
        table::bounded(heads, rows, most, |more| view.say("more_rows", &[("count", more.to_string())]))
    }

    /// The list on the screen.
    pub fn shown(&self, view: &View<'_>) -> Shown<'_> {
        let columns = self.columns_of(SCREEN);
        let cell = |cell: &'_ Cell| (cell.value.said(view), cell.look, cell.below.clone());
        let row = |row: &Vec<Cell>| {
            let cells = columns.clone().filter_map(|(at, _)| row.get(at)).map(cell);
            cells
                .map(|(text, look, below)| ShownCell {
                    text,
                    strong: look.strong,
                    awaited: look.awaited,
                    below,
                })
                .collect()
        };
        Shown {
            columns: columns
                .clone()
                .map(|(_, own)| ShownColumn { key: own.key, title: &own.title, number: own.number })
                .collect(),
            rows: self.rows.iter().map(row).collect(),
        }
    }
}

/// A list in the form that a page's template reads.
#[derive(Serialize)]
pub struct Shown<'l> {
    columns: Vec<ShownColumn<'l>>,
    rows: Vec<Vec<ShownCell>>,
}

#[derive(Serialize)]
struct ShownColumn<'l> {
    key: &'l str,
    title: &'l str,
    number: bool,
}

#[derive(Serialize)]
struct ShownCell {
    text: String,
    strong: bool,
    awaited: bool,
    below: String,
}

type CellOf<'v, R> = Box<dyn Fn(&R) -> Cell + 'v>;

/// A list while its columns are added.
pub struct ListBuilder<'v, R> {
    view: &'v View<'v>,
    rows: Vec<R>,
    columns: Vec<(Column, CellOf<'v, R>)>,
}

impl<'v, R> ListBuilder<'v, R> {
    /// A column of texts, headed by the words under `scores.column`.
    pub fn texts<C: Into<Cell>>(
        self,
        key: &'static str,
        media: Media,
        width: f64,
        cell: impl Fn(&R) -> C + 'v,
    ) -> Self {
        let title = self.view.say(&format!("column.{key}"), &[]);
        self.column(Column { key, title, number: false, media, width }, cell)
    }

    /// A column of numbers, headed by the words under `scores.column`.
    pub fn numbers<C: Into<Cell>>(
        self,
        key: &'static str,
        media: Media,
        width: f64,
        cell: impl Fn(&R) -> C + 'v,
    ) -> Self {
        let title = self.view.say(&format!("column.{key}"), &[]);
        self.titled(key, title, media, width, cell)
    }

    /// A column of numbers with a title of its own: the name of a unit or component.
    pub fn titled<C: Into<Cell>>(
        self,
        key: &'static str,
        title: String,
        media: Media,
        width: f64,
        cell: impl Fn(&R) -> C + 'v,
    ) -> Self {
        self.column(Column { key, title, number: true, media, width }, cell)
    }

    fn column<C: Into<Cell>>(mut self, column: Column, cell: impl Fn(&R) -> C + 'v) -> Self {
        self.columns.push((column, Box::new(move |row| cell(row).into())));
        self
    }

    pub fn list(self) -> List {
        let (columns, cells): (Vec<Column>, Vec<CellOf<'v, R>>) = self.columns.into_iter().unzip();
        let row = |row: &R| cells.iter().map(|cell| cell(row)).collect();
        List { rows: self.rows.iter().map(row).collect(), columns }
    }
}
