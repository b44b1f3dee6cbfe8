"""Reads every calendar in a directory with a parser that is not ours, and compares it with what was meant.

Each calendar is read twice: by the VTIMEZONE it carries alone, under a name no database knows, and by the parser's own
time zone database. A letter is read as a mail program reads it first: the calendar must stand in it beside the text.
"""

import email
import email.policy
import json
import pathlib
import sys
from datetime import datetime, timezone

from icalendar import Calendar


def instants(text):
    calendar = Calendar.from_ical(text)
    event = calendar.events[0]
    utc = [moment.dt.astimezone(timezone.utc) for moment in (event["DTSTART"], event["DTEND"])]
    return calendar, event, utc


def letter(bytes, meant):
    """The calendar in a letter, and what is wrong with the letter."""
    message = email.message_from_bytes(bytes, policy=email.policy.SMTP)
    failed = [f"the letter has a defect: {defect}" for part in message.walk() for defect in part.defects]
    kinds = [part.get_content_type() for part in message.walk()]
    if kinds != ["multipart/alternative", "text/plain", "text/calendar"]:
        failed.append(f"its parts are {kinds}")
    part = list(message.walk())[-1]
    if part.get_param("method") != meant["method"] or part.get_content_charset() != "utf-8":
        failed.append(f"its calendar is {part['content-type']}")
    if part.get_content_disposition() == "attachment":
        failed.append("its calendar is a file to open")
    for header in ("from", "to"):
        addresses = [address.addr_spec for address in message[header].addresses]
        if addresses != [meant[header]]:
            failed.append(f"{header}: {addresses} is not {meant[header]}")
    text = message.get_body(("plain",)).get_content()
    failed += [f"the text does not say {said!r}" for said in meant["says"] if said not in text]
    # As the parser of mail gives it, line ends and all.
    return part.get_payload(decode=True), failed


def wrong(path, meant):
    text = path.read_bytes()
    if path.suffix == ".eml":
        text, failed = letter(text, meant)
        yield from failed
    calendar, event, by_database = instants(text)
    by_itself = by_database
    zone = meant["zone"].encode()
    if b"TZID:" + zone in text:
        # The parser remembers zones by name: a name for each calendar.
        name = b"Nowhere/" + path.stem.encode()
        _, _, by_itself = instants(text.replace(zone, name))
    expected = [datetime.fromisoformat(meant[name]) for name in ("start", "end")]
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    found = {
        "method": calendar["METHOD"],
        "uid": event["UID"],
        "sequence": event["SEQUENCE"],
        "status": event.get("STATUS"),
        "summary": str(event["SUMMARY"]),
        "organizer": [event["ORGANIZER"].params["CN"], str(event["ORGANIZER"])],
        "attendees": [[it.params["CN"], str(it), it.params["PARTSTAT"]] for it in attendees],
        "location": str(event["LOCATION"]) if "LOCATION" in event else None,
    }
    for name, value in found.items():
        if value != meant[name]:
            yield f"{name}: {value!r} is not {meant[name]!r}"
    description = str(event.get("DESCRIPTION", ""))
    for said in meant["says"]:
        if said not in description:
            yield f"description: {said!r} is not in {description!r}"
    if len(calendar.events) != 1:
        yield f"it holds {len(calendar.events)} events"
    if by_database != expected:
        yield f"by the database it is at {by_database}, not {expected}"
    if by_itself != expected:
        yield f"by its own zone it is at {by_itself}, not {expected}"
    if any(len(line) > 75 for line in text.split(b"\r\n")):
        yield "a line is too long"


def main(directory):
    failed = read = 0
    for path in sorted(pathlib.Path(directory).iterdir()):
        if path.suffix == ".json":
            continue
        meant = json.loads(path.with_suffix(".json").read_text())
        read += 1
        for why in wrong(path, meant):
            failed += 1
            print(f"{path.name}: {why}")
    print(f"{read} calendars read")
    sys.exit(1 if failed or not read else 0)


main(sys.argv[1])
