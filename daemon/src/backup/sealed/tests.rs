use super::*;
use crate::store::key::Key as RecordKey;

const NAME: &str = "Ana Lima";
const RING: &[u8] = &[b'k'; 300];

fn lines(count: usize) -> Vec<Line> {
    let line = |number: usize| Line {
        key: RecordKey::new("wsp_1", "candidate", &format!("can_{number:04}")).unwrap(),
        revision: Revision(number as u64 + 1),
        body: Some(format!("\0\0\0\x01{{\"name\":\"{NAME} {number}\"}}").into_bytes()),
    };
    (0..count).map(line).collect()
}

fn sealed(vault: &Vault, lines: &[Line]) -> Vec<u8> {
    let made_at = Instant::from_second(1_796_029_200);
    let mut sealer = Sealer::begin(Vec::new(), vault, made_at, "store").unwrap();
    sealer.add(lines).unwrap();
    sealer.end(Revision(99), RING).unwrap().1
}

fn opened(vault: &Vault, bytes: &[u8]) -> Result<(Vec<Line>, End), SealedError> {
    let mut opener = Opener::open(bytes, vault)?;
    let (mut all, mut ring) = (Vec::new(), Vec::new());
    loop {
        match opener.next()? {
            Part::Lines(lines) => all.extend(lines),
            Part::Ring(piece) => ring.extend(piece),
            Part::End(end) => {
                assert!(ring == RING);
                return Ok((all, end));
            }
        }
    }
}

/// Where each frame begins and ends.
fn frames(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut at = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut found = Vec::new();
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at + 1..at + 5].try_into().unwrap()) as usize;
        found.push(at..at + 5 + length);
        at += 5 + length;
    }
    found
}

#[test]
fn what_is_sealed_is_opened_whole_and_shows_nothing() {
    let vault = Vault::ephemeral().unwrap();
    let lines = lines(3000);
    let bytes = sealed(&vault, &lines);
    assert!(frames(&bytes).len() > 3, "several frames");
    let (found, end) = opened(&vault, &bytes).unwrap();
    assert_eq!(found, lines);
    assert_eq!((end.revision, end.rows), (Revision(99), 3000));
    for word in [NAME, "candidate", "can_0001"] {
        let held = bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes());
        assert!(!held, "{word}");
    }
    let none = sealed(&vault, &[]);
    assert_eq!(opened(&vault, &none).unwrap().0, []);
}

#[test]
fn another_key_is_named() {
    let (one, other) = (Vault::ephemeral().unwrap(), Vault::ephemeral().unwrap());
    let refused = opened(&other, &sealed(&one, &lines(3))).unwrap_err();
    let told = refused.to_string();
    assert!(matches!(refused, SealedError::OtherKey { .. }), "{told}");
    assert!(told.contains(&one.key_id()) && told.contains(&other.key_id()));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let vault = Vault::ephemeral().unwrap();
    let bytes = sealed(&vault, &lines(3));
    for length in 0..bytes.len() {
        assert!(opened(&vault, &bytes[..length]).is_err(), "{length}");
    }
    let last = frames(&bytes).pop().unwrap();
    let refused = opened(&vault, &bytes[..last.start]).unwrap_err();
    assert!(matches!(refused, SealedError::Cut { .. }), "{refused}");
}

#[test]
fn a_bit_altered_anywhere_is_noticed() {
    let vault = Vault::ephemeral().unwrap();
    let bytes = sealed(&vault, &lines(3));
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        assert!(opened(&vault, &altered).is_err(), "byte {at}");
    }
}

#[test]
fn frames_in_another_order_or_of_another_file_or_too_many_are_refused() {
    let vault = Vault::ephemeral().unwrap();
    let bytes = sealed(&vault, &lines(3000));
    let frames = frames(&bytes);
    let start = frames[0].start;
    let assembled = |order: &[usize]| {
        let mut file = bytes[..start].to_vec();
        for frame in order {
            file.extend(&bytes[frames[*frame].clone()]);
        }
        file
    };
    let all: Vec<usize> = (0..frames.len()).collect();
    assert!(opened(&vault, &assembled(&all)).is_ok());
    let mut swapped = all.clone();
    swapped.swap(0, 1);
    let mut without = all.clone();
    without.remove(1);
    let mut twice = all.clone();
    twice.insert(1, 0);
    for order in [swapped, without, twice] {
        let refused = opened(&vault, &assembled(&order)).unwrap_err();
        assert!(matches!(refused, SealedError::Altered { .. }), "{refused}");
    }
    let longer = [&bytes[..], b"more"].concat();
    let refused = opened(&vault, &longer).unwrap_err();
    assert!(matches!(refused, SealedError::Longer), "{refused}");

    let other = sealed(&vault, &lines(3000));
    let mixed = [&other[..start], &bytes[start..]].concat();
    assert!(opened(&vault, &mixed).is_err());
}

#[test]
fn what_is_no_backup_or_too_new_is_told() {
    let vault = Vault::ephemeral().unwrap();
    for foreign in [&b""[..], b"\n", b"{}\n", b"PK\x03\x04", &[b'x'; 9000]] {
        let refused = opened(&vault, foreign).unwrap_err();
        assert!(matches!(refused, SealedError::Foreign), "{refused}");
    }
    let refused = opened(&vault, b"{\"greenroom_backup\":2}\n").unwrap_err();
    assert!(matches!(refused, SealedError::Newer { found: 2 }));
}
