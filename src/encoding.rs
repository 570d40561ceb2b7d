//! Decodes the bytes of files from outside: UTF-8 with or without a byte order mark, UTF-16 with one, GBK (GB18030) and
//! Big5.
//!
//! This is the one decoder, both for tables (csv, tsv) and for the files of a user's own folders: catalogues, the
//! dictionary, standards, pipelines, templates.

use std::{collections::HashSet, path::Path, sync::OnceLock};

use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, UTF_8};

use crate::problem::{Error, Place, Problem, Result};

/// The number of bytes examined to detect the encoding and the delimiter.
pub const SAMPLE: usize = 256 << 10;

/// The encodings that messages suggest.
pub const KNOWN: [&str; 6] = ["utf-8", "gbk", "gb18030", "big5", "utf-16le", "utf-16be"];

/// Bytes that are invalid in the encoding they were read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable {
    pub encoding: &'static str,
    /// 1-based.
    pub line: usize,
    /// The bytes, each as two hexadecimal digits.
    pub found: String,
}

/// The text of the file at `path`, in whichever encoding; `None` if there is no such file.
///
/// # Errors
/// [`Error::Disk`] if the file cannot be read; `text_unreadable`, with the line, if its bytes are valid in none of the
/// encodings.
pub fn read(path: &Path) -> Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) => text(&bytes, &path.display().to_string()).map(Some),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(Error::disk(path, why)),
    }
}

/// The text of a file, in whichever encoding; messages call the file `shown`.
///
/// # Errors
/// `text_unreadable`, with the line.
pub fn text(bytes: &[u8], shown: &str) -> Result<String> {
    decode(bytes, detect(bytes)).map_err(|why| {
        let place = Place { cell: Some(why.line.to_string()), ..Place::file(shown) };
        Problem::error("text_unreadable", place)
            .with("found", why.found)
            .with("line", why.line)
            .with("encoding", why.encoding)
            .into()
    })
}

/// The encoding for a label such as `gbk`; `None` if there is no encoding of that name.
pub fn named(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes()).filter(|e| *e != encoding_rs::REPLACEMENT)
}

/// The most likely encoding of the bytes.
pub fn detect(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    // The whole file, not a sample: a single school name may be the only text that is not ASCII.
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    // Text that is almost entirely valid UTF-8 is damaged UTF-8 rather than another encoding.
    let lossy = String::from_utf8_lossy(bytes.get(..SAMPLE).unwrap_or(bytes));
    let (broken, wide) = lossy.chars().fold((0usize, 0usize), |(broken, wide), c| match c {
        '\u{FFFD}' => (broken + 1, wide),
        c if c as u32 >= 0x800 => (broken, wide + 1),
        _ => (broken, wide),
    });
    if wide > broken * 20 {
        return UTF_8;
    }
    // GB18030 includes GBK. chardetng alone is unreliable on short Chinese text, so it only breaks ties.
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    let common = common();
    let score = |encoding: &'static Encoding| plausibility(bytes, encoding, common);
    let (simplified, traditional) = (score(GB18030), score(BIG5));
    match simplified.total_cmp(&traditional) {
        std::cmp::Ordering::Equal if guess == BIG5 => BIG5,
        std::cmp::Ordering::Less => BIG5,
        _ => GB18030,
    }
}

/// The share of common characters among those that are not ASCII, minus a penalty for undecodable ones. Chinese text
/// read in the wrong encoding consists of rare characters.
fn plausibility(bytes: &[u8], encoding: &'static Encoding, common: &HashSet<char>) -> f64 {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let (mut all, mut known, mut broken) = (0u32, 0u32, 0u32);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        all += 1;
        known += u32::from(common.contains(&c));
        // GB18030 decodes meaningless bytes to private-use characters.
        broken += u32::from(c == '\u{FFFD}' || ('\u{E000}'..'\u{F900}').contains(&c));
    }
    (f64::from(known) - 5.0 * f64::from(broken)) / f64::from(all.max(1))
}

/// The characters that such files contain: the words of the dictionary, the most frequent simplified and traditional
/// characters, and those of place and school names.
fn common() -> &'static HashSet<char> {
    // The embedded dictionary, because an override dictionary is itself decoded by this module.
    const DICTIONARY: &str = include_str!("../data/dictionary.csv");
    static COMMON: OnceLock<HashSet<char>> = OnceLock::new();
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
    const MARKS: &str = "，。、：；（）《》“”—【】％－／　０１２３４５６７８９㎡";
    COMMON.get_or_init(|| {
        let all = [DICTIONARY, SIMPLIFIED, TRADITIONAL, MARKS];
        all.into_iter().flat_map(str::chars).filter(|c| !c.is_ascii()).collect()
    })
}

/// The text in that encoding, without its byte order mark.
///
/// # Errors
/// The first invalid bytes.
pub fn decode(bytes: &[u8], encoding: &'static Encoding) -> Result<String, Undecodable> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    // The decoder's maximum estimate is three times what is usually needed.
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
                return Err(Undecodable { encoding: encoding.name(), line, found: found.join(" ") });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn text_of_any_encoding_is_the_same_text() {
        let said = "[screen]\nfiles = \"结果在 {folder}\"\n";
        let wide: Vec<u8> =
            "\u{feff}".encode_utf16().chain(said.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let files = [
            said.as_bytes().to_vec(),
            ["\u{feff}".as_bytes(), said.as_bytes()].concat(),
            GB18030.encode(said).0.into_owned(),
            wide,
        ];
        for file in files {
            assert_eq!(text(&file, "screen.toml").unwrap(), said);
        }
        let Error::Input(problems) = text(b"a\nb\xFF\xFFc", "x.toml").unwrap_err() else { panic!() };
        assert_eq!(
            (problems[0].code, problems[0].place.to_string()),
            ("text_unreadable", "x.toml / 2".into())
        );
    }
}
