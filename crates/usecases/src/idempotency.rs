use mamis_persistence::Tx;
use mamis_persistence::delivery::StoredAnswer;

use crate::{App, AppError, Caller};

/// A request that may come twice.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// Chosen by the client, once per intent.
    pub key: String,
    /// SHA-256 of method, path, version and body.
    pub request_hash: [u8; 32],
}

/// An answer as it goes over the wire, to be kept with its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// The status.
    pub status: u16,
    /// For the `ETag`.
    pub version: Option<i64>,
    /// The body: JSON as it is sent.
    pub body: String,
}

impl Rendered {
    /// Done, and nothing to say about it.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { status: 204, version: None, body: String::new() }
    }
}

/// Fresh or kept, the answer is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What to send.
    pub rendered: Rendered,
    /// Whether it had been given before.
    pub replayed: bool,
}

impl App {
    /// Runs `work` once per key, in one transaction with the kept answer: a repetition gets that answer, also when the
    /// first one was lost on its way.
    ///
    /// # Errors
    /// [`AppError::IdempotencyKeyReused`] when the key was used for another request; what `work` says.
    pub(crate) async fn once(
        &self,
        caller: &Caller,
        idempotency: &Idempotency,
        work: impl AsyncFnOnce(&mut Tx) -> Result<Rendered, AppError>,
    ) -> Result<Answer, AppError> {
        let account = caller.actor.account;
        // Loaded here, so that no work inside waits for a second connection.
        self.directory().await?;
        self.store
            .transaction(Some(&caller.request_id), async |tx| {
                if let Some(kept) = tx.idempotency_begin(account, &idempotency.key).await? {
                    if kept.request_hash != idempotency.request_hash {
                        return Err(AppError::IdempotencyKeyReused);
                    }
                    let status = u16::try_from(kept.status).map_err(|_| AppError::Internal("a kept status"))?;
                    let rendered = Rendered { status, version: kept.version, body: kept.answer };
                    return Ok(Answer { rendered, replayed: true });
                }
                let rendered = work(tx).await?;
                let kept = StoredAnswer {
                    request_hash: idempotency.request_hash.to_vec(),
                    status: i32::from(rendered.status),
                    version: rendered.version,
                    answer: rendered.body.clone(),
                };
                tx.idempotency_store(account, &idempotency.key, kept, self.clock.now()).await?;
                Ok(Answer { rendered, replayed: false })
            })
            .await
    }
}
