import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const chromium = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((path) => existsSync(path));

// A running stack: `taskwire-local values` has its address. Chromium is the system's.
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.TASKWIRE_URL ?? "http://localhost:8080",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 800 },
    // It keeps the whole build for offline use: 4 s of CPU time in each new context. `testWithWorker` allows it.
    serviceWorkers: "block",
    // Recording takes a third of the time; where nobody can open a trace afterwards, none is made.
    trace: process.env.CI ? "off" : "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "dashboard", testIgnore: "gateway.spec.ts" },
    // It ends the gateway, which the others need.
    { name: "gateway", testMatch: "gateway.spec.ts", dependencies: ["dashboard"] },
  ],
});
