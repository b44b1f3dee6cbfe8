//! Who may do what: every method for every kind of caller, what each of them sees, and what is
//! written down of them.

mod fixture;

mod every_way;
mod narrowing;
mod on_behalf;
mod table;
mod unlinked;
