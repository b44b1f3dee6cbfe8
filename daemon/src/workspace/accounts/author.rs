//! The emails about accounts, as they are written when they leave: to those who must connect one
//! again, to the administrator who is to approve the app, and to those who wait for that.
//!
//! Invariant: an email that has become needless, because somebody connected meanwhile, does not
//! leave.

use futures::future::BoxFuture;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{MailId, WorkspaceId};
use greenroom_protocol::mail::MailKind;

use super::admin_reply::{self, Quoted};
use super::letter::{self, Petition};
use super::notice::{FIRST, is_awaited, is_broken};
use super::terms;
use crate::clock::Clock;
use crate::grants::{self, ConnectionId, ConnectionRecord, Owner, Words};
use crate::mail::message::{Letter, Person, Says, greeting};
use crate::mail::reader::FROM_NAME;
use crate::mail::{Author, Written};
use crate::outbox::Settled;
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::store::{GLOBAL, StoreError, Tx};

/// The author of emails about accounts.
pub struct AccountNotices {
    /// What time it is.
    pub clock: Clock,
    /// Where Microsoft's sign-in is.
    pub login_url: String,
    /// The tenant of the daemon's default Microsoft app; empty: it has none.
    pub tenant: String,
}

/// What an email is written from.
struct Facts<'a> {
    provider: AccountProvider,
    owner: Owner,
    connection: &'a ConnectionRecord,
    workspace: &'a WorkspaceRecord,
    /// The reply that the email passes on.
    reply: Option<Quoted>,
}

impl AccountNotices {
    async fn letter(
        &self,
        tx: &Tx,
        space: &str,
        (provider, owner): (AccountProvider, Owner),
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let Ok(workspace) = space.parse::<WorkspaceId>() else {
            return unwanted("the workspace is gone");
        };
        let key = ConnectionId { workspace, owner }.key(terms(provider));
        let connection = tx.get::<ConnectionRecord>(space, &key).await?;
        let Some(workspace) = tx.peek::<WorkspaceRecord>(GLOBAL, space).await? else {
            return unwanted("the workspace is gone");
        };
        let facts = Facts {
            provider,
            owner,
            connection: &connection.unwrap_or_default(),
            workspace: &workspace,
            reply: match mail.kind {
                MailKind::ApprovalReply => admin_reply::quoted(tx, space, mail).await?,
                _ => None,
            },
        };
        let (to, says) = match &mail.to {
            Recipient::Member(reader) => {
                let reader = tx.peek::<MemberRecord>(space, &reader.to_string()).await?;
                let Some(reader) = reader else {
                    return unwanted("the member is gone");
                };
                match said(&facts, mail.kind, &reader) {
                    Ok(says) => (person(&reader.name, &reader.email), says),
                    Err(why) => return unwanted(why),
                }
            }
            Recipient::Address(admin) if mail.kind == MailKind::ApprovalRequest => {
                let by = match owner {
                    Owner::Workspace => workspace.name.clone(),
                    Owner::Member(id) => {
                        let member = tx.peek::<MemberRecord>(space, &id.to_string()).await?;
                        let Some(member) = member else {
                            return unwanted("the member is gone");
                        };
                        format!("{} <{}>", member.name, member.email)
                    }
                };
                match self.petition(&facts, &by) {
                    Some(says) => (person("", admin), says),
                    None => return unwanted("the approval is not waited for any more"),
                }
            }
            _ => return unwanted("it is not for a member"),
        };
        Ok(Written::Letter {
            letter: Box::new(Letter {
                to,
                from_name: FROM_NAME.to_owned(),
                says,
            }),
            memo: None,
        })
    }

    /// The request to an administrator, while it is waited for.
    fn petition(&self, facts: &Facts<'_>, by: &str) -> Option<Says> {
        let approval = facts.connection.approval.as_ref();
        let approval = approval.filter(|_| is_awaited(facts.connection))?;
        let tenant = facts.workspace.microsoft_tenant.as_deref();
        let tenant = tenant.unwrap_or(&self.tenant);
        let tenant = Some(tenant).filter(|tenant| !tenant.is_empty());
        let client_id = &approval.client_id;
        let link = letter::link(facts.provider, &self.login_url, tenant, client_id);
        let request = letter::request(&Petition {
            provider: facts.provider,
            by,
            workspace: &facts.workspace.name,
            client_id,
            link: &link,
        });
        Some(Says::Text {
            subject: request.subject,
            text: request.text,
        })
    }
}

/// What a member reads; why nothing, where it has become needless.
fn said(facts: &Facts<'_>, kind: MailKind, reader: &MemberRecord) -> Result<Says, &'static str> {
    let Facts {
        provider,
        owner,
        connection,
        workspace,
        ..
    } = *facts;
    let (hello, company) = (greeting(&reader.name), &workspace.name);
    let words = terms(provider).words;
    let name = words.name;
    let (whose, option) = match owner {
        Owner::Workspace => (format!("{company}'s {name} account"), " --for-workspace"),
        Owner::Member(_) => (format!("your {name} account"), ""),
    };
    let again = format!(
        "Connect in Settings, Connected Apps, or with:\n\n    greenroom {} connect{option}\n",
        provider.word()
    );
    let (subject, text) = match kind {
        MailKind::ConnectionNotice => {
            let (reason, hint) =
                broken(facts, words).ok_or("it works again, or was disconnected")?;
            (
                format!("{name} must be reconnected ({company})"),
                format!(
                    "{hello}\n\nGreenroom can no longer use {whose}.\n\nReason: {reason}\n{hint}\n{again}"
                ),
            )
        }
        MailKind::ApprovalGiven if connection.is_approved() => (
            format!("You can connect {name} now ({company})"),
            format!(
                "{hello}\n\nA colleague could connect {name} to Greenroom, so your {name} organization has approved \
                 the app.\n\n{again}"
            ),
        ),
        MailKind::ApprovalTry if is_awaited(connection) => (
            format!("Please try connecting {name} again ({company})"),
            format!(
                "{hello}\n\nYour {name} admin was asked a working day ago to approve Greenroom. {name} does not \
                 announce approvals, so please try now.\n\n{again}\nIf {name} still asks for approval, remind your \
                 admin. This sends the request again:\n\n    greenroom {} request-approval{option}\n",
                provider.word()
            ),
        ),
        MailKind::ApprovalReply if is_awaited(connection) => {
            let reply = facts.reply.as_ref();
            let Quoted { from, lines } = reply.ok_or("the reply is not kept any more")?;
            (
                format!("Reply from your {name} admin ({company})"),
                format!(
                    "{hello}\n\n{from} replied to the request to approve Greenroom for {name}:\n\n{lines}\nIf it says \
                     that the app is approved, try connecting.\n\n{again}"
                ),
            )
        }
        _ => return Err("the approval is not waited for any more"),
    };
    Ok(Says::Text { subject, text })
}

/// Why an account is broken, and what to do besides connecting again, where there is more.
fn broken(facts: &Facts<'_>, words: &Words) -> Option<(String, String)> {
    let connection = Some(facts.connection).filter(|it| is_broken(it))?;
    let reason = connection.reason(terms(facts.provider))?;
    let hint = reason.hint(words).filter(|hint| hint != "reconnect");
    let hint = hint.map(|hint| format!("What to do: {hint}.\n"));
    Some((reason.text(words), hint.unwrap_or_default()))
}

fn person(name: &str, address: &str) -> Person {
    Person {
        name: name.to_owned(),
        address: address.to_owned(),
    }
}

impl Author for AccountNotices {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::Account(provider, owner) => {
                    self.letter(tx, space, (provider, owner), mail).await
                }
                _ => Ok(Written::Unwanted("it is about no account".into())),
            }
        })
    }

    /// An account shows on its own how it stands: nothing is noted of the emails about it. But where
    /// the request never left with which somebody began to wait for an approval, they wait for none.
    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        _: MailId,
        mail: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let began = mail.kind == MailKind::ApprovalRequest
                && mail.memo.as_deref() == Some(FIRST)
                && outcome == Settled::Dropped;
            let (About::Account(provider, owner), Ok(workspace)) = (&mail.about, space.parse())
            else {
                return Ok(());
            };
            let who = ConnectionId {
                workspace,
                owner: *owner,
            };
            match began {
                true => grants::recall(terms(*provider), tx, who, self.clock.now()).await,
                false => Ok(()),
            }
        })
    }
}
