//! smtp.office365.com: who may log in, which switch is off, and who may send as whom.

use super::control::Microsoft;
use super::scopes::Resource;
use super::world::World;
use crate::sandbox::mime;
use crate::sandbox::smtp::{Desk, Envelope, LogIn, Sent, SmtpFault, Step, xoauth2};

impl Desk for Microsoft {
    fn greeting(&self) -> String {
        let date = self
            .now()
            .strftime("%a, %d %b %Y %H:%M:%S +0000")
            .to_string();
        format!(
            "220 SANDBOX0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at {date}"
        )
    }

    fn extensions(&self) -> Vec<String> {
        [
            "SANDBOX0001.outlook.office365.com Hello [127.0.0.1]",
            "SIZE 157286400",
            "PIPELINING",
            "DSN",
            "ENHANCEDSTATUSCODES",
            "AUTH LOGIN XOAUTH2",
            "8BITMIME",
            "SMTPUTF8",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn log_in(&self, mechanism: &str, said: &[u8]) -> LogIn {
        let mark = self.mark();
        let refused = |words: &str| LogIn::Refused(format!("535 {words} {mark}"));
        if mechanism != "XOAUTH2" {
            return refused(
                "5.7.139 Authentication unsuccessful, basic authentication is disabled.",
            );
        }
        let Some((user, token)) = xoauth2(said) else {
            return refused("5.7.3 Authentication unsuccessful");
        };
        let switched_off = self.with(|world| {
            let scope = (Resource::Exchange, "SMTP.Send");
            let account = world.opens_mail(&user, &token, scope)?;
            let tenant = world.tenant(&account.tenant)?;
            Some(match (account.smtp, tenant.smtp) {
                (Some(true), _) | (None, true) => None,
                (Some(false), _) => Some("Mailbox"),
                (None, false) => Some("Tenant"),
            })
        });
        match switched_off {
            None => refused("5.7.3 Authentication unsuccessful"),
            Some(Some(whose)) => refused(&format!(
                "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for \
                 the {whose}. Visit https://aka.ms/smtp_auth_disabled for more information."
            )),
            Some(None) => {
                let welcome = "235 2.7.0 Authentication successful".to_owned();
                LogIn::Welcome(user.to_lowercase(), welcome)
            }
        }
    }

    fn log_in_first(&self) -> String {
        format!(
            "530 5.7.57 Client not authenticated to send mail. {}",
            self.mark()
        )
    }

    fn sender_taken(&self) -> String {
        "250 2.1.0 Sender OK".to_owned()
    }

    fn recipient_taken(&self) -> String {
        "250 2.1.5 Recipient OK".to_owned()
    }

    fn go_ahead(&self) -> String {
        "354 Start mail input; end with <CRLF>.<CRLF>".to_owned()
    }

    fn goodbye(&self) -> String {
        "221 2.0.0 Service closing transmission channel".to_owned()
    }

    fn take(&self, envelope: Envelope, message: Vec<u8>) -> String {
        let mark = self.mark();
        self.with(|world| {
            let from = mime::read(&message).map(|read| mime::from(&read));
            let from = from.unwrap_or_default();
            let named = [envelope.from.to_lowercase()];
            if !from.iter().chain(&named).all(|from| may_send_as(world, &envelope.account, from)) {
                return format!(
                    "554 5.2.252 SendAsDenied; {} not allowed to send as {}; \
                     STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; \
                     Failed to process message due to a permanent exception {mark}",
                    envelope.account, envelope.from
                );
            }
            if !world.may_send_now(&envelope.account) {
                return format!(
                    "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded {mark}"
                );
            }
            let at = world.now();
            world.send(Sent {
                account: envelope.account,
                from: envelope.from,
                to: envelope.to,
                message,
                at,
            });
            format!("250 2.0.0 OK [Hostname=SANDBOX0001.outlook.office365.com] {mark}")
        })
    }

    fn fault(&self, step: Step) -> Option<SmtpFault> {
        self.with(|world| world.smtp_faults.strike(step))
    }
}

impl Microsoft {
    /// What ends most lines of Exchange's.
    fn mark(&self) -> String {
        self.with(|world| {
            let time = world.now().strftime("%Y-%m-%dT%H:%M:%S.000Z");
            let id = world.dice.next();
            format!("[SANDBOX0001.outlook.office365.com {time} {id:016X}]")
        })
    }
}

/// One's own address, or one an admin gave the right to send as.
pub(super) fn may_send_as(world: &World, account: &str, from: &str) -> bool {
    let known = world.account(account);
    known.is_some_and(|known| {
        known.email == from
            || known
                .send_as
                .iter()
                .any(|other| other.eq_ignore_ascii_case(from))
    })
}
