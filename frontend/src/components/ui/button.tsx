import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export const buttonStyles = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors select-none disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-accent text-accent-ink shadow-1 hover:bg-accent-strong",
        outline: "border border-line-2 bg-raised text-ink shadow-1 hover:bg-hover",
        ghost: "text-ink-2 hover:bg-hover hover:text-ink",
        danger: "bg-danger-wash text-danger hover:bg-danger hover:text-raised",
      },
      size: {
        sm: "h-8 px-2.5 text-sm pointer-coarse:h-11 pointer-coarse:min-w-11",
        md: "h-9 px-3.5 text-sm pointer-coarse:h-11",
        lg: "h-11 px-5",
        icon: "size-9 pointer-coarse:size-11",
        "icon-sm": "size-8 pointer-coarse:size-11",
      },
    },
    defaultVariants: { look: "outline", size: "md" },
  },
);

export type ButtonProps = ComponentProps<"button"> & VariantProps<typeof buttonStyles>;

export function Button({ className, look, size, type = "button", ...props }: ButtonProps) {
  return <button type={type} className={cn(buttonStyles({ look, size }), className)} {...props} />;
}
