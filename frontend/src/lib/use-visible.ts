import { useLayoutEffect, useState } from "react";

/** False while the component is kept, hidden, in an `Activity`. */
export function useVisible(): boolean {
  const [visible, setVisible] = useState(true);
  useLayoutEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- only effects know
    setVisible(true);
    return () => setVisible(false);
  }, []);
  return visible;
}
