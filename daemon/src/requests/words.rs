//! The vocabulary of requests.
//!
//! Owns which words say something about a request, or nothing at all. Invariant: what is in none of
//! these lists is never passed over in silence. Must not decide what a word means where it stands.

use std::collections::HashSet;
use std::sync::LazyLock;

pub(super) const MONTHS: [&str; 8] = [
    "april", "may", "june", "march", "august", "jan", "mar", "jun",
];

/// Words that turn a time into one at which it is not to be.
pub(super) const NOT: [&str; 50] = [
    "not",
    "never",
    "don't",
    "dont",
    "doesn't",
    "doesnt",
    "can't",
    "cant",
    "cannot",
    "couldn't",
    "won't",
    "wouldn't",
    "isn't",
    "aren't",
    "wasn't",
    "shouldn't",
    "mustn't",
    "unable",
    "avoid",
    "avoids",
    "avoiding",
    "skip",
    "excluding",
    "exclude",
    "except",
    "excepting",
    "busy",
    "unavailable",
    "travelling",
    "traveling",
    "travels",
    "holiday",
    "vacation",
    "pto",
    "blocked",
    "occupied",
    "ill",
    "sick",
    "hates",
    "dislikes",
    "neither",
    "nor",
    "impossible",
    "flying",
    "nothing",
    "packed",
    "full",
    "swamped",
    "slammed",
    "jammed",
];

/// The same in several words.
pub(super) const NOT_PHRASES: [&str; 22] = [
    "apart from",
    "other than",
    "anything but",
    "any day but",
    "any time but",
    "tied up",
    "in meetings",
    "on leave",
    "out of office",
    "out of the office",
    "on the road",
    "rule out",
    "not keen on",
    "day off",
    "days off",
    "has a clash",
    "has a conflict",
    "have a conflict",
    "is booked",
    "in training",
    "at a conference",
    "stay clear of",
];

/// Words after a time that say that it is not to be.
pub(super) const NOT_AFTER: [&str; 28] = [
    "is out",
    "are out",
    "is off",
    "are off",
    "is bad",
    "are bad",
    "is no good",
    "are no good",
    "is impossible",
    "are impossible",
    "is taken",
    "is blocked",
    "are blocked",
    "is tricky",
    "are tricky",
    "is difficult",
    "are difficult",
    "off limits",
    "out of the question",
    "won't work",
    "don't work",
    "doesn't work",
    "doesn't suit",
    "don't suit",
    "wouldn't work",
    "isn't possible",
    "not possible",
    "is a no",
];

/// Words before a time that make it a wish.
pub(super) const RATHER: [&str; 22] = [
    "rather",
    "prefer",
    "prefers",
    "preferred",
    "preferably",
    "preference",
    "preferring",
    "ideally",
    "hopefully",
    "maybe",
    "perhaps",
    "favour",
    "favours",
    "favor",
    "favors",
    "happier",
    "keen",
    "hates",
    "dislikes",
    "wishes",
    "hopes",
    "likes",
];

/// The same in several words.
pub(super) const RATHER_PHRASES: [&str; 24] = [
    "if possible",
    "if at all possible",
    "where possible",
    "when possible",
    "if you can",
    "if we can",
    "if it works",
    "if that works",
    "if she can",
    "if he can",
    "if they can",
    "would be nice",
    "doesn't like",
    "don't like",
    "best would be",
    "it would be great",
    "better not",
    "even better",
    "if it can be",
    "nice to have",
    "not keen on",
    "would love",
    "tries to",
    "as far as possible",
];

/// Words after a time that make it a wish.
pub(super) const RATHER_AFTER: [&str; 28] = [
    "would be better",
    "would be best",
    "would be ideal",
    "would be nice",
    "would be great",
    "would be perfect",
    "would be good",
    "is better",
    "is best",
    "is ideal",
    "are better",
    "are best",
    "are ideal",
    "works best",
    "work best",
    "works better",
    "work better",
    "suits best",
    "suit best",
    "preferred",
    "preferably",
    "if possible",
    "not ideal",
    "not great",
    "for preference",
    "at best",
    "if we can",
    "if you can",
];

/// Until the time that follows, as in "has to leave at 3".
pub(super) const LEAVES: [&str; 16] = [
    "leave",
    "leaves",
    "leaving",
    "finish",
    "finishes",
    "finished",
    "done",
    "over",
    "ends",
    "end",
    "stops",
    "stop",
    "heads off",
    "logs off",
    "is gone",
    "wrap",
];

/// From the time that follows, as in "is back on Wednesday".
pub(super) const BACK: [&str; 12] = [
    "back", "returns", "return", "starts", "arrives", "lands", "gets in", "begins", "comes in",
    "joins", "online", "logs on",
];

/// What follows the name of somebody whose time is spoken of.
pub(super) const SAYS_OF: [&str; 66] = [
    "is",
    "isn't",
    "are",
    "aren't",
    "can",
    "can't",
    "cant",
    "cannot",
    "could",
    "couldn't",
    "would",
    "wouldn't",
    "will",
    "won't",
    "has",
    "have",
    "hasn't",
    "haven't",
    "had",
    "needs",
    "prefers",
    "prefer",
    "must",
    "mustn't",
    "only",
    "works",
    "starts",
    "leaves",
    "wants",
    "likes",
    "hates",
    "dislikes",
    "doesn't",
    "don't",
    "avoids",
    "asked",
    "asks",
    "says",
    "said",
    "should",
    "shouldn't",
    "wishes",
    "hopes",
    "gets",
    "finishes",
    "ends",
    "arrives",
    "returns",
    "comes",
    "begins",
    "travels",
    "flies",
    "rather",
    "free",
    "available",
    "busy",
    "away",
    "out",
    "off",
    "unavailable",
    "never",
    "not",
    "lands",
    "back",
    "joins",
    "favours",
];

/// Words between a name and what is said of it.
pub(super) const BETWEEN: [&str; 9] = [
    "both",
    "really",
    "also",
    "unfortunately",
    "who",
    "usually",
    "all",
    "still",
    "always",
];

/// Words that may stand before a time that goes on a list.
pub(super) const BEFORE_TIME: [&str; 20] = [
    "on", "at", "the", "or", "and", "else", "either", "from", "between", "in", "any", "maybe",
    "also", "even", "this", "next", "before", "after", "until", "by",
];

/// Words that relate a time, and are left over where none follows.
pub(super) const RELATES: [&str; 8] = [
    "before", "after", "until", "unless", "during", "while", "till", "since",
];

pub(super) fn is_weekday(low: &str) -> bool {
    matches!(
        low,
        "mon" | "tue" | "tues" | "wed" | "weds" | "thu" | "thur" | "thurs" | "fri" | "sat" | "sun"
    ) || low.strip_suffix('s').unwrap_or(low).ends_with("day")
}

/// Words that say nothing that is not read elsewhere.
const COMMON: &str = "
a an the this that these those there here it its itself one ones some any every each all both either
i me my mine myself we us our ours you your yours he him his she her hers they them their theirs who
whom whose which what when where how somebody someone anybody anyone everybody everyone people person
folks team colleague colleagues
am is are was were be been being do does did done doing have has had having will would shall should
can could may might must need needs needed want wants wanted wanna gonna going go goes gone get gets
getting got let lets make makes making take takes taking give gives put puts set sets see look looks
looking like likes love know tell show say says said ask asks asked try tries trying think hope hopes
keep come comes work works working suit suits fit fits happen happens
to of for from in into on onto at by with without within between among about around over under up down
off out as than then so too also just only even still already yet again ever else instead once
and or but nor plus if because since though although however
please kindly thanks thank cheers hi hello hey dear ok okay great good fine nice sure yes yep yeah no nope
not never don't dont can't cant cannot won't isn't aren't doesn't didn't couldn't wouldn't shouldn't
haven't hasn't wasn't weren't mustn't
schedule schedules scheduled scheduling reschedule rescheduled rescheduling book books booked booking
rebook arrange arranges arranged arranging organise organize organised organized setup plan plans
planned planning find finds finding fix line slot slots fit squeeze pencil invite invites invited
meet meets meeting meetings interview interviews interviewing interviewed call calls chat chats talk
talks talking speak speaking conversation conversations session sessions appointment appointments
zoom video videocall online remote remotely virtual virtually phone telephone person round mind
cancel cancels cancelled canceled cancelling canceling scrap delete remove drop off
move moves moved moving advance promote progress push shift bring postpone postponed delay bump
transfer forward back stage stages step pipeline
free availability available open opening openings time times date dates day days week weeks today
hour hours minute minutes min mins month
why how come wrong reason against problem
wait waits waiting stuck longest long overdue candidate candidates applicant applicants
agenda calendar diary list upcoming next first second third last current currently soon sooner
help undo revert
possible possibly ideally preferably prefer prefers preferred rather better best ideal perfect maybe
perhaps hopefully convenient convenience favour favor favours favors
earliest latest early late earlier later asap quick quickly short brief longer shorter soonest urgent
urgently
before after until till during while
everything anything nothing something somewhere sometime sometimes anytime whenever whatever
role position job vacancy requisition opening
host hosted hosting hosts account
optional optionally include including included add adding added join joins joining along together
same other another new different more less much many lot most least
minute's hour's half quarter full total length duration
now right away straight busy unavailable travelling traveling holiday vacation pto blocked ill sick
leave leaves leaving finish finishes finished over end ends stop stops wrap returns return starts start
arrives lands begins begin
definitely absolutely strictly really actually unfortunately usually always normally
well anyway basically honestly simply quite very pretty bit little couple few
option options letter choice number candidate's
avoid avoids avoiding skip except excluding exclude excepting neither impossible unable tricky difficult
bad ideal clash conflict
set up sort out hold hop jump catch touch sync syncup kick
he'd she'd they'd i'd we'd
s d ll ve re m e g eg ie etc
send propose proposes proposed offer offers suggest suggests
us me's team's
between's hates dislikes happier keen wishes
that'd works it'd
afterwards beforehand
ready able has've
done gone
mine's
reading
thing things stuff
case
way
part
none nobody three both
does
question
regarding re concerning
debrief screen screening
guess wonder wondering
hiring manager
interviewer interviewers panel
appreciate
enough w vs swap grab front mr ms mrs dr u seeing seen confirmed packed otherwise goes stuck cancelled
change changed replace replaced passed speaks speak mean means intro
swamped slammed jammed like goes went calendar diary tmrw
whether
asap's
today's
tentatively
booked
view
overview
summary
status
";

static KNOWN: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| COMMON.split_whitespace().collect());

/// Whether a word is one of the language's common ones, and so a name only where it is written as
/// one.
pub(super) fn is_common(low: &str) -> bool {
    KNOWN.contains(low) || is_weekday(low) || MONTHS.contains(&low)
}
