//! Checks of email: where it leaves and comes in, its words, and what could not be read.

use greenroom_protocol::Error;
use greenroom_protocol::mail_settings::MailSource;
use greenroom_protocol::status::{Check, CheckResult};

use super::check;
use crate::access::Caller;
use crate::mail::inbound::crashes;
use crate::outbox;
use crate::services::Services;
use crate::templates;

/// Logs in where mail leaves, and goes away again.
pub(super) async fn mail(services: &Services, caller: &Caller) -> Check {
    let route = services.mail.of_any(caller.workspace);
    let note = route.note();
    if let Err(why) = route.check().await {
        let usual = match route.settings().source {
            MailSource::Workspace => {
                "correct it with greenroom mail setup; what waits is kept and sent when it works"
            }
            MailSource::Configuration | MailSource::Nobody => {
                "see [mail.smtp] of the configuration; what waits is kept and sent when it works"
            }
        };
        let hint = why.hint().unwrap_or_else(|| usual.to_owned());
        let hint = match kept_waiting(services, caller) {
            0 => hint,
            1 => format!("{hint}; 1 email waits for it"),
            many => format!("{hint}; {many} emails wait for it"),
        };
        return check("mail", CheckResult::Wrong, why.message(), Some(&hint));
    }
    match (route.delivers(), route.warning()) {
        (true, _) => check("mail", CheckResult::Ok, note, None),
        (false, None) => check("mail", CheckResult::Warning, note, None),
        (false, Some(_)) => {
            let hint = "run greenroom mail setup";
            check("mail", CheckResult::Warning, note, Some(hint))
        }
    }
}

/// Stored words of emails that are not used; `None` where all are.
pub(super) async fn words(services: &Services, caller: &Caller) -> Result<Option<Check>, Error> {
    if caller.workspace.is_none() {
        return Ok(None);
    }
    let flawed = templates::flawed(services, &caller.context("doctor")?).await?;
    let Some(first) = flawed.first() else {
        return Ok(None);
    };
    let stage = first.stage.map(|stage| format!(" of stage {stage}"));
    let message = format!(
        "the built-in words are used in place of {} templates; {}{}: {}",
        flawed.len(),
        first.name,
        stage.unwrap_or_default(),
        first.why
    );
    let hint = "correct them with `greenroom template edit NAME`, or give them up with `--reset`";
    Ok(Some(check(
        "templates",
        CheckResult::Warning,
        message,
        Some(hint),
    )))
}

/// Logs in where answers are read, and goes away again.
pub(super) async fn answers(services: &Services, caller: &Caller) -> Check {
    let route = services.mail.of_any(caller.workspace);
    let (why, hint) = match route.check_answers().await {
        Ok(()) => (route.answers_error(), None),
        Err(why) => (Some(why.message()), why.hint()),
    };
    match why {
        None => check("answers", CheckResult::Ok, route.answers(), None),
        Some(why) => {
            let usual = match route.settings().source {
                MailSource::Workspace => {
                    "correct it with greenroom mail setup; nothing in the mailbox is lost meanwhile"
                }
                MailSource::Configuration | MailSource::Nobody => {
                    "see [mail.imap] of the configuration; nothing in the mailbox is lost meanwhile"
                }
            };
            let hint = hint.unwrap_or_else(|| usual.to_owned());
            check("answers", CheckResult::Wrong, why, Some(&hint))
        }
    }
}

/// Emails that came in and could not be read.
pub(super) async fn skipped(services: &Services, caller: &Caller) -> Result<Option<Check>, Error> {
    let skipped = crashes::skipped(&services.store, caller.workspace, services.clock.now()).await?;
    let Some(newest) = skipped.first() else {
        return Ok(None);
    };
    let others = match skipped.len() - 1 {
        0 => String::new(),
        more => format!(" ({more} more: greenroom status --json)"),
    };
    let message = format!("skipped {}: {}{others}", newest.email, newest.why);
    let hint =
        "open that email in a mail program to see whether it matters; this is shown for 14 days";
    Ok(Some(check(
        "skipped email",
        CheckResult::Warning,
        message,
        Some(hint),
    )))
}

/// The emails of the caller's workspace that could not be handed over.
pub(super) fn kept_waiting(services: &Services, caller: &Caller) -> usize {
    let Some(workspace) = caller.workspace else {
        return 0;
    };
    let work = services.queue.waiting(&workspace.to_string()).into_iter();
    work.filter(|it| it.kind == outbox::KIND && it.last_error.is_some())
        .count()
}
