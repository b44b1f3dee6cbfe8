//! Lists of days off: everyone sees those that count for them, admins change them.

use std::collections::BTreeMap;

use greenroom_protocol::Error;
use greenroom_protocol::availability::{
    DayOff, DaysOff, DaysOffAction, DaysOffEdit, DaysOffEdited, MOST_DAYS_OFF,
};
use greenroom_protocol::date::Date;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::page::Page;
use sha2::{Digest as _, Sha256};

use crate::access::{RequestContext, Scope};
use crate::index::{DaysOffRow, fold};
use crate::input;
use crate::records::availability::DaysOffRecord;
use crate::services::Services;
use crate::store::{Revision, Tx};

/// The most lists of a workspace, and how many of them may name one member: what is written where
/// a member leaves must fit one commit.
const MOST_LISTS: usize = 40;
const MOST_OF_A_MEMBER: usize = 10;

/// The longest name of a list, and of a day, in characters.
const LONGEST_NAME: usize = 80;

/// The lists that the caller may see, by name.
///
/// # Errors
/// None but those of the store.
pub async fn days_off(
    services: &Services,
    context: &RequestContext,
) -> Result<Page<DaysOff>, Error> {
    // Who schedules for nobody in particular looks after the workspace.
    let sees_all = !matches!(context.scope(), Scope::Own(_));
    let me = context.me().map(|me| me.brief.id);
    let rows = services.index.days_off(context.workspace).into_iter();
    let rows = rows.filter(|row| sees_all || me.is_some_and(|me| row.record.is_for(me)));
    let shown = |row: DaysOffRow| {
        let DaysOffRow {
            id,
            revision,
            record,
        } = row;
        wire(services, context.workspace, id, &record, revision)
    };
    Ok(Page::whole(rows.map(shown).collect()))
}

/// What a change leaves behind.
struct Changed {
    id: String,
    /// As it is then, or was.
    record: DaysOffRecord,
    added: u32,
    removed: u32,
    gone: bool,
}

/// Changes a list of days off.
///
/// # Errors
/// `usage` for too many days, `not-found` where nothing is there to remove.
pub async fn edit_days_off(
    services: &Services,
    context: &RequestContext,
    request: DaysOffEdit,
) -> Result<DaysOffEdited, Error> {
    let named = input::name("days_off", &request.days_off)?;
    let named = short("days_off", named)?;
    let days = days(&request.days)?;
    let members = request.members.as_deref();
    let members = members
        .map(|all| found(services, context, all))
        .transpose()?;
    let (changed, _) = services
        .store
        .transact(|tx| {
            let (request, named, days, members) = (&request, &named, &days, &members);
            async move { write(services, context, &tx, (request, named, days, members)).await }
        })
        .await?;
    let Changed {
        id,
        record,
        added,
        removed,
        gone,
    } = changed;
    let rows = services.index.days_off(context.workspace);
    let row = rows.iter().find(|row| row.id == id);
    let revision = row.map_or(0, |row| row.revision);
    Ok(DaysOffEdited {
        days_off: wire(services, context.workspace, id, &record, revision),
        added,
        removed,
        gone,
        dry_run: request.dry_run,
    })
}

type Asked<'a> = (
    &'a DaysOffEdit,
    &'a str,
    &'a BTreeMap<Date, Option<String>>,
    &'a Option<Vec<MemberId>>,
);

async fn write(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    (request, named, days, members): Asked<'_>,
) -> Result<Changed, Error> {
    let space = context.space();
    let rows = services.index.days_off(context.workspace);
    let is_named = |row: &&DaysOffRow| {
        row.id == named || input::folded(&row.record.name) == input::folded(named)
    };
    let there = rows.iter().find(is_named);
    if there.is_none() && request.action == DaysOffAction::Remove {
        let mut error = Error::not_found(format!(
            "There are no days off called \u{201c}{named}\u{201d}"
        ));
        error.matches = rows.iter().map(|row| row.record.name.clone()).collect();
        return Err(error.field("days_off"));
    }
    let id = there.map_or_else(|| new_id(named, &rows), |row| row.id.clone());
    let stored = tx.get::<DaysOffRecord>(&space, &id).await?;
    if let Some(expected) = request.expected_revision {
        let revision = tx.revision_of::<DaysOffRecord>(&space, &id).await?;
        if revision.unwrap_or(Revision(0)) != Revision(expected) {
            let error = Error::conflict("These days off were changed by someone else");
            return Err(error.hint("look at them again, then decide"));
        }
    }
    let before = stored
        .as_ref()
        .map(|it| it.days.clone())
        .unwrap_or_default();
    let mut record = stored.clone().unwrap_or_else(|| DaysOffRecord {
        name: named.to_owned(),
        days: BTreeMap::new(),
        members: Vec::new(),
    });
    match request.action {
        DaysOffAction::Add => record.days.extend(days.clone()),
        DaysOffAction::Import => record.days.clone_from(days),
        DaysOffAction::Remove if days.is_empty() => record.days.clear(),
        DaysOffAction::Remove => {
            if let Some(missing) = days.keys().find(|it| !record.days.contains_key(it)) {
                let why = format!("{missing} is not among \u{201c}{}\u{201d}", record.name);
                return Err(Error::not_found(why).field("days"));
            }
            record.days.retain(|date, _| !days.contains_key(date));
        }
    }
    if let Some(members) = members {
        record.members.clone_from(members);
    }
    let gone = record.days.is_empty();
    if gone && request.action != DaysOffAction::Remove {
        return Err(Error::usage("Name at least one day").field("days"));
    }
    refuse_too_many(services, context.workspace, &id, &record)?;
    let count = |days: &BTreeMap<Date, _>, others: &BTreeMap<Date, _>| {
        let new = days.keys().filter(|it| !others.contains_key(it)).count();
        u32::try_from(new).unwrap_or(u32::MAX)
    };
    let changed = Changed {
        added: count(&record.days, &before),
        removed: count(&before, &record.days),
        record: match (gone, &stored) {
            (true, Some(stored)) => stored.clone(),
            _ => record.clone(),
        },
        gone,
        id,
    };
    if request.dry_run || stored.as_ref() == Some(&record) {
        return Ok(changed);
    }
    match gone {
        true if stored.is_none() => return Ok(changed),
        true => tx.delete::<DaysOffRecord>(&space, &changed.id)?,
        false => tx.put(&space, &changed.id, &record)?,
    }
    // What a list is called may say why somebody is away.
    let values = [
        ("added", changed.added.to_string()),
        ("removed", changed.removed.to_string()),
    ];
    let now = services.clock.now();
    context.audit(tx, now, context.workspace, &["days_off"], &values)?;
    Ok(changed)
}

fn refuse_too_many(
    services: &Services,
    workspace: WorkspaceId,
    id: &str,
    record: &DaysOffRecord,
) -> Result<(), Error> {
    if record.days.len() > MOST_DAYS_OFF {
        let why = format!(
            "A list has at most {MOST_DAYS_OFF} days off, and this would have {}",
            record.days.len()
        );
        return Err(Error::usage(why)
            .field("days")
            .hint("remove those that have passed"));
    }
    let rows = services.index.days_off(workspace);
    let others = || rows.iter().filter(|row| row.id != id);
    if others().count() >= MOST_LISTS {
        let why = format!("A workspace has at most {MOST_LISTS} lists of days off");
        return Err(Error::conflict(why).field("days_off"));
    }
    for member in &record.members {
        let of_them = others().filter(|row| row.record.members.contains(member));
        if of_them.count() >= MOST_OF_A_MEMBER {
            let row = services.index.member(workspace, *member);
            let name = row.map(|row| row.record.name.clone()).unwrap_or_default();
            let why = format!("{name} is named in {MOST_OF_A_MEMBER} lists of days off, the most");
            return Err(Error::conflict(why).field("members"));
        }
    }
    Ok(())
}

/// Letters and digits of the name; with a number where another list has that.
fn new_id(name: &str, rows: &[DaysOffRow]) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let mut base = words.join("-");
    base.truncate(60);
    if base.is_empty() {
        let digest = Sha256::digest(folded.as_bytes());
        let hex = digest.iter().take(4).map(|byte| format!("{byte:02x}"));
        base = format!("list-{}", hex.collect::<String>());
    }
    let is_free = |id: &String| rows.iter().all(|row| row.id != *id);
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let mut ids = std::iter::once(base.clone()).chain(numbered);
    ids.find(is_free).unwrap_or(base)
}

fn short(field: &str, text: String) -> Result<String, Error> {
    match text.chars().count() > LONGEST_NAME {
        true => {
            let why = format!("A name has at most {LONGEST_NAME} characters");
            Err(Error::usage(why).field(field))
        }
        false => Ok(text),
    }
}

fn days(days: &[DayOff]) -> Result<BTreeMap<Date, Option<String>>, Error> {
    if days.len() > MOST_DAYS_OFF {
        let why = format!(
            "A list has at most {MOST_DAYS_OFF} days off, not {}",
            days.len()
        );
        return Err(Error::usage(why).field("days"));
    }
    let mut found = BTreeMap::new();
    for day in days {
        let label = input::optional_line("days", day.label.as_deref())?;
        let label = label.map(|label| short("days", label)).transpose()?;
        found.insert(day.date, label);
    }
    Ok(found)
}

fn found(
    services: &Services,
    context: &RequestContext,
    texts: &[String],
) -> Result<Vec<MemberId>, Error> {
    let mut members = Vec::new();
    for text in texts {
        let found = services.index.find_member(context.workspace, text);
        let found = found.map_err(|error| Error::from(error).field("members"))?;
        if !members.contains(&found) {
            members.push(found);
        }
    }
    Ok(members)
}

fn wire(
    services: &Services,
    workspace: WorkspaceId,
    id: String,
    record: &DaysOffRecord,
    revision: u64,
) -> DaysOff {
    let brief = |id: &MemberId| {
        let row = services.index.member(workspace, *id)?;
        Some(row.record.brief(*id))
    };
    let day = |(date, label): (&Date, &Option<String>)| DayOff {
        date: *date,
        label: label.clone(),
    };
    DaysOff {
        id,
        name: record.name.clone(),
        days: record.days.iter().map(day).collect(),
        members: record.members.iter().filter_map(brief).collect(),
        revision,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn list(id: &str) -> DaysOffRow {
        let record = DaysOffRecord {
            name: id.to_owned(),
            days: BTreeMap::new(),
            members: Vec::new(),
        };
        DaysOffRow {
            id: id.to_owned(),
            revision: 1,
            record: Arc::new(record),
        }
    }

    #[test]
    fn an_id_is_made_of_the_names_letters() {
        let rows = [list("feiertage-in-thuringen")];
        for (name, id) in [
            ("Christmas break 2026!", "christmas-break-2026"),
            ("Feiertage in Thüringen", "feiertage-in-thuringen-2"),
            ("../../etc", "etc"),
        ] {
            assert_eq!(new_id(name, &rows), id);
        }
        let japanese = new_id("祝日", &rows);
        assert!(
            japanese.starts_with("list-") && japanese.len() == 13,
            "{japanese}"
        );
        assert_eq!(japanese, new_id("祝日", &rows));
    }
}
