import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from "lucide-react";
import { MenuItem } from "@/components/ui/menu";
import { rightToLeft } from "@/lib/words/direction";
import * as words from "@/messages/labels";

interface LabelMovesProps {
  /** The label's place among those that are listed, -1 if it is not. */
  at: number;
  count: number;
  sideBySide?: boolean;
  onMove: (to: number) => void;
}

/** The items of a menu that move a label by one place. */
export function LabelMoves({ at, count, sideBySide, onMove }: LabelMovesProps) {
  const left = { Icon: ArrowLeft, text: words.moveLeft };
  const right = { Icon: ArrowRight, text: words.moveRight };
  const [back, on] = !sideBySide
    ? [
        { Icon: ArrowUp, text: words.moveUp },
        { Icon: ArrowDown, text: words.moveDown },
      ]
    : rightToLeft()
      ? [right, left]
      : [left, right];
  return (
    <>
      {at > 0 ? (
        <MenuItem onSelect={() => onMove(at - 1)}>
          <back.Icon />
          {back.text()}
        </MenuItem>
      ) : null}
      {at >= 0 && at < count - 1 ? (
        <MenuItem onSelect={() => onMove(at + 1)}>
          <on.Icon />
          {on.text()}
        </MenuItem>
      ) : null}
    </>
  );
}
