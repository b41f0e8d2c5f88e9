import type { DateFinder } from "./parse";

/** Loads the date parser. It is large, so it is loaded when the user starts to type. */
export async function loadDateFinder(): Promise<DateFinder> {
  const { casual } = await import("chrono-node/en");
  return (text, now) => {
    // Recognized parts are blanked; chrono must not join the text around them.
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
    // A time without a day means its next occurrence.
    if (hasTime && !hasDay && date <= now) date = new Date(date.getTime() + 86_400_000);
    return { index, text: said, date, hasTime, hasDay };
  };
}
