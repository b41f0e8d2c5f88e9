import type { CSSProperties } from "react";
import type { Label } from "./labels";

export type LabelColor = NonNullable<Label["color"]>;

/** The style of an icon in the color of a project or a tag. */
export const colored = (color: Label["color"] | undefined): CSSProperties | undefined =>
  color ? { color: `var(--label-${color})` } : undefined;
