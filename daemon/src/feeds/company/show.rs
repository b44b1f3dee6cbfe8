//! How the calendars of a company stand, for callers.

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::account::{AccountOwner, AccountProvider};
use greenroom_protocol::calendar::FeedStanding;
use greenroom_protocol::company::{
    CompanyCalendar, CompanyCalendarState, CompanyCalendars, CompanyCalendarsQuery,
};
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::page::Page;
use greenroom_protocol::workspace::MemberBrief;

use super::reader;
use super::round::COMPANY_WORK;
use crate::access::{RequestContext, Scope};
use crate::calendars::panel::Hidden;
use crate::index::FeedRow;
use crate::records::company::{CompanyReadRecord, CompanyRecord, place};
use crate::records::feed::FeedState;
use crate::services::Services;
use crate::work::WorkRecord;

/// The calendars that are read with one account: of all members for those who schedule, else the
/// caller's.
///
/// # Errors
/// The store.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: CompanyCalendarsQuery,
) -> Result<Page<CompanyCalendars>, Error> {
    let mut found = Vec::new();
    let providers = AccountProvider::ALL.into_iter();
    for provider in providers.filter(|it| query.provider.is_none_or(|only| only == *it)) {
        let (space, word) = (context.space(), provider.word());
        let stored = services.store.get::<CompanyRecord>(&space, word).await?;
        if let Some(stored) = stored {
            let (record, revision) = (&stored.record, stored.revision.0);
            found.push(shown(services, context, provider, record, revision).await?);
        }
    }
    Ok(Page::whole(found))
}

/// The calendars at one provider.
pub(super) async fn shown(
    services: &Services,
    context: &RequestContext,
    provider: AccountProvider,
    record: &CompanyRecord,
    revision: u64,
) -> Result<CompanyCalendars, Error> {
    let (space, word) = (&context.space(), provider.word());
    let store = &services.store;
    let read = store.get::<CompanyReadRecord>(space, word).await?;
    let read = read.map(|it| it.record).unwrap_or_default();
    let work = WorkRecord::id(COMPANY_WORK, word);
    let work = store.get::<WorkRecord>(space, &work).await?;
    let who = reader(context.workspace, record);
    let grants = services.accounts.grants(provider);
    let (connection, _) = grants.status(who).await?;
    let state = match (&read.fault, read.read_at) {
        (Some(fault), _) if fault.lasting => FeedStanding::Broken,
        (Some(_), _) => FeedStanding::Retrying,
        (None, Some(_)) => FeedStanding::Ok,
        (None, None) => FeedStanding::New,
    };
    let fault = read.fault.as_ref();
    Ok(CompanyCalendars {
        provider,
        reader: owner(services, context.workspace, record.reader),
        user: connection.grant().map(|it| it.user.email.clone()),
        state,
        reason: fault.map(|it| it.why.clone()),
        reason_code: fault.map(|it| it.code.clone()),
        hint: fault.and_then(|it| it.hint.clone()),
        read_at: read.read_at,
        next: work.map(|it| it.record.due),
        members: members(services, context, provider, record, &read),
        revision,
        dry_run: false,
    })
}

/// Whose account it is.
pub(super) fn owner(
    services: &Services,
    workspace: WorkspaceId,
    reader: Option<MemberId>,
) -> AccountOwner {
    let Some(id) = reader else {
        return AccountOwner::Workspace;
    };
    let row = services.index.member(workspace, id);
    AccountOwner::Member(match row {
        Some(row) => row.record.brief(id),
        None => MemberBrief {
            id,
            name: "somebody who left".to_owned(),
            email: String::new(),
        },
    })
}

fn members(
    services: &Services,
    context: &RequestContext,
    provider: AccountProvider,
    record: &CompanyRecord,
    read: &CompanyReadRecord,
) -> Vec<CompanyCalendar> {
    let workspace = context.workspace;
    let schedules = matches!(context.scope(), Scope::All | Scope::Jobs(..));
    let sees_all = schedules || context.is_admin() || context.me().is_none();
    let me = context.me().map(|me| me.brief.id);
    let feeds = services.index.all_feeds(workspace).into_iter();
    let feeds = feeds.map(|row| (row.place, row));
    let feeds: HashMap<_, _> = feeds.collect();
    let rows = services.index.members(workspace).into_iter();
    let rows = rows.filter(|row| sees_all || me == Some(row.id));
    let member = |row: crate::index::Row<MemberId, _>| {
        let brief = crate::records::workspace::MemberRecord::brief(&row.record, row.id);
        let feed = feeds.get(&place(row.id, provider));
        let hidden = read.hidden.get(&row.id).copied();
        let left_out = record.left_out.contains(&row.id);
        let hours = services.index.calendar_hours(workspace, row.id);
        CompanyCalendar {
            hours: hours.is_some_and(|it| it.record.provider == provider),
            ..one(provider, brief, feed, hidden, left_out)
        }
    };
    rows.map(member).collect()
}

/// How a member's calendar stands: as its feed says, where it has one.
fn one(
    provider: AccountProvider,
    member: MemberBrief,
    feed: Option<&FeedRow>,
    hidden: Option<Hidden>,
    left_out: bool,
) -> CompanyCalendar {
    let fault = feed.and_then(|row| row.feed.state.fault()).cloned();
    let fault = fault.filter(|_| !left_out);
    let was_read = feed.and_then(|row| row.read.as_deref());
    let state = match (left_out, feed.map(|row| &row.feed.state)) {
        (true, _) => CompanyCalendarState::LeftOut,
        (false, None) if hidden == Some(Hidden::NotFound) => CompanyCalendarState::Elsewhere,
        (false, None) => CompanyCalendarState::New,
        (false, Some(FeedState::Ok)) if was_read.is_none() => CompanyCalendarState::New,
        (false, Some(FeedState::Ok)) => CompanyCalendarState::Ok,
        (false, Some(FeedState::Retrying { .. })) => CompanyCalendarState::Retrying,
        (false, Some(FeedState::Broken { .. })) => CompanyCalendarState::Broken,
        (false, Some(FeedState::Unknown)) => CompanyCalendarState::Unknown,
    };
    let told = hidden.filter(|_| !left_out);
    let told = told.map(|why| (super::words::code(why), why));
    let elsewhere = state == CompanyCalendarState::Elsewhere;
    let why = told.filter(|_| elsewhere).map(|(_, why)| {
        let email = member.email.as_str();
        super::words::fault(provider, email, why).why
    });
    CompanyCalendar {
        member,
        state,
        reason: fault.as_ref().map(|it| it.why.clone()).or(why),
        reason_code: told.map(|(code, _)| code.to_owned()),
        hint: fault.and_then(|it| it.hint),
        read_at: was_read.map(|it| it.read_at),
        hours: false,
    }
}
