//! The request to an administrator at Google or Microsoft, undone in time, and what comes back to it.

use greenroom_protocol::account::{AccountProvider, AccountQuery};
use greenroom_protocol::id::MailId;
use greenroom_protocol::mail::{MailQuery, MailUndo};
use greenroom_protocol::today::{NeedKind, TodayQuery};
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::{DANA, add_member};
use greenroom_tests::post::Found;

use super::fixture::{Fixture, Google, HERS, Microsoft, OMAR, Of};
use super::waiting::{ADMIN, ask};

impl Fixture {
    async fn mailing() -> Self {
        Self::with(Default::default(), Default::default(), "sandbox").await
    }

    async fn undoes(&self, mail: MailId) -> u64 {
        let undo = MailUndo {
            mails: vec![mail.to_string()],
            dry_run: false,
        };
        self.dana.mail_undo(undo).await.unwrap().undone
    }

    /// What waits only to be undone, as the countdown counts it.
    async fn leaving(&self) -> Vec<MailId> {
        let query = MailQuery {
            leaving: true,
            ..MailQuery::default()
        };
        let page = self.dana.mail_list(query).await.unwrap();
        page.items.into_iter().map(|it| it.id).collect()
    }

    /// What has left for somebody, once everything that is due has.
    async fn has_got(&self, address: &str) -> Vec<Found> {
        self.seconds_pass(15);
        self.daemon.rests().await.unwrap();
        self.daemon.mail().to(address).unwrap()
    }

    /// What comes back to our mailbox.
    async fn comes_back(&self, name: &str, email: &str) {
        self.daemon.mail().answer(name, email).unwrap();
        self.daemon.hears_answers().await.unwrap();
    }
}

/// A reply to the request as the admin's mail program sends it.
fn reply(request: &Found, text: &str) -> String {
    let id = format!("\nMessage-ID: <{}@it.acme.example>\n\n", text.len());
    request.words(text).replace("\n\n", &id)
}

#[tokio::test]
async fn a_request_to_the_admin_there_is_undone_with_the_wait_for_it() {
    for (provider, of) in [(Google, Of::Workspace), (Microsoft, HERS)] {
        let office = Fixture::mailing().await;
        let asked = ask(&office, provider, of).await;
        let mail = asked.mail.unwrap();
        assert!(asked.not_before.is_some(), "{asked:?}");
        assert_eq!(office.leaving().await, [mail]);
        // Asked again at once it is the same email, which the first call undoes.
        assert_eq!(ask(&office, provider, of).await.mail, None);
        assert_eq!(office.undoes(mail).await, 1);
        let stands = office.account(provider, of).await;
        assert_eq!((stands.state, stands.approval), (S::Disconnected, None));
        assert!(office.has_got(ADMIN).await.is_empty());
        // Nobody waits, so nobody is asked to try.
        office.seconds_pass(31 * 3600);
        assert!(office.has_got(DANA).await.is_empty());

        // A second request, undone: the first one is still waited for.
        ask(&office, provider, of).await;
        assert_eq!(office.has_got(ADMIN).await.len(), 1);
        let second = ask(&office, provider, of).await.mail.unwrap();
        assert_eq!(office.undoes(second).await, 1);
        let stands = office.account(provider, of).await;
        assert_eq!(stands.state, S::PreApprovalRequested);
    }
}

#[tokio::test]
async fn what_the_admin_there_replies_reaches_everyone_who_waits_there() {
    let office = Fixture::mailing().await;
    for of in [Of::Workspace, HERS, Of::Member(OMAR)] {
        ask(&office, Microsoft, of).await;
    }
    // Who waits elsewhere hears nothing of it.
    ask(&office, Google, Of::Member(OMAR)).await;
    let requests = office.has_got(ADMIN).await;
    let about = |it: &&Found| it.subject.contains("Microsoft");
    let request = requests.iter().find(about).unwrap();
    let automatic = reply(request, "Your ticket was opened.");
    let automatic = automatic.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:");
    office.comes_back("1", &automatic).await;
    let shown = office.account(Microsoft, HERS).await.admin_reply.unwrap();
    assert!(
        shown.automatic && shown.text.contains("ticket"),
        "{shown:?}"
    );

    let words = reply(request, "Which data does it read?");
    // The same email, twice in the mailbox.
    office.comes_back("2", &words).await;
    office.comes_back("3", &words).await;
    // Dana reads it for herself and, as an admin, for the workspace.
    for (address, count) in [(DANA, 2), (OMAR, 1)] {
        let mut all = office.has_got(address).await;
        all.retain(|mail| mail.subject == "Reply from your Microsoft admin (Acme)");
        assert_eq!(all.len(), count, "{address}: {all:?}");
        for mail in all {
            assert!(mail.text.contains("> Which data does it read?"), "{mail:?}");
            assert!(
                mail.text.contains("greenroom microsoft connect"),
                "{mail:?}"
            );
        }
    }
    for of in [Of::Workspace, HERS, Of::Member(OMAR)] {
        let waits = office.account(Microsoft, of).await;
        let shown = waits.admin_reply.unwrap();
        let said = (shown.from.as_str(), shown.text.as_str());
        assert_eq!(said, (ADMIN, "Which data does it read?"));
        // Nothing is called approved by what somebody writes.
        assert_eq!(waits.state, S::PreApprovalRequested);
        assert_eq!(waits.approval.unwrap().approved_at, None);
    }
    let elsewhere = office.account(Google, Of::Member(OMAR)).await;
    assert_eq!(elsewhere.admin_reply, None);
    assert_eq!(in_today(&office, Microsoft).await, 1);

    // Connected, nobody waits, and nothing is shown of it any more.
    office.connect(Microsoft, HERS).await.connected();
    assert_eq!(office.account(Microsoft, HERS).await.admin_reply, None);
}

/// How many unread replies about this app Today shows.
async fn in_today(office: &Fixture, provider: AccountProvider) -> usize {
    let today = office.dana.today(TodayQuery::default()).await.unwrap();
    let words = format!("replied about the {} app", provider.name());
    let replies = today.needs_me.into_iter();
    let replies = replies.filter(|it| it.kind == NeedKind::ApprovalReply);
    replies.filter(|it| it.message.starts_with(&words)).count()
}

#[tokio::test]
async fn only_those_who_look_after_it_read_what_the_admin_there_replied() {
    const KIM: &str = "kim.park@acme.example";
    let office = Fixture::mailing().await;
    add_member(&office.dana, "Kim Park", KIM, &[Role::Interviewer])
        .await
        .unwrap();
    ask(&office, Google, HERS).await;
    let requests = office.has_got(ADMIN).await;
    let words = reply(&requests[0], "Ask me on Monday.");
    office.comes_back("1", &words).await;
    let kim = office.user_of(KIM).await;
    let query = AccountQuery {
        provider: Google,
        member: Some(DANA.into()),
        for_workspace: false,
    };
    let seen = kim.account_get(query.clone()).await.unwrap();
    assert_eq!(seen.admin_reply, None);
    assert!(
        office
            .dana
            .account_get(query)
            .await
            .unwrap()
            .admin_reply
            .is_some()
    );
    let page = kim.mail_received(Default::default()).await.unwrap();
    assert_eq!(page.total, 0);
}
