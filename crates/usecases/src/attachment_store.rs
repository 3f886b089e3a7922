use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};

use crate::AppError;

/// Bytes that lie in memory at once while a file arrives.
const PART: usize = 256 * 1024;
/// How many bytes tell what a file is.
const HEAD: usize = 4 * 1024;

/// Where the bytes of attachments and of exported lists lie: outside the folder that is served, under names that nobody can guess.
#[derive(Clone)]
pub struct AttachmentStore {
    objects: Option<Objects>,
    /// The largest file taken, in bytes.
    pub largest: u64,
}

#[derive(Clone)]
struct Objects {
    store: Arc<dyn ObjectStore>,
    /// Where parts of broken-off uploads lie, beside the finished files.
    folder: PathBuf,
}

/// What a stream of bytes turned out to be.
pub(crate) struct Arrived {
    pub(crate) head: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) sha256: [u8; 32],
}

/// Why a stream of bytes did not arrive.
#[derive(Debug)]
pub enum NotArrived {
    /// More bytes than are taken.
    TooLarge,
    /// The sender stopped in the middle.
    BrokenOff,
    /// The store failed.
    Store(AppError),
}

impl Default for AttachmentStore {
    /// Nowhere: uploads fail.
    fn default() -> Self {
        Self { objects: None, largest: Self::LARGEST }
    }
}

impl fmt::Debug for AttachmentStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.objects.as_ref().map(|objects| &objects.folder);
        f.debug_struct("AttachmentStore").field("folder", &folder).field("largest", &self.largest).finish()
    }
}

impl AttachmentStore {
    /// The largest file taken unless configured otherwise: 10 MiB, more than a telephone's photograph.
    pub const LARGEST: u64 = 10 * 1024 * 1024;

    /// A folder of this machine, made if it is not there, for its owner alone. What is written is on the disk before it
    /// counts as written.
    ///
    /// # Errors
    /// When the folder cannot be made or used.
    pub fn local(folder: &Path, largest: u64) -> std::io::Result<Self> {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        let folder = folder.canonicalize()?;
        let store = LocalFileSystem::new_with_prefix(&folder).map_err(std::io::Error::other)?.with_fsync(true);
        Ok(Self { objects: Some(Objects { store: Arc::new(store), folder }), largest })
    }

    fn objects(&self) -> Result<&Objects, AppError> {
        self.objects.as_ref().ok_or(AppError::Internal("there is no attachment store"))
    }

    /// Writes a stream under a new key, a part at a time. Nothing remains of one that breaks off or is too large.
    pub(crate) async fn write<E>(
        &self,
        key: &str,
        content: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Arrived, NotArrived> {
        self.write_up_to(self.largest, key, content).await
    }

    /// The same for what we write ourselves, however long it is.
    pub(crate) async fn write_own<E>(
        &self,
        key: &str,
        content: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Arrived, NotArrived> {
        self.write_up_to(u64::MAX, key, content).await
    }

    async fn write_up_to<E>(
        &self,
        largest: u64,
        key: &str,
        mut content: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Arrived, NotArrived> {
        let objects = self.objects().map_err(NotArrived::Store)?;
        let mut upload = objects.store.put_multipart(&Key::from(key)).await.map_err(failed)?;
        let arrived = pass(upload.as_mut(), &mut content, largest).await;
        let ended = match &arrived {
            Ok(_) => upload.complete().await.map(|_| ()),
            Err(_) => upload.abort().await,
        };
        match arrived {
            Ok(arrived) => ended.map(|()| arrived).map_err(failed),
            Err(refused) => {
                if let Err(error) = ended {
                    tracing::warn!(error = &error as &dyn std::error::Error, "an upload could not be aborted");
                }
                Err(refused)
            }
        }
    }

    /// The bytes of a key.
    pub(crate) async fn read(
        &self,
        key: &str,
    ) -> Result<BoxStream<'static, Result<Bytes, object_store::Error>>, AppError> {
        let found = self.objects()?.store.get(&Key::from(key)).await;
        Ok(found.map_err(|error| unusable(&error))?.into_stream())
    }

    /// Removes the bytes of a key, and the parts of an upload of it that a crash broke off. Removing twice is fine.
    pub(crate) async fn remove(&self, key: &str) -> Result<(), AppError> {
        let objects = self.objects()?;
        match objects.store.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(unusable(&error)),
        }
        // The store writes `key#1` and renames it when it is whole.
        let (folder, name) = key.rsplit_once('/').unwrap_or(("", key));
        let Ok(mut beside) = tokio::fs::read_dir(objects.folder.join(folder)).await else { return Ok(()) };
        let begins = format!("{name}#");
        while let Ok(Some(entry)) = beside.next_entry().await {
            if entry.file_name().to_string_lossy().starts_with(&begins) {
                tokio::fs::remove_file(entry.path()).await.map_err(|_| AppError::Internal("a part stays"))?;
            }
        }
        Ok(())
    }
}

/// A new place for bytes: 128 random bits.
pub(crate) fn new_key() -> Result<String, AppError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| AppError::Internal("the random source failed"))?;
    let name = hex::encode(bytes);
    Ok(format!("{}/{name}", &name[..2]))
}

async fn pass<E>(
    upload: &mut dyn MultipartUpload,
    content: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    largest: u64,
) -> Result<Arrived, NotArrived> {
    let (mut hasher, mut size, mut head) = (Sha256::new(), 0_u64, Vec::new());
    let mut part = Vec::new();
    while let Some(chunk) = content.next().await {
        let chunk = chunk.map_err(|_| NotArrived::BrokenOff)?;
        size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if size > largest {
            return Err(NotArrived::TooLarge);
        }
        hasher.update(&chunk);
        head.extend(chunk.iter().take(HEAD - head.len()));
        part.extend_from_slice(&chunk);
        if part.len() >= PART {
            upload.put_part(PutPayload::from(std::mem::take(&mut part))).await.map_err(failed)?;
        }
    }
    if !part.is_empty() {
        upload.put_part(PutPayload::from(part)).await.map_err(failed)?;
    }
    Ok(Arrived { head, size, sha256: hasher.finalize().into() })
}

fn failed(error: object_store::Error) -> NotArrived {
    NotArrived::Store(unusable(&error))
}

fn unusable(error: &object_store::Error) -> AppError {
    tracing::error!(error = error as &dyn std::error::Error, "the attachment store failed");
    AppError::Internal("the attachment store failed")
}
