/** What a task gets when it is dropped there: the value of the attribute `data-drop`. */
export type DropTarget = { project: string } | { tag: string } | { inDays: number };

export const dropTarget = (target: DropTarget) => ({ "data-drop": JSON.stringify(target) });
