import { vi } from "vitest";

/** The next write to a database fails as on a full disk. */
export const failNextWrite = () =>
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementationOnce(() => {
    throw new DOMException("The disk is full.", "QuotaExceededError");
  });
