"use client";

import * as words from "@/messages/labels";
import type { LabelColor } from "./color";

const colors: Record<LabelColor, () => string> = {
  red: words.red,
  orange: words.orange,
  yellow: words.yellow,
  green: words.green,
  teal: words.teal,
  blue: words.blue,
  purple: words.purple,
  pink: words.pink,
  brown: words.brown,
  gray: words.gray,
};
const choices = [[null, words.noColor], ...Object.entries(colors)] as [LabelColor | null, () => string][];

interface ColorChoiceProps {
  color: LabelColor | null;
  onChange: (color: LabelColor | null) => void;
}

/** The colors that a project or a tag can have. */
export function ColorChoice({ color, onChange }: ColorChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{words.color()}</legend>
      <div className="flex flex-wrap gap-1.5">
        {choices.map(([value, say]) => (
          <label
            key={value ?? ""}
            title={say()}
            className="grid size-9 cursor-pointer place-items-center rounded-lg border border-transparent hover:bg-hover has-checked:border-accent has-checked:bg-accent-wash has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:size-11"
          >
            <input
              type="radio"
              name="color"
              className="sr-only"
              aria-label={say()}
              checked={color === value}
              onChange={() => onChange(value)}
            />
            <span
              className="size-5 rounded-full border-2 border-line-2"
              style={value ? { background: `var(--label-${value})`, borderColor: "transparent" } : undefined}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
