use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use mamis_domain::audit::AuditOutcome;
use mamis_domain::identity::{Actor, LETTER_DAYS, Permit, SystemActor};
use mamis_domain::registry::{Directory, EXPORT_HOLDS};
use mamis_kernel::texts::JointUse;
use mamis_kernel::{AccountId, PersonId, Role, SessionId};
use mamis_persistence::audit::NewAuditEvent;
use mamis_persistence::{Datastore, StoreError};
use moka::future::Cache;
use tokio::sync::{Notify, OnceCell};
use uuid::Uuid;

use crate::identity::{Hashing, TermsDesk, TokenKeys};
use crate::notices::MaintenanceDesk;
use crate::{AppError, AttachmentStore, Clock, ReadAudit};

/// How long a changed capability or an ended session may go unnoticed by another process.
pub(crate) const ACTOR_CACHED_FOR: Duration = Duration::from_secs(20);
/// How long changed associations or categories may go unnoticed.
const DIRECTORY_CACHED_FOR: Duration = Duration::from_secs(30);

/// More than this is for a configuration to say: 19 MiB each, and no nation signs in faster.
const MOST_HASHES_AT_ONCE: usize = 8;

/// What can be set.
#[derive(Debug, Clone)]
pub struct AppConfig {
    /// Seconds an access token holds; 900 at most.
    pub access_token_seconds: u32,
    /// Days a session may last.
    pub session_days: u32,
    /// Password hashes computed at once; each takes 19 MiB and what is left of a core.
    pub hashing_at_once: usize,
    /// The address people use, without a slash at its end. Links in mails and letters are made from it and never from what a
    /// request says about itself; passkeys belong to its host.
    pub public_url: String,
    /// Where the bytes of attachments lie.
    pub attachments: AttachmentStore,
    /// From which role upward a second factor is wanted (ID-20); of nobody when `None`.
    pub second_factor_from: Option<Role>,
    /// What the public page and the poster of joint use say.
    pub joint_use: Arc<JointUse>,
    /// Days for which the temporary password of a letter holds (ID-71).
    pub letter_days: u32,
    /// How long an exported list can be fetched (EXP-1).
    pub export_holds: TimeDelta,
}

impl Default for AppConfig {
    fn default() -> Self {
        let public_url = "http://localhost:8080".to_owned();
        let joint_use = Arc::new(mamis_domain::notices::default_joint_use());
        Self {
            access_token_seconds: 900,
            session_days: 14,
            hashing_at_once: cores().min(MOST_HASHES_AT_ONCE),
            public_url,
            attachments: AttachmentStore::default(),
            second_factor_from: Some(Role::Approver),
            joint_use,
            letter_days: LETTER_DAYS,
            export_holds: EXPORT_HOLDS,
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Everything a use case needs.
pub struct App {
    /// The database.
    pub store: Datastore,
    /// Now and today.
    pub clock: Arc<dyn Clock>,
    /// What can be set.
    pub config: AppConfig,
    /// For access tokens.
    pub tokens: TokenKeys,
    /// Readings of other people's records, written in batches.
    pub read_audit: ReadAudit,
    pub(crate) terms: TermsDesk,
    pub(crate) maintenance: MaintenanceDesk,
    pub(crate) joint_use_poster: OnceCell<Arc<[u8]>>,
    pub(crate) joint_use_banner: OnceCell<Arc<[u8]>>,
    pub(crate) export_asked: Notify,
    pub(crate) hashing: Hashing,
    pub(crate) actors: Cache<(AccountId, SessionId), (DateTime<Utc>, Arc<Actor>)>,
    directory: Mutex<Option<(Instant, Arc<Directory>)>>,
}

/// Who asks, in which request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub actor: Arc<Actor>,
    /// In which request.
    pub request_id: String,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Datastore, clock: Arc<dyn Clock>, tokens: TokenKeys, config: AppConfig) -> Self {
        Self {
            read_audit: ReadAudit::new(store.clone()),
            terms: TermsDesk::default(),
            maintenance: MaintenanceDesk::default(),
            joint_use_poster: OnceCell::new(),
            joint_use_banner: OnceCell::new(),
            export_asked: Notify::new(),
            hashing: Hashing::new(config.hashing_at_once),
            actors: Cache::builder().max_capacity(50_000).time_to_live(ACTOR_CACHED_FOR).build(),
            directory: Mutex::new(None),
            store,
            clock,
            config,
            tokens,
        }
    }

    /// All associations and categories, half a minute old at most.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn directory(&self) -> Result<Arc<Directory>, StoreError> {
        if let Some((loaded, directory)) = &*self.directory.lock().unwrap_or_else(PoisonError::into_inner)
            && loaded.elapsed() < DIRECTORY_CACHED_FOR
            && !directory.is_empty()
        {
            return Ok(Arc::clone(directory));
        }
        let fresh = Arc::new(self.store.directory_load().await?);
        *self.directory.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&fresh)));
        Ok(fresh)
    }

    /// Refuses while one of the keys is blocked (ID-1).
    pub(crate) async fn not_throttled(&self, keys: &[Vec<u8>]) -> Result<(), AppError> {
        let now = self.clock.now();
        match self.store.login_blocked_until(keys, now).await? {
            Some(until) => Err(AppError::LoginThrottled { seconds: (until - now).num_seconds() + 1 }),
            None => Ok(()),
        }
    }

    /// A new id.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// Records a refusal in a transaction of its own, since the one that was refused is rolled back, and gives the error
    /// back. Refusals that cannot be recorded are logged.
    pub(crate) async fn refused(
        &self,
        caller: &Caller,
        action: &str,
        subject: (&'static str, Option<Uuid>),
        person: Option<PersonId>,
        error: AppError,
    ) -> AppError {
        if !error.is_refusal() {
            return error;
        }
        let event = NewAuditEvent {
            action,
            outcome: AuditOutcome::Denied,
            subject_kind: subject.0,
            subject_id: subject.1,
            person,
            at: self.clock.now(),
            payload: None,
        };
        let permit = Permit::refusal(&caller.actor);
        let request_id = Some(caller.request_id.as_str());
        let recorded: Result<(), StoreError> =
            self.store.transaction(request_id, async |tx| tx.audit_append(&permit, event).await).await;
        if let Err(failure) = recorded {
            tracing::error!(error = &failure as &dyn std::error::Error, "a refusal could not be recorded");
        }
        error
    }

    /// Records what the system did by itself.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn record_system(&self, system: SystemActor, event: NewAuditEvent<'_>) -> Result<(), StoreError> {
        let permit = Permit::system(system, ());
        self.store.transaction(None, async |tx| tx.audit_append(&permit, event).await).await
    }
}
