//! Mending a drift in the way a person chose: a change like any other.

use greenroom_protocol::Error;
use greenroom_protocol::drift::{DriftKind, InterviewRepair, Repair};
use greenroom_protocol::interview::{ChangeKind, Outcome, Side};
use greenroom_protocol::schedule::{Finding, FindingCode};

use crate::access::RequestContext;
use crate::interviews::change::{Meeting, Until, Wanted, change};
use crate::interviews::plan;
use crate::records::interview::{DriftRecord, InterviewRecord};
use crate::records::terms::Terms;
use crate::schedule::time;
use crate::services::Services;

/// The ways out of a drift, best first.
pub(in crate::interviews) fn repairs(kind: DriftKind) -> &'static [Repair] {
    match kind {
        DriftKind::Deleted => &[Repair::Recreate],
        DriftKind::Moved => &[Repair::Adopt, Repair::Restore],
        DriftKind::Outdated => &[Repair::Restore, Repair::Adopt],
        DriftKind::Changed | DriftKind::OtherType => &[Repair::Restore, Repair::Accept],
    }
}

/// Mends the drift of an interview.
pub async fn repair(
    services: &Services,
    context: &RequestContext,
    request: InterviewRepair,
) -> Result<Outcome, Error> {
    change(services, context, &request.interview, |interview| {
        let drift = interview.drift.as_ref().ok_or_else(|| {
            Error::conflict("The meeting is not known to differ from its booking")
                .hint("look with `greenroom interview check`")
        })?;
        if !repairs(drift.kind).contains(&request.repair) {
            let ways: Vec<_> = repairs(drift.kind)
                .iter()
                .map(|repair| format!("{repair:?}").to_lowercase())
                .collect();
            return Err(Error::usage(format!(
                "That does not fix this difference; choose {}",
                ways.join(" or ")
            ))
            .field("repair"));
        }
        wanted(interview, drift, request.repair)
    })
    .await
}

fn wanted(
    interview: &InterviewRecord,
    drift: &DriftRecord,
    repair: Repair,
) -> Result<Wanted, Error> {
    let before = interview.terms();
    let terms = match repair {
        Repair::Adopt => {
            let start = drift.start.unwrap_or(before.start);
            let zone = time::zone(&before.zone)?;
            Terms {
                start,
                offset: time::offset(&zone, start),
                duration_minutes: plan::duration(
                    drift.duration_minutes.unwrap_or(before.duration_minutes),
                )?,
                ..before
            }
        }
        Repair::Recreate | Repair::Restore | Repair::Accept => before,
    };
    let known = match repair {
        Repair::Accept => drift.messages.clone(),
        _ => Vec::new(),
    };
    Ok(Wanted {
        terms: Some(terms),
        kind: ChangeKind::Repaired,
        side: Side::Us,
        reason: None,
        meeting: match repair {
            Repair::Recreate => Meeting::Remade,
            Repair::Restore => Meeting::Restored,
            Repair::Adopt | Repair::Accept => Meeting::Follows,
        },
        known: known
            .into_iter()
            .map(|message| Finding::new(FindingCode::ZoomChanged, message))
            .collect(),
        until: Until::Always,
        replaces: None,
    })
}
