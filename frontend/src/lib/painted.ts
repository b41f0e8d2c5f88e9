let next: Promise<void> | undefined;

/** Resolves after the next frame, for all who wait for it together; at once in a page that cannot be seen, which has none. */
export const painted = (): Promise<void> =>
  document.hidden
    ? Promise.resolve()
    : (next ??= new Promise((resolve) => {
        requestAnimationFrame(() => {
          next = undefined;
          setTimeout(resolve);
        });
      }));
