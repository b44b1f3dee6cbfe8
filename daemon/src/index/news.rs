//! Owns what nobody, or not everyone, has looked at: received emails that are unread, and summaries
//! and notes by the members for whom they are new.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use greenroom_protocol::id::{InterviewId, MemberId, TurnId};
use greenroom_protocol::time::Instant;

use crate::records::insight::NewInsightRecord;
use crate::records::turn::TurnPlace;

/// The news of a workspace.
#[derive(Default)]
pub(super) struct News {
    insights: HashMap<InterviewId, NewInsightRecord>,
    /// The same by member and then by time.
    by_member: BTreeSet<(MemberId, Instant, InterviewId)>,
    /// Unread ones only, in the order they came.
    pub(super) unread: BTreeMap<TurnId, TurnPlace>,
}

impl News {
    pub(super) fn set_insight(&mut self, id: InterviewId, row: Option<(u64, NewInsightRecord)>) {
        if let Some(before) = self.insights.remove(&id) {
            for member in before.members {
                self.by_member.remove(&(member, before.at, id));
            }
        }
        let Some((_, record)) = row else {
            return;
        };
        let members = record.members.iter();
        self.by_member
            .extend(members.map(|member| (*member, record.at, id)));
        self.insights.insert(id, record);
    }

    pub(super) fn set_turn(&mut self, id: TurnId, row: Option<(u64, TurnPlace)>) {
        match row.filter(|(_, place)| place.unread) {
            Some((_, place)) => self.unread.insert(id, place),
            None => self.unread.remove(&id),
        };
    }

    /// What is new for a member since `from`, newest first.
    pub(super) fn of(
        &self,
        member: MemberId,
        from: Instant,
    ) -> impl Iterator<Item = (InterviewId, &NewInsightRecord)> {
        let first = (member, from, InterviewId::NOBODY);
        let theirs: Vec<_> = self
            .by_member
            .range(first..)
            .take_while(|(whose, _, _)| *whose == member)
            .collect();
        let newest = theirs.into_iter().rev();
        newest.filter_map(|(_, _, id)| Some((*id, self.insights.get(id)?)))
    }
}
