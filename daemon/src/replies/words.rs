//! A text as words in one spelling.
//!
//! Owns how contractions, shorthand and frequent slips are spelled out. Invariant: words are in the
//! order of the text, and each knows which bytes of it it was read from. Must not know what a word
//! means.

use std::ops::Range;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letters,
    Digits,
    Mark,
    /// A link, an address or a phone number: nothing in it is read.
    Opaque,
    /// The end of a line; two of them where a blank line follows.
    Line,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub kind: Kind,
    /// In lower case, spelled out.
    pub low: String,
    pub at: Range<usize>,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether a space stands before it.
    pub spaced: bool,
}

/// Whether a word is in a list of words with spaces between them.
pub(super) fn among(low: &str, list: &str) -> bool {
    list.split(' ').any(|it| it == low)
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    let mut spaced = true;
    while let Some(first) = text[at..].chars().next() {
        if first == '\n' {
            all.push(mark(Kind::Line, "\n", at..at + 1));
            at += 1;
            spaced = true;
            continue;
        }
        if first.is_whitespace() {
            spaced = true;
            at += first.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let (kind, length) = if let Some(length) = opaque(rest, spaced) {
            (Kind::Opaque, length)
        } else if first.is_alphabetic() {
            (Kind::Letters, letters(rest))
        } else if first.is_ascii_digit() {
            let end = rest.find(|it: char| !it.is_ascii_digit());
            (Kind::Digits, end.unwrap_or(rest.len()))
        } else {
            (Kind::Mark, first.len_utf8())
        };
        let place = at..at + length;
        match kind {
            Kind::Letters => {
                let low = rest[..length].to_lowercase().replace('’', "'");
                let capital = first.is_uppercase();
                // "Thursday's fine": the day ends before what is said of it.
                let mark = rest[..length].rfind(['\'', '’']);
                let is = mark.filter(|_| is_day_that_is(&low));
                for (nth, part) in spelled_out(&low).into_iter().enumerate() {
                    let at = match (is, nth) {
                        (Some(mark), 0) => at..at + mark,
                        (Some(mark), _) => at + mark..place.end,
                        (None, _) => place.clone(),
                    };
                    all.push(Word {
                        kind,
                        low: part,
                        at,
                        capital: capital && nth == 0,
                        spaced: spaced || nth > 0,
                    });
                }
            }
            // A thumb or a tick is a word of yes.
            Kind::Mark if matches!(first, '👍' | '✅' | '👌' | '🆗') => all.push(Word {
                kind: Kind::Letters,
                low: "ok".to_owned(),
                at: place,
                capital: false,
                spaced: true,
            }),
            _ => all.push(Word {
                kind,
                low: rest[..length].to_owned(),
                at: place,
                capital: false,
                spaced,
            }),
        }
        spaced = false;
        at += length;
    }
    greets(&mut all);
    numbers_that_are(&mut all);
    goes_on(&mut all);
    all
}

/// "Morning!" and "Evening Robin," greet.
fn greets(all: &mut [Word]) {
    let next = all
        .get(1)
        .is_none_or(|it| it.capital || it.kind == Kind::Mark || it.kind == Kind::Line);
    let alone = all.len() == 1;
    if let Some(first) = all.first_mut().filter(|_| next && !alone)
        && among(&first.low, "morning afternoon evening mornin")
        && first.capital
    {
        first.low = "hello".to_owned();
    }
}

/// "2's fine": the letter behind a number is a verb.
fn numbers_that_are(all: &mut Vec<Word>) {
    let mut at = 1;
    while at + 1 < all.len() {
        let number = all[at - 1].kind == Kind::Digits;
        let mark = matches!(all[at].low.as_str(), "'" | "’") && !all[at].spaced;
        let letter = all[at + 1].low == "s" && !all[at + 1].spaced;
        if number && mark && letter {
            all.remove(at);
            all[at].low = "is".to_owned();
            all[at].spaced = true;
        }
        at += 1;
    }
}

/// "Ill take 2" is no illness.
fn goes_on(all: &mut Vec<Word>) {
    let mut at = 0;
    while at + 1 < all.len() {
        let next = all[at + 1].low.as_str();
        let verb = "go take be have do come pick choose see let get make check join book confirm";
        if all[at].low == "ill" && among(next, verb) {
            let will = Word {
                low: "will".to_owned(),
                spaced: true,
                capital: false,
                ..all[at].clone()
            };
            all[at].low = "i".to_owned();
            all.insert(at + 1, will);
            at += 1;
        }
        at += 1;
    }
}

/// A day that something is said of, with a shortened "is".
fn is_day_that_is(low: &str) -> bool {
    low.strip_suffix("'s").is_some_and(|it| {
        among(
            it,
            "monday tuesday wednesday thursday friday saturday sunday today tomorrow mon tue tues \
             wed thu thur thurs fri",
        )
    })
}

fn mark(kind: Kind, low: &str, at: Range<usize>) -> Word {
    Word {
        kind,
        low: low.to_owned(),
        at,
        capital: false,
        spaced: true,
    }
}

/// How long the word is that `text` begins with; an apostrophe belongs to it between letters.
fn letters(text: &str) -> usize {
    let run = |text: &str| {
        let end = text.find(|it: char| !it.is_alphabetic());
        end.unwrap_or(text.len())
    };
    let mut end = run(text);
    while let Some(mark @ ('\'' | '’')) = text[end..].chars().next() {
        let more = run(&text[end + mark.len_utf8()..]);
        if more == 0 {
            break;
        }
        end += mark.len_utf8() + more;
    }
    end
}

/// How long the link, address or phone number is that `text` begins with.
fn opaque(text: &str, begins: bool) -> Option<usize> {
    if !begins {
        return None;
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let chunk = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '>']);
    let address = chunk.split_once('@').is_some_and(|(before, after)| {
        before.ends_with(char::is_alphanumeric)
            && after.contains('.')
            && after.starts_with(char::is_alphabetic)
    });
    if address || chunk.contains("://") || chunk.starts_with("www.") {
        return Some(chunk.len()).filter(|it| *it > 0);
    }
    phone(text)
}

/// `+49 171 1234567`, `(415) 555-0143`, `0171 2345678`: at least seven figures, of which a group has
/// three or more, and nothing that a clock or a date is written with.
fn phone(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if !matches!(first, '+' | '(' | '0'..='9') {
        return None;
    }
    let allowed = |it: char| it.is_ascii_digit() || matches!(it, '+' | '(' | ')' | '-' | ' ');
    let run = &text[..text.find(|it| !allowed(it)).unwrap_or(text.len())];
    let run = run.trim_end_matches(|it: char| !it.is_ascii_digit());
    let digits = run.chars().filter(char::is_ascii_digit).count();
    let groups: Vec<&str> = run
        .split(|it: char| !it.is_ascii_digit())
        .filter(|it| !it.is_empty())
        .collect();
    let year = |it: &str| it.len() == 4 && (it.starts_with("20") || it.starts_with("19"));
    let dated = groups.iter().any(|it| year(it)) && groups.iter().any(|it| it.len() <= 2);
    let lead = matches!(first, '+' | '(' | '0');
    let long = groups.iter().any(|it| it.len() >= if lead { 3 } else { 6 })
        || (groups.len() == 3 && groups[2].len() == 4 && groups[0].len() == 3);
    let next = text[run.len()..].chars().next();
    let clock = matches!(next, Some(':' | '.' | '/')) && !text[run.len()..].starts_with(". ");
    let clock = clock && text[run.len() + 1..].starts_with(|it: char| it.is_ascii_digit());
    ((7..=16).contains(&digits) && long && !dated && !clock).then_some(run.len())
}

/// A word without its contractions and slips.
fn spelled_out(word: &str) -> Vec<String> {
    let own = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
    let whole: &[&str] = match word {
        "cannot" | "cant" | "can't" | "cnt" => &["can", "not"],
        "won't" | "wont" => &["will", "not"],
        "shan't" => &["shall", "not"],
        "ain't" => &["is", "not"],
        "dont" => &["do", "not"],
        "doesnt" | "dosnt" | "dosen't" => &["does", "not"],
        "didnt" => &["did", "not"],
        "isnt" => &["is", "not"],
        "arent" => &["are", "not"],
        "wasnt" => &["was", "not"],
        "couldnt" => &["could", "not"],
        "wouldnt" => &["would", "not"],
        "shouldnt" => &["should", "not"],
        "havent" => &["have", "not"],
        "hasnt" => &["has", "not"],
        "im" => &["i", "am"],
        "ive" => &["i", "have"],
        "thats" => &["that", "is"],
        "theres" => &["there", "is"],
        "whats" => &["what", "is"],
        "lets" | "let's" => &["let", "us"],
        "itll" => &["it", "will"],
        "thatll" => &["that", "will"],
        "u" => &["you"],
        "ur" => &["your"],
        "pls" | "plz" | "plse" | "plss" => &["please"],
        "thx" | "tnx" | "thanx" | "thnx" | "ty" | "tks" | "thks" | "thankyou" => &["thanks"],
        "okay" | "okey" | "oki" | "okie" | "k" | "kk" => &["ok"],
        "gonna" => &["going", "to"],
        "gotta" => &["have", "to"],
        "wanna" => &["want", "to"],
        "avaliable" | "availible" | "availabe" | "avalable" | "availble" | "avaible"
        | "avilable" | "avaialble" | "avail" => &["available"],
        "unavaliable" | "unavailible" => &["unavailable"],
        "definately" | "definitly" | "definetly" => &["definitely"],
        "confrim" | "comfirm" | "cofirm" => &["confirm"],
        "wroks" | "workd" | "wirks" | "workes" | "woks" => &["works"],
        "woudl" | "wuld" => &["would"],
        "coudl" => &["could"],
        "teh" => &["the"],
        "suites" => &["suits"],
        "perfert" | "prefect" | "perfekt" => &["perfect"],
        "prefere" | "preffer" | "prefer" => &["prefer"],
        "shedule" | "scedule" => &["schedule"],
        "reshedule" | "re-schedule" | "rescedule" => &["reschedule"],
        "cancle" | "cancell" => &["cancel"],
        "optoin" | "opiton" | "opion" | "opt" | "optn" => &["option"],
        "slote" | "timeslot" => &["slot"],
        "timeslots" => &["slots"],
        "timing" => &["time"],
        "timings" => &["times"],
        "availabilities" => &["times"],
        "oughta" => &["ought", "to"],
        "gimme" => &["give", "me"],
        "lemme" => &["let", "me"],
        "shoulda" => &["should", "have"],
        "coulda" => &["could", "have"],
        "woulda" => &["would", "have"],
        "unluckily" => &["unfortunately"],
        "unfortunatly" | "unfortunatelly" | "unfortunetly" => &["unfortunately"],
        "nbr" | "nmbr" | "numero" => &["number"],
        "propositions" => &["proposals"],
        "proposition" | "variant" | "variante" => &["proposal"],
        "gr8" => &["great"],
        "yea" | "ya" | "yess" | "yup" | "aye" => &["yes"],
        "y'all" | "yall" => &["you"],
        "intrested" => &["interested"],
        "recieved" => &["received"],
        "tho" => &["though"],
        "tmrw" | "tmr" | "tommorow" | "tomorow" | "tommorrow" => &["tomorrow"],
        "bcoz" | "coz" | "cuz" | "bc" | "cos" => &["because"],
        "vacations" => &["vacation"],
        "ooo" => &["out", "of", "office"],
        "noone" => &["nobody"],
        _ => &[],
    };
    if !whole.is_empty() {
        return own(whole);
    }
    if let Some(stem) = word.strip_suffix("n't") {
        return own(&[stem, "not"]);
    }
    let Some((stem, tail)) = word.rsplit_once('\'') else {
        return own(&[word]);
    };
    let tail = match tail {
        "m" => "am",
        "re" => "are",
        "ve" => "have",
        "ll" => "will",
        "d" => "would",
        "s" => {
            let pronoun = is_day_that_is(word)
                || matches!(
                    stem,
                    "that"
                        | "whatever"
                        | "whichever"
                        | "everything"
                        | "anything"
                        | "nothing"
                        | "it"
                        | "what"
                        | "where"
                        | "there"
                        | "here"
                        | "he"
                        | "she"
                        | "who"
                        | "how"
                        | "when"
                );
            return if pronoun {
                own(&[stem, "is"])
            } else {
                own(&[stem])
            };
        }
        _ => return own(&[word]),
    };
    own(&[stem, tail])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn low(text: &str) -> String {
        let all = words(text);
        let all = all.iter().filter(|it| it.kind != Kind::Opaque);
        all.map(|it| it.low.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn contractions_and_slips_are_spelled_out() {
        assert_eq!(
            low("I can't, won’t & dont"),
            "i can not , will not & do not"
        );
        assert_eq!(
            low("That's fine, I'll be there thx"),
            "that is fine , i will be there thanks"
        );
        assert_eq!(low("Jo's option"), "jo option");
    }

    #[test]
    fn nothing_is_read_in_phone_numbers_links_and_addresses() {
        for text in [
            "+49 171 1234567",
            "0171 2345678",
            "(415) 555-0143",
            "415-555-0143",
        ] {
            assert_eq!(low(text), "", "{text}");
        }
        assert_eq!(low("a@b.example https://x.example/2?a=3 www.x.example"), "");
        for text in [
            "9/12 or 10/12",
            "2026-12-08 10:00",
            "1, 2, 3",
            "1400-1500",
            "10 2 14 00",
        ] {
            assert!(low(text).chars().any(|it| it.is_ascii_digit()), "{text}");
        }
    }
}
