//! The queue as it was, to compare with: one set for all kinds, walked past whatever is saturated.

use std::collections::{BTreeSet, HashSet};

use greenroom_protocol::time::Instant;

const MOST_OF_A_KIND: usize = 16;

/// Pieces of one kind.
#[derive(Default)]
pub struct Former {
    idle: BTreeSet<(Instant, String)>,
    under_way: HashSet<String>,
}

impl Former {
    pub fn set(&mut self, piece: &str, due: Instant) {
        self.idle.insert((due, piece.to_owned()));
    }

    pub fn take(&mut self, now: Instant, most: usize) -> Vec<String> {
        let (mut of_its_kind, mut taken) = (self.under_way.len(), Vec::new());
        for (due, piece) in self.idle.iter().take_while(|(due, _)| *due <= now) {
            if taken.len() == most {
                break;
            }
            if of_its_kind < MOST_OF_A_KIND {
                of_its_kind += 1;
                taken.push((*due, piece.clone()));
            }
        }
        for piece in &taken {
            self.idle.remove(piece);
            self.under_way.insert(piece.1.clone());
        }
        taken.into_iter().map(|(_, piece)| piece).collect()
    }

    pub fn ended(&mut self, piece: &str) {
        self.under_way.remove(piece);
    }
}
