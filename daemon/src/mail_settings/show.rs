//! A workspace's email as people see it.

use greenroom_protocol::Error;
use greenroom_protocol::mail_settings::{MailSettings, MailSource};

use crate::access::{Need, RequestContext};
use crate::mail::Route;
use crate::mail::route::settings::wire;
use crate::services::Services;

/// What those read instead of a server's answer who do not look after it.
const ASK_AN_ADMIN: &str = "an admin can see why with: greenroom doctor";

/// The workspace's email as it is now.
///
/// # Errors
/// None so far; calls may fail.
pub async fn settings(
    services: &Services,
    context: &RequestContext,
) -> Result<MailSettings, Error> {
    let route = services.mail.of(context.workspace);
    let may_see_why = context
        .caller()
        .is_ok_and(|caller| caller.may(Need::AdminOrOperator).is_ok());
    let mut shown = shown(&route);
    if !may_see_why {
        shown.replies_error = shown.replies_error.map(|_| ASK_AN_ADMIN.to_owned());
    }
    Ok(shown)
}

/// A route as the contract has it, for an admin.
pub(super) fn shown(route: &Route) -> MailSettings {
    let settings = route.settings();
    MailSettings {
        source: match (settings.source, route.delivers()) {
            (MailSource::Nobody, true) => MailSource::Configuration,
            (source, _) => source,
        },
        system: settings.system,
        transport: settings.transport,
        from: settings.from.clone(),
        account: settings.account.clone(),
        smtp: settings.smtp.as_ref().map(wire),
        smtp_log_in: settings.smtp_log_in.clone(),
        imap: settings.imap.as_ref().map(wire),
        imap_log_in: settings.imap_log_in.clone(),
        folder: settings.folder.clone(),
        delivers: route.delivers(),
        warning: route.warning().map(str::to_owned),
        replies: route.answers(),
        replies_error: route.answers_error(),
        revision: settings.revision,
    }
}
