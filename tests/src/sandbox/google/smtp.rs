//! smtp.gmail.com: who may log in, what is said, and the From it puts in.

use super::control::Google;
use super::world::World;
use crate::sandbox::mime;
use crate::sandbox::smtp::{Desk, Envelope, LogIn, Sent, SmtpFault, Step, xoauth2};

/// What one account may send in a day
/// (<https://support.google.com/a/answer/166852>).
const A_DAY: usize = 2_000;

/// What XOAUTH2 says of a token that opens nothing.
const CHALLENGE: &str = r#"{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}"#;

impl Desk for Google {
    fn greeting(&self) -> String {
        format!("220 smtp.gmail.com ESMTP {}", self.mark())
    }

    fn extensions(&self) -> Vec<String> {
        [
            "smtp.gmail.com at your service, [127.0.0.1]",
            "SIZE 35882577",
            "8BITMIME",
            "AUTH LOGIN PLAIN XOAUTH2",
            "ENHANCEDSTATUSCODES",
            "PIPELINING",
            "SMTPUTF8",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn log_in(&self, mechanism: &str, said: &[u8]) -> LogIn {
        let mark = self.mark();
        let refused = format!(
            "535-5.7.8 Username and Password not accepted. For more information, go to\r\n\
             535 5.7.8  https://support.google.com/mail/?p=BadCredentials {mark}"
        );
        if mechanism != "XOAUTH2" {
            return LogIn::Refused(refused);
        }
        let Some((user, token)) = xoauth2(said) else {
            return LogIn::Refused(format!("501 5.5.2 Cannot Decode response {mark}"));
        };
        let opens = self.with(|world| world.opens_mail(&user, &token));
        match opens {
            true => LogIn::Welcome(user.to_lowercase(), "235 2.7.0 Accepted".to_owned()),
            false => LogIn::Challenged(CHALLENGE.to_owned(), refused),
        }
    }

    fn log_in_first(&self) -> String {
        format!(
            "530-5.7.0 Authentication Required. For more information, go to\r\n\
             530 5.7.0  https://support.google.com/mail/?p=WantAuthError {}",
            self.mark()
        )
    }

    fn sender_taken(&self) -> String {
        format!("250 2.1.0 OK {}", self.mark())
    }

    fn recipient_taken(&self) -> String {
        format!("250 2.1.5 OK {}", self.mark())
    }

    fn go_ahead(&self) -> String {
        format!("354 Go ahead {}", self.mark())
    }

    fn goodbye(&self) -> String {
        format!("221 2.0.0 closing connection {}", self.mark())
    }

    fn take(&self, envelope: Envelope, message: Vec<u8>) -> String {
        let mark = self.mark();
        self.with(|world| {
            if sent_today(world, &envelope.account) >= A_DAY {
                return format!(
                    "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\r\n\
                     550-5.4.5 sending limits go to\r\n\
                     550 5.4.5  https://support.google.com/a/answer/166852 {mark}"
                );
            }
            let at = world.now();
            world.sent.push(Sent {
                message: from_account(world, &envelope.account, message),
                account: envelope.account,
                from: envelope.from,
                to: envelope.to,
                at,
            });
            format!("250 2.0.0 OK  {} {mark}", at.as_second())
        })
    }

    fn fault(&self, step: Step) -> Option<SmtpFault> {
        self.with(|world| world.smtp_faults.strike(step))
    }
}

impl Google {
    /// What ends every line of Gmail's.
    fn mark(&self) -> String {
        let id = self.with(|world| world.dice.next());
        format!("{id:016x}-sandbox - gsmtp")
    }
}

fn sent_today(world: &World, account: &str) -> usize {
    let now = world.now();
    let day = jiff::SignedDuration::from_hours(24);
    let mut of_account = world.sent.iter();
    let recent = |sent: &&Sent| sent.account == account && now.duration_since(sent.at) < day;
    of_account.by_ref().filter(recent).count()
}

/// Gmail puts the account's own address in From, unless the one that is there is an alias of it; it
/// says nothing of that.
fn from_account(world: &World, account: &str, message: Vec<u8>) -> Vec<u8> {
    let Some(known) = world.account(account) else {
        return message;
    };
    let from = mime::read(&message).map(|read| mime::from(&read));
    let from = from.unwrap_or_default();
    let own = |from: &String| *from == known.email || known.aliases.contains(from);
    if !from.is_empty() && from.iter().all(own) {
        return message;
    }
    let value = format!("{} <{}>", known.name, known.email);
    let changed = mime::with_field(&message, "From", Some(&value));
    match from.first() {
        None => changed,
        Some(original) => mime::with_field(&changed, "X-Google-Original-From", Some(original)),
    }
}
