//! Times proposed to a candidate: held, emailed, answered in words, booked by a person, released.

mod answering;
mod ending;
mod fixture;
mod own_slots;
mod proposing;
mod racing;
mod waiting;
