//! Texts that anybody may read, in their parts, so that screen and paper can show them each in its own way.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Terms of use in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermsText {
    /// The heading.
    pub title: String,
    /// What is different from the version before, a sentence each.
    pub changes: Vec<String>,
    /// Before the first article.
    pub lead: Vec<String>,
    /// The articles.
    pub sections: Vec<TextSection>,
}

/// An article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextSection {
    /// The heading.
    pub heading: String,
    /// What it says.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// What it lists after that.
    #[serde(default)]
    pub items: Vec<String>,
}

/// What the law wants everybody to be able to know about the joint use of personal data, and what belongs beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JointUse {
    /// The day of the last change.
    pub updated_on: NaiveDate,
    /// 日本語
    pub ja: JointUseText,
    /// English
    pub en: JointUseText,
}

/// The same in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JointUseText {
    /// That data are used jointly.
    pub lead: Vec<String>,
    /// Items of personal data.
    pub items: Vec<String>,
    /// Who uses them.
    pub users: Vec<String>,
    /// What for.
    pub purposes: Vec<String>,
    /// Who is responsible.
    pub managers: Vec<String>,
    /// What others do for us.
    pub tasks: Vec<OutsourcedTask>,
    /// Browsers and devices.
    pub environments: Vec<String>,
    /// What happens to the data of the former system.
    pub migration: Vec<String>,
}

/// A task and who does it for us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutsourcedTask {
    /// What.
    pub task: String,
    /// Who.
    pub vendor: String,
}
