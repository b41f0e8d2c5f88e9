/** What a field with a problem says about itself to a screen reader; `id` is that of the `FieldProblem`. */
export const problemProps = (id: string, problem: string | null) =>
  problem ? ({ "aria-invalid": true, "aria-describedby": id } as const) : {};
