//! `greenroom ask`.

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::conversation::{
    AnswerKind, Conversation, ConversationAnswer, ConversationQuery, ConversationSay,
};

use super::session::Session;
use crate::output::{Failure, Stop};

/// Ask the assistant in your own words: schedule, move or cancel an interview, who is free, what is
/// planned, why a time does not work, who waits, move a candidate
///
/// For hiring managers. It answers with what it understood and the times that work; say `--yes`, or
/// a letter in the same conversation, to book one.
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// What you want, such as "45 min Zoom with Priya Nair and Sam, Tue or Wed afternoon"
    #[arg(required_unless_present = "list")]
    words: Vec<String>,
    /// Go on with this conversation: its ID, or the last six or more characters of it
    #[arg(long, value_name = "ID")]
    conversation: Option<String>,
    /// Only show what was understood and what would happen
    #[arg(long)]
    dry_run: bool,
    /// List your conversations
    #[arg(long, conflicts_with_all = ["words", "conversation", "dry_run"])]
    list: bool,
}

impl Ask {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        if self.list {
            let page = client
                .conversation_list(ConversationQuery::default())
                .await?;
            if session.output.is_json() {
                return session.output.json(&page);
            }
            let lines: Vec<String> = page.items.iter().map(told).collect();
            return session.output.print(&lines.concat());
        }
        let say = ConversationSay {
            conversation: self.conversation,
            text: self.words.join(" "),
            dry_run: self.dry_run,
            yes: session.yes,
            ..ConversationSay::default()
        };
        let answer = client.conversation_say(say).await?;
        let undecided = session.yes && !self.dry_run && needs_a_choice(&answer);
        if undecided {
            let why = "None of the times is clearly the best";
            let error = Error::conflict(why).hint("say a letter in the same conversation");
            if !session.output.is_json() {
                session.output.print(&text(&answer))?;
            }
            return Err(Failure::with(error, "answer", &answer).into());
        }
        match session.output.is_json() {
            true => session.output.json(&answer),
            false => session.output.print(&text(&answer)),
        }
    }
}

/// A yes was said, and nothing was done.
fn needs_a_choice(answer: &ConversationAnswer) -> bool {
    matches!(answer.kind, AnswerKind::Slots | AnswerKind::Confirm)
}

fn text(answer: &ConversationAnswer) -> String {
    let mut text = String::new();
    if !answer.understood.is_empty() {
        text.push_str(&format!("{}\n", answer.understood));
    }
    text.push_str(&answer.text);
    if let Some(id) = answer.conversation {
        text.push_str(&format!("\n({id})"));
    }
    text.push('\n');
    text
}

/// A conversation in lines.
fn told(conversation: &Conversation) -> String {
    let turns = conversation.turns.iter();
    let lines: Vec<String> = turns.map(|it| format!("  {}\n", it.understood)).collect();
    format!(
        "{} · {}\n{}",
        conversation.id,
        conversation.at,
        lines.concat()
    )
}
