//! What the form of a workspace's email sends.

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::mail_settings::{MailConfigure, MailLogIn, MailServer, MailTransport};
use greenroom_protocol::secret::Opaque;

use super::{Mail, Name, found, kept, system};
use crate::forms::Frame;
use crate::forms::fill::{maybe, needed};
use crate::forms::sheet::{Entry, Sheet};
use crate::typed::server::{self, Ports};

/// Email by an account: it logs in at its provider's own servers, so none is named.
pub(super) fn by_account(
    form: &Frame<Mail>,
    from: String,
    provider: AccountProvider,
) -> MailConfigure {
    let by_graph = provider == AccountProvider::Microsoft && form.sheet.choice(Name::By) == 1;
    MailConfigure {
        system: system(&form.sheet),
        transport: Some(match by_graph {
            true => MailTransport::Graph,
            false => MailTransport::Smtp,
        }),
        account: Some(format!("{}:{from}", provider.word())),
        from: Some(from),
        expected_revision: form.revision,
        ..MailConfigure::default()
    }
}

/// Email by servers that take a password; `None` when something is missing, all of which is said.
pub(super) fn by_password(form: &mut Frame<Mail>, from: String) -> Option<MailConfigure> {
    let user = maybe(form.sheet.text(Name::User)).unwrap_or_else(|| from.clone());
    let password = password(&form.sheet);
    let has_one = kept(form).is_some_and(|it| it.smtp_log_in != MailLogIn::None);
    if password.is_none() && !has_one {
        form.sheet.refuse(Name::Password, "Enter the password");
    }
    let smtp = server(form, Name::Smtp, server::SMTP, &user);
    let reads = kept(form).is_some_and(|it| it.imap.is_some());
    let imap = match form.sheet.text(Name::Imap).trim().is_empty() && !reads {
        true => Some(None),
        false => server(form, Name::Imap, server::IMAP, &user).map(Some),
    };
    let (smtp, imap) = (smtp?, imap?);
    if password.is_none() && !has_one {
        return None;
    }
    // A mailbox that somebody else logs in to has a password of its own.
    let same_user = |it: &MailServer| password.is_none() || it.user == smtp.user;
    Some(MailConfigure {
        system: system(&form.sheet),
        transport: Some(MailTransport::Smtp),
        from: Some(from),
        account: Some(String::new()),
        imap: imap.filter(same_user),
        smtp: Some(smtp),
        smtp_password: password,
        expected_revision: form.revision,
        ..MailConfigure::default()
    })
}

fn password(sheet: &Sheet<Name>) -> Option<Opaque> {
    match sheet.field(Name::Password).map(|field| &field.entry) {
        Some(Entry::Secret(secret)) => secret.value(),
        _ => None,
    }
}

/// A server as it is stored, as it was typed, or as it was found.
fn server(form: &mut Frame<Mail>, name: Name, ports: Ports, user: &str) -> Option<MailServer> {
    let is_smtp = name == Name::Smtp;
    let is_typed = form.sheet.is_changed(name) || form.sheet.is_changed(Name::User);
    if let Some(kept) = kept(form).filter(|_| !is_typed) {
        let kept = if is_smtp { &kept.smtp } else { &kept.imap };
        if let Some(kept) = kept.clone() {
            return Some(kept);
        }
    }
    if !form.sheet.is_shown(name) {
        let found = found(form);
        return found.and_then(|it| {
            if is_smtp {
                it.smtp.clone()
            } else {
                it.imap.clone()
            }
        });
    }
    let typed = needed(&mut form.sheet, name, "Enter the server's name")?;
    let read = server::read(&typed, ports, user);
    if read.is_none() {
        let why = format!(
            "Write it as host or host:port, such as mail.acme.example:{}",
            ports.tls
        );
        form.sheet.refuse(name, &why);
    }
    read
}
