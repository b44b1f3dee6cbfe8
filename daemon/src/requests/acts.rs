//! What is wanted.
//!
//! Owns which words ask for which act. Invariant: the first rule that fits counts, from those that
//! say most to those that say least; what none of them knows is help, or a change of what was asked
//! before.

use greenroom_protocol::conversation::RequestAct;

use super::tokens::{Token, find, says};

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

const WAITING: [&str; 37] = [
    "who is waiting",
    "who waiting",
    "who waits",
    "who still waits",
    "who is still waiting",
    "still waiting",
    "waiting for an interview",
    "waiting to be scheduled",
    "waiting longest",
    "waiting the longest",
    "waited longest",
    "waited the longest",
    "waits longest",
    "is waiting",
    "are waiting",
    "has been waiting",
    "have been waiting",
    "no interview",
    "without an interview",
    "without interviews",
    "hasn't been scheduled",
    "haven't been scheduled",
    "not been scheduled",
    "not scheduled yet",
    "who is stuck",
    "who needs an interview",
    "still needs an interview",
    "still need an interview",
    "need scheduling",
    "don't have an interview",
    "doesn't have an interview",
    "have no interview",
    "has no interview",
    "haven't got an interview",
    "not had an interview",
    "nothing scheduled",
    "nothing booked",
];

const AGENDA: [&str; 44] = [
    "what do i have",
    "what have i got",
    "what do we have",
    "what in my",
    "what is on",
    "what on",
    "my day",
    "my week",
    "my agenda",
    "my calendar",
    "my diary",
    "my schedule",
    "agenda",
    "upcoming",
    "next interview",
    "next interviews",
    "my next",
    "list interviews",
    "list the interviews",
    "list all interviews",
    "list my interviews",
    "show interviews",
    "show me interviews",
    "show my interviews",
    "show the interviews",
    "show all interviews",
    "show me all interviews",
    "which interviews",
    "what interviews",
    "how many interviews",
    "am i interviewing",
    "do i interview",
    "do i have anything",
    "do i have any",
    "anything on",
    "anything planned",
    "interviews today",
    "interviews tomorrow",
    "is booked",
    "are booked",
    "is planned",
    "overview of",
    "what is coming up",
    "coming up",
];

const FREE: [&str; 33] = [
    "is free",
    "are free",
    "who is free",
    "be free",
    "is available",
    "are available",
    "who is available",
    "be available",
    "have time",
    "has time",
    "availability",
    "free times",
    "free slots",
    "open slots",
    "open times",
    "free time",
    "available slots",
    "available times",
    "any slots",
    "any slot",
    "any openings",
    "any time for",
    "what times",
    "which times",
    "what slots",
    "which slots",
    "which days",
    "what days",
    "when can",
    "when could",
    "when would",
    "when do",
    "when might",
];

const FREE_IF_ASKED: [&str; 7] = [
    "free",
    "available",
    "have time",
    "has time",
    "any time",
    "room",
    "make it",
];

const CANCEL: [&str; 16] = [
    "cancel",
    "cancelled",
    "canceled",
    "cancels",
    "cancelling",
    "canceling",
    "call off",
    "call it off",
    "scrap",
    "delete",
    "drop the",
    "drop her",
    "drop his",
    "remove the interview",
    "take off the calendar",
    "axe",
];

const RESCHEDULE: [&str; 28] = [
    "reschedule",
    "rescheduled",
    "rescheduling",
    "re - schedule",
    "postpone",
    "postponed",
    "delay",
    "push back",
    "push it back",
    "bring forward",
    "bring it forward",
    "shift",
    "another time",
    "another slot",
    "another day",
    "a different time",
    "a different day",
    "a new time",
    "new time for",
    "a later time",
    "an earlier time",
    "rebook",
    "re - book",
    "move it",
    "put off",
    "pull forward",
    "swap",
    "change the time",
];

const MOVE: [&str; 17] = [
    "move", "moves", "advance", "promote", "progress", "transfer", "push", "bump", "put", "bring",
    "take", "shift", "send", "pass", "place", "forward", "graduate",
];

const HELP: [&str; 11] = [
    "help",
    "what can you do",
    "what can i ask",
    "what can i say",
    "how do i",
    "how does this work",
    "how can i",
    "what do you do",
    "what are you",
    "how to",
    "commands",
];

const UNDO: [&str; 8] = [
    "undo",
    "revert",
    "take that back",
    "take it back",
    "undo that",
    "roll back",
    "reverse that",
    "unbook",
];

const NEVER: [&str; 12] = [
    "never mind",
    "nevermind",
    "forget it",
    "forget that",
    "forget about it",
    "no thanks",
    "no thank you",
    "leave it",
    "don't bother",
    "stop",
    "none of these",
    "none of them",
];

const ASK: [&str; 22] = [
    "ask the candidate",
    "ask candidate",
    "ask her",
    "ask him",
    "ask them",
    "let her choose",
    "let him choose",
    "let them choose",
    "let the candidate choose",
    "let her pick",
    "let him pick",
    "let them pick",
    "let the candidate pick",
    "let candidate choose",
    "propose these",
    "propose them",
    "offer these",
    "offer them",
    "send these",
    "send them",
    "propose those",
    "email the slots",
];

const SCHEDULE: [&str; 59] = [
    "schedule",
    "scheduling",
    "book",
    "booking",
    "set up",
    "setup",
    "arrange",
    "organise",
    "organize",
    "plan",
    "find a slot",
    "find a time",
    "find time",
    "find me a",
    "find us",
    "find some time",
    "find an",
    "find",
    "need a",
    "need an",
    "need",
    "get together",
    "get",
    "meet",
    "meeting",
    "interview",
    "zoom",
    "call with",
    "a call",
    "chat",
    "talk to",
    "talk with",
    "talk",
    "speak to",
    "speak with",
    "speak",
    "invite",
    "slot in",
    "fit in",
    "squeeze",
    "pencil in",
    "pencil",
    "line up",
    "put in",
    "conversation",
    "catch up",
    "sync",
    "session",
    "see",
    "introduce",
    "connect",
    "have",
    "hop on",
    "jump on",
    "sit down",
    "want",
    "phone screen",
    "video",
    "intro",
];

/// Words of a yes that say nothing else.
const YES_WORDS: [&str; 47] = [
    "yes",
    "yep",
    "yeah",
    "yup",
    "sure",
    "ok",
    "okay",
    "go",
    "ahead",
    "book",
    "confirm",
    "do",
    "perfect",
    "great",
    "sounds",
    "good",
    "fine",
    "works",
    "work",
    "let",
    "us",
    "take",
    "i",
    "will",
    "we",
    "with",
    "for",
    "please",
    "it",
    "that",
    "this",
    "the",
    "one",
    "then",
    "option",
    "slot",
    "letter",
    "number",
    "choose",
    "pick",
    "thanks",
    "thank",
    "you",
    "me",
    "best",
    "absolutely",
    "alright",
];

/// Of these at least one says yes.
const SAYS_YES: [&str; 20] = [
    "yes",
    "yep",
    "yeah",
    "yup",
    "sure",
    "ok",
    "okay",
    "go",
    "book",
    "confirm",
    "do",
    "perfect",
    "great",
    "good",
    "fine",
    "take",
    "choose",
    "pick",
    "absolutely",
    "alright",
];

/// The slot that a word names.
fn option(tokens: &[Token], at: usize) -> Option<u8> {
    let before = at.checked_sub(1).map_or("", |it| tokens[it].low.as_str());
    Some(match tokens[at].low.as_str() {
        "a" if tokens.len() == 1
            || matches!(
                before,
                "option" | "slot" | "letter" | "book" | "take" | "yes" | ","
            ) =>
        {
            1
        }
        "b" => 2,
        "c" => 3,
        "d" => 4,
        "e" => 5,
        "first" | "1st" | "1" => 1,
        "second" | "2nd" | "2" => 2,
        "third" | "3rd" | "3" => 3,
        "fourth" | "4th" | "4" => 4,
        "fifth" | "5th" | "5" => 5,
        _ => return None,
    })
}

/// A yes, and to which slot: only where every word is of one.
fn yes(tokens: &[Token]) -> Option<Option<u8>> {
    let mut named = None;
    let mut says = false;
    for (at, token) in tokens.iter().enumerate().filter(|(_, it)| !it.mark) {
        if let Some(option) = option(tokens, at) {
            if named.is_some() {
                return None;
            }
            named = Some(option);
            continue;
        }
        if !YES_WORDS.contains(&token.low.as_str()) {
            return None;
        }
        says |= SAYS_YES.contains(&token.low.as_str());
    }
    (says || named.is_some()).then_some(named)
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
