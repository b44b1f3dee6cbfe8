//! A daemon made of values: answers at once, remembers moves and bookings.

pub(crate) mod accounts;
mod booked;
pub(crate) mod calendars;
pub(crate) mod conversations;
mod drift;
pub(crate) mod hours;
pub(crate) mod mail_settings;
mod notes;
pub(crate) mod outreach;
mod setting_up;
mod templates;
mod times;
mod zoom_test;

use greenroom_protocol::Error;
use greenroom_protocol::availability::{DaysOffAction, DaysOffEdited, MemberHoursQuery};
use greenroom_protocol::calendar::Feed;
use greenroom_protocol::drift::DriftReport;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::insight::{Insight, InsightNote};
use greenroom_protocol::interview::{Interview, InterviewStatus, Outcome, PanelProposal};
use greenroom_protocol::mail::{Mail, MailPreview, MailState};
use greenroom_protocol::outreach::ShadowFigures;
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{
    ApplicationBrief, ApplicationState, Candidate, CandidateMoveMany, CandidatePage, CandidateRow,
    CandidateStateMany, CandidateView, Erased, ImportReport, Job, ManyDone, ManyItem, ManyOutcome,
    Moved, OneOfMany, RowError, StageInterview, StageProblem,
};
use greenroom_protocol::received::{Received, ReceivedMail, ReceivedQuery};
use greenroom_protocol::schedule::{Finding, FindingCode, Verdict};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::status::{MailStatus, Problem, Status};
use greenroom_protocol::today::{
    Badges, Dependence, NeedKind, NeedsMe, Today, Upcoming, WAITING_DAYS, Waiting,
};
use greenroom_protocol::workspace::{Member, Reference, Workspace};
use greenroom_protocol::zoom::{
    AppApproval, ConnectAttempt, Connection, ConnectionState, Disconnected, Told,
};
use greenroom_protocol::zoom_test::ZoomTest;

use super::records::{self, at, id};
use crate::widgets::text;

/// The daemon's records.
pub(crate) struct Daemon {
    pub(crate) rows: Vec<greenroom_protocol::pipeline::CandidateRow>,
    pub(crate) interviews: Vec<Interview>,
    /// Interviews as they were before each change.
    former: Vec<Interview>,
    /// Mail that waits or was refused, and mail that left.
    pub(crate) mails: (Vec<Mail>, Vec<Mail>),
    words: templates::Words,
    /// Saved views, by name.
    pub(crate) views: Vec<CandidateView>,
    /// Email that came in.
    pub(crate) received: Vec<Received>,
    /// What a check finds.
    pub(crate) report: DriftReport,
    /// The latest test of a Zoom connection.
    pub(crate) test: ZoomTest,
    /// Calendars that others keep of members.
    pub(crate) feeds: Vec<Feed>,
    /// Times that are proposed.
    pub(crate) outreaches: outreach::Outreaches,
    /// What is said to the assistant.
    pub(crate) conversations: conversations::Conversations,
    /// Texts that came in parts.
    uploads: calendars::Uploads,
    /// Whether the person has set no hours.
    pub(crate) assumes_mine: bool,
    /// Who makes the changes.
    pub(crate) by: usize,
    pub(crate) mail: MailStatus,
    /// Whether mail has left before anything is undone.
    pub(crate) mail_left: bool,
    /// Everybody's Zoom, the person's own first.
    pub(crate) zoom: Vec<Connection>,
    /// Who is no member any more.
    pub(crate) left: Option<usize>,
    /// Whether the conversation is about the other workspace, where nobody is but the person.
    pub(crate) elsewhere: bool,
    /// Everything that was asked and is no mere look.
    pub(crate) asked: Vec<Q>,
    /// What the next call that is no look is refused with.
    pub(crate) refuse: Option<Error>,
    pub(crate) insights: Vec<Insight>,
    /// Notes on the first candidate.
    pub(crate) notes: Vec<greenroom_protocol::pipeline::Note>,
    /// Who is next of a "one of" group, by number.
    pub(crate) next: Option<usize>,
    /// What needs the person, who waits, and whose Zoom their interviews depend on.
    pub(crate) needs: Vec<NeedsMe>,
    pub(crate) waiting: Vec<Waiting>,
    pub(crate) depends: Vec<Dependence>,
    /// Records as they are, where a story has its own.
    pub(crate) own: Own,
    pub(crate) empty: bool,
    /// What an admin is needed for.
    pub(crate) problems: Vec<Problem>,
    /// How the workspace's email is set up.
    pub(crate) email: mail_settings::Email,
    /// Accounts at Google and Microsoft.
    pub(crate) accounts: Vec<greenroom_protocol::account::Account>,
    /// How far setting up is.
    pub(crate) setup: setting_up::Setup,
    /// Answers nothing at all.
    pub(crate) silent: bool,
    /// What is wrong with its data.
    pub(crate) damage: Option<String>,
}

/// Records of a story's own.
#[derive(Default)]
pub(crate) struct Own {
    /// How Onsite of the first job is interviewed.
    pub(crate) plan: Option<StageInterview>,
    /// Why the assistant can't act in its Phone screen.
    pub(crate) problems: Vec<StageProblem>,
    /// How many of the second stage the assistant has not begun with; it arranges the stage then.
    pub(crate) not_started: u32,
    /// How many of Onsite nobody has written to, and what watching has shown there.
    pub(crate) onsite: (u32, Option<ShadowFigures>),
    /// The second member.
    pub(crate) member: Option<Member>,
    /// The first candidate.
    pub(crate) candidate: Option<Candidate>,
    /// The workspace one is in.
    pub(crate) workspace: Option<Workspace>,
    /// Who the panel of a stage comes to.
    pub(crate) panel: Option<PanelProposal>,
    /// No time works for everyone.
    pub(crate) nobody_free: bool,
    /// No time before works for everyone.
    pub(crate) away_until: Option<greenroom_protocol::time::Instant>,
    /// Zoom is the real one.
    pub(crate) real_zoom: bool,
}

impl Daemon {
    pub(crate) fn new() -> Self {
        let (rows, interviews) = (records::rows(), records::interviews());
        Self {
            rows,
            interviews,
            former: Vec::new(),
            mails: (Vec::new(), Vec::new()),
            words: templates::Words::default(),
            views: Vec::new(),
            received: Vec::new(),
            report: records::report(),
            test: records::never_tested(),
            feeds: Vec::new(),
            outreaches: outreach::Outreaches::default(),
            conversations: conversations::Conversations::default(),
            uploads: calendars::Uploads::default(),
            assumes_mine: false,
            by: 0,
            mail: records::status().mail,
            mail_left: false,
            zoom: records::connections(),
            left: None,
            elsewhere: false,
            asked: Vec::new(),
            refuse: None,
            insights: records::insights(),
            notes: Vec::new(),
            next: None,
            needs: Vec::new(),
            waiting: Vec::new(),
            depends: Vec::new(),
            own: Own::default(),
            empty: false,
            problems: Vec::new(),
            email: mail_settings::Email::default(),
            accounts: Vec::new(),
            setup: setting_up::Setup::default(),
            silent: false,
            damage: None,
        }
    }

    /// A workspace with nobody in it yet.
    pub(crate) fn empty() -> Self {
        let (rows, interviews) = (Vec::new(), Vec::new());
        Self {
            rows,
            interviews,
            empty: true,
            ..Self::new()
        }
    }

    pub(crate) fn answer(&mut self, request: Q) -> R {
        if let Some(reply) = self.outreaches.look(&request) {
            return reply;
        }
        if let Some(reply) = self.conversations.look(&request) {
            return reply;
        }
        match request {
            Q::Status {} => R::Status(Ok(Status {
                connection: self.connections().into_iter().next(),
                mail: self.mail.clone(),
                problems: self.problems.clone(),
                damage: self.damage.clone(),
                sandbox: records::status().sandbox.filter(|_| !self.own.real_zoom),
                ..records::status()
            })),
            Q::WorkspaceList {} => R::WorkspaceList(Ok(Page::whole(self.workspaces()))),
            Q::MemberList {} => R::MemberList(Ok(Page::whole(self.members()))),
            Q::ZoomList {} => R::ZoomList(Ok(Page::whole(self.connections()))),
            Q::JobList {} if self.nobody() => R::JobList(Ok(Page::whole(Vec::new()))),
            Q::CandidateList { .. } if self.elsewhere => {
                R::CandidateList(Ok(CandidatePage::default()))
            }
            Q::InterviewList { .. } if self.elsewhere => {
                R::InterviewList(Ok(Page::whole(Vec::new())))
            }
            Q::JobList {} => R::JobList(Ok(Page::whole(self.jobs()))),
            Q::CandidateList { query } => {
                let mut rows = self.rows.clone();
                rows.retain(|row| {
                    let application = row.application.as_ref().unwrap();
                    let job = application.job.to_string();
                    let words = [
                        &row.name,
                        &row.email,
                        &application.job_title,
                        &application.stage_name,
                    ];
                    let archived = application.state != ApplicationState::Active;
                    archived == query.archived
                        && query.job.as_ref().is_none_or(|wanted| *wanted == job)
                        && text::matches(&words.map(String::as_str).join(" "), &query.text)
                });
                R::CandidateList(Ok(CandidatePage::whole(rows)))
            }
            Q::CandidateViewList {} => R::CandidateViewList(Ok(Page::whole(self.views.clone()))),
            Q::CandidateGet { candidate } => {
                let place = self
                    .rows
                    .iter()
                    .position(|it| it.id.to_string() == candidate.reference);
                let own = self.own.candidate.clone().filter(|_| place == Some(0));
                let known = || records::candidate(place.unwrap());
                let mut candidate = own.unwrap_or_else(known);
                if place == Some(0) {
                    candidate.notes.clone_from(&self.notes);
                }
                R::CandidateGet(Ok(candidate))
            }
            Q::InterviewList { query } => {
                let mut found = self.interviews.clone();
                found.retain(|it| query.from.is_none_or(|from| it.start >= from));
                found.retain(|it| query.to.is_none_or(|to| it.start < to));
                R::InterviewList(Ok(Page::whole(found)))
            }
            Q::InterviewGet { interview } => {
                let mut all = self.interviews.iter();
                let found = all.find(|it| it.id.to_string() == interview.reference);
                R::InterviewGet(
                    found
                        .cloned()
                        .ok_or_else(|| Error::not_found("no such interview")),
                )
            }
            Q::MailList { query } => {
                let (waiting, past) = &self.mails;
                let found = if query.past { past } else { waiting };
                let leaves = |it: &&Mail| !query.leaving || it.not_before > at(records::NOW);
                let found = found.iter().filter(leaves).cloned().collect();
                R::MailList(Ok(Page::whole(found)))
            }
            Q::TemplateList { .. } => R::TemplateList(Ok(self.words.list())),
            Q::TemplateShow { template } => R::TemplateShow(Ok(self.words.show(&template))),
            Q::TemplatePreview { .. } => R::TemplatePreview(Ok(self.words.preview())),
            Q::MailGet { mail } => R::MailGet(self.letter(&mail.reference)),
            Q::Today { .. } => R::Today(Ok(self.today())),
            Q::MailSettings {} => R::MailSettings(Ok(self.email.settings.clone())),
            Q::MailTest { query } if !query.start => R::MailTest(Ok(self.email.test.clone())),
            Q::MailDiscover { address } => R::MailDiscover(Ok(mail_settings::discover(&address))),
            Q::AccountList { .. } => R::AccountList(Ok(Page::whole(self.accounts.clone()))),
            Q::MemberHours { query } => R::MemberHours(Ok(self.hours_of(&query))),
            Q::FeedList { query } => R::FeedList(Ok(Page::whole(self.feeds_of(&query)))),
            Q::DaysOff {} => R::DaysOff(Ok(Page::whole(hours::days_off()))),
            Q::SetupProgress {} => R::SetupProgress(Ok(self.setup.progress())),
            Q::AppGuide { query } if query.dry_run => {
                R::AppGuide(Ok(setting_up::guide(&query, self.mail.delivers)))
            }
            Q::MailReceived { query } => R::MailReceived(Ok(self.received(&query))),
            Q::MailReceivedGet { mail } => R::MailReceivedGet(self.email(&mail.reference).cloned()),
            Q::InterviewInvite { .. } => R::InterviewInvite(Ok(records::written())),
            Q::ZoomTestShow { .. } => R::ZoomTestShow(Ok(self.test.clone())),
            Q::DriftList {} => R::DriftList(Ok(self.drift())),
            Q::InsightList { application } => R::InsightList(Ok(self.insights_of(&application))),
            Q::Busy { query } => R::Busy(Ok(times::lanes(&query))),
            Q::TimeRead { read } => R::TimeRead(Ok(times::read(&read))),
            Q::Slots { query } => R::Slots(Ok(self.slots(&query))),
            Q::Explain { query } => R::Explain(Ok(self.explain(&query))),
            Q::InterviewNew { interview } if interview.dry_run => {
                let mut outcome = self.outcome(3, Verdict::default());
                outcome.dry_run = true;
                if interview.preview {
                    outcome.letters = vec![records::written(); 2];
                }
                outcome.panel = self.own.panel.clone();
                outcome.verdict.advises = vec![Finding::new(
                    FindingCode::BasicFortyMinutes,
                    "45 min: Zoom Basic ends at 40. Shorten, or use Mina's.",
                )];
                R::InterviewNew(Ok(outcome))
            }
            other => self
                .change(other)
                .or_else(|other| self.mend(*other))
                .unwrap_or_else(|other| self.act(*other)),
        }
    }

    fn received(&self, query: &ReceivedQuery) -> Page<ReceivedMail> {
        let wanted = |mail: &&ReceivedMail| {
            let candidate = mail.candidate.map(|id| id.to_string());
            (query.candidate.is_none() || query.candidate == candidate)
                && (mail.unread || !query.unread)
        };
        let mails = self.received.iter().map(|it| &it.mail).filter(wanted);
        Page::whole(mails.cloned().collect())
    }

    fn email(&self, reference: &str) -> Result<&Received, Error> {
        let found = self.received.iter();
        let mut found = found.filter(|it| it.mail.id.to_string() == reference);
        found
            .next()
            .ok_or_else(|| Error::not_found("no such email"))
    }

    fn email_mut(&mut self, reference: &str) -> Option<&mut ReceivedMail> {
        let all = self.received.iter_mut();
        let all = all.chain(&mut self.outreaches.received);
        let mut mails = all.map(|it| &mut it.mail);
        mails.rfind(|it| it.id.to_string() == reference)
    }

    fn nobody(&self) -> bool {
        self.empty || self.elsewhere
    }

    /// The greeting of the workspace the conversation is about.
    pub(crate) fn hello(&self) -> ServerHello {
        match self.elsewhere {
            true => records::hello_elsewhere(),
            false => records::hello(),
        }
    }

    fn connections(&self) -> Vec<Connection> {
        match self.elsewhere {
            true => vec![records::connection_elsewhere()],
            false => self.zoom.clone(),
        }
    }

    /// The day of the person, with what a story says needs them.
    fn today(&self) -> Today {
        let me = records::members()[0].id;
        let (now, until) = (at(records::NOW), at("2026-11-25T23:00:00Z"));
        let planned = |it: &&Interview| {
            use InterviewStatus::{Confirmed, ToBeConfirmed};
            matches!(it.status, Confirmed | ToBeConfirmed) && it.start > now && it.start < until
        };
        let mine = |it: &&Interview| {
            it.organizer.id == me || it.interviewers.iter().any(|member| member.id == me)
        };
        let here = self.interviews.iter().filter(|_| !self.nobody());
        let mut next: Vec<_> = here.filter(planned).filter(mine).cloned().collect();
        next.sort_by_key(|it| it.start);
        let upcoming = next.into_iter().map(|interview| Upcoming {
            note: interview.meeting.reason.clone(),
            interview,
        });
        let next: Vec<_> = upcoming.collect();
        let there = !self.elsewhere;
        let needs: Vec<_> = self.needs.iter().filter(|_| there).cloned().collect();
        let waiting: Vec<_> = self.waiting.iter().filter(|_| there).cloned().collect();
        Today {
            at: now,
            until,
            next_total: next.len() as u64,
            next,
            needs_me: needs.clone(),
            needs_me_total: needs.len() as u64,
            badges: Badges {
                today: needs.len() as u64,
                assistant: self.outreaches.needs(),
            },
            oldest_email: needs
                .iter()
                .filter(|it| it.email.is_some())
                .map(|it| it.since)
                .min(),
            waiting_total: waiting.iter().map(|it| it.candidates).sum(),
            waiting,
            waiting_days: WAITING_DAYS,
            connections: self.depends.iter().filter(|_| there).cloned().collect(),
        }
    }

    fn members(&self) -> Vec<Member> {
        let mut members = records::members();
        if self.elsewhere {
            members.truncate(1);
            members[0].id = records::hello_elsewhere().caller.unwrap().member.id;
        }
        if let Some(own) = self.own.member.clone().filter(|_| !self.elsewhere) {
            members[1] = own;
        }
        for (member, zoom) in members.iter_mut().zip(self.connections()) {
            member.zoom = zoom.state;
        }
        if let Some(left) = self.left {
            members.remove(left);
        }
        members
    }

    /// The stage that uses Mina's Zoom is warned of while that is broken.
    fn jobs(&self) -> Vec<Job> {
        let mut jobs = records::jobs();
        if let Some(plan) = &self.own.plan {
            jobs[0].stages[2].interview = plan.clone();
        }
        jobs[0].stages[1].problems.clone_from(&self.own.problems);
        (jobs[0].stages[2].not_started, jobs[0].stages[2].shadow) = self.own.onsite;
        if self.own.not_started > 0 {
            jobs[0].stages[1].interview.ai = true;
            jobs[0].stages[1].not_started = self.own.not_started;
        }
        if self.zoom[5].state == ConnectionState::Connected {
            let stages = jobs.iter_mut().flat_map(|job| &mut job.stages);
            stages.for_each(|stage| stage.warnings.clear());
        }
        jobs
    }

    fn workspaces(&self) -> Vec<Workspace> {
        let mut all = records::workspaces();
        if let Some(own) = &self.own.workspace {
            all[0] = own.clone();
        }
        for workspace in &mut all {
            workspace.current = Some(workspace.id) == self.hello().workspace.map(|it| it.id);
        }
        all
    }

    fn act(&mut self, request: Q) -> R {
        let looks = matches!(&request, Q::ZoomRequestApproval { ask } if ask.dry_run)
            || matches!(&request, Q::AccountRequestApproval { ask } if ask.dry_run)
            || matches!(&request, Q::AccountDisconnect { disconnect } if disconnect.dry_run);
        if !looks {
            self.asked.push(request.clone());
        }
        let refused = if looks { None } else { self.refuse.take() };
        if refused.is_none()
            && let Some(reply) = self.outreaches.act(&request)
        {
            return reply;
        }
        if let Q::ConversationSay { .. } = &request {
            let reply = refused.map(|error| R::ConversationSay(Err(error)));
            return reply
                .or_else(|| self.conversations.act(&request))
                .expect("an answer");
        }
        let request = match accounts::answer(&mut self.accounts, refused.clone(), request) {
            Ok(reply) => return reply,
            Err(other) => *other,
        };
        let request = match self.email.answer(refused.clone(), request) {
            Ok(reply) => {
                self.mail.delivers = self.email.settings.delivers;
                if self.mail.delivers {
                    self.mail.transport = "smtp".into();
                }
                return reply;
            }
            Err(other) => *other,
        };
        match request {
            Q::CandidateMove { to } => R::CandidateMove(
                refused.map_or_else(|| Ok(self.move_to(&to.candidate, &to.stage)), Err),
            ),
            Q::CandidateNote { note } => {
                R::CandidateNote(refused.map_or_else(|| self.save_note(note), Err))
            }
            Q::CandidateNoteRemove { note } => R::CandidateNoteRemove(self.remove_note(&note)),
            Q::MailUndo { undo } => {
                R::MailUndo(refused.map_or_else(|| Ok(self.undo_mails(undo)), Err))
            }
            Q::CandidateEmailMany { email } => R::CandidateEmailMany(Ok(self.email_many(&email))),
            Q::CandidateMoveMany { moves } => {
                R::CandidateMoveMany(refused.map_or_else(|| Ok(self.move_many(&moves)), Err))
            }
            Q::CandidateStateMany { changes } => {
                R::CandidateStateMany(refused.map_or_else(|| Ok(self.change_many(&changes)), Err))
            }
            Q::StageConfigure { stage } => {
                let stages = self.jobs().remove(0).stages.into_iter();
                let mut saved = stages.filter(|it| it.id.to_string() == stage.stage);
                R::StageConfigure(refused.map_or_else(|| Ok(saved.next().unwrap()), Err))
            }
            Q::InterviewNew { .. } => R::InterviewNew(
                refused.map_or_else(|| Ok(self.outcome(3, Verdict::default())), Err),
            ),
            Q::InsightSeen { interview } => {
                let seen = |it: &NeedsMe| {
                    let of = it.interview.map(|id| id.to_string());
                    it.kind == NeedKind::NewInsight && of.as_ref() == Some(&interview.reference)
                };
                self.needs.retain(|it| !seen(it));
                R::InsightSeen(Ok(()))
            }
            Q::MailReceivedRead { mail } => {
                let mail = self.email_mut(&mail.reference).unwrap();
                mail.unread = false;
                R::MailReceivedRead(Ok(mail.clone()))
            }
            Q::MailReceivedAccept { accept } => {
                let mail = self.email_mut(&accept.mail.reference).unwrap();
                let aside = mail.set_aside.take();
                mail.name = aside.and_then(|it| it.attendee).unwrap();
                mail.unread = false;
                R::MailReceivedAccept(Ok(mail.clone()))
            }
            Q::MailRetry { mail } => R::MailRetry(self.letter(&mail.reference).map(|it| it.mail)),
            Q::CandidateErase { .. } => R::CandidateErase(refused.map_or(
                Ok(Erased {
                    applications: 1,
                    remains: vec!["meeting 123 of 20 November, with the name in its topic".into()],
                    ..Erased::default()
                }),
                Err,
            )),
            Q::CandidateImport { page } => R::CandidateImport(Ok(ImportReport {
                added: page.rows.len() as u64,
                errors: vec![RowError {
                    line: 3,
                    field: "email".into(),
                    message: "this address is taken by Ana Costa".into(),
                }],
                dry_run: page.dry_run,
                ..ImportReport::default()
            })),
            Q::WorkspaceUse { workspace } => {
                let mut all = records::workspaces().into_iter();
                let there = all.find(|it| it.id.to_string() == workspace.reference);
                R::WorkspaceUse(refused.map_or_else(|| Ok(there.unwrap()), Err))
            }
            Q::SetupSkip { skip } => {
                self.setup.skip(&skip);
                R::SetupSkip(Ok(self.setup.progress()))
            }
            Q::AppGuide { query } => R::AppGuide(Ok(setting_up::guide(&query, self.mail.delivers))),
            Q::WorkspaceEdit { .. } => R::WorkspaceEdit(Ok(records::workspaces().remove(0))),
            Q::WorkspaceAdd { .. } => R::WorkspaceAdd(Ok(records::workspaces().remove(1))),
            Q::ZoomConnectStart { start } => {
                let mut attempt = attempt(&start.redirect_uri);
                if let Some(whose) = start.member {
                    let mut all = self.zoom.iter().map(|zoom| zoom.member.clone());
                    attempt.member = all.find(|it| it.id.to_string() == whose).unwrap();
                    attempt.expected_zoom_user.clone_from(&attempt.member.email);
                }
                R::ZoomConnectStart(refused.map_or(Ok(attempt), Err))
            }
            Q::ZoomConnectFinish { .. } => {
                R::ZoomConnectFinish(refused.map_or_else(|| Ok(records::connection(0)), Err))
            }
            Q::ZoomRequestApproval { ask } => {
                if !ask.dry_run && refused.is_none() {
                    let approval = AppApproval {
                        requested_at: at(records::NOW),
                        approved_at: None,
                    };
                    records::wait_for_approval(&mut self.zoom[0], approval);
                }
                let mut request = records::approval_request(self.zoom[0].clone(), ask);
                request.sent = self.mail.delivers && !request.dry_run;
                R::ZoomRequestApproval(refused.map_or(Ok(request), Err))
            }
            Q::ZoomConnectCancel { .. } => R::ZoomConnectCancel(Ok(())),
            Q::ZoomDisconnect { .. } => R::ZoomDisconnect(Ok(Disconnected {
                member: id("mem", 0),
                revoked: true,
                booked: 4,
                hint: None,
                dry_run: false,
            })),
            Q::ZoomTest { query } => {
                R::ZoomTest(refused.map_or_else(|| Ok(self.begin_test(&query)), Err))
            }
            Q::ZoomTell { member } => {
                R::ZoomTell(refused.map_or_else(|| Ok(self.tell(&member)), Err))
            }
            Q::CandidateViewSave { view } => {
                if refused.is_none() {
                    self.views.retain(|it| it.name != view.name);
                    self.views.push(view.clone());
                }
                R::CandidateViewSave(refused.map_or(Ok(view), Err))
            }
            Q::CandidateViewDelete { view } => {
                let at = self.views.iter().position(|it| it.name == view.name);
                R::CandidateViewDelete(
                    refused.map_or_else(|| Ok(self.views.remove(at.unwrap())), Err),
                )
            }
            Q::TemplateEdit { edit } => R::TemplateEdit(Ok(self.words.edit(edit))),
            Q::InsightNote { insight } => {
                R::InsightNote(refused.map_or_else(|| Ok(self.note(insight)), Err))
            }
            Q::MemberHoursSet { set } => {
                let query = MemberHoursQuery { member: set.member };
                R::MemberHoursSet(refused.map_or_else(|| Ok(self.hours_of(&query)), Err))
            }
            Q::CalendarUpload { part } => {
                let took = self.uploads.take(&part);
                R::CalendarUpload(refused.map_or(Ok(took), Err))
            }
            Q::FeedAdd { feed } => {
                R::FeedAdd(refused.map_or_else(|| Ok(self.add_feed(&feed)), Err))
            }
            Q::FeedRefresh { feed } => {
                let read = self.refresh_feeds(&feed);
                R::FeedRefresh(refused.map_or(Ok(Page::whole(read)), Err))
            }
            Q::FeedRemove { feed } => {
                R::FeedRemove(refused.map_or_else(|| Ok(self.remove_feed(&feed)), Err))
            }
            Q::DaysOffEdit { edit } => {
                let edited = DaysOffEdited {
                    days_off: hours::days_off().remove(0),
                    added: 1,
                    removed: 0,
                    gone: edit.action == DaysOffAction::Remove,
                    dry_run: false,
                };
                R::DaysOffEdit(refused.map_or(Ok(edited), Err))
            }
            // Nothing else is asked for by these stories; a mismatch is shown as a failure.
            _ => R::Shutdown(Ok(())),
        }
    }

    /// A letter as it would leave now; who should not get it any more gets none.
    fn letter(&self, reference: &str) -> Result<MailPreview, Error> {
        let (waiting, past) = &self.mails;
        let mut all = waiting.iter().chain(past);
        let found = all.find(|it| it.id.to_string() == reference);
        let mail = found
            .ok_or_else(|| Error::not_found("no such letter"))?
            .clone();
        let wanted = mail.state != MailState::Withdrawn;
        Ok(MailPreview {
            letter: wanted.then(records::written),
            mail,
        })
    }

    fn outcome(&self, number: usize, verdict: Verdict) -> Outcome {
        let interview = records::interviews()[number].clone();
        Outcome {
            interview,
            verdict,
            repeated: false,
            dry_run: false,
            panel: None,
            letters: Vec::new(),
            emails: Vec::new(),
        }
    }

    fn insights_of(&self, candidate: &Reference) -> Vec<Insight> {
        let of = |insight: &&Insight| {
            let mut all = self.interviews.iter();
            let interview = all.find(|it| it.id == insight.interview);
            interview.is_some_and(|it| it.candidate.id.to_string() == candidate.reference)
        };
        self.insights.iter().filter(of).cloned().collect()
    }

    fn tell(&self, member: &Reference) -> Told {
        let mut all = self.zoom.iter().map(|zoom| zoom.member.clone());
        let whom = all.find(|it| it.id.to_string() == member.reference);
        Told {
            member: whom.unwrap(),
            mail: Some(id("mal", 1)),
            not_before: at(records::NOW).plus_seconds(10),
            repeated: false,
            delivers: self.mail.delivers,
            note: None,
            dry_run: false,
        }
    }

    fn note(&mut self, note: InsightNote) -> Insight {
        let mut all = self.interviews.iter();
        let interview = all.find(|it| it.id.to_string() == note.interview.reference);
        let mut insight = records::insight(interview.unwrap());
        insight.notes = Some(note.notes);
        insight.notes_by = Some(records::brief(0));
        insight.notes_at = Some(at(records::NOW));
        insight.revision = note.interview.expected_revision.unwrap() + 1;
        self.insights.retain(|it| it.interview != insight.interview);
        self.insights.push(insight.clone());
        insight
    }

    /// The row of an application that is as it was when it was listed.
    fn row_of(&mut self, one: &OneOfMany) -> Result<&mut CandidateRow, Error> {
        let row = self.rows.iter_mut().find(|row| {
            let own = row.application.as_ref().unwrap();
            own.id.to_string() == one.candidate
        });
        let row = row.unwrap();
        match one.expected_revision == Some(row.application.as_ref().unwrap().revision) {
            true => Ok(row),
            false => Err(Error::conflict(format!("{} was changed since", row.name))),
        }
    }

    fn move_many(&mut self, moves: &CandidateMoveMany) -> ManyOutcome {
        let place = records::STAGES.iter().position(|it| *it == moves.stage);
        let place = place.unwrap_or_else(|| moves.stage[moves.stage.len() - 1..].parse().unwrap());
        many(&moves.candidates, |one| {
            let row = self.row_of(one)?;
            let name = row.name.clone();
            let brief = row.application.as_mut().unwrap();
            let (stage, state) = (brief.stage, brief.state);
            let own = stage.to_string();
            brief.stage = format!("{}{place}", &own[..own.len() - 1]).parse().unwrap();
            brief.stage_name = records::STAGES[place].into();
            brief.revision += 1;
            Ok(done(brief, name, stage, state))
        })
    }

    fn change_many(&mut self, changes: &CandidateStateMany) -> ManyOutcome {
        let coming = self.interviews[3].candidate.id;
        let mut outcome = many(&changes.candidates, |one| {
            let row = self.row_of(one)?;
            let closes = changes
                .action
                .leads_to()
                .is_some_and(ApplicationState::is_closed);
            if closes && row.id == coming && !changes.cancel_interviews {
                let words = format!("{} has an upcoming interview", row.name);
                return Err(Error::conflict(words).field("cancel_interviews"));
            }
            let name = row.name.clone();
            let brief = row.application.as_mut().unwrap();
            let (stage, state) = (brief.stage, brief.state);
            brief.state = changes
                .action
                .leads_to()
                .unwrap_or(ApplicationState::Active);
            brief.revision += 1;
            Ok(done(brief, name, stage, state))
        });
        outcome.emails_at = changes
            .email
            .then(|| records::at(records::NOW).plus_seconds(10));
        outcome
    }

    fn move_to(&mut self, candidate: &str, stage: &str) -> Moved {
        let at = self
            .rows
            .iter()
            .position(|row| row.id.to_string() == candidate)
            .unwrap();
        let place: usize = stage[stage.len() - 1..].parse().unwrap();
        let brief = self.rows[at].application.as_mut().unwrap();
        let (from, from_name) = (brief.stage, brief.stage_name.clone());
        brief.stage = stage.parse().unwrap();
        brief.stage_name = records::STAGES[place].into();
        brief.revision += 1;
        let mut application = records::application(at);
        application.stage = brief.stage;
        application.stage_name.clone_from(&brief.stage_name);
        application.revision = brief.revision;
        Moved {
            application,
            from,
            from_name,
            warnings: Vec::new(),
        }
    }
}

fn many(
    all: &[OneOfMany],
    mut each: impl FnMut(&OneOfMany) -> Result<ManyDone, Error>,
) -> ManyOutcome {
    let items = all.iter().map(|one| {
        let (done, error) = match each(one) {
            Ok(done) => (Some(done), None),
            Err(error) => (None, Some(error)),
        };
        ManyItem {
            candidate: one.candidate.clone(),
            done,
            error,
        }
    });
    let items: Vec<_> = items.collect();
    let changed = items.iter().filter(|it| it.done.is_some()).count() as u64;
    ManyOutcome {
        changed,
        failed: items.len() as u64 - changed,
        items,
        emails_at: None,
        preview: None,
        dry_run: false,
    }
}

fn done(
    now: &ApplicationBrief,
    name: String,
    stage: greenroom_protocol::id::StageId,
    state: ApplicationState,
) -> ManyDone {
    ManyDone {
        application: now.id,
        name,
        changed: true,
        stage,
        state,
        revision: now.revision,
        interviews: Vec::new(),
        email: None,
        warnings: Vec::new(),
    }
}

fn attempt(redirect_uri: &str) -> ConnectAttempt {
    let query = "response_type=code&client_id=sandbox-app&code_challenge_method=S256";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    ConnectAttempt {
        attempt: id("att", 1),
        member: records::brief(0),
        authorize_url: format!(
            "http://127.0.0.1:4000/oauth/authorize?{query}&code_challenge={challenge}\
             &state=b64Zt9Qk2&redirect_uri={redirect_uri}"
        ),
        redirect_uri: redirect_uri.to_owned(),
        expected_zoom_user: "dana@acme.example".into(),
        expires_at: at(records::NOW).plus_minutes(10),
    }
}
