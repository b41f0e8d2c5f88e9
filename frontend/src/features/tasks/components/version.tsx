/** One of two values of a field that the user compares. */
export function Version({ name, value }: { name: string; value: string }) {
  return (
    <div className="rounded-lg border border-line bg-sunken px-3 py-2">
      <p className="text-xs text-ink-3">{name}</p>
      <p className="mt-0.5 max-h-40 overflow-y-auto text-sm wrap-anywhere whitespace-pre-wrap" dir="auto">
        {value}
      </p>
    </div>
  );
}
