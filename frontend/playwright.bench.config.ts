import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

// Measures and asserts nothing: what it prints goes into docs/benchmarks.md, with the machine beside it.
export default defineConfig({
  ...base,
  // A trace is not recorded: its snapshots of the document and its pictures are made while an act is painted.
  use: { ...base.use, serviceWorkers: "allow", trace: "off" },
  testDir: "bench",
  testMatch: "*.bench.ts",
  workers: 1,
  timeout: 600_000,
  projects: [{ name: "bench" }],
});
