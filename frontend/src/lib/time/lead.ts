/** A duration (ISO 8601) before the due time, in words. */
export function describeLead(duration: string): string {
  const [, y, months, w, d, h, m, s] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration) ??
    [];
  const parts: [string | undefined, string][] = [
    [y, "year"],
    [months, "month"],
    [w, "week"],
    [d, "day"],
    [h, "hour"],
    [m, "minute"],
    [s, "second"],
  ];
  const said = parts
    .filter(([n]) => n && Number(n) > 0)
    .map(([n, unit]) => `${n} ${unit}${n === "1" ? "" : "s"}`);
  return said.length ? `${said.join(" ")} before` : "When it is due";
}
