/** Calls a function once for each argument, and returns the same result after that. */
export function memoize<A, R>(run: (argument: A) => R): (argument: A) => R {
  const results = new Map<A, R>();
  return (argument) => {
    let result = results.get(argument);
    if (result === undefined) results.set(argument, (result = run(argument)));
    return result;
  };
}
