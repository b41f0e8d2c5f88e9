/** An input that looks like plain text until it is used. */
export const inlineInputStyles =
  "-ms-2 h-9 pointer-coarse:h-11 w-full min-w-24 flex-1 rounded-lg bg-transparent px-2 text-start outline-none placeholder:text-ink-3 hover:bg-hover focus:bg-hover focus-visible:outline-2 focus-visible:outline-offset-[-2px]";
