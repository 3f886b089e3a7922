//! Postal codes, in the layout of Japan Post's `utf_ken_all.csv`: 15 columns, no header, one row per town area.

use mamis_kernel::text::PostalCode;

use super::error::ReferenceError;
use super::table::read_rows;

/// One town area of a postal code. A code may have several, even in several prefectures: it proposes, never decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalTown {
    /// JIS X 0402 code, five digits.
    pub municipality_code: String,
    /// The postal code.
    pub postal_code: PostalCode,
    /// 都道府県
    pub prefecture: String,
    /// 市区町村
    pub municipality: String,
    /// 町域, cleaned; empty when the code covers what no other code does.
    pub town: String,
    /// 都道府県, 市区町村 and 町域 in full-width katakana.
    pub kana: PostalKana,
    /// What the town cell said besides the name: ranges, floors, exceptions. For people to read.
    pub note: Option<String>,
    /// Whether this town area has several postal codes.
    pub several_codes: bool,
    /// Whether this postal code has several town areas.
    pub several_towns: bool,
}

/// Readings of a town area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalKana {
    /// 都道府県
    pub prefecture: String,
    /// 市区町村
    pub municipality: String,
    /// 町域, empty with the town.
    pub town: String,
}

/// Reads `utf_ken_all.csv`.
///
/// # Errors
/// The first cell that is not what it should be.
pub fn parse_postal_codes(file: &str, text: &str) -> Result<Vec<PostalTown>, ReferenceError> {
    read_rows(file, text, None, |row| {
        let postal_code = row.digits(2, "postal_code", 7)?;
        let postal_code = PostalCode::parse(postal_code)
            .map_err(|_| row.error("postal_code", format!("{postal_code:?} is not a postal code")))?;
        let flag = |index, field| match row.cell(index, field)? {
            "0" => Ok(false),
            "1" => Ok(true),
            other => Err(row.error(field, format!("{other:?} is neither 0 nor 1"))),
        };
        let municipality = row.filled(7, "municipality")?;
        let cleaned = clean_town(municipality, row.filled(8, "town")?);
        let town_kana = if cleaned.town.is_empty() { "" } else { row.cell(5, "town_kana")? };
        Ok(PostalTown {
            municipality_code: row.digits(0, "municipality_code", 5)?.to_owned(),
            postal_code,
            prefecture: row.filled(6, "prefecture")?.to_owned(),
            municipality: municipality.to_owned(),
            town: cleaned.town.to_owned(),
            kana: PostalKana {
                prefecture: row.filled(3, "prefecture_kana")?.to_owned(),
                municipality: row.filled(4, "municipality_kana")?.to_owned(),
                town: town_kana.split('（').next().unwrap_or_default().to_owned(),
            },
            note: cleaned.note.map(str::to_owned),
            several_codes: flag(9, "several_codes")?,
            several_towns: flag(12, "several_towns")?,
        })
    })
}

/// A town cell taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CleanTown<'a> {
    town: &'a str,
    note: Option<&'a str>,
}

/// Takes a town cell apart into a name and a note (REF-1).
///
/// - 以下に掲載がない場合: no town.
/// - ○○の次に番地がくる場合: no town; the sentence is the note.
/// - ○○一円, with ○○ the municipality: no town. 一円 alone is a real place in 滋賀県多賀町.
/// - （１～３丁目）: the name before, the inside as the note.
/// - A range outside parentheses (下左草７７地割〜…): the name before the first digit, the whole cell as the note.
fn clean_town<'a>(municipality: &str, cell: &'a str) -> CleanTown<'a> {
    if cell == "以下に掲載がない場合" {
        return CleanTown { town: "", note: None };
    }
    if cell.contains("の次に") && cell.contains("がくる場合") {
        return CleanTown { town: "", note: Some(cell) };
    }
    if let Some(whole) = cell.strip_suffix("一円")
        && !whole.is_empty()
        && municipality.ends_with(whole)
    {
        return CleanTown { town: "", note: None };
    }
    let (name, inside) = match cell.split_once('（') {
        Some((name, rest)) => (name, Some(rest.strip_suffix('）').unwrap_or(rest))),
        None => (cell, None),
    };
    if name.contains(['～', '〜'])
        && let Some((first_digit, _)) = name.char_indices().find(|(_, c)| matches!(c, '0'..='9' | '０'..='９'))
    {
        let town = name.get(..first_digit).unwrap_or(name);
        // 種市第１地割～…: the ordinal belongs to the number.
        return CleanTown { town: town.strip_suffix('第').unwrap_or(town), note: Some(cell) };
    }
    CleanTown { town: name, note: inside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ref_1_town_cells_that_are_not_names() {
        for (municipality, cell, town, note) in [
            ("大津市", "京町", "京町", None),
            ("大津市", "以下に掲載がない場合", "", None),
            ("札幌市中央区", "北一条西（１～１９丁目）", "北一条西", Some("１～１９丁目")),
            ("千代田区", "霞が関霞が関ビル（地階・階層不明）", "霞が関霞が関ビル", Some("地階・階層不明")),
            ("千代田区", "丸の内（次のビルを除く）", "丸の内", Some("次のビルを除く")),
            ("犬上郡多賀町", "一円", "一円", None),
            ("利島村", "利島村一円", "", None),
            (
                "北都留郡小菅村",
                "小菅村の次に１〜６６３番地がくる場合",
                "",
                Some("小菅村の次に１〜６６３番地がくる場合"),
            ),
            (
                "仲多度郡琴平町",
                "琴平町の次に１〜４２６番地がくる場合（川東）",
                "",
                Some("琴平町の次に１〜４２６番地がくる場合（川東）"),
            ),
            ("和賀郡西和賀町", "左草１地割〜左草（６地割）", "左草", Some("左草１地割〜左草（６地割）")),
            ("九戸郡洋野町", "種市第１地割～種市第３地割", "種市", Some("種市第１地割～種市第３地割")),
            ("十和田市", "土樋（１丁目「１１を除く」）", "土樋", Some("１丁目「１１を除く」")),
        ] {
            assert_eq!(clean_town(municipality, cell), CleanTown { town, note }, "{cell}");
        }
    }

    #[test]
    fn ref_1_a_row_is_read() {
        let text = "25201,\"520  \",\"5200044\",\"シガケン\",\"オオツシ\",\"キョウマチ\",\"滋賀県\",\"大津市\",\"京町\",0,0,1,0,0,0\r\n";
        let towns = parse_postal_codes("utf_ken_all.csv", text).unwrap();
        assert_eq!(towns.len(), 1);
        assert_eq!(towns[0].postal_code.hyphenated(), "520-0044");
        assert_eq!((towns[0].town.as_str(), towns[0].kana.town.as_str()), ("京町", "キョウマチ"));
        let error = parse_postal_codes("utf_ken_all.csv", &text.replace("5200044", "520004")).unwrap_err();
        assert_eq!((error.line, error.field), (1, "postal_code"));
    }
}
