"""What the tests have MCP's own client for Python do with `greenroom mcp`. Exits non-zero at the first thing that is not so.

The arguments are the command that starts it.
"""

import asyncio
import sys

from mcp import Client, MCPError, StdioServerParameters, types

SERVER = StdioServerParameters(command=sys.argv[1], args=sys.argv[2:], env=None)
asked = []


def expect(condition, what):
    if not condition:
        raise SystemExit(f"not so: {what}")


async def says_yes(_, params):
    asked.append(params.message)
    return types.ElicitResult(action="accept", content={})


async def done(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    expect(not result.is_error, f"{tool} works: {result.content}")
    return result.structured_content


async def books(mode, day, person):
    about = types.Implementation(name="python-check", version="1")
    async with Client(SERVER, mode=mode, client_info=about, elicitation_callback=person) as client:
        tools = (await client.list_tools()).tools
        names = [tool.name for tool in tools]
        expect("candidate_list" in names and "interview_confirm" in names, f"the tools are there: {names}")
        expect(all(tool.input_schema["additionalProperties"] is False for tool in tools), "arguments are closed")

        expect((await done(client, "who_am_i"))["member"]["name"] == "Dana Reyes", "it is Dana")
        found = await done(client, "candidate_list", text="ana")
        expect(found["candidates"][0]["name"] == {"untrusted": "Ana Ruiz"}, f"Ana is found: {found}")

        wrong = await client.call_tool("candidate_show", {"candidat": "Ana"})
        expect(wrong.is_error, "an unknown argument is refused")
        expect(wrong.structured_content["error"]["argument"] == "candidat", f"and named: {wrong.structured_content}")
        try:
            await client.call_tool("rpc", {})
            raise SystemExit("not so: there is no tool rpc")
        except MCPError:
            pass

        who = {"candidate": found["candidates"][0]["id"]}
        slots = await done(client, "slots", **who, limit=50)
        start = slots["slots"][day * 4]["when"]["start"]
        proposed = await done(client, "interview_propose", **who, start=start)
        expect(proposed["booked"] is False, "to propose books nothing")
        booked = await done(client, "interview_confirm", token=proposed["token"])
        expect(booked["booked"] and booked["interview"]["when"] == proposed["card"]["when"], f"as shown: {booked}")
        again = await done(client, "interview_confirm", token=proposed["token"])
        expect(again["repeated"] and again["interview"]["id"] == booked["interview"]["id"], f"once: {again}")


async def main():
    # Who can't ask, and who can: by a request of the server, and, since 2026-07-28, between two calls.
    await books("legacy", 0, None)
    expect(asked == [], "nobody was asked")
    await books("legacy", 1, says_yes)
    expect(len(asked) == 1, f"the person was asked once: {asked}")
    await books("auto", 2, says_yes)
    expect(len(asked) == 2, f"and once more: {asked}")
    expect(all("Ana Ruiz" in question for question in asked), f"with what is on the card: {asked}")


asyncio.run(main())
print("all as expected")
