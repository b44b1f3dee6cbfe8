//! Notes and links on a candidate: written, changed, removed, and who reads them.
//!
//! Invariant: a note is written only on a candidate who is there, so that an erasure leaves none.
//! Everyone who hires for a job that the candidate applied for reads and writes all of them;
//! interviewers read those marked for them. An undo is another change that expects the edition the
//! first one made. The same note added again soon after is the first one: an answer was lost.

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, Ending, NoteId};
use greenroom_protocol::pipeline::{
    CandidateNote, CandidateNoteRemove, LONGEST_NOTE, MOST_NOTES, Note, NoteAdd,
};
use greenroom_protocol::time::Instant;

use super::apply;
use crate::access::RequestContext;
use crate::index::CandidateEntry;
use crate::input;
use crate::records::notes::NotesRecord;
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// Bytes that all notes on one candidate may have: what a record holds, with some to spare.
const MOST_BYTES: usize = 48 * 1024;

/// How long the same note added again is the first one, in seconds: as long as somebody may try a
/// call again whose answer was lost.
const SAME_FOR: i64 = 15 * 60;

/// Writes a note, or changes one.
pub async fn save_note(
    services: &Services,
    context: &RequestContext,
    request: CandidateNote,
) -> Result<Note, Error> {
    let candidate = theirs(services, context, &request.candidate)?;
    let text = request.text.as_deref().map(text).transpose()?;
    let link = request.link.as_deref().map(link).transpose()?;
    let (request, text, link) = (&request, &text, &link);
    change(services, context, candidate, |notes| {
        let now = services.clock.now();
        let (at, mut note) = match request.note.as_deref() {
            Some(reference) => {
                let at = find(notes, reference, request.expected_edition)?;
                let former = notes.remove(at);
                let edition = former.edition.saturating_add(1);
                let edited_at = Some(now);
                let note = Note {
                    edited_at,
                    edition,
                    ..former
                };
                (at, note)
            }
            None => (notes.len(), new(context, now)),
        };
        if let Some(text) = text {
            note.text.clone_from(text);
        }
        if let Some(link) = link {
            note.link.clone_from(link);
        }
        note.for_interviewers = request.for_interviewers.unwrap_or(note.for_interviewers);
        if note.text.is_empty() && note.link.is_none() {
            return Err(Error::usage("Enter a note or a link").field("text"));
        }
        if request.note.is_none()
            && let Some(first) = notes.iter().find(|it| is_repeated(it, &note))
        {
            return Ok(first.clone());
        }
        notes.insert(at, note.clone());
        fits(notes)?;
        Ok(note)
    })
    .await
}

/// Whether a note that is added is this one, added by the same person just before.
fn is_repeated(first: &Note, added: &Note) -> bool {
    let says = |it: &Note| (it.text.clone(), it.link.clone(), it.for_interviewers);
    first.edited_at.is_none()
        && first.by == added.by
        && says(first) == says(added)
        && added.at.since(first.at).as_secs() < SAME_FOR
}

/// A note that says nothing yet.
fn new(context: &RequestContext, at: Instant) -> Note {
    Note {
        id: NoteId::new(),
        text: String::new(),
        link: None,
        for_interviewers: false,
        at,
        by: apply::by(context),
        edited_at: None,
        edition: 1,
    }
}

/// Removes a note.
pub async fn remove_note(
    services: &Services,
    context: &RequestContext,
    request: CandidateNoteRemove,
) -> Result<Note, Error> {
    let candidate = theirs(services, context, &request.candidate)?;
    let request = &request;
    change(services, context, candidate, |notes| {
        let at = find(notes, &request.note, request.expected_edition)?;
        Ok(notes.remove(at))
    })
    .await
}

/// The candidate a text names, where the caller may write about them.
fn theirs(
    services: &Services,
    context: &RequestContext,
    reference: &str,
) -> Result<CandidateId, Error> {
    let entry = services.index.candidate_named(context, reference)?;
    match hires(context, &entry) {
        true => Ok(entry.id),
        false => Err(Error::denied(
            "not permitted: the candidate applied for none of your jobs",
        )),
    }
}

/// Whether the caller hires for a job the candidate applied for.
fn hires(context: &RequestContext, entry: &CandidateEntry) -> bool {
    let mut applications = entry.applications.iter();
    context.is_staff() || applications.any(|it| context.hires_for(it.job).is_ok())
}

/// Changes somebody's notes in one commit.
async fn change(
    services: &Services,
    context: &RequestContext,
    candidate: CandidateId,
    change: impl Fn(&mut Vec<Note>) -> Result<Note, Error>,
) -> Result<Note, Error> {
    let (space, key) = (context.space(), candidate.to_string());
    let (note, _) = services
        .store
        .transact(|tx| {
            let (space, key, change) = (&space, &key, &change);
            async move {
                // Expected to stay: of somebody who is erased in this moment nothing is written.
                let known = tx.get::<CandidateRecord>(space, key).await?;
                known.ok_or_else(|| Error::not_found("the candidate is gone"))?;
                let record = tx.get::<NotesRecord>(space, key).await?;
                let mut record = record.unwrap_or_default();
                let before = record.notes.clone();
                let note = change(&mut record.notes)?;
                if record.notes == before {
                    return Ok(note);
                }
                match record.notes.is_empty() {
                    true => tx.delete::<NotesRecord>(space, key)?,
                    false => tx.put(space, key, &record)?,
                }
                let now = services.clock.now();
                let values = [("note", note.id.to_string())];
                context.audit(&tx, now, candidate, &["notes"], &values)?;
                Ok::<_, Error>(note)
            }
        })
        .await?;
    Ok(note)
}

/// The place of the note a text names.
fn find(notes: &[Note], reference: &str, expected: Option<u32>) -> Result<usize, Error> {
    let text = reference.trim();
    let ending = Ending::parse(text);
    let named = |note: &Note| {
        note.id.to_string() == text || ending.is_some_and(|ending| note.id.ends_with(ending))
    };
    let mut found = notes.iter().enumerate().filter(|(_, note)| named(note));
    let Some((at, note)) = found.next() else {
        return Err(Error::not_found("there is no such note on this candidate").field("note"));
    };
    if found.next().is_some() {
        return Err(Error::not_found("several notes end so").field("note"));
    }
    if expected.is_some_and(|edition| edition != note.edition) {
        let refused = Error::conflict("the note was changed by someone else");
        return Err(refused.hint("look at it again, then decide"));
    }
    Ok(at)
}

/// A note's text, checked.
pub(super) fn text(text: &str) -> Result<String, Error> {
    let text = input::document("text", text)?.trim().to_owned();
    match text.len() > LONGEST_NOTE {
        true => Err(Error::usage("A note has at most 4 KiB").field("text")),
        false => Ok(text),
    }
}

/// A note's link, checked; nothing where it is taken away.
pub(super) fn link(text: &str) -> Result<Option<String>, Error> {
    match text.trim().is_empty() {
        true => Ok(None),
        false => input::link("link", text, "https://example.com/resume.pdf").map(Some),
    }
}

fn fits(notes: &[Note]) -> Result<(), Error> {
    let bytes = serde_json::to_vec(notes).map_or(0, |json| json.len());
    let why = match (notes.len() > MOST_NOTES, bytes > MOST_BYTES) {
        (true, _) => format!("A candidate has at most {MOST_NOTES} notes"),
        (false, true) => "The notes on this candidate have no more room".to_owned(),
        (false, false) => return Ok(()),
    };
    Err(Error::conflict(why)
        .field("text")
        .hint("remove one that is not needed any more"))
}

/// The notes on a candidate that the caller reads.
pub(super) async fn shown(
    services: &Services,
    context: &RequestContext,
    entry: &CandidateEntry,
) -> Result<Vec<Note>, StoreError> {
    let mut notes = all(services, context, entry.id).await?;
    if !hires(context, entry) {
        notes.retain(|note| note.for_interviewers);
    }
    Ok(notes)
}

/// All notes on a candidate.
pub(super) async fn all(
    services: &Services,
    context: &RequestContext,
    candidate: CandidateId,
) -> Result<Vec<Note>, StoreError> {
    let stored = services
        .store
        .get::<NotesRecord>(&context.space(), &candidate.to_string())
        .await?;
    Ok(stored.map(|stored| stored.record.notes).unwrap_or_default())
}

/// The notes that come with a candidate, checked.
pub(super) fn checked(
    context: &RequestContext,
    notes: &[NoteAdd],
    now: Instant,
) -> Result<Vec<Note>, Error> {
    let named = |error: Error| error.field("notes");
    let mut checked = Vec::new();
    for note in notes {
        let text = text(&note.text).map_err(named)?;
        let link = note.link.as_deref().map(link).transpose().map_err(named)?;
        let link = link.flatten();
        if text.is_empty() && link.is_none() {
            continue;
        }
        checked.push(Note {
            text,
            link,
            for_interviewers: note.for_interviewers,
            ..new(context, now)
        });
    }
    fits(&checked).map_err(named)?;
    Ok(checked)
}

/// Adds notes to those on a candidate, in this commit; one that says the same as another is not
/// added again.
pub(super) async fn add(
    tx: &Tx,
    space: &str,
    candidate: CandidateId,
    notes: &[Note],
) -> Result<bool, Error> {
    if notes.is_empty() {
        return Ok(false);
    }
    let key = candidate.to_string();
    let mut record = tx
        .get::<NotesRecord>(space, &key)
        .await?
        .unwrap_or_default();
    let before = record.notes.len();
    for note in notes {
        let same = |it: &Note| it.text == note.text && it.link == note.link;
        if !record.notes.iter().any(same) {
            record.notes.push(note.clone());
        }
    }
    if record.notes.len() == before {
        return Ok(false);
    }
    fits(&record.notes).map_err(|error| error.field("notes"))?;
    tx.put(space, &key, &record)?;
    Ok(true)
}

/// Removes all notes on a candidate, in this commit.
pub(super) fn erase(tx: &Tx, space: &str, candidate: CandidateId) -> Result<(), StoreError> {
    tx.delete::<NotesRecord>(space, &candidate.to_string())
}
