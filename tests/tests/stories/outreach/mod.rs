//! Times proposed to a candidate by a person or the assistant: held, emailed, answered in words,
//! booked by a person, released.

mod answering;
mod arranging;
mod assisted;
mod ending;
mod entering;
mod fixture;
mod own_slots;
mod proposing;
mod racing;
mod waiting;
