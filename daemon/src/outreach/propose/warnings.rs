//! What speaks against the times that a person proposes, and is said to them.

use greenroom_protocol::Error;
use greenroom_protocol::outreach::SlotWarning;
use greenroom_protocol::schedule::{Finding, FindingClass, FindingCode};

use crate::access::RequestContext;
use crate::interviews::Time;
use crate::mail::bounce::BounceRecord;
use crate::records::interview::InterviewRecord;
use crate::services::Services;
use crate::store::Tx;

/// Minutes that two times of a day should be apart beside the length of one, so that somebody
/// who can't make one may make the other.
const APART: i64 = 75;

/// Says of which time a refusal is.
pub(super) fn named(error: Error, n: u8, of: usize) -> Error {
    let is_about_the_time = error
        .field
        .as_deref()
        .is_some_and(|field| matches!(field, "start" | "slots"));
    if !is_about_the_time {
        return error;
    }
    let message = match of {
        1 => error.message.clone(),
        _ => format!("Time {n}: {}", error.message),
    };
    Error {
        message,
        field: Some("slots".to_owned()),
        ..error
    }
}

/// Adds what speaks against a time, each once.
pub(super) fn warn(
    warnings: &mut Vec<SlotWarning>,
    n: u8,
    time: &Time,
    earlier: &[Time],
) -> Result<(), Error> {
    let interview = &time.interview;
    if earlier
        .iter()
        .any(|it| it.interview.start == interview.start)
    {
        let why = format!("Time {n} is there twice");
        return Err(Error::usage(why).field("slots"));
    }
    for finding in &time.verdict.advises {
        let of_all = finding.class == Some(FindingClass::Plan);
        let known = |it: &SlotWarning| of_all && it.n.is_none() && it.finding == *finding;
        if !warnings.iter().any(known) {
            warnings.push(SlotWarning {
                n: (!of_all).then_some(n),
                finding: finding.clone(),
            });
        }
    }
    if earlier.iter().any(|it| close(&it.interview, interview)) {
        let code = FindingCode::CloseTogether;
        let why = "It is close to another of the times, so it suits the same people";
        warnings.push(SlotWarning {
            n: Some(n),
            finding: Finding {
                class: Some(FindingClass::Slot),
                ..Finding::new(code, why)
            },
        });
    }
    Ok(())
}

/// Whether two times are on one day and close together.
fn close(one: &InterviewRecord, other: &InterviewRecord) -> bool {
    let apart = one.start.since(other.start).as_mins().abs();
    apart < i64::from(other.duration_minutes) + APART
}

/// The codes of what is held over, for the audit: each once.
pub(super) fn over(warnings: &[SlotWarning]) -> Option<(&'static str, String)> {
    let mut codes: Vec<String> = Vec::new();
    for warning in warnings {
        let code = serde_json::to_value(warning.finding.code).unwrap_or_default();
        let code = code.as_str().unwrap_or_default().to_owned();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    (!codes.is_empty()).then(|| ("over", codes.join(" ")))
}

/// Warns where the email may not arrive.
pub(super) async fn warn_about_mail(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    address: &str,
    warnings: &mut Vec<SlotWarning>,
) -> Result<(), Error> {
    let mut add = |code, why: String| {
        warnings.push(SlotWarning {
            n: None,
            finding: Finding {
                class: Some(FindingClass::Plan),
                ..Finding::new(code, why)
            },
        });
    };
    if let Some(why) = services.mail.of(context.workspace).warning() {
        add(FindingCode::NoMail, why.to_owned());
    }
    if let Some(bounce) = BounceRecord::of(tx, &context.space(), address).await? {
        let why = format!("Email to {address} bounces: {}", bounce.why);
        add(FindingCode::AddressBounces, why);
    }
    Ok(())
}
