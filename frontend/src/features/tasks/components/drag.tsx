"use client";

import {
  DndContext,
  DragOverlay,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { type ReactNode, type SyntheticEvent, useCallback, useEffect, useRef, useState } from "react";
import { cn } from "@/lib/cn";
import { isWithin } from "@/lib/is-within";
import { taskStore } from "../store";
import { type Point, scrollsAt } from "./drag-edges";

interface DragAreaProps<Place> {
  onDrop: (id: string, from: Place, to: Place) => void;
  children: ReactNode;
}

/** Nothing is said while dragging: each task has a menu that does the same, and what was done is said. */
const silent = { onDragStart: () => "", onDragOver: () => "", onDragEnd: () => "", onDragCancel: () => "" };

/** Where tasks are dragged between places, with a mouse or by a long press. */
export function DragArea<Place>({ onDrop, children }: DragAreaProps<Place>) {
  const [title, setTitle] = useState<string | null>(null);
  const pointer = useRef<Point>({ x: 0, y: 0 });
  useEffect(() => {
    const note = ({ clientX, clientY }: PointerEvent) => (pointer.current = { x: clientX, y: clientY });
    window.addEventListener("pointermove", note, true);
    return () => window.removeEventListener("pointermove", note, true);
  }, []);
  const canScroll = useCallback((element: Element) => scrollsAt(element, pointer.current), []);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  );
  return (
    <DndContext
      sensors={sensors}
      autoScroll={{ canScroll }}
      collisionDetection={pointerWithin}
      accessibility={{ announcements: silent, screenReaderInstructions: { draggable: "" } }}
      onDragStart={({ active }) => {
        const { id } = active.data.current as { id: string };
        setTitle(taskStore.get(id)?.title ?? "");
      }}
      onDragCancel={() => setTitle(null)}
      onDragEnd={({ active, over }) => {
        setTitle(null);
        const { id, place } = active.data.current as { id: string; place: Place };
        if (over) onDrop(id, place, (over.data.current as { place: Place }).place);
      }}
    >
      {children}
      <DragOverlay dropAnimation={null}>
        {title === null ? null : (
          <div
            dir="auto"
            className="w-fit max-w-72 truncate rounded-lg border border-line-2 bg-raised px-3 py-1.5 text-sm shadow-2"
          >
            {title}
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}

/** A task that can be dragged from a place. */
export function useTaskDrag<Place>(id: string, key: string, place: Place) {
  const { setNodeRef, listeners, isDragging, node } = useDraggable({
    id: `${key}/${id}`,
    data: { id, place },
  });
  return { ref: setNodeRef, listeners: within(listeners), isDragging, node };
}

/** Listeners that leave out the events of a task's menu: a press on one of its items would drag the task. */
function within(listeners: ReturnType<typeof useDraggable>["listeners"]) {
  const entries = Object.entries(listeners ?? {});
  return Object.fromEntries(
    entries.map(([name, listener]) => [
      name,
      (event: SyntheticEvent) => {
        if (isWithin(event)) listener(event);
      },
    ]),
  );
}

interface DropPlaceProps<Place> {
  id: string;
  place: Place;
  disabled?: boolean;
  className?: string;
  children: ReactNode;
}

/** A place that tasks can be dropped on. */
export function DropPlace<Place>({
  id,
  place,
  disabled = false,
  className,
  children,
}: DropPlaceProps<Place>) {
  const { setNodeRef, isOver } = useDroppable({ id, disabled, data: { place } });
  return (
    <div ref={setNodeRef} className={cn(className, isOver && "bg-accent-wash")}>
      {children}
    </div>
  );
}
