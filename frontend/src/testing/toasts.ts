import { screen, waitFor } from "@testing-library/react";
import { expect } from "vitest";

/** Waits until a toast with the text is shown. It is in the document before that: sonner fades it in. */
export const toastShown = (text: string) => waitFor(() => expect(screen.getByText(text)).toBeVisible());
