//! Times that work, and why one does not.

use greenroom_protocol::Error;
use greenroom_protocol::schedule::{
    ExplainQuery, GroupExplained, GroupRule, Planned, Slot, SlotQuery, SlotReason, SlotReasonCode,
    Wish,
};
use greenroom_protocol::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shown::{About, InTheWay};
use super::{Found, Person, When, leaves};
use crate::client::Client;
use crate::mcp::arguments::{maybe_moment, rows};
use crate::mcp::untrusted::{Untrusted, line};
use crate::typed::window::Stretch;

/// The most findings, people and groups of one answer that leave.
const MOST: usize = 30;

/// Which times.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct Slots {
    /// The candidate: name or id. Needed unless `interview` names one.
    #[serde(default)]
    candidate: Option<String>,
    /// The job: title or id; the only open application's where absent.
    #[serde(default)]
    job: Option<String>,
    /// An interview to move, by id: its own time is not in the way.
    #[serde(default)]
    interview: Option<String>,
    /// Interviewers: names, addresses or ids; where empty the stage's panel, else you.
    #[serde(default)]
    with: Vec<String>,
    /// 1 to 1440; the stage's where absent.
    #[serde(default)]
    duration_minutes: Option<u32>,
    /// Starting at or after: a day or a time, such as 2026-12-01; now where absent.
    #[serde(default)]
    from: Option<String>,
    /// Starting before; as far ahead as the stage allows where absent.
    #[serde(default)]
    to: Option<String>,
    /// The IANA time zone to show times in; yours where absent.
    #[serde(default)]
    zone: Option<String>,
    /// Only within these hours of the candidate, such as "tue,thu:13:00-18:00".
    #[serde(default)]
    only: Vec<String>,
    /// Better within these hours of the candidate.
    #[serde(default)]
    prefer: Vec<String>,
    /// The best first, instead of the earliest.
    #[serde(default)]
    best: bool,
    /// Times at most, 1 to 50; 20 where absent.
    #[serde(default)]
    limit: Option<u32>,
}

/// Which time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct Explain {
    /// The time: RFC 3339, or as people write it, such as "thu 10:30".
    start: String,
    /// The candidate: name or id. Needed unless `interview` names one.
    #[serde(default)]
    candidate: Option<String>,
    /// The job: title or id; the only open application's where absent.
    #[serde(default)]
    job: Option<String>,
    /// An interview to move, by id: its own time is not in the way.
    #[serde(default)]
    interview: Option<String>,
    /// Interviewers: names, addresses or ids; where empty the stage's panel, else you.
    #[serde(default)]
    with: Vec<String>,
    /// 1 to 1440; the stage's where absent.
    #[serde(default)]
    duration_minutes: Option<u32>,
    /// The IANA time zone of a start that names none; yours where absent.
    #[serde(default)]
    zone: Option<String>,
}

#[derive(Debug, Serialize)]
struct Offered {
    slots: Vec<OneSlot>,
    none_because: Vec<InTheWay>,
    advice: Vec<Found>,
    /// Whose calendar is not to be relied on, and why.
    stale_calendars: Vec<Stale>,
    /// Whose hours nobody has set.
    assumed_hours: Vec<About>,
    /// The zone that is taken for the candidate's, where theirs is not known.
    assumed_candidate_zone: Option<String>,
}

#[derive(Debug, Serialize)]
struct OneSlot {
    when: When,
    candidates_clock: Option<String>,
    interviewers: Vec<Person>,
    score: i32,
    why: Vec<Why>,
}

#[derive(Debug, Serialize)]
struct Why {
    code: SlotReasonCode,
    points: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    who: Vec<About>,
}

#[derive(Debug, Serialize)]
struct Stale {
    who: About,
    why: Untrusted,
}

#[derive(Debug, Serialize)]
struct Explanation {
    when: When,
    candidates_clock: Option<String>,
    /// Nothing speaks against it.
    offered: bool,
    /// A person may book it all the same.
    person_may_book: bool,
    findings: Vec<Found>,
    groups: Vec<Group>,
    earlier: Option<Instant>,
    later: Option<Instant>,
    none_earlier: Vec<InTheWay>,
    none_later: Vec<InTheWay>,
}

#[derive(Debug, Serialize)]
struct Group {
    rule: GroupRule,
    chosen: Vec<About>,
    others: Vec<Other>,
}

#[derive(Debug, Serialize)]
struct Other {
    who: About,
    findings: Vec<Found>,
}

impl From<&SlotReason> for Why {
    fn from(it: &SlotReason) -> Self {
        Self {
            code: it.code,
            points: it.points,
            amount: it.amount,
            who: it.who.iter().take(MOST).map(About::from).collect(),
        }
    }
}

impl From<&GroupExplained> for Group {
    fn from(group: &GroupExplained) -> Self {
        let others = group
            .each
            .iter()
            .filter(|it| !group.chosen.contains(&it.who));
        let others = others.take(MOST).map(|it| Other {
            who: About::from(&it.who),
            findings: it.findings.iter().take(MOST).map(Found::from).collect(),
        });
        Self {
            rule: group.rule,
            chosen: group.chosen.iter().take(MOST).map(About::from).collect(),
            others: others.collect(),
        }
    }
}

/// The candidate's clock, where it is another one.
fn theirs(start: Instant, end: Instant, zone: &str, candidate: Option<&str>) -> Option<String> {
    let candidate = candidate.filter(|it| *it != zone)?;
    Some(When::new(start, end, candidate).words)
}

fn wishes(only: &[String], prefer: &[String]) -> Result<Vec<Wish>, Error> {
    let read = |name: &'static str, must| {
        move |text: &String| {
            let stretch = text.parse::<Stretch>();
            let stretch =
                stretch.map_err(|why| Error::usage(format!("`{name}`: {why}")).field(name));
            stretch.map(|Stretch(window)| Wish { window, must })
        }
    };
    let only = only.iter().map(read("only", true));
    only.chain(prefer.iter().map(read("prefer", false)))
        .collect()
}

/// Times that work.
///
/// # Errors
/// What the daemon answered, and `usage`.
pub(in crate::mcp) async fn slots(client: &Client, asked: Slots) -> Result<Value, Error> {
    let zone = asked.zone.as_deref();
    let query = SlotQuery {
        from: maybe_moment(client, "from", asked.from.as_deref(), zone).await?,
        to: maybe_moment(client, "to", asked.to.as_deref(), zone).await?,
        limit: Some(rows(asked.limit)?),
        best: asked.best,
        fairness: false,
        planned: Planned {
            wishes: wishes(&asked.only, &asked.prefer)?,
            candidate: asked.candidate,
            job: asked.job,
            interview: asked.interview,
            duration_minutes: asked.duration_minutes,
            with: asked.with,
            zone: asked.zone,
            ..Planned::default()
        },
    };
    let found = client.slots(query).await?;
    let candidate = found.candidate_zone.as_deref();
    let slot = |it: &Slot| OneSlot {
        when: When::new(it.start, it.end, &found.zone),
        candidates_clock: theirs(it.start, it.end, &found.zone, candidate),
        interviewers: it
            .interviewers
            .iter()
            .take(MOST)
            .map(Person::from)
            .collect(),
        score: it.score,
        why: it.why.iter().take(MOST).map(Why::from).collect(),
    };
    let stale = found.sources.iter().filter_map(|it| {
        let why = Untrusted::new(it.stale.as_deref()?);
        Some(Stale {
            who: About::from(&it.who),
            why,
        })
    });
    leaves(Offered {
        slots: found.items.iter().map(slot).collect(),
        none_because: found
            .none_because
            .iter()
            .take(MOST)
            .map(Into::into)
            .collect(),
        advice: found.advises.iter().take(MOST).map(Into::into).collect(),
        stale_calendars: stale.take(MOST).collect(),
        assumed_hours: found
            .assumed_hours
            .iter()
            .take(MOST)
            .map(Into::into)
            .collect(),
        assumed_candidate_zone: found.assumed_candidate_zone.as_deref().map(line),
    })
}

/// Why a time does or does not work.
///
/// # Errors
/// What the daemon answered.
pub(in crate::mcp) async fn explain(client: &Client, asked: Explain) -> Result<Value, Error> {
    let query = ExplainQuery {
        start: asked.start,
        locale: None,
        planned: Planned {
            candidate: asked.candidate,
            job: asked.job,
            interview: asked.interview,
            duration_minutes: asked.duration_minutes,
            with: asked.with,
            zone: asked.zone,
            ..Planned::default()
        },
    };
    let it = client.explain(query).await?;
    leaves(Explanation {
        when: When::new(it.start, it.end, &it.zone),
        candidates_clock: theirs(it.start, it.end, &it.zone, it.candidate_zone.as_deref()),
        offered: it.offered,
        person_may_book: it.person_may,
        findings: it.findings.iter().take(MOST).map(Into::into).collect(),
        groups: it.groups.iter().take(MOST).map(Into::into).collect(),
        earlier: it.earlier,
        later: it.later,
        none_earlier: it.none_earlier.iter().take(MOST).map(Into::into).collect(),
        none_later: it.none_later.iter().take(MOST).map(Into::into).collect(),
    })
}
