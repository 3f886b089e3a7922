use thiserror::Error;

/// A document could not be made.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// There was nothing to print.
    #[error("a document needs a page")]
    Empty,
    /// The address is too long for a QR code.
    #[error("the address does not fit into a QR code")]
    Qr(#[from] qrcode::types::QrError),
    /// The data could not be handed to the template.
    #[error("the data could not be written for the template")]
    Data(#[from] serde_json::Error),
    /// The template and its data do not go together. Names places in the template, never what stood in the data.
    #[error("the pages could not be set: {0}")]
    Setting(String),
    /// A line of a list could not be written.
    #[error("a line of a list could not be written")]
    Csv(#[from] csv::Error),
    /// A workbook could not be written.
    #[error("a workbook could not be written")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// A part that is compiled in is broken.
    #[error("a built-in part is broken: {0}")]
    BuiltIn(&'static str),
}
