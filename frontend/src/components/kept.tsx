"use client";

import { Activity, type ReactNode, useLayoutEffect, useState } from "react";

interface KeptProps {
  shown: boolean;
  children: ReactNode;
}

/**
 * What was shown is kept, hidden and as it was, until it is shown again, which is quicker than making it anew. With an open
 * dialog or menu it is not kept, for that would be open again.
 */
export function Kept({ shown, children }: KeptProps) {
  const [last, setLast] = useState<ReactNode>(null);
  if (shown && last !== children) setLast(children);
  useLayoutEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- only the document knows what is open
    if (!shown && isOpenHidden()) setLast(null);
  }, [shown]);
  const content = shown ? children : last;
  return content ? <Activity mode={shown ? "visible" : "hidden"}>{content}</Activity> : null;
}

/** Whether a dialog or a menu is open in what was just hidden. */
const isOpenHidden = () =>
  [...document.querySelectorAll("[role=dialog], [role=menu]")].some((element) => !element.checkVisibility());
