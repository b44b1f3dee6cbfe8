"""Reads every calendar in a directory with a parser that is not ours, and holds it against what was meant.

Each calendar is read twice: by the VTIMEZONE it carries alone, under a name no database knows, and by the parser's own
time zone database.
"""

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


def wrong(path, meant):
    text = path.read_bytes()
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
        "description": str(event["DESCRIPTION"]) if "DESCRIPTION" in event else None,
    }
    for name, value in found.items():
        if value != meant[name]:
            yield f"{name}: {value!r} is not {meant[name]!r}"
    if by_database != expected:
        yield f"by the database it is at {by_database}, not {expected}"
    if by_itself != expected:
        yield f"by its own zone it is at {by_itself}, not {expected}"
    if any(len(line) > 75 for line in text.split(b"\r\n")):
        yield "a line is too long"


def main(directory):
    failed = read = 0
    for path in sorted(pathlib.Path(directory).glob("*.ics")):
        meant = json.loads(path.with_suffix(".json").read_text())
        read += 1
        for why in wrong(path, meant):
            failed += 1
            print(f"{path.name}: {why}")
    print(f"{read} calendars read")
    sys.exit(1 if failed or not read else 0)


main(sys.argv[1])
