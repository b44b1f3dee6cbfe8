//! Importing candidates in pages: every row stands or falls on its own, and the same file twice
//! changes nothing.

use std::collections::{HashMap, HashSet};

use greenroom_protocol::id::JobId;
use greenroom_protocol::pipeline::{ImportPage, ImportReport, ImportRow, RowError};
use greenroom_protocol::{Error, ErrorKind};

use super::{apply, candidate, notes};
use crate::access::RequestContext;
use crate::input;
use crate::services::Services;
use crate::store::Via;

/// Rows a page may have.
const MOST_ROWS: usize = 1000;

enum Row {
    Added,
    Applied,
    Unchanged,
}

/// Adds a page of candidates, or says what that would do.
pub async fn import(
    services: &Services,
    context: &RequestContext,
    page: ImportPage,
) -> Result<ImportReport, Error> {
    if page.rows.len() > MOST_ROWS {
        return Err(
            Error::usage(format!("A page of an import has at most {MOST_ROWS} rows")).field("rows"),
        );
    }
    let context = &RequestContext {
        via: Via::Import,
        ..context.clone()
    };
    let mut report = ImportReport {
        dry_run: page.dry_run,
        ..ImportReport::default()
    };
    // In a dry run the rows before are not written: what they would make counts as if it were
    // there.
    let mut before = HashMap::<String, HashSet<JobId>>::new();
    for row in &page.rows {
        let address = input::folded(&row.candidate.email);
        let twin = before.get(&address);
        let done = one(services, context, row, page.dry_run, twin).await;
        let done = done.map(|(done, job)| {
            if page.dry_run {
                before.entry(address).or_default().extend(job);
            }
            done
        });
        match done {
            Ok(Row::Added) => report.added += 1,
            Ok(Row::Applied) => report.applied += 1,
            Ok(Row::Unchanged) => report.unchanged += 1,
            Err(error) if error.kind == ErrorKind::Failed => return Err(error),
            Err(error) => report.errors.push(RowError {
                line: row.line,
                field: error.field.unwrap_or_default(),
                message: error.message,
            }),
        }
    }
    Ok(report)
}

/// What becomes of a row, and the job it is for. `twin`: the jobs that rows with the same address
/// would apply for.
async fn one(
    services: &Services,
    context: &RequestContext,
    row: &ImportRow,
    dry_run: bool,
    twin: Option<&HashSet<JobId>>,
) -> Result<(Row, Option<JobId>), Error> {
    let request = &row.candidate;
    let record = candidate::checked(services, request)?;
    let noted = notes::checked(context, &request.notes, services.clock.now())?;
    let entry = apply::entry_of(services, context, request)?;
    let job = entry.as_ref().map(|entry| entry.job);
    let applied_before = twin.is_some_and(|jobs| job.is_some_and(|job| jobs.contains(&job)));
    let space = context.space();
    let (done, _) = services
        .store
        .transact(|tx| {
            let (record, entry, space, noted) = (&record, &entry, &space, &noted);
            async move {
                let known = candidate::holder(&tx, space, &record.email).await?;
                let id = known.unwrap_or_default();
                let applies = match (known, entry) {
                    (_, None) => false,
                    _ if applied_before => false,
                    (None, Some(_)) => true,
                    (Some(id), Some(entry)) => !apply::applied(&tx, space, id, entry.job).await?,
                };
                if !dry_run && known.is_none() {
                    candidate::insert(services, context, &tx, id, record).await?;
                }
                if let Some(entry) = entry.as_ref().filter(|_| applies && !dry_run) {
                    apply::insert(services, context, &tx, id, entry).await?;
                }
                if !dry_run && notes::add(&tx, space, id, noted).await? {
                    context.audit(&tx, services.clock.now(), id, &["notes"], &[])?;
                }
                Ok::<_, Error>(match (known.is_some() || twin.is_some(), applies) {
                    (false, _) => Row::Added,
                    (true, true) => Row::Applied,
                    (true, false) => Row::Unchanged,
                })
            }
        })
        .await?;
    Ok((done, job))
}
