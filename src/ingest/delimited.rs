//! csv and tsv: bytes → text → records. Numbers stay text; the cell parser reads them.

use std::collections::HashSet;

use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, UTF_8};

use super::{
    Limits,
    sheet::{Builder, Cell, Sheet, Tally},
};
use crate::{
    dictionary::Dictionary,
    problem::{Place, Problem, Result},
};

/// As many bytes as decide the encoding and the delimiter.
const SAMPLE: usize = 256 << 10;

/// One sheet without a name.
pub(super) fn read(bytes: &[u8], shown: &str, encoding: Option<&str>, limits: &Limits) -> Result<Vec<Sheet>> {
    let mut tally = Tally::new(shown, limits);
    // The text in UTF-8, at most half as long again.
    tally.hold(bytes.len().saturating_mul(3) / 2)?;
    let encoding = match encoding {
        Some(label) => named(label, shown)?,
        None => detect(bytes),
    };
    let text = decode(bytes, encoding, shown)?;
    Ok(vec![records(&text, Builder::new(&mut tally, ""))?])
}

/// The encodings that a message offers.
const KNOWN: [&str; 6] = ["utf-8", "gbk", "gb18030", "big5", "utf-16le", "utf-16be"];

fn named(label: &str, shown: &str) -> Result<&'static Encoding> {
    let label = label.trim();
    Encoding::for_label(label.as_bytes()).filter(|e| *e != encoding_rs::REPLACEMENT).ok_or_else(|| {
        let problem = Problem::error("encoding_unknown", Place::file(shown));
        problem.with("found", label).with("known", KNOWN.join(", ")).into()
    })
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    // The whole of it: one school's name may be all that is not ASCII.
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    // Broken UTF-8 is UTF-8 still, if it is almost all of it.
    let lossy = String::from_utf8_lossy(bytes.get(..SAMPLE).unwrap_or(bytes));
    let (broken, wide) = lossy.chars().fold((0usize, 0usize), |(broken, wide), c| match c {
        '\u{FFFD}' => (broken + 1, wide),
        c if c as u32 >= 0x800 => (broken, wide + 1),
        _ => (broken, wide),
    });
    if wide > broken * 20 {
        return UTF_8;
    }
    // GB18030 holds GBK whole. chardetng alone errs on short Chinese text, so it only breaks a tie.
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    let common = common();
    let score = |encoding: &'static Encoding| plausibility(bytes, encoding, &common);
    let (simplified, traditional) = (score(GB18030), score(BIG5));
    match simplified.total_cmp(&traditional) {
        std::cmp::Ordering::Equal if guess == BIG5 => BIG5,
        std::cmp::Ordering::Less => BIG5,
        _ => GB18030,
    }
}

/// The share of common characters among those that are not ASCII, less for what cannot be decoded. A wrong
/// reading of Chinese text is made of rare characters.
fn plausibility(bytes: &[u8], encoding: &'static Encoding, common: &HashSet<char>) -> f64 {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let (mut all, mut known, mut broken) = (0u32, 0u32, 0u32);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        all += 1;
        known += u32::from(common.contains(&c));
        // Characters of private use are what GB18030 makes of bytes that mean nothing.
        broken += u32::from(c == '\u{FFFD}' || ('\u{E000}'..'\u{F900}').contains(&c));
    }
    (f64::from(known) - 5.0 * f64::from(broken)) / f64::from(all.max(1))
}

/// What such files are made of: the words of the dictionary, the most frequent characters of simplified and
/// of traditional text, and those of places and schools.
fn common() -> HashSet<char> {
    const SIMPLIFIED: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工\
        也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当\
        使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么\
        利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次\
        品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回\
        则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再\
        采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集\
        温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办\
        青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易\
        县镇乡村校班级男女初幼师范附属实验希望民办私立公立住宿址舍堂馆积册台仪费阳湖河州街道屯庄寨沟坪岭溪桥塘";
    const TRADITIONAL: &str = "這為個國時來們於對會發動過說產種後學經進著電裡現實兩體當點從業應開還與關內數無\
        條沒結問義間樣線質氣變見長圖邊級較將組別論運農幾區強決戰則處隊給門規熱領東導壓增爭濟階術極聯認權證\
        轉單風帶場車務萬達積議聲報鬥類離華確張馬節話溫傳許廣記織裝際驗連斷難礦備辦習響約團歷構稱準號維劃選標寫\
        親縣市鄉鎮村國民小學中學校名稱代碼年級班數男生女生學生畢業教師職員專任兼任附設私立市立公立特偏遠山地區臺\
        灣北新桃園竹苗栗彰化南投雲林嘉義高雄屏東花蓮澎湖基隆宜蘭連江金門總計樓館圖書冊電腦畝東興豐龍鳳鶴龜獅\
        福壽寶樹豐樂愛誠聖靈瑞萬壽康莊嶺溪潭坑寮厝埔崙湳頂潮腳壢鶯樹蘆洲汐止淡水";
    let labels = Dictionary::get().facts().iter().flat_map(|f| {
        std::iter::once(&f.label_zh).chain(&f.aliases_zh).flat_map(|l| l.chars()).collect::<Vec<_>>()
    });
    let marks = "，。、：；（）《》“”—【】％－／　０１２３４５６７８９㎡";
    let mut all: HashSet<char> = labels.chain(SIMPLIFIED.chars()).chain(TRADITIONAL.chars()).collect();
    all.extend(marks.chars());
    all.retain(|c| !c.is_ascii());
    all
}

/// The text, or the line of the first bytes that mean nothing in this encoding.
fn decode(bytes: &[u8], encoding: &'static Encoding, shown: &str) -> Result<String> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    // What is needed at most is three times as much as what is needed.
    let mut text = String::with_capacity(room.min(bytes.len() + bytes.len() / 2 + 16));
    let mut read = 0;
    loop {
        let rest = bytes.get(read..).unwrap_or_default();
        let (result, used) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        read += used;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => text.reserve(rest.len().max(1 << 10)),
            DecoderResult::Malformed(length, more) => {
                let end = read.saturating_sub(more.into());
                let bad = bytes.get(end.saturating_sub(length.into())..end).unwrap_or_default();
                let found: Vec<String> = bad.iter().map(|b| format!("{b:02X}")).collect();
                let line = text.matches('\n').count() + 1;
                let place = Place { cell: Some(line.to_string()), ..Place::file(shown) };
                return Err(Problem::error("text_undecodable", place)
                    .with("found", found.join(" "))
                    .with("line", line)
                    .with("encoding", encoding.name())
                    .with("known", KNOWN.join(", "))
                    .into());
            }
        }
    }
}

/// The delimiter, and where the records begin.
fn delimiter(text: &str) -> (u8, usize) {
    // Excel's own hint, a line that it does not show.
    for (hint, delimiter) in [("sep=,", b','), ("sep=;", b';'), ("sep=\t", b'\t')] {
        if let Some(rest) = text.strip_prefix(hint)
            && let Some(end) = rest.find('\n')
            && rest.get(..end).is_some_and(|r| r.trim_end().is_empty())
        {
            return (delimiter, hint.len() + end + 1);
        }
    }
    let (mut counts, mut lines, mut quoted) = ([0usize; 3], 0, false);
    for byte in text.bytes().take(SAMPLE) {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b',' => counts[0] += 1,
            b'\t' => counts[1] += 1,
            b';' => counts[2] += 1,
            b'\n' => lines += 1,
            _ => {}
        }
        if lines == 20 {
            break;
        }
    }
    let [commas, tabs, semicolons] = counts;
    match () {
        () if tabs > commas && tabs >= semicolons => (b'\t', 0),
        () if semicolons > commas => (b';', 0),
        () => (b',', 0),
    }
}

fn records(text: &str, mut sheet: Builder) -> Result<Sheet> {
    let (delimiter, start) = delimiter(text);
    let text = text.get(start..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut row = 0u32;
    loop {
        let from = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        if !reader.read_record(&mut record).map_err(|e| super::workbook::damaged(sheet.tally.shown, e))? {
            break;
        }
        // Lines without anything are rows to Excel; the reader passes over them.
        row = row.saturating_add(blank_lines(text.as_bytes(), from));
        for (column, field) in record.iter().enumerate().filter(|(_, field)| !field.is_empty()) {
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            sheet.put(row, column, Cell::Text(field.into()))?;
        }
        row = row.saturating_add(1);
    }
    sheet.finish()
}

/// Line breaks before the record that is read from byte `from` on.
fn blank_lines(text: &[u8], from: usize) -> u32 {
    let mut rest = text.get(from..).unwrap_or_default();
    // The second half of the line break of the record before.
    if from > 0 && text.get(from - 1) == Some(&b'\r') {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut blank = 0;
    while let Some(behind) =
        rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n")).or(rest.strip_prefix(b"\r"))
    {
        (rest, blank) = (behind, blank + 1);
    }
    blank
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(bytes: &[u8]) -> Sheet {
        read(bytes, "表.csv", None, &Limits::default()).unwrap().remove(0)
    }

    fn shape(sheet: &Sheet) -> Vec<(u32, Vec<&str>)> {
        sheet
            .rows
            .iter()
            .map(|row| {
                let cells = row.cells.iter().map(|(_, cell)| match cell {
                    Cell::Text(text) => text.as_ref(),
                    _ => "",
                });
                (row.index, cells.collect())
            })
            .collect()
    }

    #[test]
    fn short_headers_are_told_apart() {
        for text in ["学校名称,在校生数\n东风小学,512\n", "县,学校\n", "学校,班级数\n育才中学,12"]
        {
            let (bytes, ..) = encoding_rs::GBK.encode(text);
            assert_eq!(detect(&bytes), GB18030, "{text}");
        }
        for text in ["學校名稱,學生數\n中正國小,512\n", "縣市,學校\n", "學校代碼,班級數"]
        {
            let (bytes, ..) = BIG5.encode(text);
            assert_eq!(detect(&bytes), BIG5, "{text}");
        }
    }

    #[test]
    fn every_encoding_reads_alike() {
        let text = "学校,人数\n东风小学,512\n";
        let expected = sheet(text.as_bytes());
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let files = [
            [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat(),
            [b"\xFF\xFE".as_slice(), &wide(u16::to_le_bytes)].concat(),
            [b"\xFE\xFF".as_slice(), &wide(u16::to_be_bytes)].concat(),
            GB18030.encode(text).0.into_owned(),
        ];
        for file in files {
            assert_eq!(shape(&sheet(&file)), shape(&expected));
        }
    }

    #[test]
    fn rows_are_those_of_excel() {
        for line in ["\n", "\r\n"] {
            let text = ["", "标题", "", "a,\"b", "c\",d", "", "", "e,,f"].join(line);
            let read = sheet(text.as_bytes());
            let joined = format!("b{line}c");
            let expected = vec![(1, vec!["标题"]), (3, vec!["a", &joined, "d"]), (6, vec!["e", "f"])];
            assert_eq!(shape(&read), expected, "{line:?}");
        }
    }

    #[test]
    fn delimiters() {
        for (text, second) in [("a\tb,c\nd\te", 1), ("a;b\nc;d", 1), ("sep=;\na;b,c,d,e\n", 1)] {
            let sheet = sheet(text.as_bytes());
            assert_eq!(sheet.rows[0].cells.len(), 2, "{text}");
            assert_eq!(sheet.rows[0].cells[1].0, second);
        }
    }

    #[test]
    fn a_bad_byte_is_told_with_its_line() {
        let mut bytes = GB18030.encode("学校\n东风\n").0.into_owned();
        bytes.extend(b"ab\xFF\xFFcd\n");
        let crate::problem::Error::Input(problems) =
            read(&bytes, "x.csv", Some("gbk"), &Limits::default()).unwrap_err()
        else {
            panic!()
        };
        assert_eq!(problems[0].code, "text_undecodable");
        assert_eq!(problems[0].place.cell.as_deref(), Some("3"));
        assert!(problems[0].args.contains(&("found", "FF".to_string())), "{:?}", problems[0].args);
    }
}
