//! `greenroom export`: a workspace as files, one a kind, so that a company can take everything
//! along.
//!
//! The lists are those everybody sees, fetched in pages; nothing secret is in any of them. A page
//! is of its moment: where something changed while they were fetched, this says so.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use clap::Args;
use greenroom_protocol::account::AccountListQuery;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::availability::MemberHoursQuery;
use greenroom_protocol::calendar::FeedQuery;
use greenroom_protocol::interview::InterviewQuery;
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{ExportQuery, HeldCandidate};
use greenroom_protocol::template::{TemplateListQuery, TemplateQuery};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Member;
use greenroom_protocol::{BUILD, Error};
use serde::Serialize;
use serde_json::{Value, json};

use super::ask;
use super::place::Place;
use super::session::Session;
use crate::client::Client;
use crate::output::{Lines, Stop};
use crate::typed::cell::guarded;

/// Rows of a page; an interview can be long, and a page must fit into a frame.
const ROWS: u32 = 100;

/// The columns of `candidates.csv`, as an import reads them.
const COLUMNS: [&str; 11] = [
    "name", "email", "phone", "zone", "source", "job", "stage", "applied", "state", "notes", "link",
];

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The directory to write to; created if missing
    directory: PathBuf,
}

impl Export {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let mut out = Directory::open(session, &self.directory)?;
        let before = client.status().await?;
        let workspace = client.workspace_list().await?.items;
        let here = workspace.into_iter().find(|it| it.current);
        out.object("workspace", &bare(&here, &["current"]))?;
        let members = client.member_list().await?.items;
        out.sorted("members", &members, &["you"])?;
        hours(&client, &mut out, &members).await?;
        calendars(&client, &mut out, &members).await?;
        out.sorted("days-off", &client.days_off().await?.items, &[])?;
        out.sorted("jobs", &client.job_list().await?.items, &[])?;
        out.sorted("connections", &client.zoom_list().await?.items, &[])?;
        let accounts = client.account_list(AccountListQuery::default()).await?;
        out.sorted("accounts", &accounts.items, &[])?;
        candidates(&client, &mut out).await?;
        interviews(&client, &mut out).await?;
        templates(&client, &mut out).await?;
        audit(&client, &mut out).await?;
        let after = client.status().await?;
        if after.revision != before.revision {
            session.output.warn(
                "data changed while this was written; for a consistent copy: greenroom backup",
            );
        }
        let manifest = json!({
            "greenroom": BUILD,
            "workspace": after.workspace,
            "made_at": Instant::now(),
            "store": after.store,
            "revision": { "from": before.revision, "to": after.revision },
            "files": out.files,
        });
        out.object("export", &manifest)?;
        let lines = || {
            let count = |(name, count): (&String, &Value)| format!("{name}: {count}");
            let files: Vec<_> = out.files.iter().map(count).collect();
            Lines::new()
                .line("export", self.directory.display().to_string())
                .each("files", files)
        };
        session.output.record(&manifest, lines)
    }
}

/// When everybody works, where anything is set.
async fn hours(client: &Client, out: &mut Directory, members: &[Member]) -> Result<(), Error> {
    let mut array = out.array("hours")?;
    for member in members {
        let query = MemberHoursQuery {
            member: Some(member.id.to_string()),
        };
        let mut hours = client.member_hours(query).await?;
        // They are in the lists of days off, and which are to come depends on today.
        hours.days_off.clear();
        if hours.revision > 0 {
            array.add(&hours)?;
        }
    }
    out.end(array)
}

/// Which calendars others keep of whom; what they say is theirs.
async fn calendars(client: &Client, out: &mut Directory, members: &[Member]) -> Result<(), Error> {
    let mut array = out.array("calendars")?;
    for member in members {
        let query = FeedQuery {
            member: Some(member.id.to_string()),
        };
        for mut feed in client.feed_list(query).await?.items {
            // When it is read next changes by the quarter of an hour.
            feed.next = None;
            array.add(&feed)?;
        }
    }
    out.end(array)
}

async fn candidates(client: &Client, out: &mut Directory) -> Result<(), Error> {
    let mut json = out.array("candidates")?;
    let mut csv = out.begin("candidates.csv")?;
    csv.write(&row(&COLUMNS.map(str::to_owned))?)?;
    let mut query = ExportQuery::default();
    let mut count = 0;
    loop {
        let page = client.candidate_export_all(query).await?;
        for candidate in &page.items {
            json.add(candidate)?;
            for cells in cells(candidate) {
                csv.write(&row(&cells)?)?;
                count += 1;
            }
        }
        if page.next.is_none() {
            break;
        }
        query = ExportQuery { cursor: page.next };
    }
    csv.keep()?;
    out.wrote("candidates.csv", count);
    out.end(json)
}

async fn interviews(client: &Client, out: &mut Directory) -> Result<(), Error> {
    let fetch = async |cursor| {
        let query = InterviewQuery {
            cursor,
            limit: Some(ROWS),
            ..InterviewQuery::default()
        };
        client.interview_list(query).await
    };
    out.pages("interviews", fetch).await
}

/// The words that are the workspace's own.
async fn templates(client: &Client, out: &mut Directory) -> Result<(), Error> {
    let mut array = out.array("templates")?;
    let mut query = TemplateListQuery::default();
    loop {
        let page = client.template_list(query).await?;
        for brief in page.items.iter().filter(|it| it.revision > 0) {
            let query = TemplateQuery {
                name: brief.name,
                stage: brief.stage.as_ref().map(|it| it.id.to_string()),
                job: None,
            };
            array.add(&client.template_show(query).await?)?;
        }
        if page.next.is_none() {
            return out.end(array);
        }
        query = TemplateListQuery {
            cursor: page.next,
            limit: None,
        };
    }
}

async fn audit(client: &Client, out: &mut Directory) -> Result<(), Error> {
    let fetch = async |cursor| {
        let query = AuditQuery {
            cursor,
            limit: Some(ROWS),
            ..AuditQuery::default()
        };
        client.audit_list(query).await
    };
    out.pages("audit", fetch).await
}

/// The lines of a candidate: one an application, or one without any.
fn cells(candidate: &HeldCandidate) -> Vec<[String; 11]> {
    // Texts in one cell, links in the next: what belongs together is in the JSON.
    let texts = candidate.notes.iter().map(|note| note.text.as_str());
    let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
    let links = candidate
        .notes
        .iter()
        .filter_map(|note| note.link.as_deref());
    let (texts, links) = (texts.join("\n"), links.collect::<Vec<_>>().join(" "));
    let line = |job: &str, stage: &str, applied: String, state: &str| {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            candidate.name.clone(),
            candidate.email.clone(),
            optional(&candidate.phone),
            optional(&candidate.zone),
            optional(&candidate.source),
            job.to_owned(),
            stage.to_owned(),
            applied,
            state.to_owned(),
            texts.clone(),
            links.clone(),
        ]
    };
    if candidate.applications.is_empty() {
        return vec![line("", "", String::new(), "")];
    }
    let applications = candidate.applications.iter();
    let lines = applications.map(|it| {
        let applied = it.applied_at.to_string();
        line(&it.job, &it.stage, applied, it.state.words())
    });
    lines.collect()
}

fn row(cells: &[String; 11]) -> Result<Vec<u8>, Error> {
    let failed =
        |error: &dyn std::fmt::Display| Error::failed(format!("Couldn't write the CSV: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let guarded = cells.iter().map(|cell| guarded(cell).into_owned());
    writer
        .write_record(guarded)
        .map_err(|error| failed(&error))?;
    writer.into_inner().map_err(|error| failed(&error))
}

/// A record without what says something about the caller.
fn bare(record: &impl Serialize, without: &[&str]) -> Value {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| !without.contains(&name.as_str()));
    }
    value
}

/// The directory written into, and how many records are in each file.
struct Directory {
    path: PathBuf,
    files: serde_json::Map<String, Value>,
}

/// A file that is one array, a record after the other.
struct Array {
    name: String,
    place: Place,
    count: u64,
}

/// A directory that was there is left as it is; the files are the caller's alone, but others may
/// replace them.
fn note_open(session: &Session, path: &Path) {
    const STICKY: u32 = 0o1000;
    let mode = fs::metadata(path).map_or(0, |found| found.mode());
    if mode & 0o022 != 0 && mode & STICKY == 0 {
        let (path, mode) = (path.display(), mode & 0o777);
        session.output.note(&format!(
            "warning: others may remove and replace files in {path} (mode {mode:o})"
        ));
    }
}

impl Directory {
    /// Makes the directory, or asks before writing into one that holds anything.
    fn open(session: &Session, path: &Path) -> Result<Self, Error> {
        let failed = |error: io::Error| {
            Error::failed(format!("Couldn't write into {}: {error}", path.display()))
        };
        match fs::read_dir(path) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    let question = format!("write into {}, which is not empty", path.display());
                    ask::confirm(session, &question)?;
                }
                note_open(session, path);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                DirBuilder::new().mode(0o700).create(path).map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        }
        Ok(Self {
            path: path.to_owned(),
            files: serde_json::Map::new(),
        })
    }

    fn begin(&self, name: &str) -> Result<Place, Error> {
        Place::over(&self.path.join(name))
    }

    fn wrote(&mut self, name: &str, count: u64) {
        self.files.insert(name.to_owned(), count.into());
    }

    fn object(&mut self, kind: &str, value: &Value) -> Result<(), Error> {
        let mut place = self.begin(&format!("{kind}.json"))?;
        place.write((pretty(value)? + "\n").as_bytes())?;
        place.keep()
    }

    fn array(&self, kind: &str) -> Result<Array, Error> {
        let name = format!("{kind}.json");
        Ok(Array {
            place: self.begin(&name)?,
            name,
            count: 0,
        })
    }

    fn end(&mut self, mut array: Array) -> Result<(), Error> {
        let end: &[u8] = if array.count == 0 { b"[]\n" } else { b"\n]\n" };
        array.place.write(end)?;
        array.place.keep()?;
        self.wrote(&array.name, array.count);
        Ok(())
    }

    /// A list that comes whole, by id.
    fn sorted(
        &mut self,
        kind: &str,
        records: &[impl Serialize],
        without: &[&str],
    ) -> Result<(), Error> {
        let mut records: Vec<_> = records.iter().map(|it| bare(it, without)).collect();
        records.sort_by_cached_key(|it| it["id"].as_str().map(str::to_owned));
        let mut array = self.array(kind)?;
        for record in &records {
            array.add(record)?;
        }
        self.end(array)
    }

    /// A list that comes in pages, in its own order.
    async fn pages<T: Serialize>(
        &mut self,
        kind: &str,
        fetch: impl AsyncFn(Option<String>) -> Result<Page<T>, Error>,
    ) -> Result<(), Error> {
        let mut array = self.array(kind)?;
        let mut cursor = None;
        loop {
            let page = fetch(cursor).await?;
            for record in &page.items {
                array.add(record)?;
            }
            cursor = page.next;
            if cursor.is_none() {
                return self.end(array);
            }
        }
    }
}

impl Array {
    fn add(&mut self, record: &impl Serialize) -> Result<(), Error> {
        let lines = pretty(record)?.replace('\n', "\n  ");
        let before = if self.count == 0 { "[\n  " } else { ",\n  " };
        self.place.write(format!("{before}{lines}").as_bytes())?;
        self.count += 1;
        Ok(())
    }
}

fn pretty(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string_pretty(value)
        .map_err(|error| Error::failed(format!("Couldn't write the export: {error}")))
}
