//! `greenroom outreach …`: times proposed to candidates.

use clap::{ArgGroup, Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::outreach::{
    Outreach as Wire, OutreachAnswer, OutreachPropose, OutreachQuery, OutreachSlot, OutreachStart,
    OutreachStarted, OutreachStop, OutreachThread, Proposed, SlotState, SlotWarning,
};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::workspace::Reference;
use serde::Serialize;

use super::ask;
use super::draft::{Approve, Draft};
use super::interview::ManualDetails;
use super::mail;
use super::meeting_state::{judged, settled};
use super::paging::Paging;
use super::received;
use super::reply;
use super::session::Session;
use super::time;
use super::words::{Switch, TypeWord, here, person, word};
use crate::client::Client;
use crate::output::{Lines, Stop, Table, is_interactive};
use crate::typed::duration::{Minutes, written};
use crate::wording;

#[derive(Debug, Subcommand)]
pub(crate) enum Outreach {
    /// Propose one to five times to a candidate; they are held while the candidate chooses
    Propose(Box<Propose>),
    /// List what is proposed; what needs you comes first
    List(List),
    /// Show an outreach and what the candidate wrote
    Show {
        /// Its ID, the last six or more characters of it, or the candidate
        id: String,
    },
    /// Book one of the proposed times for the candidate and release the others
    Answer(Answer),
    /// Stop it and release the times
    Stop(StopIt),
    /// Read a candidate's email from standard input: what it says, and what would be done about it
    /// if every slot were still free. Prints JSON; nothing is kept or sent
    Read(reply::Read),
    /// Have the assistant begin with a candidate, or with all in a stage whom nobody has written to
    Start(Start),
    /// Approve what the assistant would send; its times are judged again and held
    Approve(Approve),
    /// Change the email that the assistant would send: its times, and a line of yours
    Edit(Draft),
    /// Discard what the assistant would send, and end it
    Discard(Change),
    /// Take it over from the assistant, which is silent from then on
    TakeOver(Change),
    /// Hand it to the assistant again, which proposes other times
    HandBack(Change),
    /// Move it to the front of the line for times in its stage
    MoveUp(Change),
}

#[derive(Debug, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("whom").required(true).args(["candidate", "stage"])))]
pub(crate) struct Start {
    /// The candidate: email, name or ID
    #[arg(long)]
    candidate: Option<String>,
    /// All in this stage who are not started
    #[arg(long)]
    stage: Option<String>,
    /// The job [default: the only one it can be]
    #[arg(long)]
    job: Option<String>,
    /// Only show with whom it would begin
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// Its ID, the last six or more characters of it, or the candidate
    id: String,
    /// Refuse if the record has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Propose {
    /// The candidate: email, name or ID
    #[arg(long, required_unless_present = "interview")]
    candidate: Option<String>,
    /// The interview to move to the time they choose; it stays as booked until then, and keeps its
    /// people, its length and its link
    #[arg(long, value_name = "ID", conflicts_with = "candidate")]
    interview: Option<String>,
    /// The job [default: the only open application's]
    #[arg(long)]
    job: Option<String>,
    /// The stage they are in, which says for which of several jobs
    #[arg(long)]
    stage: Option<String>,
    /// A time, such as "thu 10:30" or "2026-12-01 10:00"; repeat it for up to five
    #[arg(long = "slot", value_name = "TIME", required = true)]
    slots: Vec<String>,
    /// The IANA time zone of times that name none [default: yours]
    #[arg(long)]
    zone: Option<String>,
    /// Duration, such as 45m [default: the stage's]
    #[arg(long, alias = "minutes")]
    duration: Option<Minutes>,
    /// How people join
    #[arg(long = "type", value_name = "TYPE", default_value = "zoom")]
    kind: TypeWord,
    /// Interviewers; repeatable [default: the stage's panel, from each "any of" the one who has had
    /// the fewest; without a panel, you]
    #[arg(long = "with", value_name = "EMAIL")]
    with: Vec<String>,
    /// The organizer [default: you]
    #[arg(long, value_name = "EMAIL")]
    organizer: Option<String>,
    /// Whose Zoom account hosts [default: yours]
    #[arg(long, value_name = "EMAIL")]
    zoom_user: Option<String>,
    /// Whether Zoom writes a summary, and the invitation says so [default: the stage's]
    #[arg(long, value_name = "SWITCH")]
    zoom_notes: Option<Switch>,
    #[command(flatten)]
    manual: ManualDetails,
    /// Using the same key within 30 days returns the same outreach
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Only check whether it would work, and show the email
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only with this candidate: email, name or ID
    #[arg(long)]
    candidate: Option<String>,
    /// Only for this job
    #[arg(long)]
    job: Option<String>,
    /// Also those that are booked or over
    #[arg(long)]
    past: bool,
    #[command(flatten)]
    paging: Paging,
}

#[derive(Debug, Args)]
pub(crate) struct Answer {
    /// Its ID, the last six or more characters of it, or the candidate
    id: String,
    /// The number of the time, as the candidate has it
    n: u8,
    /// Refuse if the record has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only check whether it would work
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StopIt {
    /// Its ID, the last six or more characters of it, or the candidate
    id: String,
    /// Email the candidate that the times are no longer available
    #[arg(long, conflicts_with = "quiet")]
    tell: bool,
    /// Do not email the candidate
    #[arg(long)]
    quiet: bool,
    /// Refuse if the record has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

/// What programs get of a proposal.
#[derive(Serialize)]
struct PrintedProposal<'a> {
    #[serde(flatten)]
    outreach: &'a Wire,
    warnings: &'a [SlotWarning],
    repeated: bool,
    dry_run: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    letter: Option<&'a greenroom_protocol::mail::Written>,
}

impl Outreach {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        match self {
            Self::Propose(propose) => propose.run(session, &client).await,
            Self::List(list) => list.run(session, &client).await,
            Self::Show { id } => {
                let thread = client.outreach_get(Reference::to(id)).await?;
                show(session, &thread)
            }
            Self::Answer(answer) => answer.run(session, &client).await,
            Self::Stop(stop) => stop.run(session, &client).await,
            Self::Read(read) => read.run(session, &client).await,
            Self::Start(start) => start.run(session, &client).await,
            Self::Approve(approve) => approve.run(session, &client).await,
            Self::Edit(draft) => draft.run(session, &client).await,
            Self::Discard(it) => {
                let done = client.outreach_discard(it.reference()).await?;
                it.told(session, &done)
            }
            Self::TakeOver(it) => {
                let done = client.outreach_take_over(it.reference()).await?;
                it.told(session, &done)
            }
            Self::HandBack(it) => {
                let done = client.outreach_hand_back(it.reference()).await?;
                it.told(session, &done)
            }
            Self::MoveUp(it) => {
                let done = client.outreach_move_up(it.reference()).await?;
                it.told(session, &done)
            }
        }
    }
}

impl Change {
    fn reference(&self) -> Reference {
        Reference {
            reference: self.id.clone(),
            expected_revision: self.expected_revision,
            dry_run: self.dry_run,
        }
    }

    fn told(&self, session: &Session, outreach: &Wire) -> Result<(), Stop> {
        if self.dry_run {
            session.output.note("dry run: nothing was written");
        }
        session.output.record(outreach, || lines(outreach))
    }
}

impl Start {
    /// Begins with all of a stage in pages, so that what was begun stays if one fails.
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let request = OutreachStart {
            candidate: self.candidate,
            stage: self.stage,
            job: self.job,
            dry_run: self.dry_run,
        };
        let mut all = OutreachStarted::default();
        loop {
            let page = client.outreach_start(request.clone()).await?;
            // In a dry run, and where nobody can be begun with, the next page is the same.
            let is_last = page.left == 0 || page.started == 0 || page.dry_run;
            all.started += page.started;
            all.outreaches.extend(page.outreaches);
            all.failed.extend(page.failed);
            all.left = page.left;
            all.repeated = page.repeated;
            all.dry_run = page.dry_run;
            if is_last {
                break;
            }
        }
        if all.dry_run {
            all.started += all.left;
            session.output.note("dry run: nothing was written");
        }
        if all.repeated {
            session
                .output
                .note("somebody is in touch with them already");
        }
        for failed in &all.failed {
            let why = &failed.error.message;
            session.output.warn(&format!("{}: {why}", failed.name));
        }
        session.output.record(&all, || {
            Lines::new().line("started", all.started.to_string()).maybe(
                "failed",
                Some(all.failed.len())
                    .filter(|it| *it > 0)
                    .map(|it| it.to_string()),
            )
        })
    }
}

impl Propose {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let request = OutreachPropose {
            candidate: self.candidate.unwrap_or_default(),
            interview: self.interview,
            job: self.job,
            stage: self.stage,
            kind: self.kind.into(),
            slots: self.slots,
            locale: time::locale_for(client),
            zone: self.zone,
            duration_minutes: self.duration.map(|Minutes(minutes)| minutes),
            organizer: self.organizer,
            with: self.with,
            zoom_user: self.zoom_user,
            url: self.manual.url,
            meeting_id: self.manual.meeting_id,
            passcode: self.manual.passcode,
            details: self.manual.details,
            zoom_notes: self.zoom_notes.map(Into::into),
            idempotency_key: self.idempotency_key,
            dry_run: self.dry_run,
        };
        let Proposed {
            outreach,
            warnings,
            repeated,
            dry_run,
            letter,
        } = client.outreach_propose(request).await?;
        for warning in &warnings {
            let message = &warning.finding.message;
            session.output.warn(&match warning.n {
                Some(n) => format!("time {n}: {message}"),
                None => message.clone(),
            });
        }
        if repeated {
            session.output.note("already proposed with the same key");
        }
        if dry_run {
            session.output.note("dry run: nothing was written");
        }
        if let Some(letter) = letter.as_ref().filter(|_| !session.output.is_json()) {
            session.output.print(&mail::text(letter))?;
        }
        let printed = PrintedProposal {
            outreach: &outreach,
            warnings: &warnings,
            repeated,
            dry_run,
            letter: letter.as_ref(),
        };
        session.output.record(&printed, || lines(&outreach))
    }
}

impl List {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let query = OutreachQuery {
            candidate: self.candidate,
            job: self.job,
            past: self.past,
            cursor: None,
            limit: None,
        };
        let page = self
            .paging
            .fetch(async |cursor, limit| {
                let query = OutreachQuery {
                    cursor,
                    limit: Some(limit),
                    ..query.clone()
                };
                client.outreach_list(query).await
            })
            .await?;
        session.output.list(&page, table)
    }
}

impl Answer {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let outreach = Reference {
            reference: self.id,
            expected_revision: self.expected_revision,
            dry_run: self.dry_run,
        };
        let answer = OutreachAnswer {
            outreach,
            n: self.n,
        };
        let mut answered = client.outreach_answer(answer).await?;
        if let Some(why) = answered.verdict.refusal() {
            return Err(Error::conflict(why)
                .hint("choose another of the times, or propose others")
                .into());
        }
        let wait = !session.no_wait && !answered.dry_run;
        if wait {
            answered.interview = settled(client, answered.interview, session.patience()).await?;
        }
        let advises = answered.verdict.advises.iter();
        let new = advises.filter(|advice| {
            let warnings = &answered.interview.warnings;
            !warnings.iter().any(|it| it.says_the_same(advice))
        });
        for warning in answered.interview.warnings.iter().chain(new) {
            session.output.warn(&warning.message);
        }
        if answered.repeated {
            session.output.note("booked already");
        }
        if answered.dry_run {
            session.output.note("dry run: nothing was written");
        }
        if wait {
            judged(&answered.interview)?;
        }
        session.output.record(&answered, || {
            let interview = &answered.interview;
            lines(&answered.outreach)
                .line("start", interview.start.in_zone(&interview.zone))
                .line("interview", interview.id.to_string())
        })
    }
}

impl StopIt {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let dry_run = self.dry_run;
        let tell = match (self.tell, self.quiet) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        let mut stop = OutreachStop {
            outreach: Reference {
                reference: self.id,
                expected_revision: self.expected_revision,
                dry_run,
            },
            tell,
        };
        let stopped = match client.outreach_stop(stop.clone()).await {
            Err(error) if error.field.as_deref() == Some("tell") && is_interactive() => {
                let question =
                    "The candidate has the times. Email them that these are no longer available";
                stop.tell = Some(ask::yes_or_no(question)?);
                client.outreach_stop(stop).await?
            }
            stopped => stopped?,
        };
        if dry_run {
            session.output.note("dry run: nothing was written");
        }
        session.output.record(&stopped, || lines(&stopped))
    }
}

fn show(session: &Session, thread: &OutreachThread) -> Result<(), Stop> {
    session.output.record(thread, || lines(&thread.outreach))?;
    if session.output.is_json() {
        return Ok(());
    }
    if let Some(letter) = &thread.letter {
        session.output.print(&format!("\n{}", mail::text(letter)))?;
    }
    for email in &thread.received {
        session
            .output
            .print(&format!("\n{}", received::text(email)))?;
        if let Some(made) = &email.understood {
            let read = format!(
                "The assistant read: {}\n",
                wording::outreach::understood(made)
            );
            session.output.print(&read)?;
        }
    }
    Ok(())
}

pub(super) fn lines(outreach: &Wire) -> Lines {
    let slots = outreach.slots.iter().map(|it| slot(outreach, it));
    Lines::new()
        .line(
            "candidate",
            person(&outreach.candidate.name, &outreach.candidate.email),
        )
        .line(
            "job",
            format!("{}, {}", outreach.job_title, outreach.stage_name),
        )
        .line(
            "state",
            format!("{}: {}", word(outreach.state), outreach.message),
        )
        .line("since", here(outreach.since))
        .each("time", slots)
        .line("duration", written(outreach.duration_minutes))
        .maybe("your line", outreach.line.as_ref())
        .line(
            "organizer",
            person(&outreach.organizer.name, &outreach.organizer.email),
        )
        .maybe("assistant", outreach.approval.map(sends))
        .maybe("would have", outreach.would.map(wording::outreach::would))
        .maybe("writes", outreach.writes_at.map(here))
        .each(
            "would help",
            outreach
                .helps
                .iter()
                .map(|it| format!("{}: {} slots more", it.what, it.slots)),
        )
        .maybe(
            "taken over by",
            outreach
                .taken_by
                .as_ref()
                .map(|it| person(&it.name, &it.email)),
        )
        .maybe("held until", outreach.until.map(here))
        .maybe("sent", outreach.sent_at.map(here))
        .maybe("booked", outreach.interview.map(|id| id.to_string()))
        .line("id", outreach.id.to_string())
}

/// How the assistant's emails are sent.
fn sends(approval: Approval) -> &'static str {
    match approval {
        Approval::Auto => "sends emails automatically",
        Approval::Draft => "sends emails after approval",
        Approval::Shadow => "watches only",
    }
}

/// A time with its number, and what became of it.
fn slot(outreach: &Wire, slot: &OutreachSlot) -> String {
    let names: Vec<_> = slot
        .interviewers
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    let (n, start, with) = (slot.n, slot.start.in_zone(&outreach.zone), names.join(", "));
    match slot.state {
        SlotState::Held if slot.shared => {
            format!("{n}  {start}, {with} (another candidate may have it too)")
        }
        SlotState::Held | SlotState::Drafted => format!("{n}  {start}, {with}"),
        state => format!("{n}  {start}, {with} ({})", word(state)),
    }
}

fn table(outreaches: &[Wire]) -> Table {
    let mut table = Table::new([
        "STATE",
        "CANDIDATE",
        "JOB",
        "STANDS",
        "SINCE",
        "HELD UNTIL",
        "ID",
    ]);
    for outreach in outreaches {
        let until = outreach.until.map(here).unwrap_or_default();
        table.row([
            &word(outreach.state),
            &outreach.candidate.name,
            &outreach.job_title,
            &outreach.message,
            &here(outreach.since),
            &until,
            &outreach.id.to_string(),
        ]);
    }
    table
}
