//! Organisations that are no associations: specialist bodies, 日本医学会 and its societies.

use mamis_kernel::OrganisationKind;

use super::error::ReferenceError;
use super::table::read_rows;

/// One organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its code, our own.
    pub code: String,
    /// Its kind.
    pub kind: OrganisationKind,
    /// JIS X 0401 of the prefecture whose association looks after it; `None`: the national one does.
    pub prefecture_code: Option<String>,
    /// Its name.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
}

/// Reads `organisations.csv`: `code,kind,prefecture_code,name,name_en` with a header.
///
/// # Errors
/// The first cell that is not what it should be.
pub fn parse_organisations(file: &str, text: &str) -> Result<Vec<Organisation>, ReferenceError> {
    read_rows(file, text, Some(&["code", "kind", "prefecture_code", "name", "name_en"]), |row| {
        let kind = row.filled(1, "kind")?;
        let prefecture_code = match row.cell(2, "prefecture_code")? {
            "" => None,
            _ => Some(row.prefecture(2, "prefecture_code")?.to_owned()),
        };
        Ok(Organisation {
            code: row.filled(0, "code")?.to_owned(),
            kind: kind.parse().map_err(|_| row.error("kind", format!("{kind:?} is no kind of organisation")))?,
            prefecture_code,
            name: row.filled(3, "name")?.to_owned(),
            name_en: row.filled(4, "name_en")?.to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_belongs_to_a_prefecture_or_to_the_nation() {
        let text = "code,kind,prefecture_code,name,name_en\nS1,society,,甲学会,A\nB1,specialist_body,25,乙医会,B\n";
        let read = parse_organisations("o.csv", text).unwrap();
        assert_eq!(read[0].prefecture_code, None);
        assert_eq!((read[1].kind, read[1].prefecture_code.as_deref()), (OrganisationKind::SpecialistBody, Some("25")));
        let error = parse_organisations("o.csv", &text.replace("society", "club")).unwrap_err();
        assert_eq!((error.line, error.field), (2, "kind"));
    }
}
