//! Everything that is known of the daemon's records, one line a query.
//!
//! Owns every copy the client keeps: [`Queries`] has a cache for each query of the list below, and
//! [`Need`] names a query with its key. A query says itself how it is asked, read and made old; here
//! is only the list, and what is looked up across several answers.

mod accounts;
mod availability;
mod calendars;
mod conversations;
mod interviews;
mod mail;
mod mail_settings;
mod outreach;
mod pipeline;
mod setting_up;
mod templates;
mod today;
mod workspace;
mod zoom;

pub(crate) use availability::HOURS_SINCE;
pub(crate) use calendars::CALENDARS_SINCE;
use greenroom_protocol::Error;
use greenroom_protocol::change::Changes;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::id::{InterviewId, JobId, MemberId, OutreachId, StageId};
use greenroom_protocol::outreach::WouldHelp;
use greenroom_protocol::pipeline::{Job, Stage};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Member;
pub(crate) use mail::mail_of;
pub(crate) use pipeline::Listing;
pub(crate) use setting_up::SETTING_UP_SINCE;
pub(crate) use templates::TEMPLATES_SINCE;
pub(crate) use zoom::{ZOOM_TEST_SINCE, test_of};

use super::query::{Cache, Query};
use super::work::Ticket;

/// Rows asked for at a time, of a list that goes on.
pub(crate) const ROWS: u32 = 200;

macro_rules! queries {
    ($($field:ident: $room:ident::$query:ident),+ $(,)?) => {
        /// What is known of the daemon, by query.
        #[derive(Debug, Default)]
        pub(crate) struct Queries {
            $(pub(crate) $field: Cache<$room::$query>),+
        }

        /// Something that is shown: a query with its key.
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) enum Need {
            $($query(<$room::$query as Query>::Key)),+
        }

        impl Need {
            /// The call that asks for it.
            pub(crate) fn request(&self, now: Instant) -> Q {
                match self {
                    $(Self::$query(key) => <$room::$query>::request(key, now)),+
                }
            }

            /// The first protocol that knows the method.
            pub(crate) fn since(&self) -> u32 {
                match self {
                    $(Self::$query(_) => <$room::$query>::SINCE),+
                }
            }
        }

        impl Queries {
            /// Whether the daemon should be asked.
            pub(crate) fn is_wanted(&self, need: &Need) -> bool {
                match need {
                    $(Need::$query(key) => self.$field.is_wanted(key)),+
                }
            }

            /// Notes that the daemon was asked.
            pub(crate) fn ask(&mut self, need: &Need, ticket: Ticket) {
                match need {
                    $(Need::$query(key) => self.$field.ask(key.clone(), ticket)),+
                }
            }

            /// Takes the daemon's reply.
            pub(crate) fn take(&mut self, need: &Need, ticket: Ticket, reply: Result<R, Error>) {
                match need {
                    $(Need::$query(_) => self.$field.take(ticket, reply)),+
                }
            }

            /// Marks as old what a change of this table makes so.
            pub(crate) fn invalidate(&mut self, table: &str) {
                $(self.$field.invalidate_by(table);)+
            }

            /// Marks everything as old: after a reconnect, or when changes were missed.
            pub(crate) fn invalidate_all(&mut self) {
                $(self.$field.invalidate();)+
            }

            /// Lets what failed be asked again.
            pub(crate) fn retry_failed(&mut self) {
                $(self.$field.retry_failed();)+
            }
        }
    };
}

queries! {
    status: workspace::Status,
    workspaces: workspace::Workspaces,
    members: workspace::Members,
    connections: zoom::Connections,
    jobs: pipeline::Jobs,
    candidates: pipeline::Candidates,
    views: pipeline::Views,
    everyone: pipeline::Everyone,
    candidate: pipeline::Candidate,
    board: pipeline::Board,
    interviews: interviews::Interviews,
    coming: interviews::Coming,
    interview: interviews::Interview,
    drift: zoom::Drift,
    zoom_test: zoom::ZoomTest,
    templates: templates::Templates,
    one_template: templates::OneTemplate,
    leaving: mail::Leaving,
    mail_waiting: mail::MailWaiting,
    mail_past: mail::MailPast,
    preview: mail::Preview,
    invitation: mail::Invitation,
    insights: interviews::Insights,
    received: mail::Received,
    unread: mail::Unread,
    email: mail::Email,
    outreaches: outreach::Outreaches,
    thread: outreach::Thread,
    scheduling: outreach::Scheduling,
    conversations: conversations::Conversations,
    today: today::Today,
    setup: setting_up::SetupProgress,
    guide: setting_up::AppGuide,
    accounts: accounts::Accounts,
    hours: availability::MemberHours,
    days_off: availability::DaysOff,
    feeds: calendars::Feeds,
    mail_settings: mail_settings::MailSettings,
    mail_test: mail_settings::MailTest,
}

impl Queries {
    /// Marks as old what these changes touched.
    pub(crate) fn changed(&mut self, changes: &Changes) {
        if changes.reset {
            return self.invalidate_all();
        }
        let tables = changes.changed.iter().map(|row| row.table.as_str());
        let tables: std::collections::HashSet<&str> = tables.collect();
        for table in tables {
            self.invalidate(table);
        }
    }

    /// Forgets everything when the store behind the socket is another one.
    pub(crate) fn begin(&mut self, before: Option<&ServerHello>, now: &ServerHello) {
        let same = before.is_some_and(|b| b.store == now.store && b.workspace == now.workspace);
        if same {
            self.invalidate_all();
        } else {
            *self = Self::default();
        }
    }

    /// The member who is the person in front of the screen.
    pub(crate) fn me(&self) -> Option<&Member> {
        self.members.latest()?.iter().find(|member| member.you)
    }

    /// A member by id.
    pub(crate) fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.latest()?.iter().find(|member| member.id == id)
    }

    /// A job by id.
    pub(crate) fn job(&self, id: JobId) -> Option<&Job> {
        self.jobs.latest()?.iter().find(|job| job.id == id)
    }

    /// A stage by id.
    pub(crate) fn stage(&self, id: StageId) -> Option<&Stage> {
        let jobs = self.jobs.latest()?;
        jobs.iter()
            .flat_map(|job| &job.stages)
            .find(|stage| stage.id == id)
    }

    /// What would help an outreach that has waited long for times, as far as that is known.
    pub(crate) fn helps(&self, id: OutreachId) -> &[WouldHelp] {
        let read = self.thread.get(&id).map(|it| &it.outreach);
        let listed = self.outreaches.latest().into_iter();
        let mut listed = listed.flat_map(|page| &page.items);
        let found = read.or_else(|| listed.find(|it| it.id == id));
        found.map_or(&[], |it| it.helps.as_slice())
    }

    /// An interview by id, from wherever it is newest.
    pub(crate) fn interview(
        &self,
        id: InterviewId,
    ) -> Option<&greenroom_protocol::interview::Interview> {
        let lists = [self.interviews.latest(), self.coming.latest()];
        let listed = lists.into_iter().flatten().flatten();
        let candidates = self
            .candidate
            .latest()
            .into_iter()
            .flat_map(|c| &c.interviews);
        let alone = self.interview.latest();
        let today = self.today.latest().into_iter();
        let next = today.flat_map(|today| today.next.iter().map(|next| &next.interview));
        alone
            .into_iter()
            .chain(next)
            .chain(listed)
            .chain(candidates)
            .filter(|interview| interview.id == id)
            .max_by_key(|interview| interview.revision)
    }
}
