/** The sequence at the end of a position of the stream. */
export const seqOf = (position: string | null): number =>
  Number(position?.slice(position.lastIndexOf("-") + 1) ?? 0);

export const epochOf = (position: string | null): string =>
  position?.slice(0, position.lastIndexOf("-")) ?? "";

/** Whether what is known at a position may lack something of another one: it is earlier, or of another epoch. */
export const isBehind = (position: string | null, other: string): boolean =>
  epochOf(position) !== epochOf(other) || seqOf(position) < seqOf(other);
