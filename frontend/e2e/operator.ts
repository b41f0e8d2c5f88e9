import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "./fixtures";

const run = promisify(execFile);

/** Runs a command of the laptop's runner on the stack under test, and returns its output. */
export async function stack(...args: string[]): Promise<string> {
  const { TASKWIRE_LOCAL: local, TASKWIRE_PROFILE: profile } = process.env;
  if (!local || !profile) {
    throw new Error(
      "TASKWIRE_LOCAL and TASKWIRE_PROFILE must say which stack is our own; `make test` sets them",
    );
  }
  return (await run(local, ["--profile", profile, ...args])).stdout;
}

interface Values {
  bin: string;
  database: { owner: string };
  functions: Record<string, { dapr: { http_port: number }; api_token: string }>;
  observe?: object;
  provider_url?: string;
}

async function values(): Promise<Values> {
  return JSON.parse(await stack("values")) as Values;
}

/** Whether the stack under test stores traces. */
export async function observed(): Promise<boolean> {
  return (await values()).observe !== undefined;
}

/** Whether users of the stack under test can sign in at a provider. */
export async function hasProvider(): Promise<boolean> {
  return Boolean((await values()).provider_url);
}

/** Makes a user an administrator with the operator's command, from the next sign-in on. */
export async function promote(email: string): Promise<void> {
  const { bin, database } = await values();
  await run(join(bin, "migrate"), ["user", "role", email, "admin"], {
    env: { ...process.env, DATABASE_URL: database.owner },
  });
}

/** Publishes an event to the topic of dead letters, as a consumer's sidecar does. */
export async function park(consumer: string, reason: string): Promise<void> {
  const { functions } = await values();
  const { dapr, api_token } = functions["recurring-spawn"]!;
  const event = {
    // First the members that a consumer adds before the event's own, in its order.
    deadletterid: crypto.randomUUID(),
    deadletterreason: reason,
    deadletterconsumer: consumer,
    deadlettertopic: "task-events",
    deadletterattempts: 6,
    specversion: "1.0",
    id: crypto.randomUUID(),
    source: "/e2e/dashboard",
    type: "task.completed",
    datacontenttype: "application/json",
    data: { event_type: "completed" },
  };
  const response = await fetch(
    `http://127.0.0.1:${dapr.http_port}/v1.0/publish/pubsub/dead-letters?metadata.rawPayload=true&metadata.content-type=application/cloudevents%2Bjson`,
    {
      method: "POST",
      headers: { "Content-Type": "application/cloudevents+json", "dapr-api-token": api_token },
      body: JSON.stringify(event),
    },
  );
  expect(response.status).toBe(204);
}
