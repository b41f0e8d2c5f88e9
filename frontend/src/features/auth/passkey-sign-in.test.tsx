import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { problem } from "@/testing/server";
import { PasskeySignIn } from "./passkey-sign-in";

class Passkey {
  static parseRequestOptionsFromJSON = () => ({});
  static isConditionalMediationAvailable = () => Promise.resolve(true);
  toJSON = () => ({});
}

/** Asks for a passkey; a suggestion stays until it is aborted. */
const get = vi.fn<(options: CredentialRequestOptions) => Promise<unknown>>();

beforeEach(() => {
  vi.stubGlobal("PublicKeyCredential", Passkey);
  Object.defineProperty(navigator, "credentials", { value: { get }, configurable: true });
  vi.spyOn(globalThis, "fetch").mockImplementation((path) =>
    Promise.resolve(
      path === "/api/auth/login/passkey/options" ? Response.json({ publicKey: {} }) : problem(401),
    ),
  );
  get.mockReset().mockImplementation(() => new Promise(() => {}));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "credentials");
});

const suggestions = () => get.mock.calls.filter(([{ mediation }]) => mediation === "conditional");
const suggested = (times: number) => vi.waitFor(() => expect(suggestions()).toHaveLength(times));

test("passkeys are suggested with a new challenge before the old one expires", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  render(<PasskeySignIn />);
  await suggested(1);
  act(() => void vi.advanceTimersByTime(5 * 60_000));
  await suggested(2);
  expect(suggestions()[0]![0].signal!.aborted).toBe(true);
  expect(suggestions()[1]![0].signal!.aborted).toBe(false);
});

test("passkeys are suggested again after the button was pressed and the user has cancelled", async () => {
  render(<PasskeySignIn />);
  await suggested(1);
  get.mockRejectedValueOnce(new DOMException("", "NotAllowedError"));
  fireEvent.click(screen.getByRole("button", { name: "Use a passkey" }));
  await suggested(2);
  expect(suggestions()[0]![0].signal!.aborted).toBe(true);
});

test("passkeys are suggested again after one was refused", async () => {
  get.mockResolvedValueOnce(new Passkey());
  render(<PasskeySignIn />);
  expect(await screen.findByText("This passkey is not accepted here.")).toBeVisible();
  await suggested(2);
});
