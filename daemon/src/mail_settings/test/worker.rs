//! Carries a test out, step by step: each outcome is committed before the next is tried.

use std::sync::Arc;

use futures::future::BoxFuture;
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::mail_settings::{MailTestResult, MailTestStep as Step, MailTransport};
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::time::Instant;

use super::record::{MailTestRecord, Phase};
use super::{KEY, MAIL_TEST_WORK};
use crate::mail::message::{Letter, Person, Says};
use crate::mail::{Route, Trouble, token};
use crate::outbox::{Handed, Message};
use crate::services::Services;
use crate::store::StoreError;
use crate::work::{WorkRecord, Worker};

/// How long the email may take to come back, in seconds. Servers that hold an email from a new
/// sender back for minutes are few inside one company.
const PATIENCE_SECONDS: i64 = 120;

/// Between two looks into the mailbox, in seconds.
const LOOK_SECONDS: i64 = 3;

const SUBJECT: &str = "Greenroom email test";
const TEXT: &str =
    "Greenroom sent this email to itself to test sending and reading. You can delete it.\n";

/// The worker of tests.
pub struct MailTests(pub Services);

impl Worker for MailTests {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let Ok(workspace) = space.parse() else {
                tracing::error!(%space, "a test of something that is no workspace is dropped");
                let done = self.0.store.transact(|tx| async move {
                    WorkRecord::done(&tx, space, MAIL_TEST_WORK, &work.record)
                });
                return done.await.map(drop);
            };
            let route = self.0.mail.of(workspace);
            let one = Try {
                services: &self.0,
                space,
                workspace,
                route,
            };
            one.run().await
        })
    }
}

/// What becomes of the test after a step.
enum After {
    /// The next step.
    GoOn(MailTestRecord),
    /// The same step again then.
    Later(Instant),
    /// It is over.
    Over(MailTestRecord),
}

struct Try<'a> {
    services: &'a Services,
    space: &'a str,
    workspace: WorkspaceId,
    route: Arc<Route>,
}

impl Try<'_> {
    async fn run(self) -> Result<(), StoreError> {
        loop {
            let stored = self
                .services
                .store
                .get::<MailTestRecord>(self.space, KEY)
                .await?;
            let Some(test) = stored.map(|stored| stored.record) else {
                return self.done().await;
            };
            let after = match test.phase {
                Phase::Over => return self.done().await,
                _ if test.revision != self.route.settings().revision => After::Over(changed(test)),
                Phase::Wanted => self.log_in(test).await?,
                // The daemon ended as it was handed over: it may have left, so it is looked for.
                Phase::Sending { at } => After::GoOn(MailTestRecord {
                    phase: Phase::Sent { at },
                    ..test
                }),
                Phase::Sent { at } => self.read(test, at).await,
            };
            match after {
                After::GoOn(test) => self.keep(&test).await?,
                After::Later(until) => return self.later(until).await,
                After::Over(test) => {
                    let test = MailTestRecord {
                        phase: Phase::Over,
                        finished_at: Some(self.services.clock.now()),
                        ..test
                    };
                    self.keep(&test).await?;
                }
            }
        }
    }

    /// Logs in where emails are handed over, and hands one over.
    async fn log_in(&self, mut test: MailTestRecord) -> Result<After, StoreError> {
        let settings = self.route.settings();
        if settings.transport == MailTransport::Maildir {
            let hint = "set up email: greenroom mail setup";
            test.steps.push(found(
                Step::LogIn,
                CheckResult::Warning,
                self.route.note(),
                Some(hint),
            ));
            return Ok(After::Over(test));
        }
        if let Err(why) = self.route.check().await {
            test.steps.push(wrong(Step::LogIn, &why));
            return Ok(After::Over(test));
        }
        test.steps.push(ok(Step::LogIn, self.route.note()));
        let message = match self.message(&test) {
            Ok(message) => message,
            Err(why) => {
                test.steps
                    .push(found(Step::Send, CheckResult::Wrong, why, None));
                return Ok(After::Over(test));
            }
        };
        let now = self.services.clock.now();
        let noted = MailTestRecord {
            phase: Phase::Sending { at: now },
            ..test.clone()
        };
        self.keep(&noted).await?;
        Ok(match self.route.hand_over(&message, false).await {
            Handed::Taken => {
                let to = &message.to;
                test.steps
                    .push(ok(Step::Send, format!("an email to {to} was handed over")));
                test.phase = Phase::Sent { at: now };
                After::GoOn(test)
            }
            Handed::Unknown(why) => {
                let why = format!("the email may have left: {why}");
                test.steps
                    .push(found(Step::Send, CheckResult::Warning, why, None));
                test.phase = Phase::Sent { at: now };
                After::GoOn(test)
            }
            Handed::NotBefore { why, .. } => {
                let hint = "nothing is wrong with it: test again in a few minutes";
                test.steps
                    .push(found(Step::Send, CheckResult::Warning, why, Some(hint)));
                After::Over(test)
            }
            Handed::NotTaken(why) | Handed::Refused { why, .. } => {
                let hint =
                    "the address invitations come from must be one that this log-in may send from";
                test.steps
                    .push(found(Step::Send, CheckResult::Wrong, why, Some(hint)));
                After::Over(test)
            }
        })
    }

    /// Logs in where replies are read, once, and looks for the email.
    async fn read(&self, mut test: MailTestRecord, sent: Instant) -> After {
        if !self.route.reads_a_mailbox() {
            let sandbox = self.route.settings().transport == MailTransport::Sandbox;
            let (result, hint) = match sandbox {
                true => (CheckResult::Ok, None),
                false => (
                    CheckResult::Warning,
                    Some("replies to invitations are not read: add an IMAP server"),
                ),
            };
            let message = format!("replies are {}", self.route.answers());
            test.steps
                .push(found(Step::LogInToRead, result, message, hint));
            return After::Over(test);
        }
        let read = |step: &MailTestResult| step.step == Step::LogInToRead;
        if !test.steps.iter().any(read) {
            if let Err(why) = self.route.check_answers().await {
                test.steps.push(wrong(Step::LogInToRead, &why));
                return After::Over(test);
            }
            let message = format!("replies are {}", self.route.answers());
            test.steps.push(ok(Step::LogInToRead, message));
            return After::GoOn(test);
        }
        let name = token::local_part(test.mark, self.workspace);
        let now = self.services.clock.now();
        let waited = sent.plus_seconds(PATIENCE_SECONDS) <= now;
        match self.route.holds(&name).await {
            Ok(true) => {
                test.steps.push(ok(
                    Step::Read,
                    "the email came back and was read".to_owned(),
                ));
                After::Over(test)
            }
            Ok(false) if waited => {
                let from = self.route.from();
                let why = format!(
                    "the email to {from} did not come into this mailbox within {PATIENCE_SECONDS} seconds"
                );
                let hint = "look whether it is in another mailbox, another folder or in spam: replies to that address must come into the mailbox that is read";
                test.steps
                    .push(found(Step::Read, CheckResult::Wrong, why, Some(hint)));
                After::Over(test)
            }
            Err(why) if waited => {
                test.steps.push(wrong(Step::Read, &why));
                After::Over(test)
            }
            Ok(false) | Err(_) => After::Later(now.plus_seconds(LOOK_SECONDS)),
        }
    }

    fn message(&self, test: &MailTestRecord) -> Result<Message, String> {
        let from = self.route.from().to_owned();
        let letter = Letter {
            to: Person {
                name: String::new(),
                address: from,
            },
            from_name: "Greenroom".to_owned(),
            says: Says::Text {
                subject: SUBJECT.to_owned(),
                text: TEXT.to_owned(),
            },
        };
        let at = self.services.clock.now();
        let envelope = self.route.envelope(self.workspace, test.mark, at);
        let email = letter.build(&envelope).map_err(|error| error.to_string())?;
        Ok(Message {
            name: format!("{}.{}", test.mark, self.workspace),
            from: email.from.to_string(),
            to: email.to.to_string(),
            bytes: email.bytes,
        })
    }

    async fn keep(&self, test: &MailTestRecord) -> Result<(), StoreError> {
        let kept = self
            .services
            .store
            .transact(|tx| async move { tx.put(self.space, KEY, test) });
        kept.await.map(drop)
    }

    async fn later(&self, until: Instant) -> Result<(), StoreError> {
        let left = self.services.store.transact(|tx| async move {
            WorkRecord::wait(&tx, self.space, MAIL_TEST_WORK, KEY, until).await
        });
        left.await.map(drop)
    }

    async fn done(&self) -> Result<(), StoreError> {
        let done = self
            .services
            .store
            .transact(|tx| async move { WorkRecord::done(&tx, self.space, MAIL_TEST_WORK, KEY) });
        done.await.map(drop)
    }
}

/// The settings are others now: what was found says nothing of them.
fn changed(mut test: MailTestRecord) -> MailTestRecord {
    let step = match test.phase {
        Phase::Wanted | Phase::Over => Step::LogIn,
        Phase::Sending { .. } => Step::Send,
        Phase::Sent { .. } => Step::Read,
    };
    let why = "the email settings were changed during the test".to_owned();
    test.steps
        .push(found(step, CheckResult::Wrong, why, Some("run it again")));
    test
}

fn ok(step: Step, message: String) -> MailTestResult {
    found(step, CheckResult::Ok, message, None)
}

fn wrong(step: Step, why: &Trouble) -> MailTestResult {
    let hint = why.hint();
    found(step, CheckResult::Wrong, why.message(), hint.as_deref())
}

fn found(step: Step, result: CheckResult, message: String, hint: Option<&str>) -> MailTestResult {
    MailTestResult {
        step,
        result,
        message,
        hint: hint.map(str::to_owned),
    }
}
