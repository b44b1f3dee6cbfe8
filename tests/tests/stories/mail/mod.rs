//! Mail as people meet it: who is written to and when, what is answered, what waits and why.

mod fixture;

mod addresses;
mod answers;
mod calendars;
mod discretion;
mod elsewhere;
mod hostile;
mod invitations;
mod letters;
mod lost_answers;
mod notices;
mod outbox;
mod received;
mod reminders;
mod replies;
mod servers;
mod shell;
mod systems;
mod templates;
mod undo;
mod workspaces;
