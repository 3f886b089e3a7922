//! Rows on their way into a binary COPY.

use std::error::Error;

use bytes::{BufMut, Bytes, BytesMut};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::pin_mut;
use serde_json::Value as Json;
use tokio_postgres::CopyInSink;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use super::rows::BulkRow;
use crate::StoreError;

/// One column's value.
#[derive(Debug)]
pub enum Value<'a> {
    /// `uuid`
    Uuid(Option<Uuid>),
    /// `text`
    Text(Option<&'a str>),
    /// `text[]`
    Texts(&'a [String]),
    /// `date`
    Date(Option<NaiveDate>),
    /// `timestamptz`
    Instant(Option<DateTime<Utc>>),
    /// `boolean`
    Bool(bool),
    /// `integer`
    Int(i32),
    /// `bigint`
    BigInt(i64),
    /// `bytea`
    Bytes(Option<&'a [u8]>),
    /// `jsonb`
    Json(&'a Json),
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Uuid(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Texts(value) => value.to_sql(ty, out),
            Self::Date(value) => value.to_sql(ty, out),
            Self::Instant(value) => value.to_sql(ty, out),
            Self::Bool(value) => value.to_sql(ty, out),
            Self::Int(value) => value.to_sql(ty, out),
            Self::BigInt(value) => value.to_sql(ty, out),
            Self::Bytes(value) => value.to_sql(ty, out),
            Self::Json(value) => {
                // The version byte of jsonb's binary form, then the text.
                out.put_u8(1);
                serde_json::to_writer(out.writer(), value)?;
                Ok(IsNull::No)
            }
        }
    }

    // The types stand beside the columns in `rows`, and the writer checks each value against its type.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub(super) async fn rows_in<R: BulkRow>(sink: CopyInSink<Bytes>, rows: &[R]) -> Result<(), StoreError> {
    let writer = BinaryCopyInWriter::new(sink, R::TYPES);
    pin_mut!(writer);
    for row in rows {
        writer.as_mut().write_raw(row.values()).await?;
    }
    writer.finish().await?;
    Ok(())
}
