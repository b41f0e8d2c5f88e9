import { render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { AuthOutcome } from "./auth-frame";
import { ForgottenForm } from "./forgotten-form";

afterEach(() => history.replaceState(null, "", "/"));

const back = () => screen.getByRole("link", { name: "Sign in" });

test("the way back from a forgotten password keeps the destination", () => {
  history.replaceState(null, "", "/forgotten?next=%2Ftrash");
  render(<ForgottenForm />);
  expect(back()).toHaveAttribute("href", "/sign-in?next=%2Ftrash");
});

test("the way back from a provider that failed keeps the destination", () => {
  render(
    <AuthOutcome role="alert" title="That did not work" next="/settings/tokens">
      no
    </AuthOutcome>,
  );
  expect(back()).toHaveAttribute("href", "/sign-in?next=%2Fsettings%2Ftokens");
});
