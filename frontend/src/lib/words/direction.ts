/** Whether the page is written from right to left. */
export const rightToLeft = (): boolean => document.documentElement.dir === "rtl";

const mirrored: Record<string, string> = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };

/** A key as it is where text runs from left to right: from right to left, the next day is at the left. */
export const inlineKey = (key: string): string => (rightToLeft() ? (mirrored[key] ?? key) : key);
