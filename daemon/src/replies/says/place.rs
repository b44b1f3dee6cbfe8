//! Where somebody is, and what is behind us.

use super::Known;
use crate::replies::clauses::{Clause, Parsed, TokenKind};
use crate::replies::words::among;

/// "I moved to Lisbon", "I'm in New York that week", "my time zone has changed".
pub(super) fn is_place(parsed: &Parsed, clause: &Clause, known: &Known<'_>) -> bool {
    let tokens = &parsed.tokens[clause.tokens.clone()];
    let low = |at: usize| tokens.get(at).map_or("", |it| it.low.as_str());
    for at in 0..tokens.len() {
        let place = |at: usize| {
            let named = tokens
                .get(at)
                .is_some_and(|it| it.capital && it.kind == TokenKind::Word);
            named && !known.city.contains(low(at)) && !is_no_place(low(at))
        };
        let stays = match low(at) {
            "moved" | "relocated" | "moving" => low(at + 1) == "to" && place(at + 2),
            "based" | "living" | "live" | "staying" | "located" | "currently" | "now" | "am"
            | "be" | "temporarily" => low(at + 1) == "in" && place(at + 2),
            "visiting" => place(at + 1),
            "timezone" => low(at + 1) != "is" || !known.city.contains(low(at + 2)),
            "time" => {
                low(at + 1) == "zone"
                    && (matches!(low(at + 2), "has" | "is" | "changed" | "difference")
                        || matches!(low(at.wrapping_sub(1)), "different" | "another" | "other"))
            }
            _ => false,
        };
        if stays {
            return true;
        }
    }
    false
}

fn is_no_place(low: &str) -> bool {
    among(low, "i the a touch class meetings school option for zoom")
}

/// "your email of Tuesday", "we spoke on Monday": behind us.
pub(super) fn is_past(parsed: &Parsed, clause: &Clause) -> bool {
    parsed.tokens[clause.tokens.clone()].iter().any(|it| {
        among(
            it.low.as_str(),
            "sent wrote received spoke talked met emailed messaged applied yesterday ago called \
            mailed posted written saw read got",
        )
    })
}
