"use client";

import { useState } from "react";

const kept = 60;
const fewest = 6;
const width = 120;
const height = 34;

/** How a number developed while the page was open. It is decorative: the numbers are in the tables. */
export function Sparkline({ at, value }: { at: string; value: number }) {
  const [seen, setSeen] = useState<{ at: string; values: number[] }>({ at, values: [value] });
  if (seen.at !== at) setSeen({ at, values: [...seen.values, value].slice(-kept) });
  const { values } = seen;
  if (values.length < fewest) return null;
  const top = Math.max(...values, 0.01);
  const points = values.map((each, i) => {
    const x = width - (values.length - 1 - i) * (width / (kept - 1));
    return `${x.toFixed(1)} ${(height - 2 - (each / top) * (height - 4)).toFixed(1)}`;
  });
  const first = points[0]?.split(" ")[0];
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${width} ${height}`}
      className="absolute end-3.5 top-4 hidden h-8.5 w-30 sm:block"
    >
      <path d={`M${points.join("L")}V${height}H${first}Z`} className="fill-accent-wash" />
      <path
        d={`M${points.join("L")}`}
        className="fill-none stroke-accent"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
    </svg>
  );
}
