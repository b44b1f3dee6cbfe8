//! Who is asking, and whether they may.
//!
//! Owns what a method can need of its caller ([`Need`]), whether a caller meets it, and the
//! narrowing by record that some methods ask for. Invariant: every call passes [`Caller::may`]
//! before its use case runs, and a use case shows or changes nothing outside its [`Scope`]. Must
//! not read the store: what it needs about the caller is bound at `hello`, and looked up again for
//! every call.

mod audit;
mod need;

use std::collections::HashSet;

use greenroom_protocol::id::{JobId, MemberId, WorkspaceId};
use greenroom_protocol::workspace::{MemberBrief, Role};
use greenroom_protocol::{Error, ErrorKind};
pub use need::Need;

use crate::store::Actor;
use crate::store::Attribution;
use crate::store::Via;

/// A connection's caller, as `hello` bound it.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The Unix user behind the connection.
    pub uid: u32,
    /// Root, or the daemon's own user.
    pub operator: bool,
    /// The workspace to work in.
    pub workspace: Option<WorkspaceId>,
    /// The member the Unix user is linked to there.
    pub member: Option<Person>,
    /// The member they act for.
    pub acting_as: Option<Person>,
    /// Through what they call.
    pub via: Via,
}

/// A member and what they may do.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub brief: MemberBrief,
    /// Their IANA time zone.
    pub zone: String,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The jobs they are hiring manager of.
    pub hiring_jobs: Vec<JobId>,
}

impl Person {
    fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    fn staff(&self) -> bool {
        self.has(Role::Admin) || self.has(Role::Recruiter)
    }

    fn hires(&self) -> bool {
        self.has(Role::HiringManager) && !self.hiring_jobs.is_empty()
    }
}

impl Caller {
    /// The member the call is made for.
    pub fn person(&self) -> Option<&Person> {
        self.acting_as.as_ref().or(self.member.as_ref())
    }

    /// Whether the caller may make a call that needs this at all; the use case narrows by record.
    ///
    /// # Errors
    /// `denied`, with what is needed and how to get it.
    pub fn may(&self, need: Need) -> Result<(), Error> {
        if self.meets(need) {
            return Ok(());
        }
        Err(self.refusal(need))
    }

    /// Who it is, for the audit: ids, never names.
    pub fn attribution(&self, via: &Via) -> Attribution {
        let member = self.member.as_ref().map(|it| it.brief.id.to_string());
        Attribution {
            actor: Some(member.unwrap_or_else(|| format!("operator:{}", self.uid))),
            acting_as: self.acting_as.as_ref().map(|it| it.brief.id.to_string()),
            source: via.to_string(),
        }
    }

    fn meets(&self, need: Need) -> bool {
        let person = |meets: fn(&Person) -> bool| self.person().is_some_and(meets);
        match need {
            Need::Anyone => true,
            Need::Operator => self.operator,
            Need::Member => self.person().is_some(),
            Need::MemberOrOperator => self.operator || self.person().is_some(),
            Need::Hiring => person(|it| it.staff() || it.hires()),
            Need::Staff => person(Person::staff),
            Need::Admin => person(|it| it.has(Role::Admin)),
            Need::AdminOrOperator => self.operator || person(|it| it.has(Role::Admin)),
        }
    }

    fn refusal(&self, need: Need) -> Error {
        if self.person().is_some() || need == Need::Operator {
            return Error::denied(format!("not permitted: this needs {need}"));
        }
        if self.operator && self.workspace.is_none() {
            let refused = Error::new(
                ErrorKind::Denied,
                "there is no workspace, or several and none is named",
            );
            return refused.hint(
                "make the first with `greenroom setup`, or name one with `--workspace NAME`",
            );
        }
        if self.operator {
            return Error::denied(
                "not permitted: the operator looks after the daemon and sees no candidates",
            )
            .hint("act for a member with `--as EMAIL`");
        }
        let uid = self.uid;
        Error::denied(format!(
            "not permitted: your Unix user ({uid}) is not linked to a member"
        ))
        .hint(format!(
            "ask an administrator to run `greenroom member link YOUR-EMAIL --uid {uid}`"
        ))
    }

    /// What a use case needs to know of the call.
    ///
    /// # Errors
    /// There is no workspace to work in.
    pub fn context(&self, call: &'static str) -> Result<RequestContext, Error> {
        let workspace = self.workspace.ok_or_else(|| self.refusal(Need::Member))?;
        Ok(self.within(workspace, call))
    }

    /// The same in this workspace, which may just have been made.
    pub fn within(&self, workspace: WorkspaceId, call: &'static str) -> RequestContext {
        RequestContext {
            workspace,
            principal: Principal::Caller(Box::new(self.clone())),
            via: self.via.clone(),
            call,
        }
    }
}

/// Why the assistant is refused what only people do.
const NOT_THE_ASSISTANT: &str = "not permitted: only a person may do this, not the assistant";

/// Whose rights a use case checks.
#[derive(Debug, Clone)]
pub enum Principal {
    /// A person, or the operator.
    Caller(Box<Caller>),
    /// The assistant: it works with the candidates of one job, and for no member.
    Assistant {
        /// The job.
        job: JobId,
        /// The id of the thread it acts in.
        thread: String,
    },
    /// The daemon itself, where a rule of the workspace says what it does.
    Daemon,
}

/// Who wants something, in which workspace, through what. Every use case takes one and checks,
/// records and audits by it, no matter who acts.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Whose rights count.
    pub principal: Principal,
    /// Through what.
    pub via: Via,
    /// The call, as the audit names it.
    pub call: &'static str,
}

/// Whose candidates and interviews a caller works with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's.
    All,
    /// Those who applied for these jobs, and the caller's own interviews where they have any.
    Jobs(HashSet<JobId>, Option<MemberId>),
    /// Only the caller's own interviews.
    Own(MemberId),
    /// Nobody's: the operator, for whom no member stands.
    Nothing,
}

impl RequestContext {
    /// The store's space of the workspace.
    pub fn space(&self) -> String {
        self.workspace.to_string()
    }

    /// The assistant at work for the candidates of `job`.
    pub fn assistant(
        workspace: WorkspaceId,
        job: JobId,
        thread: String,
        call: &'static str,
    ) -> Self {
        Self {
            workspace,
            principal: Principal::Assistant { job, thread },
            via: Via::Worker,
            call,
        }
    }

    /// The daemon at work on its own.
    pub fn daemon(workspace: WorkspaceId, call: &'static str) -> Self {
        Self {
            workspace,
            principal: Principal::Daemon,
            via: Via::Worker,
            call,
        }
    }

    /// Who acts, for records.
    pub fn actor(&self) -> Actor {
        match &self.principal {
            Principal::Daemon => Actor::Daemon,
            Principal::Assistant { job, thread } => Actor::Assistant {
                job: *job,
                thread: thread.clone(),
            },
            Principal::Caller(caller) => caller
                .person()
                .map_or(Actor::Operator, |person| Actor::Person(person.brief.id)),
        }
    }

    /// Who acts, for the audit: ids, never names.
    pub fn attribution(&self) -> Attribution {
        match &self.principal {
            Principal::Caller(caller) => caller.attribution(&self.via),
            Principal::Daemon => Attribution::daemon(&self.via),
            Principal::Assistant { .. } => Attribution {
                actor: Some(self.actor().to_string()),
                ..Attribution::daemon(&self.via)
            },
        }
    }

    /// The person or operator behind the call.
    ///
    /// # Errors
    /// `denied`: nobody is, the assistant acts.
    pub fn caller(&self) -> Result<&Caller, Error> {
        match &self.principal {
            Principal::Caller(caller) => Ok(caller),
            Principal::Assistant { .. } | Principal::Daemon => {
                Err(Error::denied(NOT_THE_ASSISTANT))
            }
        }
    }

    /// The member the call is made for.
    pub fn me(&self) -> Option<&Person> {
        match &self.principal {
            Principal::Caller(caller) => caller.person(),
            Principal::Assistant { .. } | Principal::Daemon => None,
        }
    }

    /// The member the call is made for, where a member is needed.
    ///
    /// # Errors
    /// `denied`: it is made for none.
    pub fn member(&self) -> Result<&Person, Error> {
        let caller = self.caller()?;
        caller.person().ok_or_else(|| caller.refusal(Need::Member))
    }

    /// Whose candidates and interviews the caller works with.
    pub fn scope(&self) -> Scope {
        let person = match &self.principal {
            Principal::Assistant { job, .. } => return Scope::Jobs([*job].into(), None),
            Principal::Daemon => return Scope::All,
            Principal::Caller(caller) => caller.person(),
        };
        match person {
            None => Scope::Nothing,
            Some(person) if person.staff() => Scope::All,
            Some(person) if person.hires() => Scope::Jobs(
                person.hiring_jobs.iter().copied().collect(),
                Some(person.brief.id),
            ),
            Some(person) => Scope::Own(person.brief.id),
        }
    }

    /// Refuses unless the caller works with this job's candidates.
    pub fn hires_for(&self, job: JobId) -> Result<(), Error> {
        match self.scope() {
            Scope::All => Ok(()),
            Scope::Jobs(jobs, _) if jobs.contains(&job) => Ok(()),
            _ => Err(Error::denied(
                "not permitted: you are not a hiring manager of this job",
            )),
        }
    }

    /// Refuses unless it is the caller's own record, or the caller is an admin (or the operator).
    pub fn own_or_admin(&self, member: MemberId, what: &str) -> Result<(), Error> {
        if self.is_admin() || self.me().is_some_and(|me| me.brief.id == member) {
            return Ok(());
        }
        Err(Error::denied(format!(
            "not permitted: only an admin may {what} for somebody else"
        )))
    }

    /// Whether the caller looks after the workspace.
    pub fn is_admin(&self) -> bool {
        self.caller()
            .is_ok_and(|caller| caller.meets(Need::AdminOrOperator))
    }

    /// Whether the caller is a recruiter or an admin.
    pub fn is_staff(&self) -> bool {
        self.me().is_some_and(Person::staff)
    }

    /// Whether an interview may be booked on this colleague's Zoom, as far as rights go: recruiters
    /// and admins choose, the assistant keeps to the one the stage names.
    pub fn may_book_on(&self, host: MemberId, planned: Option<MemberId>) -> bool {
        match &self.principal {
            Principal::Caller(_) => self.is_staff(),
            Principal::Assistant { .. } | Principal::Daemon => planned == Some(host),
        }
    }
}
