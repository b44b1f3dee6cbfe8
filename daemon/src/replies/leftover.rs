//! What of a clause is in no phrase, and whether it may turn the meaning (R4).
//!
//! Owns which words say nothing and which are hinges. Must not know what the clause comes to.

use std::collections::HashSet;
use std::sync::LazyLock;

use greenroom_protocol::reply::Hinge;

use super::clauses::{Clause, Parsed, TokenKind, is_asked};
use super::phrases::Cue;
use super::words::among;

/// More words than these that say nothing we know may say anything.
const MANY_WORDS: usize = 12;

/// What is left of a clause.
#[derive(Debug, Default)]
pub(super) struct Leftover {
    /// Words nobody taught us.
    pub unknown: usize,
    /// Those of them that stand before anything is said: "I regret that 2 is fine".
    pub leading: usize,
    /// Those of them that stand behind whatever else is said.
    pub trailing: usize,
    /// What may turn the meaning, the strongest.
    pub hinge: Option<Hinge>,
}

/// Looks through what no phrase covers. `read`: cues whose meaning was taken up.
pub(super) fn leftover(parsed: &Parsed, clause: &Clause, taken: &[Cue]) -> Leftover {
    let mut left = Leftover::default();
    let mut hinges: Vec<Hinge> = Vec::new();
    for (cue, range) in &clause.cues {
        if taken.contains(cue) {
            continue;
        }
        if *cue == Cue::Ask && !is_asked(parsed, clause, Some(range)) {
            continue;
        }
        hinges.extend(match cue {
            Cue::Condition => Some(Hinge::Condition),
            Cue::Person => Some(Hinge::Person),
            // "We spoke on the phone": behind us.
            Cue::Change if is_past(parsed, clause) => None,
            Cue::Change => Some(Hinge::Change),
            Cue::Before => Some(Hinge::Question),
            Cue::Then | Cue::Bound => Some(Hinge::Time),
            Cue::Instruct => Some(Hinge::Instruction),
            Cue::No | Cue::NoneOf => Some(Hinge::Negation),
            Cue::Only | Cue::Except | Cue::Otherwise => Some(Hinge::Condition),
            Cue::Ask => Some(Hinge::Question),
            _ => None,
        });
    }
    // A word of acceptance that a negation stands in is none: "I'd rather not do Tuesday".
    for (cue, range) in &clause.cues {
        let accepts = matches!(
            cue,
            Cue::Yes | Cue::Prefer | Cue::Free | Cue::Aye | Cue::Confirm
        );
        let negated = parsed.tokens[range.clone()].iter().any(|it| {
            matches!(
                it.low.as_str(),
                "not" | "never" | "unless" | "without" | "no"
            )
        });
        // "No problem" accepts.
        let granted = parsed.tokens[range.clone()].iter().any(|it| {
            among(
                &it.low,
                "problem problems issue trouble bother biggie worries why objection objections",
            )
        });
        if accepts && negated && !granted {
            hinges.push(Hinge::Negation);
        }
    }
    let is_target = |at: &usize| matches!(parsed.tokens[*at].kind, TokenKind::Target(_));
    let last = clause.tokens.clone().rev().find(is_target);
    let ends = clause
        .cues
        .iter()
        .filter(|it| it.0 != Cue::Benign)
        .map(|it| it.1.end);
    let said = ends
        .chain(last.map(|it| it + 1))
        .max()
        .unwrap_or(usize::MAX);
    let first = clause.tokens.clone().find(is_target);
    let says = clause.cues.iter().filter(|it| {
        matches!(
            it.0,
            Cue::Yes | Cue::Free | Cue::Prefer | Cue::Aye | Cue::Any | Cue::Confirm
        )
    });
    let begins = says.map(|it| it.1.start).chain(first).min().unwrap_or(0);
    let covered = |at: usize| clause.cues.iter().any(|it| it.1.contains(&at));
    for at in clause.tokens.clone() {
        // What opens a clause says how it stands to the one before it.
        let opens = clause.adverse
            && parsed.tokens[clause.tokens.start..at]
                .iter()
                .all(|it| it.kind == TokenKind::Mark);
        let token = &parsed.tokens[at];
        let in_request = clause
            .cues
            .iter()
            .any(|it| it.1.contains(&at) && matches!(it.0, Cue::Propose | Cue::Reschedule));
        if token.kind == TokenKind::Digits && in_request {
            // Any word of a phrase may be a figure, and a figure a slot.
            hinges.push(Hinge::Number);
        }
        if covered(at) || opens {
            continue;
        }
        match token.kind {
            TokenKind::Opaque if token.low.contains('@') && sends(parsed, clause) => {
                hinges.push(Hinge::Change);
            }
            TokenKind::Target(_) | TokenKind::Mark | TokenKind::Opaque | TokenKind::Line => {}
            // "good 4 me"
            TokenKind::Digits if token.low == "4" && for_whom(parsed, at) => {}
            TokenKind::Digits => hinges.push(Hinge::Number),
            TokenKind::Word => {
                if turns_a_day(&token.low) && beside_target(parsed, at) {
                    // "Friday next": which one was said, and was not read.
                    hinges.push(Hinge::Time);
                }
                if is_elsewhere(parsed, at) {
                    continue;
                }
                if let Some(hinge) = hinge(&token.low) {
                    hinges.push(hinge);
                } else if !says_nothing(&token.low) {
                    let greeted = at
                        .checked_sub(1)
                        .and_then(|it| parsed.tokens.get(it))
                        .is_some_and(|it| among(&it.low, "hi hello hey dear hola thanks"));
                    if greeted {
                        continue;
                    }
                    left.unknown += 1;
                    left.leading += usize::from(at < begins);
                    left.trailing += usize::from(at >= said);
                    // "Priya takes 2": somebody else, who takes it.
                    let next = parsed.tokens.get(at + 1).map_or("", |it| it.low.as_str());
                    let before = at.checked_sub(1).and_then(|it| parsed.tokens.get(it));
                    let for_them = before.is_some_and(|it| it.low == "for");
                    let me = |at: Option<usize>| {
                        let token = at.and_then(|at| parsed.tokens.get(at));
                        token.is_some_and(|it| among(&it.low, "i me my myself"))
                    };
                    let with_me = (next == "and" && me(Some(at + 2)))
                        || (before.is_some_and(|it| it.low == "and") && me(at.checked_sub(2)));
                    if token.capital && (acts(next) || for_them || with_me) {
                        hinges.push(Hinge::Person);
                    }
                }
            }
        }
    }
    if left.unknown > MANY_WORDS {
        hinges.push(Hinge::Long);
    }
    left.hinge = hinges.into_iter().min();
    left
}

/// Whether something is to be sent, or somebody to be added.
fn sends(parsed: &Parsed, clause: &Clause) -> bool {
    let mut tokens = parsed.tokens[clause.tokens.clone()].iter();
    tokens.any(|it| {
        among(
            &it.low,
            "send forward add copy cc include invite use share address mail instead",
        )
    })
}

/// "We move house", "my shift lead": a change of something else.
fn is_elsewhere(parsed: &Parsed, at: usize) -> bool {
    let low = |at: Option<usize>| {
        let token = at.and_then(|at| parsed.tokens.get(at));
        token.map_or("", |it| it.low.as_str())
    };
    let (word, before, next) = (low(Some(at)), low(at.checked_sub(1)), low(Some(at + 1)));
    match word {
        "move" => among(next, "house flat flats apartment home into in out"),
        "shift" => {
            among(before, "my a the night late early day next")
                || among(next, "lead plan manager work starts ends leader supervisor")
        }
        _ => false,
    }
}

fn turns_a_day(low: &str) -> bool {
    matches!(
        low,
        "next" | "following" | "coming" | "previous" | "other" | "week"
    )
}

fn beside_target(parsed: &Parsed, at: usize) -> bool {
    let is = |at: Option<usize>| {
        let token = at.and_then(|at| parsed.tokens.get(at));
        token.is_some_and(|it| matches!(it.kind, TokenKind::Target(_)))
    };
    is(at.checked_sub(1)) || is(Some(at + 1))
}

fn is_past(parsed: &Parsed, clause: &Clause) -> bool {
    let mut tokens = parsed.tokens[clause.tokens.clone()].iter();
    clause.targets.is_empty() && tokens.any(|it| among(&it.low, "spoke talked met chatted had was"))
}

fn for_whom(parsed: &Parsed, at: usize) -> bool {
    let next = parsed.tokens.get(at + 1).map_or("", |it| it.low.as_str());
    matches!(next, "me" | "us")
}

/// What only somebody does.
fn acts(low: &str) -> bool {
    among(
        low,
        "takes can will would wants prefers could said asked needs chooses picks likes has \
            says told does gets should is was has also",
    )
}

fn hinge(low: &str) -> Option<Hinge> {
    Some(match low {
        "wish" | "doubt" | "doubtful" | "unlikely" | "least" | "worse" | "worst" | "terrible"
        | "awful" | "horrible" | "hate" | "dislike" | "less" | "than" | "risky" | "pass"
        | "fail" | "failed" | "missed" | "decline" | "unacceptable" | "ridiculous" | "annoying"
        | "disappointed" | "instead" | "lost" | "mistake" | "another" | "unable" | "wait"
        | "problem" | "problems" | "conflict" | "busy" | "bad" | "stupid" | "joke" | "not"
        | "no" | "never" | "nor" | "without" | "neither" | "nobody" | "nothing" | "hardly"
        | "barely" | "cannot" | "none" | "against" | "refuse" | "avoid" | "wrong"
        // What was so, or is no more.
        | "used" | "wished" | "hoped" | "thought" | "planned" | "assumed" | "expected"
        | "intended" | "meant" | "scrap" | "scrapped" | "scratch" | "forget" | "ignore"
        | "disregard" | "undo" | "revoke" | "retract" | "void" | "hold" | "pause" | "stop"
        | "drop" | "skip" | "release" | "nope" | "nah" | "invalid" | "clash" | "clashes"
        | "kidding" | "joking" => {
            Hinge::Negation
        }
        "if" | "unless" | "depending" | "otherwise" | "only" | "except" | "provided" | "but"
        | "however" | "although" | "though" | "unfortunately" | "regrettably" | "sadly"
        | "whether" | "once" | "assuming" => Hinge::Condition,
        "cancel" | "cancellation" | "withdraw" | "withdrawal" | "quit" | "rather" | "move"
        | "shorten" | "phone" | "copy" | "shift" | "postpone" | "swap" | "replace" | "teams"
        | "woman" | "female" | "male" | "skype" | "whatsapp" | "telephone" | "someone" | "somebody" | "shorter" => Hinge::Change,
        "he" | "she" | "him" | "her" | "his" | "hers" | "they" => Hinge::Person,
        "until" | "till" | "before" | "after" | "then" | "noon" | "midday" | "midnight"
        | "morning" | "mornings" | "afternoon" | "afternoons" | "evening" | "evenings"
        | "weekend" | "weekends" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday"
        | "saturday" | "sunday" | "mondays" | "tuesdays" | "wednesdays" | "thursdays"
        | "fridays" | "today" | "tomorrow" | "tonight" | "earlier" | "later" | "sooner" => {
            Hinge::Time
        }
        "salary" | "compensation" | "visa" | "relocation" | "discrimination" | "lawyer"
        | "complaint" | "complain" => Hinge::Question,
        _ => return None,
    })
}

/// Words without which a clause says the same, as far as times go.
static SAYS_NOTHING: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "a an the i me my mine myself we us our you your yours it its this that these those \
     there here is am are be been being was were has have had do does did will would \
     shall should can could may to for of in on at by with from as and or so very really \
     just also too well still already again quite pretty much more most please kindly hi \
     hello hey dear good greetings regards best kind warm cheers sincerely yours' \
     faithfully team all everyone interview call meeting chat conversation appointment \
     slot slots option options time times date dates day days week schedule calendar zoom \
     email mail message reply answer job role position company application choice one \
     ones out up them then' now about regarding because since which what' who' think \
     believe guess' hope hopefully' let get got like sorry apologies happy glad soon sure \
     yes ok great perfect fine nice work side end checking checked looked looking look \
     after' having going go take make both possible convenient suitable available free \
     actually ideally preferably definitely certainly absolutely gladly sir madam mam maam mr mrs respected inform hereby writing n v mate mates guys folks okey ought top honest  \
     ms miss dr quick quickly update back getting sending offering giving over through \
     into off any some next first second' talk speak meet see hear am' pm local zone \
     timezone cet berlin proposed suggested offered given listed above below opportunity \
     invitation excited honestly basically probably' totally perfectly right anyway by' \
     name re ps p s lol haha hehe cool awesome wonderful lovely super bye ciao hugs xx x \
     vs via video o clock oclock h hrs uhr minutes minute hour hours long early little \
     bit lot lots many few when where' how' why' say said says' note noted selected \
     selection pick choose chosen everything everybody anything something thing things \
     put name down down' due respect reckon guess' oughta ought shall' el la le den der die das \
     afternoon' o'clock participate accordingly greatly nicely easily simply straight grand \
     today' lgtm hands cheers' comfortable comfortably speaking talking meeting interviewing \
     discussing hearing seeing chatting learning joining regard mentioned attached enclosed \
     indicated provided' requested asked wanted hoping needed prefer preferred window gap space \
     home lunch' office remotely online connection stable quiet room laptop camera headset \
     tel mobile cell number phone' their theirs preference slight \
     help w patience understanding response quickest earliest latest middle suits works \
     fits sounds looks seems feel feels therefore hence thus"
        .split(' ')
        .collect()
});

fn says_nothing(low: &str) -> bool {
    SAYS_NOTHING.contains(low)
}
