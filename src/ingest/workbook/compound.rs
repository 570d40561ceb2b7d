//! The compound file ([MS-CFB]) around an xls: its stream `Workbook`.
//!
//! Chains of sectors are followed for at most as many steps as the file has sectors, so that a circular chain ends.

use super::damaged;
use crate::problem::{Place, Problem, Result};

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
/// Numbers from here on are not sectors.
const RESERVED: u32 = 0xFFFF_FFFA;

struct Compound<'a> {
    bytes: &'a [u8],
    shown: &'a str,
    /// The size of a sector as a power of two.
    sector: u32,
    table: Vec<u32>,
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The stream of the cells. The error says what else the file is: encrypted, a document, or damaged.
pub(super) fn workbook(bytes: &[u8], shown: &str) -> Result<Vec<u8>> {
    let protected = || Problem::error("workbook_protected", Place::file(shown));
    let wide = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let stream = read(bytes, shown);
    if !matches!(stream, Ok(Some(_))) {
        // Encryption is looked for in the raw bytes, so that it is found in a damaged file, too.
        let names = |name| {
            let name = wide(name);
            bytes.windows(name.len()).any(|w| w == name)
        };
        if names("EncryptedPackage") {
            return Err(protected().into());
        }
        if let Ok(None) = stream {
            let kind = if names("WordDocument") { "doc" } else { "OLE" };
            return Err(Problem::error("file_is_other", Place::file(shown)).with("found", kind).into());
        }
    }
    stream.map(Option::unwrap_or_default)
}

fn read(bytes: &[u8], shown: &str) -> Result<Option<Vec<u8>>> {
    let bad = || damaged(shown, "OLE");
    let sector = u32::from(u16_at(bytes, 30).filter(|s| [9, 12].contains(s)).ok_or_else(bad)?);
    let mini = u32::from(u16_at(bytes, 32).filter(|s| *s == 6).ok_or_else(bad)?);
    let field = |at| -> Result<u32> { Ok(u32_at(bytes, at).ok_or_else(bad)?) };
    let (directory, cutoff, mini_start) = (field(48)?, field(56)?, field(60)?);
    let (mut list, mut more) =
        ((0..109).map_while(|i| u32_at(bytes, 76 + 4 * i)).collect::<Vec<_>>(), field(68)?);
    let mut file = Compound { bytes, shown, sector, table: Vec::new() };
    // The list of the table's sectors continues in sectors of its own; the last number of each is the next one.
    for _ in 0..=file.sectors() {
        if more >= RESERVED {
            break;
        }
        let numbers = numbers(file.sector(more)?);
        let Some((next, here)) = numbers.split_last() else { return Err(bad().into()) };
        list.extend_from_slice(here);
        more = *next;
    }
    list.retain(|id| *id < RESERVED);
    if list.len() > file.sectors() {
        return Err(bad().into());
    }
    for id in list {
        let numbers = numbers(file.sector(id)?);
        file.table.extend(numbers);
    }

    let entries = file.chain(directory, usize::MAX)?;
    let entries: Vec<Entry> = entries.chunks_exact(128).filter_map(entry).collect();
    let Some(found) = ["Workbook", "Book"].iter().find_map(|n| entries.iter().find(|e| e.name == *n)) else {
        return Ok(None);
    };
    if found.size >= cutoff as usize {
        return file.chain(found.start, found.size).map(Some);
    }
    // Small streams are stored in the root entry's stream, in sectors of 64 bytes with a table of their own.
    let Some(root) = entries.iter().find(|e| e.name == "Root Entry") else { return Err(bad().into()) };
    let small = Compound {
        bytes: &file.chain(root.start, root.size)?,
        shown,
        sector: mini,
        table: numbers(&file.chain(mini_start, usize::MAX)?),
    };
    small.chain(found.start, found.size).map(Some)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect()
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).saturating_sub(2).min(62);
    let units: Vec<u16> = bytes.get(..length)?.as_chunks().0.iter().map(|b| u16::from_le_bytes(*b)).collect();
    let name = String::from_utf16_lossy(&units);
    Some(Entry { name, start: u32_at(bytes, 116)?, size: u32_at(bytes, 120)? as usize })
}

impl Compound<'_> {
    fn sectors(&self) -> usize {
        (self.bytes.len() >> self.sector) + 1
    }

    fn sector(&self, id: u32) -> Result<&[u8]> {
        // The header takes one sector; the root entry's stream has no header.
        let header = usize::from(self.sector != 6);
        let size = 1usize << self.sector;
        let start = (id as usize).saturating_add(header).saturating_mul(size);
        let end = start.saturating_add(size).min(self.bytes.len());
        match self.bytes.get(start..end) {
            Some(bytes) if !bytes.is_empty() => Ok(bytes),
            _ => Err(damaged(self.shown, "OLE").into()),
        }
    }

    fn chain(&self, start: u32, size: usize) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut id = start;
        for _ in 0..=self.sectors() {
            if id == END_OF_CHAIN || out.len() >= size {
                out.truncate(size);
                return Ok(out);
            }
            out.extend_from_slice(self.sector(id)?);
            id = *self.table.get(id as usize).ok_or_else(|| damaged(self.shown, "OLE"))?;
        }
        Err(damaged(self.shown, "OLE").into())
    }
}
