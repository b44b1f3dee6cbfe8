// Cal.com's own slot code over worlds from stdin, timed. What is measured is their published build as it is: the ranges
// of each host's availability, busy time taken out, the hosts' ranges intersected, slots built from what is left. Of the
// module that builds slots nothing is exported that can be called without a database, so the function is taken out of
// its text at run time.
//
// stdin: {"rounds", "worlds": [{"from", "to", "zone", "minutes", "step", "hosts": [{"zone", "days", "from_minute",
// "to_minute", "busy": [[start, end]]}]}]}, times as ISO text
// stdout: [{"ms": [...], "starts": [...]}], starts in seconds

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import dayjs from "dayjs";

const built = new URL("node_modules/@calcom/platform-libraries/dist/", import.meta.url);
const file = (start) => {
  const found = readdirSync(built).find((name) => name.startsWith(start) && name.endsWith(".js"));
  if (!found) throw new Error(`their build has no ${start}`);
  return new URL(found, built);
};

const { b: buildDateRanges, i: intersect, s: subtract } = await import(file("date-ranges-"));
const text = readFileSync(fileURLToPath(file("slots.js")), "utf8");
const from = text.indexOf("const minimumOfOne");
const to = text.indexOf("const getSlots = ");
if (from < 0 || to < from) throw new Error("their slot code looks different");
const buildSlots = new Function("dayjs", `${text.slice(from, to)}; return buildSlotsWithDateRanges;`)(dayjs);

// Their availability says its times of day as moments of a day in UTC.
const clock = (minute) => new Date(Date.UTC(1970, 0, 1, 0, minute));

function search(world) {
  const [dateFrom, dateTo] = [dayjs.utc(world.from), dayjs.utc(world.to)];
  const hosts = world.hosts.map((host) => {
    const { dateRanges } = buildDateRanges({
      availability: [{ days: host.days, startTime: clock(host.from_minute), endTime: clock(host.to_minute) }],
      timeZone: host.zone,
      dateFrom,
      dateTo,
      travelSchedules: [],
    });
    const busy = host.busy.map(([start, end]) => ({ start: dayjs(start), end: dayjs(end) }));
    return subtract(dateRanges, busy);
  });
  return buildSlots({
    dateRanges: intersect(hosts),
    frequency: world.step,
    eventLength: world.minutes,
    timeZone: world.zone,
    minimumBookingNotice: 0,
  });
}

const { rounds, worlds } = JSON.parse(readFileSync(0, "utf8"));
const measured = worlds.map((world) => {
  let slots = search(world);
  const ms = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = process.hrtime.bigint();
    slots = search(world);
    ms.push(Number(process.hrtime.bigint() - begun) / 1e6);
  }
  return { ms, starts: slots.map((slot) => slot.time.valueOf() / 1000).sort((a, b) => a - b) };
});
process.stdout.write(JSON.stringify(measured));
