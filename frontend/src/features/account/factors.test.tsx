import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { problem, server } from "@/testing/server";
import { toastShown } from "@/testing/toasts";
import type { Factors } from "./api/factors";
import { FactorsSection } from "./components/factors-section";

const codes = ["abcd-efgh-jkmn-pqrs", "tuvw-xyz2-3456-789a"];
let held: Factors;

beforeEach(() => {
  held = { passkeys: [], totp: null, recovery_codes_left: 0 };
  server.use(http.get("*/api/auth/factors", () => HttpResponse.json(held)));
});

test("an app is set up by its first code, and the recovery codes are shown once", async () => {
  const setup = { secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", uri: "otpauth://totp/Taskwire:ada" };
  server.use(
    http.post("*/api/auth/factors/totp", () => HttpResponse.json(setup)),
    http.post("*/api/auth/factors/totp/confirm", async ({ request }) => {
      const { code } = (await request.json()) as { code: string };
      if (code !== "123456")
        return problem(422, "no", { errors: [{ field: "/code", detail: "is not the app's current code" }] });
      held = { ...held, totp: { created_at: "2026-11-23T11:58:00Z", last_used_at: null } };
      held.recovery_codes_left = 2;
      return HttpResponse.json({ recovery_codes: codes }, { status: 201 });
    }),
  );
  const { user } = renderSignedIn(<FactorsSection />);
  await user.click(await screen.findByRole("button", { name: "Set up" }));
  expect(await screen.findByLabelText("The key")).toHaveTextContent("JBSW Y3DP");
  expect(await screen.findByRole("img", { name: /QR code/ })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Turn on" }));
  expect(screen.getByText("Enter the code.")).toBeVisible();
  await user.type(screen.getByLabelText("Code"), "000000{Enter}");
  expect(await screen.findByText("That is not the current code.")).toBeVisible();
  await user.clear(screen.getByLabelText("Code"));
  await user.type(screen.getByLabelText("Code"), "123456{Enter}");
  const shown = await screen.findByRole("list", { name: "Recovery codes" });
  expect(
    within(shown)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual(codes);
  await user.click(screen.getByRole("button", { name: "I have saved them" }));
  expect(screen.queryByText(codes[0]!)).toBeNull();
  expect(await screen.findByText(/2 of 10 are left/)).toBeVisible();
});

test("the recovery codes are shown also if the setup was closed before the answer", async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  server.use(
    http.post("*/api/auth/factors/totp", () =>
      HttpResponse.json({ secret: "JBSW", uri: "otpauth://totp/a" }),
    ),
    http.post("*/api/auth/factors/totp/confirm", async () => {
      await answered;
      return HttpResponse.json({ recovery_codes: codes }, { status: 201 });
    }),
  );
  const { user } = renderSignedIn(<FactorsSection />);
  await user.click(await screen.findByRole("button", { name: "Set up" }));
  await user.type(await screen.findByLabelText("Code"), "123456{Enter}");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  answer();
  expect(await screen.findByRole("list", { name: "Recovery codes" })).toHaveTextContent(codes[0]!);
});

test("a passkey is removed once the user has confirmed", async () => {
  held.passkeys = [
    { id: "a", name: "Key", created_at: "2026-11-23T11:58:00Z", last_used_at: null, synced: false },
  ];
  let confirmed = false;
  server.use(
    http.post("*/api/auth/confirm", async ({ request }) => {
      const { password } = (await request.json()) as { password: string };
      if (password !== "the password")
        return problem(422, "no", { errors: [{ field: "/password", detail: "is not your password" }] });
      confirmed = true;
      return new HttpResponse(null, { status: 204 });
    }),
    http.delete("*/api/auth/factors/passkeys/a", () => {
      if (!confirmed) return problem(403);
      held = { ...held, passkeys: [] };
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = renderSignedIn(<FactorsSection />);
  await user.click(await screen.findByRole("button", { name: "Remove Key" }));
  await user.click(screen.getByRole("button", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Confirm that it is you" }));
  await user.type(dialog.getByLabelText("Your password"), "a guess{Enter}");
  expect(await dialog.findByText("That is not your password.")).toBeVisible();
  await user.clear(dialog.getByLabelText("Your password"));
  await user.type(dialog.getByLabelText("Your password"), "the password{Enter}");
  await waitFor(() => expect(screen.queryByText("Key")).toBeNull());
});

test("a browser that refuses a passkey says why, unless the user has cancelled", async () => {
  vi.stubGlobal(
    "PublicKeyCredential",
    class {
      static parseRequestOptionsFromJSON = () => ({});
      static parseCreationOptionsFromJSON = () => ({});
    },
  );
  const create = vi.fn();
  vi.stubGlobal("navigator", Object.assign(navigator, { credentials: { create } }));
  server.use(http.post("*/api/auth/factors/passkeys/options", () => HttpResponse.json({ publicKey: {} })));
  const { user } = renderSignedIn(<FactorsSection />);
  const add = async () => {
    await user.click(await screen.findByRole("button", { name: "Add a passkey" }));
    await user.click(screen.getByRole("button", { name: "Continue" }));
  };
  create.mockRejectedValueOnce(new DOMException("", "NotAllowedError"));
  await add();
  await waitFor(() => expect(create).toHaveBeenCalledOnce());
  expect(screen.queryByText("That did not work")).toBeNull();
  create.mockRejectedValueOnce(new DOMException("", "InvalidStateError"));
  await add();
  await toastShown("This device already has a passkey for your account.");
  vi.unstubAllGlobals();
});
