import { perLocale } from "./words/per-locale";

const format = (unit: "kilobyte" | "megabyte", maximumFractionDigits: number) =>
  perLocale((tag) => new Intl.NumberFormat(tag, { style: "unit", unit, maximumFractionDigits }));

const kilobytes = { few: format("kilobyte", 1), many: format("kilobyte", 0) };
const megabytes = { few: format("megabyte", 1), many: format("megabyte", 0) };

/** A size in the unit that people read. */
export function formatBytes(bytes: number): string {
  const [formats, size] =
    bytes < 1 << 20 ? ([kilobytes, bytes / 1024] as const) : ([megabytes, bytes / (1 << 20)] as const);
  return (size < 10 ? formats.few : formats.many)().format(size);
}
