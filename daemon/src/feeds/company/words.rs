//! What people read of calendars that cannot be read, and what they can do.

use greenroom_protocol::account::AccountProvider;

use super::words as of_provider;
use crate::calendars::panel::Hidden;
use crate::records::feed::Fault;

/// What a member's calendar is called among their calendars.
pub(super) fn name(provider: AccountProvider) -> &'static str {
    match provider {
        AccountProvider::Google => "Google Workspace",
        AccountProvider::Microsoft => "Microsoft 365",
    }
}

/// The short word of a cause, which stays.
pub(super) fn code(hidden: Hidden) -> &'static str {
    match hidden {
        Hidden::NotFound => "not-found",
        Hidden::NoAccess => "no-access",
        Hidden::Group => "group",
        Hidden::TooMuch => "too-much",
        Hidden::Trouble => "provider-trouble",
        Hidden::Missing => "missing",
        Hidden::Unreadable => "unreadable",
        Hidden::Unknown => "unknown",
    }
}

/// Whether it stays so until somebody does something.
pub(super) fn is_lasting(hidden: Hidden) -> bool {
    match hidden {
        Hidden::NotFound | Hidden::NoAccess | Hidden::Group | Hidden::TooMuch => true,
        Hidden::Trouble | Hidden::Missing | Hidden::Unreadable | Hidden::Unknown => false,
    }
}

/// Why the calendar of this address is not told, and what to do.
pub(super) fn fault(provider: AccountProvider, email: &str, hidden: Hidden) -> Fault {
    let name = of_provider(provider).name;
    let word = provider.word();
    let out = format!(
        "where it is kept elsewhere, leave it out: greenroom workspace calendars leave-out {email} \
         --{word}"
    );
    match hidden {
        Hidden::NotFound => Fault::new(
            format!("{name} knows no calendar of {email} that the account may see"),
            format!("check the address; {out}"),
        ),
        Hidden::NoAccess => Fault::new(
            format!("the account may not see when {email} is busy"),
            "ask them to share when they are busy within the organization",
        ),
        Hidden::Group => Fault::new(
            format!("{email} is a group's address at {name}"),
            format!("give the member their own address; {out}"),
        ),
        Hidden::TooMuch => Fault::new(
            format!("the calendar of {email} has more entries than {name} answers with"),
            out,
        ),
        Hidden::Trouble => Fault::bare(format!("{name} could not read the calendar of {email}")),
        Hidden::Missing => Fault::bare(format!("{name}'s answer does not have {email}")),
        Hidden::Unreadable | Hidden::Unknown => {
            Fault::bare(format!("what {name} says of {email} cannot be read"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_that_lasts_says_what_to_do() {
        for hidden in [
            Hidden::NotFound,
            Hidden::NoAccess,
            Hidden::Group,
            Hidden::TooMuch,
            Hidden::Trouble,
            Hidden::Missing,
            Hidden::Unreadable,
            Hidden::Unknown,
        ] {
            for provider in AccountProvider::ALL {
                let fault = fault(provider, "sam@acme.example", hidden);
                assert!(fault.why.contains("sam@acme.example"), "{fault:?}");
                assert_eq!(fault.hint.is_some(), is_lasting(hidden), "{fault:?}");
            }
            assert!(!code(hidden).is_empty());
        }
    }
}
