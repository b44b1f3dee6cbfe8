//! Times proposed to a candidate by a person or the assistant: held, emailed, answered in words,
//! booked by a person or the assistant, released.

mod acting;
mod ana;
mod answering;
mod arranging;
mod assisted;
mod away;
mod booked;
mod crowd;
mod editing;
mod ending;
mod entering;
mod fixture;
mod flood;
mod guiding;
mod handed;
mod hostile;
mod lines;
mod many;
mod moving;
mod own_slots;
mod proposing;
mod racing;
mod rounds;
mod rush;
mod shell;
mod traps;
mod waiting;
mod watching;
