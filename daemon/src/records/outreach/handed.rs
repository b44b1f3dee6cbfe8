//! Who was emailed that a person has to see to an outreach.

use serde::{Deserialize, Serialize};

/// Who was emailed that a person has to see to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handed {
    /// Nobody yet.
    #[default]
    Nobody,
    /// The organizer.
    Organizer,
    /// Everybody who recruits for the job. What a later version wrote reads as this: nobody is
    /// emailed twice.
    #[serde(other)]
    Recruiters,
}

impl Handed {
    /// Whether nobody was.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        *self == Self::Nobody
    }

    /// Who is next; `None`: everybody was.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        match self {
            Self::Nobody => Some(Self::Organizer),
            Self::Organizer => Some(Self::Recruiters),
            Self::Recruiters => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_after_the_other_is_emailed_and_nobody_twice() {
        let all = std::iter::successors(Some(Handed::Nobody), |it| it.next());
        let all: Vec<_> = all.collect();
        assert_eq!(all, [Handed::Nobody, Handed::Organizer, Handed::Recruiters]);
        for it in all {
            let written = serde_json::to_string(&it).expect("written");
            assert_eq!(serde_json::from_str::<Handed>(&written).expect("read"), it);
        }
        let later: Handed = serde_json::from_str("\"board\"").expect("read");
        assert_eq!(later, Handed::Recruiters);
    }
}
