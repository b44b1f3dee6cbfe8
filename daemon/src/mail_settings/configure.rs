//! Setting up a workspace's email: the record and its passwords in one commit.

use greenroom_protocol::mail_settings::{MailConfigure, MailSettings};
use greenroom_protocol::{Error, ErrorKind};

use super::account::Providers;
use super::plan::{Password, Planned, is_reset, plan};
use super::show::shown;
use crate::access::RequestContext;
use crate::mail::log_in::PasswordFor;
use crate::records::mail::MailRecord;
use crate::services::Services;
use crate::store::{Revision, Tx};
use crate::vault::Vault;

/// Sets up the workspace's email, or goes back to the configuration's.
///
/// # Errors
/// Something is missing or wrong, named by its field; or the settings have changed since the
/// revision that is expected.
pub async fn configure(
    services: &Services,
    context: &RequestContext,
    request: MailConfigure,
) -> Result<MailSettings, Error> {
    let reset = is_reset(&request)?;
    let vault = services.zoom.grants().vault();
    let (space, now) = (&context.space(), services.clock.now());
    let left_default = services.mail.default_route().delivers();
    let request = &request;
    let providers = Providers::of(&services.config);
    let providers = &providers.map_err(|why| Error::new(ErrorKind::Failed, why))?;
    let done = services.store.transact(|tx| async move {
        let before = tx.get::<MailRecord>(space, MailRecord::KEY).await?;
        expect(&tx, space, request.expected_revision).await?;
        if reset {
            if !request.dry_run && before.is_some() {
                forget(&tx, vault, space).await?;
                context.audit(&tx, now, context.workspace, &["reset"], &[])?;
            }
            return Ok(None);
        }
        let planned = plan(before.as_ref(), left_default, request, providers, now)?;
        if !request.dry_run {
            keep(&tx, vault, space, &planned).await?;
            context.audit(&tx, now, context.workspace, &planned.fields, &[])?;
        }
        Ok::<_, Error>(Some(planned.record))
    });
    let (record, _) = done.await?;
    Ok(match (request.dry_run, record) {
        (false, _) => shown(&services.mail.of(context.workspace)),
        (true, Some(record)) => {
            let revision = services.mail.of(context.workspace).settings().revision;
            shown(&services.mail.would_be(context.workspace, &record, revision))
        }
        (true, None) => shown(services.mail.default_route()),
    })
}

/// Refused where the settings are of another revision; 0 is that there are none.
async fn expect(tx: &Tx, space: &str, expected: Option<u64>) -> Result<(), Error> {
    let Some(expected) = expected else {
        return Ok(());
    };
    let now = tx.revision_of::<MailRecord>(space, MailRecord::KEY).await?;
    if now.unwrap_or(Revision(0)) == Revision(expected) {
        return Ok(());
    }
    let refused = Error::conflict("The email settings were changed by someone else");
    Err(refused.hint("look at them again, then decide"))
}

async fn keep(tx: &Tx, vault: &Vault, space: &str, planned: &Planned) -> Result<(), Error> {
    for (of, password) in [
        (PasswordFor::Smtp, &planned.smtp_password),
        (PasswordFor::Imap, &planned.imap_password),
    ] {
        match password {
            Password::Keep => {}
            Password::Forget => of.forget(tx, vault, space).await?,
            Password::Set(password) => of.keep(tx, vault, space, password.reveal()).await?,
        }
    }
    Ok(tx.put(space, MailRecord::KEY, &planned.record)?)
}

async fn forget(tx: &Tx, vault: &Vault, space: &str) -> Result<(), Error> {
    for of in [PasswordFor::Smtp, PasswordFor::Imap] {
        of.forget(tx, vault, space).await?;
    }
    Ok(tx.delete::<MailRecord>(space, MailRecord::KEY)?)
}
