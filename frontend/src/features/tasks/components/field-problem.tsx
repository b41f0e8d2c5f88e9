/** Says below a field why its text is not saved; the field refers to it with `problemProps`. */
export function FieldProblem({ id, children }: { id?: string; children: string | null }) {
  return children ? (
    <p id={id} role="alert" className="w-full py-1 text-[0.8125rem] text-danger">
      {children}
    </p>
  ) : null;
}
