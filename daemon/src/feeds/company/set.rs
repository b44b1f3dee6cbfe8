//! Which account reads everybody's calendars, and whose are left out.

use greenroom_protocol::account::{AccountOwner, AccountProvider, Purpose};
use greenroom_protocol::company::{
    CompanyCalendars, CompanyCalendarsLeaveOut, CompanyCalendarsQuery, CompanyCalendarsSet,
};
use greenroom_protocol::id::MemberId;
use greenroom_protocol::page::Page;
use greenroom_protocol::{Error, ErrorKind};

use super::round::COMPANY_WORK;
use super::show::{self, shown};
use super::{reader, words};
use crate::access::RequestContext;
use crate::grants::Unavailable;
use crate::records::company::CompanyRecord;
use crate::services::Services;
use crate::store::Tx;
use crate::work::WorkRecord;
use crate::{google, microsoft};

/// Has an account read the calendars of all members, or no more.
///
/// # Errors
/// Denied: only an admin, or a recruiter with their own account. Account: it is not connected, or
/// without the permission. Conflict: another account reads them already.
pub async fn set(
    services: &Services,
    context: &RequestContext,
    request: CompanyCalendarsSet,
) -> Result<CompanyCalendars, Error> {
    let provider = request.provider;
    let named = request.member.as_deref();
    let named = named.filter(|text| !text.trim().is_empty());
    let member = match named {
        Some(text) => {
            let found = services.index.find_member(context.workspace, text);
            Some(found.map_err(|error| Error::from(error).field("member"))?)
        }
        None => None,
    };
    let now = services.clock.now();
    let wanted = CompanyRecord {
        reader: member,
        since: now,
        left_out: Default::default(),
    };
    if request.on {
        may_read_with(context, member)?;
        is_ready(services, context, provider, &wanted).await?;
    }
    let (space, word) = (&context.space(), provider.word());
    let (request, wanted) = (&request, &wanted);
    let written = services.store.transact(|tx| async move {
        let before = tx.get::<CompanyRecord>(space, word).await?;
        let after = match (&before, request.on) {
            (Some(before), true) => {
                may_replace(context, before, wanted)?;
                Some(CompanyRecord {
                    left_out: before.left_out.clone(),
                    ..wanted.clone()
                })
            }
            (None, true) => Some(wanted.clone()),
            (Some(before), false) => {
                may_end(context, before)?;
                None
            }
            (None, false) => {
                let name = provider.name();
                let why = format!("Nobody's calendar is read at {name}");
                return Err(Error::not_found(why).field("provider"));
            }
        };
        if request.dry_run {
            return Ok(after.or(before));
        }
        match &after {
            Some(after) => tx.put(space, word, after)?,
            None => tx.delete::<CompanyRecord>(space, word)?,
        }
        WorkRecord::ask(&tx, space, COMPANY_WORK, word, now)?;
        let field = if request.on { "reader" } else { "removed" };
        context.audit(&tx, now, word, &[field], &[])?;
        Ok(after.or(before))
    });
    let (record, revision) = written.await?;
    let Some(record) = record else {
        return Err(Error::not_found("Nobody's calendar is read there"));
    };
    let shown = shown(services, context, provider, &record, revision.0).await?;
    Ok(CompanyCalendars {
        dry_run: request.dry_run,
        ..shown
    })
}

/// An admin may have any account read; a recruiter their own.
fn may_read_with(context: &RequestContext, member: Option<MemberId>) -> Result<(), Error> {
    let own = member.is_some() && context.me().map(|me| me.brief.id) == member;
    match context.is_admin() || own {
        true => Ok(()),
        false => Err(Error::denied(
            "not permitted: only an admin may have another account than your own read calendars",
        )
        .hint("connect your own account, and name yourself with --account")),
    }
}

fn may_replace(
    context: &RequestContext,
    before: &CompanyRecord,
    wanted: &CompanyRecord,
) -> Result<(), Error> {
    match context.is_admin() || before.reader == wanted.reader {
        true => Ok(()),
        false => Err(
            Error::conflict("Another account reads the calendars already")
                .hint("an admin may change which one: greenroom workspace calendars on"),
        ),
    }
}

fn may_end(context: &RequestContext, before: &CompanyRecord) -> Result<(), Error> {
    let me = context.me().map(|me| me.brief.id);
    match context.is_admin() || (before.reader.is_some() && before.reader == me) {
        true => Ok(()),
        false => Err(Error::denied(
            "not permitted: only an admin, or whose account it is, may end it",
        )),
    }
}

/// Whether the account is connected and may read calendars.
async fn is_ready(
    services: &Services,
    context: &RequestContext,
    provider: AccountProvider,
    wanted: &CompanyRecord,
) -> Result<(), Error> {
    let who = reader(context.workspace, wanted);
    let scope = match provider {
        AccountProvider::Google => google::FREE_BUSY_SCOPE,
        AccountProvider::Microsoft => microsoft::FREE_BUSY_SCOPE,
    };
    let grants = services.accounts.grants(provider);
    let ready = match grants.permits(who, scope).await {
        Ok(()) => grants.ready(who).await,
        refused => refused,
    };
    let Err(why) = ready else {
        return Ok(());
    };
    let word = provider.word();
    let whose = match show::owner(services, context.workspace, wanted.reader) {
        AccountOwner::Workspace => "--for-workspace".to_owned(),
        AccountOwner::Member(member) => format!("--member {}", member.email),
    };
    let purpose = Purpose::FreeBusy.name().replace(' ', "-");
    let connect = format!("greenroom {word} connect {whose} --for {purpose}");
    let text = why.text(words(provider));
    let hint = match why {
        // It is tried again, and may be set meanwhile.
        Unavailable::Retrying { .. } => return Ok(()),
        Unavailable::NotConnected | Unavailable::ReconnectRequired(_) => connect,
        Unavailable::NotGranted => format!("{connect}, and allow it"),
        Unavailable::Stopping | Unavailable::Keys(_) => "run `greenroom doctor`".to_owned(),
    };
    Err(Error::new(ErrorKind::Account, text)
        .field("member")
        .hint(hint))
}

/// Leaves a member's calendar out, or reads it again.
///
/// # Errors
/// Denied: somebody else's, without being an admin. Not found: nobody's calendar is read there.
pub async fn leave_out(
    services: &Services,
    context: &RequestContext,
    request: CompanyCalendarsLeaveOut,
) -> Result<CompanyCalendars, Error> {
    let provider = request.provider;
    let named = request.member.as_deref();
    let member = match named.filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            let found = services.index.find_member(context.workspace, text);
            found.map_err(|error| Error::from(error).field("member"))?
        }
        None => context.member()?.brief.id,
    };
    context.own_or_admin(member, "leave out the calendar")?;
    let (space, word, now) = (&context.space(), provider.word(), services.clock.now());
    let request = &request;
    let written = services.store.transact(|tx| async move {
        let mut record = known(&tx, space, provider).await?;
        let changes = match request.leave_out {
            true => record.left_out.insert(member),
            false => record.left_out.remove(&member),
        };
        if changes && !request.dry_run {
            tx.put(space, word, &record)?;
            WorkRecord::ask(&tx, space, COMPANY_WORK, word, now)?;
            context.audit(&tx, now, member, &["left_out"], &[])?;
        }
        Ok::<_, Error>(record)
    });
    let (record, revision) = written.await?;
    let shown = shown(services, context, provider, &record, revision.0).await?;
    Ok(CompanyCalendars {
        dry_run: request.dry_run,
        ..shown
    })
}

async fn known(tx: &Tx, space: &str, provider: AccountProvider) -> Result<CompanyRecord, Error> {
    let record = tx.get::<CompanyRecord>(space, provider.word()).await?;
    record.ok_or_else(|| {
        let (name, word) = (provider.name(), provider.word());
        Error::not_found(format!("Nobody's calendar is read at {name}"))
            .field("provider")
            .hint(format!("greenroom workspace calendars on --{word}"))
    })
}

/// Has the calendars read now.
///
/// # Errors
/// The store.
pub async fn refresh(
    services: &Services,
    context: &RequestContext,
    query: CompanyCalendarsQuery,
) -> Result<Page<CompanyCalendars>, Error> {
    let now = services.clock.now();
    let providers = AccountProvider::ALL.into_iter();
    for provider in providers.filter(|it| query.provider.is_none_or(|only| only == *it)) {
        let (space, word) = (&context.space(), provider.word());
        let asked = services.store.transact(|tx| async move {
            if tx.get::<CompanyRecord>(space, word).await?.is_some() {
                WorkRecord::ask(&tx, space, COMPANY_WORK, word, now)?;
                context.audit(&tx, now, word, &["read"], &[])?;
            }
            Ok::<_, Error>(())
        });
        asked.await?;
    }
    show::list(services, context, query).await
}
