/** Says below a field why its text is not saved. */
export function FieldProblem({ children }: { children: string | null }) {
  return children ? (
    <p role="alert" className="w-full py-1 text-[0.8125rem] text-danger">
      {children}
    </p>
  ) : null;
}
