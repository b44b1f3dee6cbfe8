#!/usr/bin/env python3
"""A whole Greenroom client that uses nothing but Python's standard library.

    with Greenroom("/run/greenroom/greenroom.sock") as greenroom:
        page = greenroom.call("CandidateList", query={"text": "priya"})

A frame is a 4-byte big-endian length and that many bytes of JSON, at most 1 MiB. A call names its method in CamelCase with
its arguments as an object. Answers carry the id of their call. The daemon answers nothing after a call's deadline, so
the client has a timeout of its own.
"""

import json
import os
import socket
import struct
import sys

PROTOCOL = 3
LARGEST_FRAME = 1 << 20


class GreenroomError(Exception):
    """The daemon refused: `kind` is what to branch on, `hint` what to do next."""

    def __init__(self, kind, message, hint=None, record=None):
        super().__init__(message if hint is None else f"{message} ({hint})")
        self.kind = kind
        self.message = message
        self.hint = hint
        self.record = record or {}


class Greenroom:
    """One connection. Calls are made one after the other."""

    def __init__(self, path, workspace=None, acting_as=None, build="python"):
        self._next = 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(10)
        self._socket.connect(path)
        client = {"protocol": PROTOCOL, "build": build, "workspace": workspace, "as": acting_as}
        self.hello = self.call("Hello", client=client)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()

    def call(self, method, deadline=10, **arguments):
        """Makes a call and returns its answer; `deadline` in seconds, at most 3600."""
        number, self._next = self._next, self._next + 1
        context = {"deadline": {"secs": int(deadline), "nanos": 0}}
        self._send({"Request": {"context": context, "id": number, "message": {method: arguments}}})
        self._socket.settimeout(deadline + 1)
        answer = self._receive()
        if "Err" in answer["message"]:
            raise GreenroomError("usage", answer["message"]["Err"]["detail"])
        (outcome,) = answer["message"]["Ok"].values()
        if "Err" in outcome:
            error = outcome["Err"]
            raise GreenroomError(error["kind"], error["message"], error.get("hint"), error)
        return outcome["Ok"]

    def pages(self, method, argument, query):
        """Every row of a list, page by page."""
        cursor = None
        while True:
            page = self.call(method, **{argument: {**query, "cursor": cursor}})
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def changes(self, after, wait=30):
        """Waits up to `wait` seconds for changes after a revision."""
        query = {"after": after, "store": self.hello["store"], "wait_seconds": wait}
        return self.call("Changes", deadline=wait + 5, query=query)

    def _send(self, message):
        body = json.dumps(message).encode()
        if len(body) > LARGEST_FRAME:
            raise GreenroomError("usage", "the call is larger than a frame; send it in pages")
        self._socket.sendall(struct.pack(">I", len(body)) + body)

    def _receive(self):
        (length,) = struct.unpack(">I", self._read(4))
        return json.loads(self._read(length))

    def _read(self, length):
        parts = []
        while length:
            part = self._socket.recv(length)
            if not part:
                raise GreenroomError("unreachable", "the daemon closed the connection")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


def main():
    """Prints who you are and the candidates that match the words given."""
    path = os.environ.get("GREENROOM_SOCKET") or sys.exit("set GREENROOM_SOCKET to the daemon's socket")
    try:
        with Greenroom(path) as greenroom:
            query = {"text": " ".join(sys.argv[1:])}
            print(json.dumps({
                "hello": greenroom.hello,
                "candidates": list(greenroom.pages("CandidateList", "query", query)),
            }))
    except GreenroomError as error:
        sys.exit(f"{error.kind}: {error}")


if __name__ == "__main__":
    main()
