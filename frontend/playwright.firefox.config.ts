import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/**
 * The same suite in Firefox as Debian serves it (package firefox-esr; the variable FIREFOX names another), by WebDriver
 * BiDi: Playwright's usual Firefox is a patched build. Left out is what BiDi, or Firefox's part of it, cannot do.
 */
const withoutFirefox = [
  // The devtools protocol of Chromium: an input method, a virtual authenticator, fingers.
  "composition.spec.ts",
  "factors.spec.ts",
  "phone.spec.ts",
  // It ends the gateway, which has nothing to do with the browser.
  "gateway.spec.ts",
];
const withoutFirefoxTests = [
  // Printing and forced colours are not emulated.
  "all tasks of a list are printed",
  "a row says in words what its colours say",
  // A download is not reported.
  "the data is exported, and an account is deleted",
  // The body of a request cannot be read.
  "the time in the settings is saved once",
  "settings are saved, and the same elsewhere",
  "a visitor reads what this is, makes an account",
  // These do nothing but run axe, which ends the page's process at random; it judges the same document in Chromium.
  "axe finds nothing serious",
  // A frame that is refused has an address of Chromium's.
  "the question is not asked in a frame",
];

export default defineConfig({
  ...base,
  timeout: 90_000,
  testIgnore: withoutFirefox,
  grepInvert: new RegExp(withoutFirefoxTests.join("|")),
  use: {
    ...base.use,
    browserName: "firefox",
    channel: "moz-firefox",
    launchOptions: { executablePath: `${import.meta.dirname}/scripts/firefox.mjs` },
  },
  projects: [{ name: "firefox" }],
});
