//! Candidates who answer when times are proposed to them, each in their own way.
//!
//! Owns what somebody writes who got an email of ours, by their mood and by how far the two are.
//! Invariant: they know nothing but what stands in their emails, like anybody else; the same mood and
//! emails give the same answers.

use crate::post::Found;

/// How somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mood {
    /// Writes the number of a time.
    Number,
    /// Writes the day and the hour of a time.
    Time,
    /// Takes any of them.
    Any,
    /// Has a wish of their own first.
    Counters,
    /// Can do none of the times, and chooses among the next ones.
    Declines,
    /// Wants to know something first.
    Asks,
    /// Is on vacation: a machine answers first, they do when they are reminded.
    Away,
    /// Says nothing before they are reminded.
    Slow,
    /// Chooses, and says so again once they are invited.
    Confirms,
    /// Chooses, and has to cancel once they are invited.
    Cancels,
    /// Wants to be considered no more.
    Withdraws,
    /// Says nothing, ever.
    Silent,
}

impl Mood {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Number,
        Self::Time,
        Self::Any,
        Self::Counters,
        Self::Declines,
        Self::Asks,
        Self::Away,
        Self::Slow,
        Self::Confirms,
        Self::Cancels,
        Self::Withdraws,
        Self::Silent,
    ];
}

/// A time as an email of ours says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Its number.
    pub n: u8,
    /// When it begins, such as `2:30 pm`.
    pub hour: String,
    /// Its day, such as `Thursday 3 December`.
    pub day: String,
}

/// The times that an email proposes, by number.
#[must_use]
pub fn printed(text: &str) -> Vec<Printed> {
    text.lines().filter_map(printed_in).collect()
}

/// Reads `  1  2:30–3:15 pm, Kolkata time, Thursday 3 December` and, as Americans write it,
/// `  1  2:30–3:15 PM Eastern Time on Thursday, December 3`.
fn printed_in(line: &str) -> Option<Printed> {
    let (number, rest) = line.strip_prefix("  ")?.split_once("  ")?;
    let n = number.trim().parse().ok()?;
    let (start, rest) = rest.split_once('–')?;
    let day = match rest.split_once(" on ") {
        Some((_, day)) => day,
        None => rest.rsplit(", ").next()?,
    };
    let end = rest.split(',').next().unwrap_or_default();
    let half = end.split_whitespace().nth(1).unwrap_or_default();
    let is_half = matches!(half, "am" | "pm" | "AM" | "PM");
    let hour = match is_half && !start.contains(' ') {
        true => format!("{start} {half}"),
        false => start.to_owned(),
    };
    Some(Printed {
        n,
        hour,
        day: day.trim().to_owned(),
    })
}

/// Somebody who was written to.
#[derive(Debug, Clone)]
pub struct Candidate {
    mood: Mood,
    /// Times were proposed to them so often.
    proposals: u32,
    /// They have been invited.
    invited: bool,
    /// The times that they said would do, as they read them; none before they chose.
    meant: Vec<Printed>,
}

impl Candidate {
    /// Nobody has written to them yet.
    #[must_use]
    pub fn new(mood: Mood) -> Self {
        Self {
            mood,
            proposals: 0,
            invited: false,
            meant: Vec::new(),
        }
    }

    /// How they answer.
    #[must_use]
    pub fn mood(&self) -> Mood {
        self.mood
    }

    /// The times that they said would do, as they read them: one, or any of several. None before
    /// they chose.
    #[must_use]
    pub fn meant(&self) -> &[Printed] {
        &self.meant
    }

    /// What they write when they get this; `None`: nothing.
    pub fn gets(&mut self, letter: &Found) -> Option<String> {
        if letter.method() == Some("REQUEST") {
            return self.is_invited(letter);
        }
        let times = printed(&letter.text);
        if times.is_empty() {
            return None;
        }
        self.proposals += 1;
        self.chooses(letter, &times)
    }

    fn is_invited(&mut self, letter: &Found) -> Option<String> {
        let is_first = !std::mem::replace(&mut self.invited, true);
        let text = match self.mood {
            Mood::Confirms => "Thank you, that works. See you then!",
            Mood::Cancels => "I am very sorry, but I have to cancel: I have the flu.",
            _ => return None,
        };
        is_first.then(|| letter.words(text))
    }

    fn chooses(&mut self, letter: &Found, times: &[Printed]) -> Option<String> {
        let first = times.first()?;
        let last = times.last()?;
        let number = format!("Hello,\n\noption {} works for me.\n\nThank you!", last.n);
        let again = self.proposals > 1;
        let text = match self.mood {
            Mood::Number | Mood::Confirms | Mood::Cancels => number.clone(),
            Mood::Time => format!(
                "Hi,\n\n{} at {} suits me well.\n\nKind regards",
                first.day, first.hour
            ),
            Mood::Any => "Any of these times works for me.".to_owned(),
            Mood::Counters if !again => {
                "Thanks for the invitation. None of these work for me, I'm afraid. Could we do an afternoon next week?".to_owned()
            }
            Mood::Declines if !again => {
                "Unfortunately I can't make any of these times.".to_owned()
            }
            Mood::Asks if !again => {
                "Thank you! Before I choose one: who will I be speaking with?".to_owned()
            }
            Mood::Away if !again => return Some(away(letter)),
            Mood::Slow if !again => return None,
            Mood::Counters | Mood::Declines | Mood::Asks | Mood::Away | Mood::Slow => {
                number.clone()
            }
            Mood::Withdraws => {
                "Thank you, but I have accepted another job and would like to withdraw my application.".to_owned()
            }
            Mood::Silent => return None,
        };
        self.meant = match self.mood {
            Mood::Time => vec![first.clone()],
            Mood::Any => times.to_vec(),
            _ if text == number => vec![last.clone()],
            _ => Vec::new(),
        };
        Some(letter.words(&text))
    }
}

fn away(letter: &Found) -> String {
    let text = "I am out of office and not reading email.";
    let words = letter.words(text);
    match words.split_once('\n') {
        Some((from, rest)) => format!("{from}\nAuto-Submitted: auto-replied\n{rest}"),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(text: &str) -> Found {
        Found {
            name: "1".into(),
            bytes: Vec::new(),
            to: "jo@mail.example".into(),
            subject: "Interview".into(),
            message_id: "1@acme.example".into(),
            in_reply_to: None,
            text: text.into(),
            calendar: None,
        }
    }

    const PROPOSAL: &str = "\
Please choose one of these times; the interview takes 45 minutes:

  1  2:30–3:15 pm, Kolkata time, Thursday 3 December
  2  11:30 am–12:15 pm, Kolkata time, Friday 4 December
  3  14:30–15:15, Berlin time, Saturday 5 December
  4  5:00–5:45 AM Eastern Time on Tuesday, March 2

Reply with the number of a time.
";

    #[test]
    fn times_are_read_as_they_are_printed() {
        let read = |n: u8, hour: &str, day: &str| Printed {
            n,
            hour: hour.into(),
            day: day.into(),
        };
        let expected = [
            read(1, "2:30 pm", "Thursday 3 December"),
            read(2, "11:30 am", "Friday 4 December"),
            read(3, "14:30", "Saturday 5 December"),
            read(4, "5:00 AM", "Tuesday, March 2"),
        ];
        assert_eq!(printed(PROPOSAL), expected);
        assert_eq!(printed("Hello,\n\n  no times here"), []);
    }

    #[test]
    fn each_mood_answers_in_its_own_way() {
        let mut time = Candidate::new(Mood::Time);
        let said = time.gets(&letter(PROPOSAL)).unwrap();
        assert!(said.contains("Thursday 3 December at 2:30 pm suits me"));
        assert_eq!(time.meant(), &printed(PROPOSAL)[..1]);
        let mut slow = Candidate::new(Mood::Slow);
        assert_eq!(slow.gets(&letter(PROPOSAL)), None);
        assert!(slow.gets(&letter(PROPOSAL)).unwrap().contains("option 4"));
        let mut away = Candidate::new(Mood::Away);
        let said = away.gets(&letter(PROPOSAL)).unwrap();
        assert!(said.starts_with("From: jo@mail.example\nAuto-Submitted: auto-replied\n"));
        for mood in Mood::ALL {
            let mut candidate = Candidate::new(mood);
            assert_eq!(candidate.gets(&letter("Thank you.")), None, "{mood:?}");
        }
    }
}
