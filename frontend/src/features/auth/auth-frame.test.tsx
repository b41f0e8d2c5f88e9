import { render, screen, within } from "@testing-library/react";
import { renderToString } from "react-dom/server";
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

test("a form cannot be sent before its page is hydrated, nor ever by its address", () => {
  const container = document.createElement("div");
  document.body.append(container);
  container.innerHTML = renderToString(<ForgottenForm />);
  const button = within(container).getByRole("button", { name: "Send the link" });
  expect(button).toBeDisabled();
  expect(button).toHaveClass("disabled:opacity-100");
  expect(button.closest("form")).toHaveProperty("method", "post");

  render(<ForgottenForm />, { container, hydrate: true });
  expect(button).toBeEnabled();
  expect(button).not.toHaveClass("disabled:opacity-100");
});
