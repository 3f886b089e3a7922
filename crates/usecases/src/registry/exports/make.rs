//! Writing what was asked for. A process takes a file upon itself for a while and says again and again that it still writes; when
//! it dies, another one begins anew. Bytes lie sealed, a part after the other.

use std::borrow::Cow;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use chrono::TimeDelta;
use futures_util::stream::{BoxStream, poll_fn, try_unfold};
use futures_util::{Stream, StreamExt};
use mamis_documents::{CsvBlock, CsvEncoding, LostCell, XlsxFile};
use mamis_domain::identity::{Permit, SystemActor};
use mamis_domain::registry::policy::RegistryAction;
use mamis_kernel::{ExportFormat, MemberColumn};
use mamis_persistence::registry::{ClaimedExport, LostCellRow};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::super::member_cells::cell;
use super::super::members::{MemberSearch, question};
use crate::attachment_store::{NotArrived, new_key};
use crate::identity::TokenKeys;
use crate::{App, AppError};

/// Whoever has been silent for so long has died.
const HELD: TimeDelta = TimeDelta::seconds(60);
/// How often a writer says that it still writes, and hears whether it still may.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// A file that could not be written so often cannot be written.
const TRIES: i32 = 3;
const AGAIN_AFTER: TimeDelta = TimeDelta::seconds(30);
/// Lines that are read, written and sealed together.
const LINES_A_BLOCK: usize = 500;
/// Blocks that are written before the store took them.
const BLOCKS_AHEAD: usize = 4;
/// Bytes of a workbook that are sealed together.
const PART: usize = 256 * 1024;
/// Cells that are listed; all are counted.
const LOST_AT_MOST: usize = 100_000;
const ENDED_AT_ONCE: i64 = 100;
/// The highest bit of a part's length says that it is the last one.
const LAST: u32 = 1 << 31;

/// Writes the files that wait; says how many.
///
/// # Errors
/// [`AppError::Store`] when the next one cannot be looked for.
pub async fn write_exports(app: &App) -> Result<u64, AppError> {
    let mut written = 0;
    loop {
        let key = new_key()?;
        let Some(claimed) = app.store.export_claim(&key, (HELD, TRIES), app.clock.now()).await? else {
            return Ok(written);
        };
        if let Some(left) = &claimed.left_behind {
            remove(app, left).await;
        }
        match Box::pin(write_claimed(app, &claimed)).await {
            Ok(true) => written += 1,
            // Taken back, or taken over: what was written is nobody's.
            Ok(false) => remove(app, &claimed.object_key).await,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, export = %claimed.id, "an export broke off");
                remove(app, &claimed.object_key).await;
                let give_up = claimed.attempts >= TRIES;
                app.store.export_failed(&claimed, give_up, app.clock.now() + AGAIN_AFTER).await?;
            }
        }
    }
}

/// Ends what is over: files whose time has come, and what was taken back or failed. Says how many.
///
/// # Errors
/// [`AppError`]; what was not ended is ended the next time.
pub async fn end_exports(app: &App) -> Result<usize, AppError> {
    app.store.exports_expire(app.clock.now()).await?;
    let permit = permit();
    let mut ended = 0;
    loop {
        let over = app.store.export_list_ended(ENDED_AT_ONCE).await?;
        if over.is_empty() {
            return Ok(ended);
        }
        for (id, key) in &over {
            app.config.attachments.remove(key).await?;
            app.store
                .transaction(None, async |tx| Ok::<_, AppError>(tx.export_forget(&permit, *id, key).await?))
                .await?;
        }
        ended += over.len();
    }
}

fn permit() -> Permit<RegistryAction> {
    Permit::system(SystemActor::Worker, RegistryAction::ExportMembers)
}

async fn remove(app: &App, key: &str) {
    if let Err(error) = app.config.attachments.remove(key).await {
        tracing::error!(error = &error as &dyn std::error::Error, "bytes of an export stay behind");
    }
}

/// How far it is.
#[derive(Default)]
struct Progress {
    done: AtomicI64,
    /// Below one more than nothing while it is not known.
    total_and_one: AtomicI64,
}

impl Progress {
    fn now(&self) -> (i64, Option<i64>) {
        let total = self.total_and_one.load(Ordering::Relaxed);
        (self.done.load(Ordering::Relaxed), (total > 0).then(|| total - 1))
    }
}

/// Whether it was written; not so when it ceased to be this process's to write.
async fn write_claimed(app: &App, claimed: &ClaimedExport) -> Result<bool, AppError> {
    let progress = Progress::default();
    tokio::select! {
        written = write(app, claimed, &progress) => written,
        lost = until_lost(app, claimed, &progress) => lost.map(|()| false),
    }
}

async fn until_lost(app: &App, claimed: &ClaimedExport, progress: &Progress) -> Result<(), AppError> {
    loop {
        tokio::time::sleep(TOLD_EVERY).await;
        if !app.store.export_progress(claimed, progress.now(), app.clock.now() + HELD).await? {
            return Ok(());
        }
    }
}

async fn write(app: &App, claimed: &ClaimedExport, progress: &Progress) -> Result<bool, AppError> {
    let (sender, mut receiver) = mpsc::channel(BLOCKS_AHEAD);
    let content = poll_fn(move |context| receiver.poll_recv(context));
    let lines = async {
        let mut file = SealedFile { app, id: claimed.id, parts: 0, size: 0, sender };
        let made = write_lines(app, claimed, progress, &mut file).await;
        match made {
            Ok(made) => Ok((file.finish().await?, made)),
            Err(error) => {
                // The store must not take a part for the whole.
                let _ = file.sender.send(Err(())).await;
                Err(error)
            }
        }
    };
    let (made, arrived) = tokio::join!(lines, app.config.attachments.write_own(&claimed.object_key, content));
    match arrived {
        Ok(_) | Err(NotArrived::BrokenOff) => {}
        Err(NotArrived::TooLarge) => return Err(AppError::TooLarge),
        Err(NotArrived::Store(error)) => return Err(error),
    }
    let (size, Made { lines, lost, lost_count }) = made?;
    let now = app.clock.now();
    let rows = (lines, lost_count, i64::try_from(size).unwrap_or(i64::MAX));
    app.store
        .transaction(None, async |tx| {
            let permit = permit();
            if !tx.export_ready(&permit, claimed, rows, (now, now + app.config.export_holds)).await? {
                return Ok(false);
            }
            tx.export_lost_cells_insert(&permit, claimed.id, &lost).await?;
            Ok::<_, AppError>(true)
        })
        .await
}

#[derive(Default)]
struct Made {
    lines: i64,
    lost: Vec<LostCellRow>,
    lost_count: i64,
}

impl Made {
    /// Takes a block's lines and what could not be written of them. The first line of a file is its second row.
    fn take(&mut self, lines: usize, lost: Vec<LostCell>) {
        self.lost_count = self.lost_count.saturating_add(i64::try_from(lost.len()).unwrap_or(i64::MAX));
        let room = LOST_AT_MOST.saturating_sub(self.lost.len());
        let first = self.lines.saturating_add(2);
        self.lost.extend(lost.into_iter().take(room).map(|lost| LostCellRow {
            row_number: first.saturating_add(i64::try_from(lost.line).unwrap_or_default()),
            column_number: i32::try_from(lost.cell).unwrap_or_default(),
            value: lost.value,
            written: lost.written,
        }));
        self.lines = self.lines.saturating_add(i64::try_from(lines).unwrap_or_default());
    }
}

async fn write_lines(
    app: &App,
    claimed: &ClaimedExport,
    progress: &Progress,
    file: &mut SealedFile<'_>,
) -> Result<Made, AppError> {
    const UNREADABLE: AppError = AppError::Internal("an export that cannot be understood");
    let search = claimed.search.clone().and_then(|kept| serde_json::from_value::<MemberSearch>(kept).ok());
    let search = search.ok_or(UNREADABLE)?;
    let format: ExportFormat = claimed.format.parse().map_err(|_| UNREADABLE)?;
    let columns: Result<Vec<MemberColumn>, _> = claimed.column_codes.iter().map(|code| code.parse()).collect();
    let columns = columns.map_err(|_| UNREADABLE)?;
    let (question, directory) = question(app, &search, true).await?;
    let permit = permit();
    let total = app.store.member_count(&permit, &question).await?;
    progress.total_and_one.store(i64::try_from(total).unwrap_or_default().saturating_add(1), Ordering::Relaxed);

    let headings = || columns.iter().map(|column| column.heading());
    let mut made = Made::default();
    let encoding = match format {
        ExportFormat::Csv => CsvEncoding::Utf8,
        ExportFormat::CsvCp932 => CsvEncoding::Cp932,
        ExportFormat::Xlsx => {
            let mut book = XlsxFile::new("会員", headings())?;
            app.store
                .member_lines(&permit, &question, LINES_A_BLOCK, async |lines| {
                    for line in &lines {
                        let cells: Vec<Cow<'_, str>> = columns
                            .iter()
                            .map(|column| cell(line, *column, question.association, &directory))
                            .collect();
                        book.line(cells.iter().map(AsRef::as_ref))?;
                    }
                    made.take(lines.len(), Vec::new());
                    progress.done.store(made.lines, Ordering::Relaxed);
                    // Others get their turn between blocks.
                    tokio::task::yield_now().await;
                    Ok::<_, AppError>(())
                })
                .await?;
            // Packing takes as long as all that went before.
            let packed = tokio::task::spawn_blocking(move || book.finish()).await;
            let packed = Bytes::from(packed.map_err(|_| AppError::Internal("packing a workbook was stopped"))??);
            for part in packed.chunks(PART) {
                file.part(part).await?;
            }
            return Ok(made);
        }
    };
    let mut block = Some(CsvBlock::first(encoding, headings())?);
    app.store
        .member_lines(&permit, &question, LINES_A_BLOCK, async |lines| {
            let mut block = block.take().unwrap_or_else(|| CsvBlock::next(encoding));
            for line in &lines {
                let cells: Vec<Cow<'_, str>> =
                    columns.iter().map(|column| cell(line, *column, question.association, &directory)).collect();
                block.line(cells.iter().map(AsRef::as_ref))?;
            }
            let (bytes, lost) = block.finish()?;
            made.take(lines.len(), lost);
            progress.done.store(made.lines, Ordering::Relaxed);
            file.part(&bytes).await
        })
        .await?;
    // Nobody matched: the file has its columns all the same.
    if let Some(block) = block {
        file.part(&block.finish()?.0).await?;
    }
    Ok(made)
}

/// Seals a part after the other and hands them to the store.
struct SealedFile<'a> {
    app: &'a App,
    id: Uuid,
    parts: u64,
    size: u64,
    sender: mpsc::Sender<Result<Bytes, ()>>,
}

impl SealedFile<'_> {
    async fn part(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        self.seal(bytes, false).await
    }

    /// Says how many bytes the file has, unsealed.
    async fn finish(mut self) -> Result<u64, AppError> {
        self.seal(&[], true).await?;
        Ok(self.size)
    }

    async fn seal(&mut self, bytes: &[u8], is_last: bool) -> Result<(), AppError> {
        let sealed = self.app.tokens.seal_part(self.id, (self.parts, is_last), bytes)?;
        let length = u32::try_from(sealed.len()).ok().filter(|length| *length < LAST);
        let length = length.ok_or(AppError::Internal("a part of an export is too long"))?;
        let length = if is_last { length | LAST } else { length };
        self.parts += 1;
        self.size = self.size.saturating_add(u64::try_from(bytes.len()).unwrap_or_default());
        let framed = [length.to_be_bytes().as_slice(), &sealed].concat();
        self.sender.send(Ok(Bytes::from(framed))).await.map_err(|_| AppError::BrokenOff)
    }
}

/// What was sealed, a part after the other. It ends well only behind the part that was sealed as the last one.
pub(super) fn unsealed(
    keys: TokenKeys,
    id: Uuid,
    sealed: BoxStream<'static, Result<Bytes, object_store::Error>>,
) -> impl Stream<Item = Result<Bytes, AppError>> + use<> {
    const CUT: AppError = AppError::Internal("an exported file is cut off");
    let begin = (keys, sealed, BytesMut::new(), 0_u64);
    try_unfold(begin, move |(keys, mut sealed, mut waiting, number)| async move {
        loop {
            let head = waiting.first_chunk::<4>().map(|head| u32::from_be_bytes(*head));
            let length = head.map(|head| usize::try_from(head & !LAST).unwrap_or(usize::MAX));
            if let (Some(head), Some(length)) = (head, length)
                && waiting.len() >= length.saturating_add(4)
            {
                waiting.advance(4);
                let part = waiting.split_to(length);
                let is_last = head & LAST != 0;
                let part = keys.unseal_part(id, (number, is_last), &part)?;
                return Ok((!is_last).then(|| (Bytes::from(part), (keys, sealed, waiting, number + 1))));
            }
            match sealed.next().await {
                Some(Ok(more)) => waiting.extend_from_slice(&more),
                Some(Err(error)) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "an exported file cannot be read");
                    return Err(CUT);
                }
                None => return Err(CUT),
            }
        }
    })
}
