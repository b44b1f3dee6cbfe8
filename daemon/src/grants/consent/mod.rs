//! From consent in the browser to keys that are somebody's, and back to none: an attempt is started
//! (`connect`), its answer handed in (`finish`), its keys' owner asked for (`verify`), and bound to
//! a connection (`bind_grant`), or comes to nothing (`ending`); `disconnect` undoes all of it; `approval` keeps who waits for an
//! administrator.

pub(crate) mod approval;
pub(crate) mod attempt;
pub(crate) mod bind_grant;
pub(crate) mod connect;
pub(crate) mod disconnect;
pub(crate) mod ending;
pub(crate) mod error;
pub(crate) mod finish;
pub(crate) mod verify;
