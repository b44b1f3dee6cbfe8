//! The order of what needs somebody: what is urgent first, and of that what candidates write shortly
//! before an interview; then by time, news last.

use greenroom_protocol::today::{NeedKind, NeedsMe};

/// Needs that are shown.
const MOST: usize = 100;

/// The first of them in order, and how many there are.
pub(super) fn ordered(mut needs: Vec<NeedsMe>) -> (Vec<NeedsMe>, u64) {
    needs.sort_by(|a, b| place(a).cmp(&place(b)));
    // Two ways to the same matter are one.
    needs.dedup_by(|a, b| a.key == b.key);
    let total = needs.len() as u64;
    needs.truncate(MOST);
    (needs, total)
}

/// What concerns an interview to come stands by its start; the rest by how long it has waited.
fn place(need: &NeedsMe) -> impl Ord + '_ {
    let news = need.kind == NeedKind::NewInsight;
    let time = need.due.unwrap_or(need.since);
    let waits = need.urgent && need.kind == NeedKind::WroteEmail;
    (
        !need.urgent,
        !waits,
        news,
        time,
        need.since,
        need.key.as_str(),
    )
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;
    use greenroom_protocol::today::NeedAction;

    use super::*;

    fn need(key: &str, kind: NeedKind, urgent: bool, since: i64, due: Option<i64>) -> NeedsMe {
        NeedsMe {
            key: key.into(),
            kind,
            action: NeedAction::Open,
            urgent,
            since: Instant::from_second(since),
            due: due.map(Instant::from_second),
            who: "Ana Lima".into(),
            message: String::new(),
            candidate: None,
            application: None,
            interview: None,
            email: None,
            member: None,
            account: None,
            outreach: None,
            proposed: None,
            interviews: None,
        }
    }

    #[test]
    fn urgent_comes_first_then_time_and_news_last() {
        let needs = vec![
            need("insight", NeedKind::NewInsight, false, 10, None),
            need("next week", NeedKind::ProposedTime, false, 10, Some(9_000)),
            need("tomorrow", NeedKind::Unconfirmed, true, 10, Some(800)),
            need("email", NeedKind::WroteEmail, false, 50, None),
            need("in an hour", NeedKind::OutOfSync, true, 90, Some(200)),
            need("old email", NeedKind::WroteEmail, false, 20, None),
            need("in an hour", NeedKind::OutOfSync, true, 90, Some(200)),
            need("may be late", NeedKind::WroteEmail, true, 95, Some(300)),
        ];
        let (ordered, total) = ordered(needs);
        let keys: Vec<_> = ordered.iter().map(|it| it.key.as_str()).collect();
        let expected = [
            "may be late",
            "in an hour",
            "tomorrow",
            "old email",
            "email",
            "next week",
            "insight",
        ];
        assert_eq!((keys.as_slice(), total), (expected.as_slice(), 7));
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        let many = (0..250).map(|at| need(&at.to_string(), NeedKind::WroteEmail, false, at, None));
        let (ordered, total) = ordered(many.collect());
        assert_eq!((ordered.len(), total), (MOST, 250));
        assert_eq!(ordered[0].key, "0");
    }
}
