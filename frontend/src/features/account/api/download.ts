import { Problem, readProblem, Unreachable } from "@/lib/api/problem";
import { newTraceparent } from "@/lib/api/trace";
import { accessToken } from "@/lib/session/session";

export interface Progress {
  received: number;
  /** In bytes. */
  size: number;
}

export interface Archive {
  content: Blob;
  name: string;
}

/** How often in a row a part may bring nothing. */
const patience = 5;
const pause = 2000;

/**
 * Downloads everything of the user. An answer ends after some seconds and connections break: then it goes on where it was, as long as
 * the server still has the same archive.
 */
export async function downloadArchive(
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Archive> {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  let size = 0;
  let tag = "";
  let place = "/api/export";
  let name = "";
  for (let idle = 0; ;) {
    const before = received;
    try {
      const headers: Record<string, string> =
        received > 0 ? { Range: `bytes=${received}-`, "If-Range": tag } : {};
      const response = await ask(place, headers, signal);
      if (response.status === 200) {
        parts = [];
        received = 0;
        size = Number(response.headers.get("Content-Length"));
        tag = response.headers.get("ETag") ?? "";
        place = response.headers.get("Content-Location") ?? place;
        name =
          /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "taskwire.zip";
      }
      const reader = response.body!.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        received += value.byteLength;
        onProgress({ received, size });
      }
      if (received === size) return { content: new Blob(parts, { type: "application/zip" }), name };
    } catch (error) {
      if (signal.aborted || (error instanceof Problem && !error.passing)) throw error;
      if (error instanceof Problem && error.kind === "preparing") {
        idle = 0; // the same request goes on with it
        await wait((error.retryAfter ?? 1) * 1000, signal);
        continue;
      }
      if (idle === patience) throw error;
    }
    idle = received > before ? 0 : idle + 1;
    if (idle > patience) throw new Unreachable("the archive does not end");
    if (idle > 0) await wait(pause, signal);
  }
}

async function ask(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    headers: { ...headers, Authorization: `Bearer ${await accessToken()}`, traceparent: newTraceparent() },
    cache: "no-store",
    signal,
  });
  if (!response.ok) throw await readProblem(response);
  return response;
}

function wait(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
