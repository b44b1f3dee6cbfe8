//! `greenroom slots`: times that work, and why one does or does not.

use clap::Args;
use greenroom_protocol::schedule::{
    ExplainQuery, Explained, FairShare, Finding, FindingClass, FindingWho, GroupExplained,
    GroupRule, PersonExplained, Planned, SlotQuery, Slots, Wish,
};
use greenroom_protocol::time::Instant;

use super::session::Session;
use super::time::{locale_for, maybe_moment};
use super::words::{TypeWord, word};
use crate::client::Client;
use crate::output::{Lines, Stop, Table};
use crate::typed::duration::Minutes;
use crate::typed::window::Stretch;
use crate::wording::slots::why;

#[derive(Debug, Args)]
pub(crate) struct SlotsVerb {
    /// The candidate: email, name or ID
    #[arg(long, required_unless_present_any = ["interview", "stage"])]
    candidate: Option<String>,
    /// The job [default: the only open application's]
    #[arg(long)]
    job: Option<String>,
    /// Schedule as this stage does: name or ID; without a candidate, for anyone who enters
    /// it [default: the candidate's stage]
    #[arg(long, conflicts_with = "interview")]
    stage: Option<String>,
    /// An interview to move: its own time is not in the way
    #[arg(long, value_name = "ID")]
    interview: Option<String>,
    #[command(flatten)]
    search: Search,
}

/// What is searched, for whomever.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Interviewers; repeatable [default: the interview's, else the stage's panel, else you]
    #[arg(long = "with", value_name = "EMAIL")]
    with: Vec<String>,
    /// Duration, such as 45m [default: the interview's, else the stage's]
    #[arg(long)]
    duration: Option<Minutes>,
    /// How people join [default: the interview's, else zoom]
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<TypeWord>,
    /// Whose Zoom account hosts [default: the interview's, else the stage's, else yours]
    #[arg(long, value_name = "EMAIL")]
    zoom_user: Option<String>,
    /// Starting at or after: a day or a time, such as 2026-12-01 or "tomorrow" [default: now]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Starting before: a day or a time [default: as far ahead as the stage allows]
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// The IANA time zone to show times in [default: the interview's, else yours]
    #[arg(long)]
    zone: Option<String>,
    /// Only within these hours, in the candidate's time zone: tue,thu:13:00-18:00; repeatable
    #[arg(long, value_name = "DAYS:FROM-TO")]
    only: Vec<Stretch>,
    /// Better within these hours, in the candidate's time zone; repeatable
    #[arg(long, value_name = "DAYS:FROM-TO")]
    prefer: Vec<Stretch>,
    /// The best first, instead of the earliest
    #[arg(long)]
    best: bool,
    /// Slots at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Show how many interviews each person of an "any of" has had
    #[arg(long)]
    fairness: bool,
    /// Explain why this time does or does not work, instead of listing slots
    #[arg(long, value_name = "TIME", conflicts_with_all = ["from", "to", "best", "limit", "fairness"])]
    explain: Option<String>,
}

/// For whom times are searched.
#[derive(Debug, Default)]
pub(super) struct For {
    pub candidate: Option<String>,
    pub job: Option<String>,
    pub stage: Option<String>,
    pub interview: Option<String>,
    /// The stage's guidance counts.
    pub guided: bool,
}

impl SlotsVerb {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let whom = For {
            candidate: self.candidate,
            job: self.job,
            stage: self.stage,
            interview: self.interview,
            guided: false,
        };
        self.search.run(session, &client, whom).await
    }
}

impl Search {
    pub(super) async fn run(
        self,
        session: &Session,
        client: &Client,
        whom: For,
    ) -> Result<(), Stop> {
        let wish = |must: bool| move |Stretch(window)| Wish { window, must };
        let wishes = self.only.into_iter().map(wish(true));
        let wishes = wishes.chain(self.prefer.into_iter().map(wish(false)));
        let planned = Planned {
            candidate: whom.candidate,
            job: whom.job,
            stage: whom.stage,
            change: None,
            guided: whom.guided,
            interview: whom.interview,
            kind: self.kind.map(Into::into),
            duration_minutes: self.duration.map(|Minutes(minutes)| minutes),
            with: self.with,
            zoom_user: self.zoom_user,
            zone: self.zone,
            wishes: wishes.collect(),
        };
        if let Some(start) = self.explain {
            return explain(session, client, planned, start).await;
        }
        let query = SlotQuery {
            planned,
            from: maybe_moment(client, "from", self.from.as_deref()).await?,
            to: maybe_moment(client, "to", self.to.as_deref()).await?,
            limit: Some(self.limit),
            best: self.best,
            fairness: self.fairness,
        };
        list(session, client, query).await
    }
}

async fn list(session: &Session, client: &Client, query: SlotQuery) -> Result<(), Stop> {
    let output = session.output;
    let counts = query.fairness;
    let slots = client.slots(query).await?;
    for advice in &slots.advises {
        output.warn(&advice.message);
    }
    if !output.is_json() {
        for remark in remarks(&slots) {
            output.note(&remark);
        }
        if counts && slots.fairness.is_empty() {
            output.note("no \"any of\" in the panel, so nobody is chosen by counts");
        }
    }
    output.rows(&slots, || table(&slots))
}

/// What people have to know of the slots besides their times.
fn remarks(slots: &Slots) -> Vec<String> {
    let mut remarks = Vec::new();
    let assumed = slots.assumed_hours.iter();
    let assumed: Vec<_> = assumed.filter_map(|it| it.name.as_deref()).collect();
    if !assumed.is_empty() {
        let names = assumed.join(", ");
        remarks.push(format!("hours assumed (Mon–Fri 09:00–17:00): {names}"));
    }
    if let Some(zone) = &slots.assumed_candidate_zone {
        remarks.push(zone_unknown(zone));
    }
    // What a calendar does not say is not free: why it is not relied on.
    remarks.extend(slots.sources.iter().filter_map(|it| it.stale.clone()));
    if slots.items.is_empty() {
        remarks.push("no time works".to_owned());
        remarks.extend(slots.none_because.iter().map(|it| it.message.clone()));
    }
    remarks.extend(slots.fairness.iter().map(fair));
    remarks
}

/// That nobody knows when it is night for the candidate.
fn zone_unknown(taken: &str) -> String {
    format!("the candidate's time zone is unknown: {taken} is assumed, and nights are not checked")
}

/// One line a slot, at the zone times are named in and at the candidate's, where that is another one.
fn table(slots: &Slots) -> Table {
    let theirs = slots.candidate_zone.as_deref();
    let theirs = theirs.filter(|zone| *zone != slots.zone);
    let mut table = match theirs {
        Some(_) => Table::new(["START", "CANDIDATE'S TIME", "INTERVIEWERS", "SCORE", "WHY"]),
        None => Table::new(["START", "INTERVIEWERS", "SCORE", "WHY"]),
    };
    for slot in &slots.items {
        let start = slot.start.in_zone(&slots.zone);
        let names = slot.interviewers.iter().map(|it| it.name.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        let (score, why) = (slot.score.to_string(), why(&slot.why));
        match theirs {
            Some(zone) => table.row([start, slot.start.in_zone(zone), names, score, why]),
            None => table.row([start, names, score, why]),
        }
    }
    table
}

async fn explain(
    session: &Session,
    client: &Client,
    planned: Planned,
    start: String,
) -> Result<(), Stop> {
    let query = ExplainQuery {
        planned,
        start,
        locale: locale_for(client),
    };
    let explained = client.explain(query).await?;
    session.output.record(&explained, || lines(&explained))
}

fn lines(explained: &Explained) -> Lines {
    let at = |moment: Instant| moment.in_zone(&explained.zone);
    let theirs = explained.candidate_zone.as_deref();
    let theirs = theirs.filter(|zone| *zone != explained.zone);
    let answer = match (explained.offered, explained.person_may) {
        (true, _) => "works for everyone",
        (false, true) => "may be booked, but is not offered",
        (false, false) => "can't be booked",
    };
    let reasons = explained.findings.iter().map(reason);
    Lines::new()
        .line("start", at(explained.start))
        .maybe(
            "candidate's time",
            theirs.map(|zone| explained.start.in_zone(zone)),
        )
        .maybe(
            "note",
            explained
                .assumed_candidate_zone
                .as_deref()
                .map(zone_unknown),
        )
        .line("answer", answer)
        .each("reasons", reasons)
        .each("groups", explained.groups.iter().map(group))
        .maybe("earlier", explained.earlier.map(at))
        .each(
            "no earlier",
            explained.none_earlier.iter().map(|it| it.message.clone()),
        )
        .maybe("later", explained.later.map(at))
        .each(
            "no later",
            explained.none_later.iter().map(|it| it.message.clone()),
        )
}

fn reason(finding: &Finding) -> String {
    let weight = match finding.class {
        Some(FindingClass::Block) => "blocks",
        Some(FindingClass::Slot) => "advises",
        Some(FindingClass::Plan) | None => "at any time",
    };
    format!("{weight}: {}", finding.message)
}

fn group(group: &GroupExplained) -> String {
    let name = |who: &FindingWho| who.name.clone().unwrap_or_else(|| who.id.clone());
    let with_all = |it: &PersonExplained| format!("{} ({})", name(&it.who), found(it));
    // What was found of who takes part in any case is among the reasons.
    let chosen = group
        .each
        .iter()
        .filter(|it| group.chosen.contains(&it.who));
    let chosen = chosen.map(|it| match group.rule {
        GroupRule::Optional if !it.findings.is_empty() => with_all(it),
        _ => name(&it.who),
    });
    let others = group.each.iter();
    let others = others.filter(|it| !group.chosen.contains(&it.who));
    let (chosen, others): (Vec<_>, Vec<_>) = (chosen.collect(), others.map(with_all).collect());
    let (rule, chosen) = (word(group.rule), chosen.join(", "));
    match (chosen.is_empty(), others.is_empty()) {
        (_, true) => format!("{rule}: {chosen}"),
        (true, false) => format!("{rule}: not {}", others.join(", ")),
        (false, false) => format!("{rule}: {chosen}; not {}", others.join(", ")),
    }
}

/// Everything that was found of somebody.
fn found(person: &PersonExplained) -> String {
    let found = person.findings.iter().map(|it| it.message.as_str());
    match person.findings.is_empty() {
        true => "has time".to_owned(),
        false => found.collect::<Vec<_>>().join("; "),
    }
}

fn fair(share: &FairShare) -> String {
    let name = share.who.name.as_deref().unwrap_or(&share.who.id);
    format!(
        "{name}: {} of this job from 28 days before to 7 days after today, {} min this week",
        match share.interviews {
            1 => "1 interview".to_owned(),
            many => format!("{many} interviews"),
        },
        share.minutes_this_week
    )
}
