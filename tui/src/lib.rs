//! Placeholder.
mod clipboard;
mod keys;
mod terminal;
mod theme;
mod widgets;
