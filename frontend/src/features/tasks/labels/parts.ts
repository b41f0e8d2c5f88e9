import { lazyPart } from "@/lib/lazy-part";

export const LabelMenu = lazyPart(() => import("./label-menu").then((m) => m.LabelMenu));
export const NewLabelButton = lazyPart(() => import("./new-label-button").then((m) => m.NewLabelButton));
