//! Everything in one sealed file, and the way back: exact among writers, readable with the key
//! alone, and never a moment in which there is no store.

mod fixture;

mod booked_before;
mod damaged;
mod directories;
mod doubting;
mod handing_in;
mod hours;
mod killed;
mod letters;
mod machines;
mod mail_settings;
mod nightly;
mod restoring;
mod sending_on;
mod taking;
mod upgrading;
