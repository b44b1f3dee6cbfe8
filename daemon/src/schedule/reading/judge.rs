//! What of a text was left over and may matter.
//!
//! Owns which words left over bear on a time. Must not read a time.

use greenroom_protocol::schedule::Unread;

use super::combine::Hull;
use super::tokens::{Gap, Kind, Tokens};
use super::words;

/// More than these are not listed; a text with as many is no answer to anything.
const MOST: usize = 50;

/// The clauses outside of `read` that hold a figure, a day or a word that turns the meaning.
pub(super) fn unread(tokens: &Tokens<'_>, read: &[Hull]) -> Vec<Unread> {
    let mut covered = vec![false; tokens.len()];
    for (from, to) in read {
        for at in *from..(*to).min(covered.len()) {
            if let Some(place) = covered.get_mut(at) {
                *place = true;
            }
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() && found.len() < MOST {
        let mut end = at;
        let mut hinge = false;
        while end < tokens.len() && !covered[end] && !(end > at && tokens.gap(end) == Gap::Line) {
            if is_stop(tokens, end) {
                break;
            }
            hinge |= is_hinge(tokens, end);
            end += 1;
        }
        if hinge {
            let words = tokens
                .words(at, end)
                .trim_matches([',', ' ', '(', ')', '-']);
            found.push(Unread {
                words: words.to_owned(),
            });
        }
        at = end.max(at + 1);
        while at < tokens.len() && (covered[at] || is_stop(tokens, at)) {
            at += 1;
        }
    }
    found
}

fn is_stop(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(tokens.low(at), "." | "!" | "?" | ";") && !tokens.tight(at + 1)
}

fn is_hinge(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(token) = tokens.get(at) else {
        return false;
    };
    match token.kind {
        Kind::Number => true,
        Kind::Opaque | Kind::Mark => false,
        Kind::Word => {
            let low = token.low;
            let weekday = words::weekday(low.strip_suffix('s').unwrap_or(low)).is_some();
            let sure_day = weekday && !words::weak_weekday(low);
            low.ends_with("n't")
                || low.ends_with("n’t")
                || sure_day
                || matches!(
                    low,
                    "not"
                        | "no"
                        | "never"
                        | "cannot"
                        | "except"
                        | "but"
                        | "if"
                        | "unless"
                        | "only"
                        | "before"
                        | "after"
                        | "until"
                        | "depending"
                        | "otherwise"
                        | "instead"
                        | "rather"
                        | "cancel"
                        | "move"
                        | "reschedule"
                        | "provided"
                        | "without"
                        | "every"
                        | "neither"
                        | "nor"
                        | "week"
                        | "month"
                        | "morning"
                        | "mornings"
                        | "afternoon"
                        | "afternoons"
                        | "evening"
                        | "evenings"
                        | "day"
                        | "days"
                        | "hour"
                        | "hours"
                        | "minutes"
                        | "weekend"
                        | "weekends"
                )
        }
    }
}
