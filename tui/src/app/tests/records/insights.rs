//! What is kept after the first interview of Priya Nair.

use greenroom_protocol::insight::{Insight, SummaryState};
use greenroom_protocol::interview::Interview;

use super::{at, brief, interviews};

const SUMMARY: &str = "\
# Quick recap

Priya walked through the **queue** she built at her last job, and Sam asked how it behaves when a consumer is slow. \
They agreed that *backpressure* was added late, and spoke about what she would do otherwise.

## Next steps

- Sam: send the exercise with two weeks to do it
- Priya:
  1. look at the sample data
  2. write down what is unclear

## Summary

### The queue

> \u{1b}[31mIt was never the broker.

See [the talk](https://talks.example/priya) for the rest.
";

const NOTES: &str =
    "Clear about trade-offs, **asks before she builds**.\n\n- would like to hear about on-call\n";

/// Nothing is kept of it yet.
pub(crate) fn insight(interview: &Interview) -> Insight {
    Insight {
        interview: interview.id,
        start: interview.start,
        interviewers: interview.interviewers.clone(),
        summary_state: SummaryState::None,
        reason: None,
        summary: None,
        next_try: None,
        notes: None,
        notes_by: None,
        notes_at: None,
        revision: 0,
    }
}

pub(crate) fn insights() -> Vec<Insight> {
    vec![Insight {
        summary_state: SummaryState::Ready,
        summary: Some(SUMMARY.into()),
        notes: Some(NOTES.into()),
        notes_by: Some(brief(7)),
        notes_at: Some(at("2026-11-20T09:48:00Z")),
        revision: 3,
        ..insight(&interviews()[0])
    }]
}
