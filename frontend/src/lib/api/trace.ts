/**
 * A traceparent (W3C Trace Context) that starts a trace with a click: everything that the request causes, up to the
 * event on other screens, has its id. Whether it is recorded is for the gateway to decide.
 */
export function newTraceparent(): string {
  return `00-${hex(16)}-${hex(8)}-01`;
}

function hex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
