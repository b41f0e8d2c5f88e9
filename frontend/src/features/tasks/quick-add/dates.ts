import type { DateFinder } from "./parse";

/** Loads the part that understands dates. It is large, so it comes when somebody begins to write. */
export async function loadDateFinder(): Promise<DateFinder> {
  const { casual } = await import("chrono-node/en");
  return (text, now) => {
    // What was understood already is blank; chrono must not join what stands around it.
    const [first] = casual.parse(text.replace(/\u0000/g, "¦"), now, { forwardDate: true });
    if (!first || /^\d{1,4}$/.test(first.text.trim())) return null;
    const { start } = first;
    let { index, text: said } = first;
    const before = /(?:^|\s)((?:at|on|by|due)\s+)$/i.exec(text.slice(0, index));
    if (before?.[1]) {
      index -= before[1].length;
      said = before[1] + said;
    }
    const hasTime = start.isCertain("hour");
    const hasDay = start.isCertain("day") || start.isCertain("weekday") || start.isCertain("month");
    let date = start.date();
    // A time alone is the next time that it is that late.
    if (hasTime && !hasDay && date <= now) date = new Date(date.getTime() + 86_400_000);
    return { index, text: said, date, hasTime, hasDay };
  };
}
