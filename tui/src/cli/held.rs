//! `greenroom candidate export` and `greenroom candidate erase`: all that is held on one person.

use std::path::{Path, PathBuf};

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::audit::AuditEntry;
use greenroom_protocol::interview::Interview;
use greenroom_protocol::pipeline::{CandidateExportQuery, Erased, HeldCandidate};
use greenroom_protocol::received::HeldEmail;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use serde::Serialize;
use serde_json::json;

use super::ask;
use super::place::Place;
use super::session::Session;
use super::words::person;
use crate::output::{Lines, Stop};

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Who: email, name or ID
    candidate: String,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// Who: email, name or ID
    candidate: String,
    /// Only show what would be erased
    #[arg(long)]
    dry_run: bool,
}

/// All that is held on somebody.
#[derive(Debug, Serialize)]
struct Held {
    exported_at: Instant,
    candidate: Option<HeldCandidate>,
    interviews: Vec<Interview>,
    received: Vec<HeldEmail>,
    audit: Vec<AuditEntry>,
    /// How many saved views of members name them.
    #[serde(skip_serializing_if = "Option::is_none")]
    views: Option<u64>,
}

impl Export {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let place = self.output.as_deref().map(|path| Place::at(session, path));
        let place = place.transpose()?;
        let held = fetch(session, self.candidate).await?;
        match (place, self.output) {
            (Some(place), Some(path)) => write(session, place, &path, &held),
            _ => session.output.pretty(&held),
        }
    }
}

async fn fetch(session: &Session, candidate: String) -> Result<Held, Error> {
    let client = session.client().await?;
    let mut held = Held {
        exported_at: Instant::now(),
        candidate: None,
        interviews: Vec::new(),
        received: Vec::new(),
        audit: Vec::new(),
        views: None,
    };
    let mut query = CandidateExportQuery {
        candidate,
        cursor: None,
    };
    loop {
        let page = client.candidate_export(query.clone()).await?;
        if let Some(candidate) = &page.candidate {
            // Whatever their name or address becomes meanwhile, the rest is about the same person.
            query.candidate = candidate.id.to_string();
        }
        held.candidate = page.candidate.or(held.candidate);
        held.interviews.extend(page.interviews);
        held.received.extend(page.received);
        held.audit.extend(page.audit);
        held.views = page.views.or(held.views);
        query.cursor = page.next;
        if query.cursor.is_none() {
            return Ok(held);
        }
    }
}

fn write(session: &Session, mut place: Place, path: &Path, held: &Held) -> Result<(), Stop> {
    let mut json = serde_json::to_vec_pretty(held)
        .map_err(|error| Error::failed(format!("Couldn't write the export: {error}")))?;
    json.push(b'\n');
    place.write(&json)?;
    place.keep()?;
    let (interviews, audit) = (held.interviews.len(), held.audit.len());
    let received = held.received.len();
    let record = json!({
        "file": path.display().to_string(),
        "interviews": interviews,
        "received": received,
        "audit": audit,
    });
    session.output.record(&record, || {
        Lines::new()
            .line("export", path.display().to_string())
            .line("interviews", interviews.to_string())
            .line("emails", received.to_string())
            .line("audit entries", audit.to_string())
    })
}

impl Erase {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let who = client.candidate_get(Reference::to(&self.candidate)).await?;
        let candidate = Reference {
            expected_revision: Some(who.revision),
            dry_run: true,
            ..Reference::to(who.id.to_string())
        };
        let would = client.candidate_erase(candidate.clone()).await?;
        if self.dry_run {
            return tell(session, &would);
        }
        let question = format!(
            "Erase {}, {} applications, {} emails, and their name in {} interviews (this cannot be undone)",
            person(&who.name, &who.email),
            would.applications,
            would.received,
            would.interviews
        );
        ask::confirm(session, &question)?;
        let erased = client
            .candidate_erase(Reference {
                dry_run: false,
                ..candidate
            })
            .await?;
        session
            .output
            .note("Backups keep them until they rotate; to purge sooner see README, Data in hand");
        tell(session, &erased)
    }
}

fn tell(session: &Session, erased: &Erased) -> Result<(), Stop> {
    session.output.record(erased, || {
        let result = match erased.dry_run {
            true => "would be erased",
            false => "erased",
        };
        Lines::new()
            .line("candidate", result)
            .line("applications", erased.applications.to_string())
            .line("interviews", format!("{} keep no name", erased.interviews))
            .line("emails", erased.received.to_string())
            .line("notes", erased.notes.to_string())
            .line("saved views", erased.views.to_string())
            .each("remains", erased.remains.iter().cloned())
    })
}
