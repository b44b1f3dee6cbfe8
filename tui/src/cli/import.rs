//! `greenroom candidate import`: a file of candidates, sent in pages.
//!
//! Whether a row is good is the daemon's to say; what can be read of the file, [`crate::import`] says.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{ImportPage, ImportReport, Stage};

use super::session::Session;
use crate::import::{Counted, Sheet, pages};
use crate::output::{Failure, Output, Stop};

/// Row errors that people are shown; programs get all.
const SHOWN: usize = 20;

pub(super) async fn import(
    session: &Session,
    file: &Path,
    dry_run: bool,
    job: Option<String>,
) -> Result<(), Stop> {
    let (report, counted) = read_in(session, file, dry_run, job).await?;
    if !dry_run && report.added + report.applied > 0 {
        not_started(session).await?;
    }
    tell(session.output, &report, counted)
}

/// Says whom the assistant would arrange an interview with: an import writes to nobody.
async fn not_started(session: &Session) -> Result<(), Stop> {
    let jobs = session.client().await?.job_list().await?.items;
    for job in jobs.iter().filter(|job| job.open) {
        let waits = |it: &&Stage| it.interview.ai && it.not_started > 0;
        for stage in job.stages.iter().filter(waits) {
            session.output.note(&format!(
                "{} in {} ({}) are not started, and nothing was sent; to begin: greenroom outreach start --stage {} --job {}",
                stage.not_started,
                stage.name,
                job.title,
                quoted(&stage.name),
                quoted(&job.title)
            ));
        }
    }
    Ok(())
}

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    match name.chars().all(plain) {
        true => name.to_owned(),
        false => format!("'{}'", name.replace('\'', "'\\''")),
    }
}

/// Sends a file; what came of it, and what its rows are counted in.
pub(super) async fn read_in(
    session: &Session,
    file: &Path,
    dry_run: bool,
    job: Option<String>,
) -> Result<(ImportReport, Counted), Stop> {
    let failed =
        |error: io::Error| Error::usage(format!("Couldn't read {}: {error}", file.display()));
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(file).map_err(failed)?)
    };
    let sheet = Sheet::read(BufReader::new(source), job.as_deref())?;
    for field in &sheet.ignored {
        session.output.warn(&format!("column `{field}` is ignored"));
    }
    let counted = sheet.counted;
    let client = session.client().await?;
    let mut report = ImportReport {
        dry_run,
        errors: sheet.errors,
        ..ImportReport::default()
    };
    for rows in pages(sheet.rows) {
        match client.candidate_import(ImportPage { rows, dry_run }).await {
            Ok(page) => add(&mut report, page),
            // What earlier pages did is done: importing the file again says nothing new about it.
            Err(error) => return Err(Failure::with(error, "import", &report).into()),
        }
    }
    report.errors.sort_by_key(|error| error.line);
    Ok((report, counted))
}

fn add(report: &mut ImportReport, page: ImportReport) {
    report.added += page.added;
    report.applied += page.applied;
    report.unchanged += page.unchanged;
    report.errors.extend(page.errors);
}

fn tell(output: Output, report: &ImportReport, counted: Counted) -> Result<(), Stop> {
    let done = if report.dry_run {
        "would be added"
    } else {
        "added"
    };
    let summary = format!(
        "{} {done}, {} added to another job, {} unchanged, {} skipped",
        report.added,
        report.applied,
        report.unchanged,
        report.errors.len()
    );
    if report.errors.is_empty() {
        return output.record(report, || {
            crate::output::Lines::new().line("import", &summary)
        });
    }
    for error in report
        .errors
        .iter()
        .take(SHOWN)
        .filter(|_| !output.is_json())
    {
        output.note(&format!(
            "{counted} {}: {}: {}",
            error.line, error.field, error.message
        ));
    }
    let error = Error::failed(format!("Not all rows were imported: {summary}"))
        .hint("fix those and import the file again; known rows stay unchanged");
    Err(Failure::with(error, "import", report).into())
}
