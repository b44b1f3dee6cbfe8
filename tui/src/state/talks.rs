//! What was said to the assistant from here, and what it answered.
//!
//! The daemon keeps what was understood; the words, and the answers whole, are only here, until the
//! client ends. Invariant: words that were typed are gone only once they were answered: they wait
//! here when their pane is closed, and come back when they could not be said.

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::conversation::ConversationAnswer;
use greenroom_protocol::id::{ConversationId, WorkspaceId};

/// Exchanges of a conversation that are kept.
const MOST: usize = 60;

/// Which conversation, in which workspace; `None`: the one that begins with the next words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TalkId {
    pub(crate) workspace: Option<WorkspaceId>,
    pub(crate) conversation: Option<ConversationId>,
}

/// Words, and what was answered.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) words: String,
    pub(crate) answer: ConversationAnswer,
}

/// A conversation, as far as it was held here.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    /// Words that were typed and not said, while no pane has them.
    pub(crate) draft: String,
    /// Words that are said and not answered yet.
    pub(crate) sending: Option<String>,
    /// Why the last words could not be said.
    pub(crate) failed: Option<Error>,
    /// What was said, the first thing first.
    pub(crate) said: Vec<Exchange>,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Talks(HashMap<TalkId, Talk>);

impl Talks {
    pub(crate) fn get(&self, id: TalkId) -> Option<&Talk> {
        self.0.get(&id)
    }

    /// The same, to change it; it begins where there was none.
    pub(crate) fn of(&mut self, id: TalkId) -> &mut Talk {
        self.0.entry(id).or_default()
    }

    /// Whether an answer is waited for.
    pub(crate) fn is_sending(&self, id: TalkId) -> bool {
        self.get(id).is_some_and(|talk| talk.sending.is_some())
    }

    /// Words were answered. A conversation that began with them has its id from then on.
    pub(crate) fn answered(&mut self, before: TalkId, exchange: Exchange) -> TalkId {
        let begun = exchange.answer.conversation.or(before.conversation);
        let after = TalkId {
            conversation: begun,
            ..before
        };
        let mut talk = self.0.remove(&before).unwrap_or_default();
        talk.said.push(exchange);
        let surplus = talk.said.len().saturating_sub(MOST);
        talk.said.drain(..surplus);
        self.0.insert(after, talk);
        after
    }
}
