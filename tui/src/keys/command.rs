//! The table of everything a key can do.
//!
//! Owns each command's name, its words and its default keys, once; the keymap, the hint bar, the
//! help, the palette and the generated documentation are all read from [`TABLE`]. What a command
//! does, and whether it can be done now, is decided by its subject in `panes`.

/// Something a person can ask for with a key or from the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    TodayScreen,
    Candidates,
    Pipeline,
    Interviews,
    Assistant,
    Settings,
    Help,
    Palette,
    Undo,
    Workspaces,
    Messages,
    Suspend,
    Quit,
    Leave,
    Back,
    Enter,
    Up,
    Down,
    Left,
    Right,
    First,
    Last,
    PageUp,
    PageDown,
    NextPane,
    PreviousPane,
    Search,
    NewInterview,
    NewCandidate,
    EditCandidate,
    EraseCandidate,
    NewJob,
    NewStage,
    NewMember,
    Hours,
    Calendars,
    AddCalendar,
    ReadCalendar,
    RemoveCalendar,
    NewWorkspace,
    Import,
    Move,
    NextStage,
    PreviousStage,
    ChangeState,
    Notes,
    WriteEmail,
    Mark,
    MarkRange,
    MarkAll,
    Sort,
    Filter,
    ClearFilters,
    Archived,
    ChooseJob,
    StageSettings,
    ListOrWeek,
    Today,
    PreviousWeek,
    NextWeek,
    Zone,
    OtherZone,
    Repair,
    CheckMeetings,
    DeleteOrphan,
    ConfirmInterview,
    Complete,
    NoShow,
    Reschedule,
    EditInterview,
    Replace,
    CancelInterview,
    Mail,
    Emails,
    RetryMail,
    AcceptReply,
    LeavingEmails,
    PreviewEmail,
    Templates,
    EditTemplate,
    StageTemplate,
    ResetTemplate,
    CopyLink,
    OpenLink,
    Insights,
    WriteNotes,
    Connect,
    Disconnect,
    TestZoom,
    Remind,
    Manual,
    Problem,
    CopyAddress,
    ShowQr,
    OpenBrowser,
    SandboxAnswer,
    AskAdmin,
    PagePrivate,
    PageInvalid,
    EditApp,
    TestMail,
    SetUp,
    SkipStep,
    EmailSteps,
    TakeHours,
    CopyValue,
    OpenValue,
    Yes,
    NextField,
    PreviousField,
    Submit,
    WhoAndWhy,
    FirstFree,
    BestTime,
    QuarterBefore,
    QuarterAfter,
    DayBefore,
    DayAfter,
    MarkTime,
    ProposeTimes,
    NewProposal,
    StopOutreach,
    ApproveOutreach,
    EditDraft,
    TakeOver,
    MoveUp,
    SchedulingFigures,
    HandBack,
    StartScheduling,
    PickFirst,
    PickSecond,
    PickThird,
    PickFourth,
    PickFifth,
    NewConversation,
    AskCandidate,
    Write,
}

/// Where a key means something. The narrowest place that knows a key has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Context {
    /// Any screen, and anything over one, while nothing is being typed.
    Everywhere,
    /// Wherever something is selected in a list, a board or a calendar.
    Moving,
    Today,
    Candidates,
    Pipeline,
    Interviews,
    /// A booked interview that is open.
    Interview,
    Settings,
    /// The mail about an interview.
    Mail,
    /// The emails that are about to go out.
    Leaving,
    /// The words of emails.
    Templates,
    /// The calendars that others keep of a member.
    MemberCalendars,
    /// Times proposed to candidates.
    Assistant,
    /// One of those, read whole.
    Outreach,
    /// A conversation with the assistant, read.
    Conversation,
    /// The field in which one goes on.
    Saying,
    /// What differs from Zoom, and what no booking needs there.
    Check,
    /// A test of a Zoom connection.
    ZoomTest,
    /// The bar where a search is typed.
    SearchBar,
    Form,
    /// The calendar of a form, to walk in.
    Calendar,
    /// A list to choose from, also one that hangs from a field.
    Chooser,
    Confirm,
    /// The permissions, before Zoom is asked.
    Permissions,
    /// While Zoom is being asked.
    Waiting,
    /// What is kept after interviews.
    Insights,
    /// A test of the workspace's email.
    MailTest,
    /// The steps of setting up.
    SettingUp,
    /// A field of a form that is copied, not typed into.
    Copying,
    /// The buttons of a form.
    Buttons,
    /// Something to read: help, a failure.
    Reading,
}

/// What an unmodified character is where the person is; the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Characters {
    /// Text, or nothing at all: a form, an open list, a search.
    Text,
    /// A key of this popup and of nothing else.
    Own,
    /// A command like any other key.
    Commands,
}

impl Context {
    /// The most that an unmodified character can be here.
    pub(super) fn characters(self) -> Characters {
        match self {
            Self::Form | Self::Chooser | Self::SearchBar | Self::Saying => Characters::Text,
            Self::Calendar
            | Self::Confirm
            | Self::Permissions
            | Self::Waiting
            | Self::Reading
            | Self::MailTest
            | Self::Copying
            | Self::Buttons
            | Self::ZoomTest => Characters::Own,
            // A record that is open is a screen of its own.
            Self::Interview
            | Self::Mail
            | Self::Leaving
            | Self::Templates
            | Self::MemberCalendars
            | Self::Outreach
            | Self::Conversation
            | Self::Check
            | Self::SettingUp
            | Self::Insights => Characters::Commands,
            Self::Everywhere
            | Self::Moving
            | Self::Today
            | Self::Candidates
            | Self::Pipeline
            | Self::Interviews
            | Self::Assistant
            | Self::Settings => Characters::Commands,
        }
    }
}

/// A command's line in the table.
pub(crate) struct Spec {
    pub(crate) command: Command,
    /// As configuration names it.
    pub(crate) name: &'static str,
    /// Two or three words for the hint bar; empty: it is not in the bar.
    pub(crate) short: &'static str,
    /// One sentence for help and palette.
    pub(crate) doc: &'static str,
    /// Default keys; the first is the one shown.
    pub(crate) keys: &'static [&'static str],
    pub(crate) contexts: &'static [Context],
}

impl Command {
    /// Its line in the table.
    pub(crate) fn spec(self) -> Option<&'static Spec> {
        TABLE.iter().find(|spec| spec.command == self)
    }
}

const fn row(
    command: Command,
    name: &'static str,
    short: &'static str,
    doc: &'static str,
    keys: &'static [&'static str],
    contexts: &'static [Context],
) -> Spec {
    Spec {
        command,
        name,
        short,
        doc,
        keys,
        contexts,
    }
}

use Command as C;
use Context as X;

const SCREENS: &[Context] = &[
    X::Today,
    X::Candidates,
    X::Pipeline,
    X::Interviews,
    X::Assistant,
    X::Settings,
];
const PEOPLE: &[Context] = &[X::Candidates, X::Pipeline];
const BOOKED: &[Context] = &[X::Today, X::Interviews, X::Interview];
const MEETINGS: &[Context] = &[
    X::Today,
    X::Candidates,
    X::Pipeline,
    X::Interviews,
    X::Interview,
];

/// Every command, in the order the hint bar prefers.
#[rustfmt::skip]
pub(crate) static TABLE: &[Spec] = &[
    row(C::Enter, "open", "open", "select, confirm or run", &["enter"],
        &[X::Today, X::Candidates, X::Pipeline, X::Interviews, X::Assistant, X::Settings, X::SearchBar, X::Check, X::Mail, X::Templates, X::MemberCalendars, X::Chooser, X::Form, X::Permissions, X::Waiting, X::Calendar, X::SettingUp, X::MailTest, X::Conversation, X::Saying]),
    row(C::MarkTime, "mark-time", "mark", "mark the time, to propose it to the candidate; up to five", &["space"], &[X::Calendar]),
    row(C::ProposeTimes, "propose-times", "propose", "propose the marked times to the candidate by email", &["p"], &[X::Calendar]),
    row(C::CopyValue, "copy-value", "copy", "copy what stands in the field", &["c"], &[X::Copying]),
    row(C::OpenValue, "open-value", "open in browser", "open the address in the field in the browser", &["o"], &[X::Copying]),
    row(C::SkipStep, "skip-step", "skip", "skip this step of setting up, or no longer", &["s"], &[X::SettingUp, X::Buttons]),
    row(C::EmailSteps, "email-steps", "somebody else does it", "email the steps to somebody else who creates the app", &["e"], &[X::SettingUp, X::Buttons]),
    row(C::TakeHours, "take-hours", "take Mon–Fri 9–17", "set your hours as assumed: Monday to Friday, 9 to 17", &["a"], &[X::SettingUp]),
    row(C::Yes, "yes", "press", "press the selected button", &["enter"], &[X::Confirm]),
    row(C::NextField, "next-field", "next field", "next field", &["tab", "down"], &[X::Form, X::Waiting, X::Confirm, X::Saying]),
    row(C::PreviousField, "previous-field", "", "previous field", &["shift-tab", "up"], &[X::Form, X::Waiting, X::Confirm, X::Saying]),
    row(C::Submit, "submit", "done", "save or send the form", &["ctrl-s"], &[X::Form]),
    row(C::WhoAndWhy, "who-and-why", "who and why", "see who is free at the chosen time, and why others are not", &["w", "f2"], &[X::Form, X::Calendar]),
    row(C::BestTime, "best-time", "best time", "go to the best time for everyone, then to the next best", &["b"], &[X::Calendar]),
    row(C::FirstFree, "first-free", "first free time", "go to the first time that works for everyone", &["t"], &[X::Calendar]),
    row(C::QuarterBefore, "quarter-before", "15 min earlier", "go 15 minutes back, whether that works or not", &["-"], &[X::Calendar]),
    row(C::QuarterAfter, "quarter-after", "15 min later", "go 15 minutes on, whether that works or not", &["+", "="], &[X::Calendar]),
    row(C::DayBefore, "day-before", "day before", "go a day back, whether that works or not", &["<"], &[X::Calendar]),
    row(C::DayAfter, "day-after", "day after", "go a day on, whether that works or not", &[">"], &[X::Calendar]),
    row(C::SandboxAnswer, "sandbox-answer", "approve in sandbox", "approve in the sandbox, without a browser", &["s"], &[X::Waiting]),
    row(C::ShowQr, "qr-code", "QR code", "show the address as a QR code, for a phone", &["Q"], &[X::Waiting]),
    row(C::CopyAddress, "copy-address", "copy address", "copy Zoom's address to the clipboard", &["c"], &[X::Waiting]),
    row(C::OpenBrowser, "open-browser", "open browser", "open Zoom's address in the browser again", &["o"], &[X::Waiting]),
    row(C::AskAdmin, "ask-admin", "ask your admin", "ask your Zoom admin to approve the app", &["a"], &[X::Waiting]),
    row(C::PagePrivate, "page-private", "", "help when Zoom says the app belongs to another account", &["p"], &[X::Waiting]),
    row(C::PageInvalid, "page-invalid", "", "help when Zoom calls the redirect URL or client ID invalid", &["r"], &[X::Waiting]),
    row(C::PickFirst, "pick-first", "book 1", "book the first proposed time for the candidate", &["a"], &[X::Assistant, X::Outreach, X::Conversation]),
    row(C::PickSecond, "pick-second", "book 2", "book the second proposed time for the candidate", &["b"], &[X::Assistant, X::Outreach, X::Conversation]),
    row(C::PickThird, "pick-third", "book 3", "book the third proposed time for the candidate", &["c"], &[X::Assistant, X::Outreach, X::Conversation]),
    row(C::PickFourth, "pick-fourth", "book 4", "book the fourth proposed time for the candidate", &["d"], &[X::Assistant, X::Outreach, X::Conversation]),
    row(C::PickFifth, "pick-fifth", "book 5", "book the fifth proposed time for the candidate", &["e"], &[X::Assistant, X::Outreach, X::Conversation]),
    row(C::AskCandidate, "ask-candidate", "ask the candidate", "send the shown times to the candidate, who chooses one", &["A"], &[X::Conversation]),
    row(C::Write, "write", "write", "write to the assistant", &["tab", "i"], &[X::Conversation]),
    row(C::NewConversation, "new-conversation", "new conversation", "ask the assistant in your own words", &["n"], &[X::Assistant, X::Conversation]),
    row(C::StopOutreach, "stop-outreach", "stop", "stop proposing these times and release them", &["x"], &[X::Assistant, X::Outreach]),
    row(C::ApproveOutreach, "approve-outreach", "approve", "approve the assistant's email and hold its times", &["A"], &[X::Assistant, X::Outreach]),
    row(C::EditDraft, "edit-draft", "edit", "change the times or add a line to the assistant's email", &["D"], &[X::Assistant, X::Outreach]),
    row(C::MoveUp, "move-up", "move up", "move the candidate to the front of the line for times", &["U"], &[X::Assistant, X::Outreach]),
    row(C::TakeOver, "take-over", "take over", "take it over: the assistant is silent from then on", &["T"], &[X::Assistant, X::Outreach]),
    row(C::HandBack, "hand-back", "hand back", "hand it to the assistant again, which proposes other times", &["H"], &[X::Assistant, X::Outreach]),
    row(C::SchedulingFigures, "scheduling-figures", "", "show what the assistant's scheduling came to, in figures", &["F"], &[X::Assistant]),
    row(C::NewInterview, "new-interview", "new interview", "schedule an interview with the selected candidate", &["n"], &[X::Today, X::Candidates, X::Pipeline, X::Interviews]),
    row(C::Move, "move", "move", "move the candidate to another stage", &["m"], PEOPLE),
    row(C::EditCandidate, "edit-candidate", "edit", "edit the candidate or add them to another job", &["e"], PEOPLE),
    row(C::StageSettings, "stage-settings", "stage settings", "change how the stage's interviews are scheduled", &[","], &[X::Pipeline]),
    row(C::StartScheduling, "start-scheduling", "start scheduling", "have the assistant begin with those who are not started", &["A"], &[X::Pipeline]),
    row(C::ChooseJob, "choose-job", "switch job", "switch to another job's board", &["b"], &[X::Pipeline]),
    row(C::Connect, "connect", "connect", "connect Zoom, yours or a colleague's", &["c", "ctrl-o"], &[X::Settings, X::SettingUp, X::Form, X::Everywhere]),
    row(C::ChangeState, "reject", "reject…", "reject, withdraw, put on hold, hire or reopen", &["R"], PEOPLE),
    row(C::NextStage, "next-stage", "", "move the candidate to the next stage", &[">"], PEOPLE),
    row(C::PreviousStage, "previous-stage", "", "move the candidate to the previous stage", &["<"], PEOPLE),
    row(C::Disconnect, "disconnect", "disconnect", "disconnect Zoom, yours or a colleague's", &["x"], &[X::Settings]),
    row(C::TestZoom, "test-zoom", "test Zoom", "test a Zoom connection", &["t"], &[X::Settings, X::ZoomTest]),
    row(C::Remind, "tell", "remind", "remind a colleague to reply, or to reconnect their Zoom", &["T"], &[X::Today, X::Settings, X::Interview]),
    row(C::Replace, "replace", "replace", "have somebody else take an interviewer's place", &["R"], &[X::Today, X::Interview]),
    row(C::Manual, "by-hand", "enter manually", "enter link, meeting ID and passcode manually, without Zoom", &["b", "ctrl-t"], &[X::Form, X::Permissions]),
    row(C::PreviewEmail, "preview-email", "preview email", "preview the emails before booking", &["f3"], &[X::Form, X::Confirm]),
    row(C::Problem, "what-is-wrong", "what is wrong", "see what the warning means and how to fix it", &["w"], &[X::Pipeline]),
    row(C::Repair, "repair", "fix", "fix what is out of sync with Zoom", &["f"], BOOKED),
    row(C::DeleteOrphan, "delete-stray", "", "delete the Zoom meeting that no booking uses", &["x"], &[X::Check]),
    row(C::CheckMeetings, "check-meetings", "check again", "compare upcoming meetings with Zoom", &["C"], &[X::Interviews, X::Settings, X::Check]),
    row(C::ConfirmInterview, "confirm-interview", "confirm", "confirm the interview and create its meeting", &["c"], BOOKED),
    row(C::Complete, "took-place", "completed", "mark the interview completed", &["d"], BOOKED),
    row(C::NoShow, "absent", "no-show", "mark a no-show", &["a"], BOOKED),
    row(C::Reschedule, "reschedule", "reschedule", "move the interview to another time; its link stays", &["r"], MEETINGS),
    row(C::EditInterview, "edit-interview", "edit", "change interviewers or how people join", &["e"], BOOKED),
    row(C::CancelInterview, "cancel-interview", "cancel interview", "cancel the interview and delete its meeting", &["x"], MEETINGS),
    row(C::RetryMail, "retry-mail", "send again", "send a waiting or refused email now", &["r"], &[X::Mail]),
    row(C::AcceptReply, "accept-reply", "accept", "accept a reply sent from another address", &["A"], &[X::Mail, X::Reading]),
    row(C::Templates, "templates", "email templates", "change the words of emails", &["m"], &[X::Settings]),
    row(C::EditTemplate, "edit-template", "edit words", "write the selected email's words in your editor", &["e"], &[X::Templates]),
    row(C::StageTemplate, "stage-template", "for one stage", "write the selected email's words for one stage only", &["s"], &[X::Templates]),
    row(C::ResetTemplate, "reset-template", "reset", "go back to the workspace's or the built-in words", &["x"], &[X::Templates]),
    row(C::CopyLink, "copy-link", "copy link", "copy the join link", &["y"], MEETINGS),
    row(C::OpenLink, "open-link", "join", "open the join link", &["o"], MEETINGS),
    row(C::Mail, "mail", "email", "emails about the interview and why they wait", &["m"], BOOKED),
    row(C::Emails, "emails", "", "emails from the candidate", &["M"], &[X::Today, X::Candidates, X::Pipeline, X::Assistant]),
    row(C::Insights, "insights", "notes", "read or write notes, and read Zoom's summary", &["i"], MEETINGS),
    row(C::NewProposal, "new-proposal", "propose times", "mark times in the calendar, and propose them by email", &["p"], &[X::Candidates, X::Pipeline, X::Assistant, X::Outreach]),
    row(C::Notes, "candidate-notes", "add note", "add a note or link to the candidate, or change one", &["N"], PEOPLE),
    row(C::WriteEmail, "write-email", "write email", "email the candidate, or each of those selected", &["@"], PEOPLE),
    row(C::WriteNotes, "write-notes", "write notes", "write notes in your editor", &["e", "enter"], &[X::Insights]),
    row(C::ListOrWeek, "list-or-week", "change view", "switch between week, day by people, and list", &["v"], &[X::Interviews]),
    row(C::Zone, "zone", "their time zone", "switch between your time zone and the candidate's", &["z"], &[X::Interviews]),
    row(C::OtherZone, "other-zone", "", "show times in another time zone", &["Z"], &[X::Interviews]),
    row(C::PreviousWeek, "previous-week", "earlier", "previous week", &["["], &[X::Interviews, X::Calendar]),
    row(C::NextWeek, "next-week", "later", "next week", &["]"], &[X::Interviews, X::Calendar]),
    row(C::Today, "today", "next", "go to what comes next", &["t"], &[X::Interviews]),
    row(C::NewCandidate, "new-candidate", "new candidate", "add a candidate", &["a"], PEOPLE),
    row(C::EraseCandidate, "erase-candidate", "", "erase the candidate and everything stored about them", &["X"], PEOPLE),
    row(C::EditApp, "edit-app", "edit app", "change the Google or Microsoft app people connect with", &["e"], &[X::Settings]),
    row(C::TestMail, "test-email", "test email", "test the workspace's email again", &["t"], &[X::MailTest]),
    row(C::SetUp, "set-up", "set up", "set up step by step: Zoom app, email, first job, hours", &["s"], &[X::Settings, X::Today]),
    row(C::NewMember, "new-member", "new member", "add a colleague to the workspace", &["a"], &[X::Settings]),
    row(C::Hours, "hours", "hours", "set when a member works, and their most interviews", &["H"], &[X::Settings]),
    row(C::Calendars, "calendars", "calendars", "see and add calendars of what a member has elsewhere", &["B"], &[X::Settings]),
    row(C::AddCalendar, "add-calendar", "add", "add a calendar that says when the member is busy elsewhere", &["a"], &[X::MemberCalendars]),
    row(C::ReadCalendar, "read-calendar", "read now", "read the selected calendar now", &["r"], &[X::MemberCalendars]),
    row(C::RemoveCalendar, "remove-calendar", "remove", "remove the selected calendar, and the busy times it gave", &["x"], &[X::MemberCalendars]),
    row(C::NewWorkspace, "new-workspace", "new workspace", "add a workspace; you become its first member", &["N"], &[X::Settings]),
    row(C::NewJob, "new-job", "new job", "create a job", &["J"], PEOPLE),
    row(C::NewStage, "new-stage", "new stage", "add a stage to the job", &["S"], &[X::Pipeline]),
    row(C::Import, "import", "import", "import candidates from a CSV or JSON file", &["I"], PEOPLE),
    row(C::Search, "search", "search", "search candidates by name, email, job or stage", &["/"], SCREENS),
    row(C::Mark, "mark", "", "select the candidate to change several, and move down", &["space"], PEOPLE),
    row(C::MarkRange, "mark-range", "", "select several: v9j selects ten", &["v"], PEOPLE),
    row(C::MarkAll, "mark-all", "", "select everyone shown, or everyone in the stage", &["*"], PEOPLE),
    row(C::Sort, "sort", "sort", "sort by name, stage, time in the stage, or when added", &["s"], &[X::Candidates]),
    row(C::Filter, "filter", "filter", "filter by job, stage, time in it, interview or time zone", &["f"], &[X::Candidates]),
    row(C::ClearFilters, "clear-filters", "", "clear the filters", &["F"], &[X::Candidates]),
    row(C::Archived, "archived", "", "show on hold, rejected, withdrawn and hired, or active", &["A"], &[X::Candidates]),
    row(C::Up, "up", "", "move up", &["up", "k"], &[X::Moving, X::Chooser, X::SearchBar, X::Interview, X::Check, X::ZoomTest, X::MailTest, X::SettingUp, X::Mail, X::Leaving, X::Outreach, X::Conversation, X::Templates, X::MemberCalendars, X::Insights, X::Reading, X::Calendar]),
    row(C::Down, "down", "", "move down", &["down", "j"], &[X::Moving, X::Chooser, X::SearchBar, X::Interview, X::Check, X::ZoomTest, X::MailTest, X::SettingUp, X::Mail, X::Leaving, X::Outreach, X::Conversation, X::Templates, X::MemberCalendars, X::Insights, X::Reading, X::Calendar]),
    row(C::Left, "left", "", "move left", &["left", "h"], &[X::Moving, X::Leaving, X::Insights, X::Confirm, X::Reading, X::Calendar]),
    row(C::Right, "right", "", "move right", &["right", "l"], &[X::Moving, X::Leaving, X::Insights, X::Confirm, X::Reading, X::Calendar]),
    row(C::First, "first", "", "go to the first", &["home", "g"], &[X::Moving, X::Chooser, X::Interview, X::Check, X::ZoomTest, X::MailTest, X::SettingUp, X::Mail, X::Leaving, X::Outreach, X::Conversation, X::Templates, X::MemberCalendars, X::Insights, X::Reading, X::Calendar]),
    row(C::Last, "last", "", "go to the last", &["end", "G"], &[X::Moving, X::Chooser, X::Interview, X::Check, X::ZoomTest, X::MailTest, X::SettingUp, X::Mail, X::Leaving, X::Outreach, X::Conversation, X::Templates, X::MemberCalendars, X::Insights, X::Reading]),
    row(C::PageUp, "page-up", "", "page up", &["pageup"], &[X::Moving, X::Chooser, X::Interview, X::Check, X::ZoomTest, X::MailTest, X::Mail, X::Leaving, X::Outreach, X::Conversation, X::Templates, X::MemberCalendars, X::Insights, X::Reading, X::Form, X::Saying, X::Calendar]),
    row(C::PageDown, "page-down", "", "page down", &["pagedown"], &[X::Moving, X::Chooser, X::Interview, X::Check, X::ZoomTest, X::MailTest, X::Mail, X::Leaving, X::Outreach, X::Conversation, X::Templates, X::MemberCalendars, X::Insights, X::Reading, X::Form, X::Saying, X::Calendar]),
    row(C::NextPane, "next-pane", "", "next pane", &["tab"], &[X::Moving]),
    row(C::PreviousPane, "previous-pane", "", "previous pane", &["shift-tab"], &[X::Moving]),
    row(C::Undo, "undo", "undo", "undo your last move, booking or change", &["u"], &[X::Everywhere]),
    row(C::LeavingEmails, "emails-leaving", "preview", "preview the emails that are about to go out", &["E"], &[X::Everywhere]),
    row(C::Back, "back", "back", "go back one step", &["esc"], &[X::Everywhere]),
    row(C::Help, "help", "keys", "keyboard shortcuts", &["?", "f1"], &[X::Everywhere, X::Reading]),
    row(C::Palette, "palette", "commands", "search all commands", &[":", "ctrl-p"], &[X::Everywhere]),
    row(C::TodayScreen, "today-screen", "", "show what is next and what needs you", &["1"], &[X::Everywhere]),
    row(C::Candidates, "candidates", "", "show the candidates", &["2"], &[X::Everywhere]),
    row(C::Pipeline, "pipeline", "", "show the pipeline board", &["3"], &[X::Everywhere]),
    row(C::Interviews, "interviews", "", "show the interviews", &["4"], &[X::Everywhere]),
    row(C::Assistant, "assistant", "", "show the assistant", &["5"], &[X::Everywhere]),
    row(C::Settings, "settings", "", "show the settings", &["6"], &[X::Everywhere]),
    row(C::Workspaces, "workspaces", "switch workspace", "switch to another workspace", &["W"], &[X::Everywhere]),
    row(C::Messages, "messages", "", "show the last error", &["!"], &[X::Everywhere]),
    row(C::Suspend, "suspend", "", "suspend to the shell", &["ctrl-z"], &[X::Everywhere]),
    row(C::Quit, "quit", "", "quit (the daemon keeps running)", &["q"], &[X::Everywhere]),
    row(C::Leave, "leave", "", "quit immediately, even from a form", &["ctrl-c"], &[X::Everywhere]),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::keys::Chord;

    /// What the README's table of a day says of a key is what help says of it.
    #[test]
    fn the_readmes_keys_do_what_it_says() {
        let readme = include_str!("../../../README.md");
        let day = readme.split("## A day with it").nth(1);
        let day = day.and_then(|rest| rest.split("\n## ").next());
        let rows = day.unwrap_or_default().lines();
        let rows = rows.filter_map(|row| row.strip_prefix("| `")?.split_once("` | "));
        let rows: Vec<_> = rows.collect();
        assert_eq!(rows.len(), 11, "{rows:?}");
        for (key, words) in rows {
            let words = words.trim_end_matches([' ', '|']);
            let has = |it: &&Spec| it.keys.contains(&key) && it.doc.starts_with(words);
            assert!(TABLE.iter().any(|it| has(&it)), "{key}: {words}");
        }
    }

    #[test]
    fn every_command_has_one_line_a_sentence_and_a_key() {
        let mut names = HashSet::new();
        let mut commands = HashSet::new();
        for spec in TABLE {
            assert!(names.insert(spec.name), "{} twice", spec.name);
            assert!(commands.insert(spec.command), "{} twice", spec.name);
            assert!(
                !spec.doc.is_empty() && !spec.doc.ends_with('.'),
                "{}",
                spec.name
            );
            assert!(
                !spec.contexts.is_empty() && !spec.keys.is_empty(),
                "{}",
                spec.name
            );
        }
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let mut taken = HashSet::new();
        for spec in TABLE {
            for context in spec.contexts {
                for key in spec.keys {
                    let chord: Chord = key.parse().unwrap();
                    assert!(taken.insert((*context, chord)), "{key} in {context:?}");
                }
            }
        }
    }
}
