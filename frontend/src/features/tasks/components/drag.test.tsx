import { fireEvent, screen } from "@testing-library/react";
import { createPortal } from "react-dom";
import { expect, test } from "vitest";
import { renderSignedIn } from "@/testing/render";
import { DragArea, useTaskDrag } from "./drag";

function Card() {
  const { ref, listeners, isDragging } = useTaskDrag("id", "todo", "todo");
  return (
    <p ref={ref} {...listeners}>
      {isDragging ? "dragged" : "at rest"}
      {createPortal(<button type="button">Doing</button>, document.body)}
    </p>
  );
}

function pull(element: HTMLElement) {
  fireEvent.mouseDown(element);
  fireEvent.mouseMove(document, { clientX: 20, clientY: 20 });
}

test("a press in the menu of a card does not drag the card", () => {
  renderSignedIn(
    <DragArea onDrop={() => {}}>
      <Card />
    </DragArea>,
  );
  pull(screen.getByRole("button", { name: "Doing" }));
  expect(screen.getByText("at rest")).toBeVisible();
  fireEvent.mouseUp(document);
  pull(screen.getByText("at rest"));
  expect(screen.getByText("dragged")).toBeVisible();
});
