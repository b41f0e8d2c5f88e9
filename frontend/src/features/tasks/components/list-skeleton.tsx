/** The placeholder of a list while it loads. */
export function ListSkeleton() {
  return (
    <div aria-hidden className="mx-auto w-full max-w-4xl px-3 lg:px-6">
      <div className="h-14" />
      <div className="h-12 rounded-xl border border-line bg-surface" />
      <RowsSkeleton />
    </div>
  );
}

export function RowsSkeleton() {
  return (
    <div aria-hidden className="mt-6 space-y-3">
      {["w-3/5", "w-2/5", "w-1/2", "w-1/3", "w-3/5"].map((width, i) => (
        <div key={i} className="flex h-8 items-center gap-3 px-3">
          <span className="size-4.5 rounded-full border-2 border-line" />
          <span className={`h-3 rounded-full bg-line ${width}`} />
        </div>
      ))}
    </div>
  );
}
