//! What is wanted.
//!
//! Owns which words ask for which act. Invariant: the first rule that fits counts, from those that
//! say most to those that say least; what none of them knows is help, or a change of what was asked
//! before.

use greenroom_protocol::conversation::RequestAct;

use super::phrases::{
    AGENDA, ASK, CANCEL, FREE, FREE_IF_ASKED, HELP, MOVE, NEVER, RESCHEDULE, SCHEDULE, UNDO,
    WAITING,
};
use super::tokens::{Token, find, says};
use super::yes::yes;

/// What else is known of a request when its act is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    pub has_candidate: bool,
    pub has_people: bool,
    pub has_stage: bool,
    pub has_time: bool,
    pub has_length: bool,
    pub has_shift: bool,
}

/// The act of a request, and the slot that a yes names.
pub(super) fn act(tokens: &[Token], around: Around) -> (RequestAct, Option<u8>) {
    if let Some(option) = yes(tokens) {
        return (RequestAct::Yes, option);
    }
    let words = tokens.iter().filter(|it| !it.mark).count();
    let has = |phrases: &[&str]| find(tokens, phrases).is_some();
    let bare = !around.has_candidate && !around.has_time;
    if words <= 8 && bare && has(&ASK) {
        return (RequestAct::AskCandidate, None);
    }
    if has(&UNDO) && !around.has_time {
        return (RequestAct::Undo, None);
    }
    if (words <= 4 && bare && has(&NEVER)) || (words == 1 && says(tokens, 0, "no")) {
        return (RequestAct::Never, None);
    }
    if has(&HELP) && bare {
        return (RequestAct::Help, None);
    }
    (plain(tokens, around), None)
}

/// Whether a question begins so.
fn begins(tokens: &[Token], phrases: &[&str]) -> bool {
    let words: Vec<Token> = tokens.iter().filter(|it| !it.mark).cloned().collect();
    let polite = [
        "so", "ok", "hi", "hey", "hello", "and", "please", "tell", "me",
    ];
    let from = words
        .iter()
        .take_while(|it| polite.contains(&it.low.as_str()))
        .count();
    phrases.iter().any(|it| says(&words, from, it))
}

fn plain(tokens: &[Token], around: Around) -> RequestAct {
    let has = |phrases: &[&str]| find(tokens, phrases).is_some();
    let why = [
        "why",
        "how come",
        "what wrong",
        "what is wrong",
        "what speaks against",
        "what stops",
        "what prevents",
        "what is against",
    ];
    if begins(tokens, &why)
        || has(&[
            "why not",
            "why can't",
            "why isn't",
            "what wrong with",
            "what speaks against",
            "explain why",
        ])
    {
        return RequestAct::Why;
    }
    let bare_wait = has(&["waiting", "stuck"]) && !has(&SCHEDULE[..8]) && !around.has_time;
    if bare_wait || (has(&WAITING) && !has(&["schedule the", "book the"])) {
        return RequestAct::Waiting;
    }
    let is_reschedule = has(&RESCHEDULE);
    let drops = begins(tokens, &["drop", "remove", "kill", "nix", "bin"])
        && has(&[
            "call",
            "meeting",
            "interview",
            "appointment",
            "chat",
            "slot",
            "session",
        ]);
    if (has(&CANCEL) || drops) && !is_reschedule {
        return RequestAct::Cancel;
    }
    let moves = has(&MOVE);
    let to_stage = around.has_stage || has(&["next stage", "next step", "next round", "stage"]);
    let is_meeting = has(&[
        "interview",
        "meeting",
        "call",
        "appointment",
        "slot",
        "session",
        "chat",
    ]);
    if moves && to_stage && around.has_candidate && !around.has_time && !is_reschedule {
        return RequestAct::Move;
    }
    if is_reschedule || around.has_shift {
        return RequestAct::Reschedule;
    }
    let real_move = has(&["move", "moves", "push", "bring", "bump", "pull"]);
    if real_move && (around.has_time || is_meeting || has(&["later", "earlier"])) {
        return RequestAct::Reschedule;
    }
    if moves && to_stage && around.has_candidate && !has(&["schedule", "book", "arrange"]) {
        return RequestAct::Move;
    }
    let steps = begins(
        tokens,
        &["advance", "promote", "progress", "graduate", "bump"],
    );
    if (real_move || steps) && around.has_candidate {
        return RequestAct::Move;
    }
    let goes = has(&[
        "goes to",
        "goes into",
        "should go to",
        "can go to",
        "is ready for",
        "passed",
    ]);
    if goes && around.has_candidate && around.has_stage && !around.has_time && !around.has_people {
        return RequestAct::Move;
    }
    asks_or_wants(tokens, around)
}

fn asks_or_wants(tokens: &[Token], around: Around) -> RequestAct {
    let has = |phrases: &[&str]| find(tokens, phrases).is_some();
    let asks = begins(
        tokens,
        &[
            "when", "who", "which", "what", "is", "are", "does", "do", "has", "have", "how many",
            "any",
        ],
    );
    let orders = begins(
        tokens,
        &[
            "schedule",
            "book",
            "set",
            "arrange",
            "organise",
            "organize",
            "plan",
            "find",
            "get",
            "i need",
            "i want",
            "we need",
            "i'd like",
            "i would",
            "need",
            "can you",
            "could you",
            "would you",
            "can we",
            "let us",
            "invite",
            "put",
            "pencil",
            "can i",
        ],
    );
    if !orders
        && asks
        && (has(&FREE) || has(&FREE_IF_ASKED))
        && !has(&["what do i have", "do i have"])
    {
        return RequestAct::Free;
    }
    let of_people =
        around.has_people && !around.has_candidate && (around.has_time || around.has_length);
    if of_people
        && begins(
            tokens,
            &["do", "does", "how", "have", "has", "is", "are", "can"],
        )
    {
        return RequestAct::Free;
    }
    let stands = begins(tokens, &["is", "was", "are", "has", "did"])
        && has(&["interview", "meeting", "call"]);
    if stands && around.has_candidate && !orders {
        return RequestAct::Agenda;
    }
    if !orders
        && asks
        && around.has_candidate
        && has(&[
            "when is",
            "when am i",
            "when are we",
            "what time is",
            "where is",
        ])
    {
        return RequestAct::Agenda;
    }
    if begins(tokens, &["show", "list", "display"])
        && has(&[
            "availability",
            "free times",
            "free slots",
            "available slots",
        ])
    {
        return RequestAct::Free;
    }
    if begins(tokens, &["show more", "more"]) {
        return RequestAct::Change;
    }
    if begins(
        tokens,
        &["show", "list", "display", "give me an overview", "print"],
    ) && !around.has_length
    {
        return RequestAct::Agenda;
    }
    let wants = has(&[
        "schedule", "book", "set up", "arrange", "organise", "organize", "find",
    ]);
    if has(&AGENDA) && !(orders && around.has_candidate && wants && !has(&["my schedule"])) {
        let shows = begins(
            tokens,
            &[
                "show",
                "list",
                "what",
                "which",
                "do",
                "am",
                "who",
                "how",
                "any",
                "give",
                "my",
                "agenda",
                "upcoming",
                "next",
                "anything",
                "is",
                "overview",
                "can you show",
                "could you show",
                "when",
            ],
        );
        if shows || !around.has_candidate {
            return RequestAct::Agenda;
        }
    }
    if !orders
        && asks
        && begins(
            tokens,
            &["who am i", "what am i", "what is", "what are", "which"],
        )
        && !around.has_length
    {
        return RequestAct::Agenda;
    }
    if has(&[
        "availability",
        "available slots",
        "free slots",
        "free times",
        "open slots",
        "available times",
    ]) && !wants
    {
        return RequestAct::Free;
    }
    if around.has_candidate
        && (has(&SCHEDULE) || around.has_time || around.has_people || around.has_length)
    {
        return RequestAct::Schedule;
    }
    let strong = [
        "schedule",
        "book",
        "set up",
        "arrange",
        "organise",
        "organize",
        "meet",
        "interview with",
    ];
    if !around.has_candidate && has(&strong) && !has(&["not", "instead", "no"]) {
        return RequestAct::Schedule;
    }
    let says = around.has_time || around.has_people || around.has_length || around.has_stage;
    let changes = has(&[
        "instead",
        "make it",
        "what about",
        "how about",
        "rather",
        "also",
        "add",
        "without",
        "earlier",
        "later",
        "longer",
        "shorter",
        "other times",
        "more",
        "as well",
        "early",
        "late",
        "sooner",
        "something else",
    ]);
    if says || changes {
        return RequestAct::Change;
    }
    match around.has_candidate {
        true => RequestAct::Schedule,
        false => RequestAct::Help,
    }
}
