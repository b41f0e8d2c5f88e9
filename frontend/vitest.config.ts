import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { compileMessages } from "./scripts/messages.mjs";

compileMessages();

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://localhost:8080/" } },
    include: ["{src,scripts}/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    // Times of day are told apart by the zone; tests must mean the same everywhere.
    env: { TZ: "Europe/Berlin" },
    restoreMocks: true,
  },
});
