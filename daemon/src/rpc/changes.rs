//! What changed since a revision, waited for, and only what the caller may read.

use std::time::{Duration, Instant};

use greenroom_protocol::Error;
use greenroom_protocol::change::{Changed, Changes, ChangesQuery, MOST_CHANGES};
use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId};

use super::admission::Admitted;
use crate::access::{RequestContext, Scope};
use crate::grants::ConnectionRecord;
use crate::interviews::zoom_test::ZoomTestRecord;
use crate::interviews::{self, check};
use crate::mail::inbound::record::TurnPlace;
use crate::mail_settings::MailTestRecord;
use crate::outbox;
use crate::outbox::record::{MessageRecord, PastMessage};
use crate::outreach;
use crate::received;
use crate::records::availability::{AvailabilityRecord, CalendarHoursRecord, DaysOffRecord};
use crate::records::company::{CompanyReadRecord, CompanyRecord};
use crate::records::conversation::ConversationRecord;
use crate::records::feed::{BusyRecord, FeedPlace, FeedRecord};
use crate::records::insight::NewInsightRecord;
use crate::records::mail::MailRecord;
use crate::records::notes::NotesRecord;
use crate::records::outreach::OutreachRecord;
use crate::records::views::ViewsRecord;
use crate::services::Services;
use crate::store::Record;
use crate::store::engine::{self, Revision};
use crate::work::WorkRecord;

/// Tables a client has a copy of.
const SHOWN: [&str; 22] = [
    "workspace",
    "member",
    "job",
    "stage",
    "candidate",
    "application",
    "interview",
    "insight",
    "connection",
    ACCOUNT,
    "template",
    OutreachRecord::TABLE,
    AvailabilityRecord::TABLE,
    DaysOffRecord::TABLE,
    FeedRecord::TABLE,
    CompanyRecord::TABLE,
    MailRecord::TABLE,
    ViewsRecord::TABLE,
    ConversationRecord::TABLE,
    MAIL,
    RECEIVED,
    DRIFT,
];

/// What a change of an account at Google or Microsoft is announced as.
const ACCOUNT: &str = "account";

/// What a change of an email is announced as, wherever it is stored.
const MAIL: &str = "mail";

/// The name of emails that came in.
const RECEIVED: &str = "received";

/// What a change of checks and strays is announced as.
const DRIFT: &str = "drift";

/// An answer leaves this long before the call's deadline.
const MARGIN: Duration = Duration::from_secs(1);

/// Waits for changes.
pub(super) async fn changes(
    services: &Services,
    call: &Admitted<'_>,
    query: ChangesQuery,
) -> Result<Changes, Error> {
    let context = call.caller.context(call.method.function())?;
    if query
        .store
        .as_deref()
        .is_some_and(|store| store != services.store.store_id())
    {
        return Ok(reset(services.store.revision()));
    }
    let mut until = call
        .deadline
        .checked_sub(MARGIN)
        .unwrap_or_else(Instant::now);
    if let Some(seconds) = query.wait_seconds {
        until = until.min(Instant::now() + Duration::from_secs(seconds.min(3600).into()));
    }
    let mut news = services.store.watch();
    let mut after = Revision(query.after);
    loop {
        news.mark_unchanged();
        let (revision, rows) = match services.store.changes(after).await? {
            engine::Changes::Reset { revision } => return Ok(reset(revision)),
            engine::Changes::Rows { revision, rows } => (revision, rows),
        };
        let mut changed = Vec::new();
        for row in &rows {
            changed.extend(shown(services, &context, row).await?);
        }
        // The weeks of a calendar are one change of it.
        changed.dedup();
        if !changed.is_empty() {
            return Ok(cut(revision, changed));
        }
        after = revision;
        tokio::select! {
            changed = news.changed() => if changed.is_err() { break },
            () = tokio::time::sleep_until(until.into()) => break,
            () = call.connected.shutdown.begun() => break,
        }
    }
    Ok(Changes {
        revision: after.0,
        reset: false,
        changed: Vec::new(),
    })
}

fn reset(revision: Revision) -> Changes {
    Changes {
        revision: revision.0,
        reset: true,
        changed: Vec::new(),
    }
}

/// What a caller who may read it gets.
async fn shown(
    services: &Services,
    context: &RequestContext,
    row: &engine::Changed,
) -> Result<Option<Changed>, Error> {
    let Some((table, id)) = told(row.key.table(), row.key.id()) else {
        return Ok(None);
    };
    let may_read = may_read(services, context, row.key.space(), table, id).await?;
    Ok(may_read.then(|| Changed {
        table: table.to_owned(),
        id: known_by(table, id).to_owned(),
        revision: row.revision.0,
    }))
}

/// What a change of a stored record is announced as: how far the work for something is shows with
/// it, so that is a change of it.
fn told<'a>(table: &'a str, id: &'a str) -> Option<(&'a str, &'a str)> {
    let (table, id) = match table {
        WorkRecord::TABLE => match WorkRecord::parts(id)? {
            (interviews::MEETING_WORK, id) => ("interview", id),
            (outbox::KIND, id) => (MAIL, id),
            (check::CHECK_WORK | check::ORPHAN_WORK, id) => (DRIFT, id),
            _ => return None,
        },
        // To whom something is new shows with it.
        NewInsightRecord::TABLE => ("insight", id),
        MessageRecord::TABLE | PastMessage::TABLE => (MAIL, id),
        ConnectionRecord::TABLE if id.contains('/') => (ACCOUNT, id),
        // A test of a connection is shown with it.
        ZoomTestRecord::TABLE => ("connection", id),
        // A test of email is shown with the settings it tried.
        MailTestRecord::TABLE => (MailRecord::TABLE, id),
        TurnPlace::TABLE => (RECEIVED, id),
        // What a list is called may say why somebody is away, and its id is made of that.
        DaysOffRecord::TABLE => (DaysOffRecord::TABLE, DaysOffRecord::TABLE),
        // When somebody works by their calendar is shown with their own hours.
        CalendarHoursRecord::TABLE => (AvailabilityRecord::TABLE, id),
        CompanyReadRecord::TABLE => (CompanyRecord::TABLE, id),
        // What a calendar says changed, a week at a time.
        BusyRecord::TABLE => (FeedRecord::TABLE, id.rsplit_once('/')?.0),
        // They are shown with the candidate, whose id they have.
        NotesRecord::TABLE => ("candidate", id),
        table if check::TABLES.contains(&table) => (DRIFT, id),
        table => (table, id),
    };
    SHOWN.contains(&table).then_some((table, id))
}

/// At most [`MOST_CHANGES`], never a part of a commit.
fn cut(revision: Revision, mut changed: Vec<Changed>) -> Changes {
    let Some(first_left_out) = changed.get(MOST_CHANGES).map(|row| row.revision) else {
        return Changes {
            revision: revision.0,
            reset: false,
            changed,
        };
    };
    changed.truncate(MOST_CHANGES);
    changed.retain(|row| row.revision < first_left_out);
    match changed.last().map(|row| row.revision) {
        Some(last) => Changes {
            revision: last,
            reset: false,
            changed,
        },
        // One commit larger than an answer: asking for everything again is the only way to see it
        // whole.
        None => reset(revision),
    }
}

async fn may_read(
    services: &Services,
    context: &RequestContext,
    space: &str,
    table: &str,
    id: &str,
) -> Result<bool, Error> {
    let workspace = context.workspace.to_string();
    if table == "workspace" {
        return Ok(id == workspace);
    }
    if space != workspace {
        return Ok(false);
    }
    // Of a member's own views nobody else hears; they have the id of the member.
    if table == ViewsRecord::TABLE {
        let me = context.me().map(|me| me.brief.id.to_string());
        return Ok(me.as_deref() == Some(id));
    }
    // Nor of what a member says to the assistant.
    if table == ConversationRecord::TABLE {
        let me = context.me().map(|me| me.brief.id);
        let whose = ConversationRecord::parts(id).map(|(member, _)| member);
        return Ok(me.is_some() && me == whose);
    }
    if context.scope() == Scope::All {
        return Ok(true);
    }
    Ok(match table {
        "candidate" => id
            .parse::<CandidateId>()
            .is_ok_and(|id| services.index.sees_candidate(context, id)),
        "application" => id
            .parse::<ApplicationId>()
            .is_ok_and(|id| services.index.sees_application(context, id)),
        // An insight has the id of its interview.
        "interview" | "insight" => id
            .parse::<InterviewId>()
            .is_ok_and(|id| interviews::sees(services, context, id)),
        MAIL => interviews::sees_letter(services, context, id).await?,
        RECEIVED => received::sees(services, context, id).await?,
        OutreachRecord::TABLE => outreach::sees(services, context, id),
        DRIFT => context.is_staff(),
        // Who schedules looks at what they say, too.
        FeedRecord::TABLE => context.is_staff() || is_mine(context, id),
        _ => true,
    })
}

/// Whether a calendar that others keep is the caller's own.
fn is_mine(context: &RequestContext, id: &str) -> bool {
    let place = id.parse::<FeedPlace>();
    let me = context.me().map(|me| me.brief.id);
    place.is_ok_and(|place| me == Some(place.member))
}

/// What a record is known by to callers: a calendar by its own id, without whose it is.
fn known_by<'a>(table: &str, id: &'a str) -> &'a str {
    match table {
        FeedRecord::TABLE | ConversationRecord::TABLE => {
            id.rsplit_once('/').map_or(id, |(_, own)| own)
        }
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(revisions: &[u64]) -> Vec<Changed> {
        let row = |revision: &u64| Changed {
            table: "job".into(),
            id: "x".into(),
            revision: *revision,
        };
        revisions.iter().map(row).collect()
    }

    #[test]
    fn a_commit_is_never_cut_in_two() {
        let whole = cut(Revision(9), rows(&[1, 1, 2]));
        assert_eq!((whole.revision, whole.changed.len()), (9, 3));

        let mut many = vec![1; MOST_CHANGES - 1];
        many.extend([2, 2]);
        let cut_before = cut(Revision(9), rows(&many));
        assert_eq!(
            (cut_before.revision, cut_before.changed.len()),
            (1, MOST_CHANGES - 1)
        );

        let larger = cut(Revision(9), rows(&vec![5; MOST_CHANGES + 1]));
        assert!(larger.reset && larger.changed.is_empty());
    }
}
