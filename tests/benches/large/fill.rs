//! Puts a crowd into a daemon the way anyone would: by importing it.

use std::sync::Arc;

use anyhow::{Result, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use greenroom::client::Client;
use greenroom_protocol::pipeline::{CandidateAdd, ImportPage, ImportRow};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Role;
use greenroom_tests::harness::{World, add_job, add_member};

use crate::crowd::{Crowd, JOBS};

/// A member who is hiring manager of two jobs.
pub const MANAGER: &str = "mina.ito@acme.example";

const PAGE: usize = 500;
const AT_ONCE: usize = 16;

/// Sets a workspace up and imports everybody.
pub async fn fill(world: &World, crowd: &Crowd) -> Result<()> {
    let (client, _) = world.set_up().await?;
    for title in JOBS {
        add_job(&client, title).await?;
    }
    add_manager(&client).await?;
    let numbers: Vec<usize> = (0..crowd.count()).collect();
    let pages = numbers
        .chunks(PAGE)
        .map(|numbers| page(crowd, numbers))
        .map(Arc::new);
    stream::iter(pages)
        .map(|page| import(client.clone(), page))
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
}

async fn add_manager(client: &Client) -> Result<()> {
    let manager = add_member(client, "Mina Ito", MANAGER, &[Role::HiringManager]).await?;
    let jobs = JOBS[..2].iter().map(|job| (*job).to_owned()).collect();
    let edit = greenroom_protocol::workspace::MemberEdit {
        member: manager.id.to_string(),
        hiring_jobs: Some(jobs),
        ..Default::default()
    };
    client.member_edit(edit).await?;
    Ok(())
}

fn page(crowd: &Crowd, numbers: &[usize]) -> ImportPage {
    let rows = numbers.iter().map(|number| {
        let person = crowd.candidate(*number);
        let (job, stage) = crowd.place(*number);
        ImportRow {
            line: *number as u64 + 1,
            candidate: CandidateAdd {
                name: person.name,
                email: person.email,
                zone: person.zone,
                job: Some(job.to_owned()),
                stage: Some(stage.to_owned()),
                // Over the last forty days, an hour apart.
                applied_at: Some(Instant::now().plus_minutes(-60 * (*number as i64 % (40 * 24)))),
                ..CandidateAdd::default()
            },
        }
    });
    ImportPage {
        rows: rows.collect(),
        dry_run: false,
    }
}

async fn import(client: Client, page: Arc<ImportPage>) -> Result<()> {
    let report = client.candidate_import(ImportPage::clone(&page)).await?;
    ensure!(report.errors.is_empty(), "import: {:?}", report.errors);
    Ok(())
}
