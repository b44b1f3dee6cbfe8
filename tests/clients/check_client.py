"""What the tests have the Python client do against a real daemon. Exits non-zero at the first thing that is not so."""

import os
import socket
import struct
import threading

from greenroom_client import Greenroom, GreenroomError


def expect(condition, what):
    if not condition:
        raise SystemExit(f"not so: {what}")


def refused(call, kind):
    try:
        call()
    except GreenroomError as error:
        expect(error.kind == kind, f"{error.kind} should be {kind}: {error}")
        return error
    raise SystemExit(f"not refused with {kind}")


path = os.environ["GREENROOM_SOCKET"]

# Any other call before hello is refused, by its id, and the connection goes on.
bare = Greenroom.__new__(Greenroom)
bare._next = 7
bare._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
bare._socket.connect(path)
refused(lambda: bare.call("Status"), "usage")
bare.call("Hello", client={"protocol": 1, "build": "python"})
bare.call("Status")

with Greenroom(path) as one, Greenroom(path) as other:
    expect(one.hello["protocol"] >= 2 and one.hello["caller"] is not None, "hello names the caller")
    refused(lambda: one.call("Sing"), "usage")
    refused(lambda: one.call("CandidateGet", wrong=1), "usage")
    refused(lambda: one.call("Status", deadline=10**9), "usage")
    refused(lambda: one.call("CandidateGet", candidate={"reference": "nobody at all"}), "not-found")

    # A change of one client reaches another that waits for it.
    heard = []
    after = other.hello["revision"]
    waiting = threading.Thread(target=lambda: heard.append(other.changes(after)))
    waiting.start()
    job = one.call("JobAdd", job={"title": "Gardener"})
    waiting.join(30)
    tables = {row["table"] for row in heard[0]["changed"]}
    expect("job" in tables, f"the new job is among the changes: {tables}")

    # Lists come in pages.
    rows = [{"line": n, "name": f"Candidate {n}", "email": f"c{n}@example.com", "job": job["id"]} for n in range(1, 251)]
    report = one.call("CandidateImport", deadline=60, page={"rows": rows, "dry_run": False})
    expect(report["added"] == 250 and not report["errors"], f"all were added: {report}")
    listed = list(one.pages("CandidateList", "query", {"text": "candidate", "limit": 100}))
    expect(len(listed) == 250, f"every page was read: {len(listed)}")

# A frame that says it is larger than 1 MiB gets one error and the end.
raw = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
raw.settimeout(10)
raw.connect(path)
raw.sendall(struct.pack(">I", (1 << 20) + 1))
(length,) = struct.unpack(">I", raw.recv(4, socket.MSG_WAITALL))
expect(b"larger than 1 MiB" in raw.recv(length, socket.MSG_WAITALL), "the error says why")
expect(raw.recv(1) == b"", "then the connection ends")

print("all as expected")
