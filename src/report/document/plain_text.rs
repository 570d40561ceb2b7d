//! A document as plain text for tests, block by block.

use std::fmt::Write;

use super::{Block, Report, grammar::Piece, table::Cell};

/// With at most this number of rows per table; cells marked as not met have a `*`, note numbers are in brackets.
pub fn text(report: &Report, most: usize) -> String {
    let line = |pieces: &[Piece]| -> String {
        let one = |piece: &Piece| match piece {
            Piece::Note(note) => format!("[{note}]"),
            other => other.text().to_string(),
        };
        pieces.iter().map(one).collect()
    };
    let mut out = String::new();
    for block in &report.blocks {
        let _ = match block {
            Block::Title(pieces) => writeln!(out, "TITLE {}", line(pieces)),
            Block::Line(pieces) => writeln!(out, "LINE {}", line(pieces)),
            Block::Contents => writeln!(out, "CONTENTS"),
            Block::Page => writeln!(out, "PAGE"),
            Block::Heading(level, pieces) => {
                writeln!(out, "\n{} {}", "#".repeat(usize::from(*level)), line(pieces))
            }
            Block::Paragraph(pieces) => writeln!(out, "{}", line(pieces)),
            Block::Entry(pieces) => writeln!(out, "- {}", line(pieces)),
            Block::Note(pieces) => writeln!(out, "> {}", line(pieces)),
            Block::Figure { picture, caption } => writeln!(out, "FIGURE {} {}", picture.name, line(caption)),
            Block::Table(table) => {
                let heads: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
                let _ = writeln!(out, "TABLE {}\n  | {}", line(&table.caption), heads.join(" | "));
                for row in table.rows.iter().take(most) {
                    let cell = |cell: &Cell| line(&cell.pieces) + if cell.unmet { " *" } else { "" };
                    let _ = writeln!(out, "  | {}", row.iter().map(cell).collect::<Vec<_>>().join(" | "));
                }
                match table.rows.len().saturating_sub(most) {
                    0 => Ok(()),
                    more => writeln!(out, "  … {more} more rows"),
                }
            }
        };
    }
    out
}
