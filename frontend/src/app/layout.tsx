import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { firstPageScript } from "@/lib/session/first-page";
import { themeScript } from "@/lib/theme/theme";
import { languageScript } from "@/lib/words/language";
import { Providers } from "./providers";
import "./globals.css";

export const metadata: Metadata = {
  // eslint-disable-next-line no-restricted-syntax -- for those that read the file and run nothing
  description: "Your tasks on every device, instantly.",
  applicationName: "Taskwire",
  manifest: "/manifest.webmanifest",
  appleWebApp: { capable: true, title: "Taskwire", statusBarStyle: "default" },
  icons: {
    icon: [
      { url: "/icon.svg", type: "image/svg+xml" },
      { url: "/icon-192.png", sizes: "192x192", type: "image/png" },
    ],
    apple: "/apple-touch-icon.png",
  },
  formatDetection: { telephone: false, date: false, address: false, email: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  // The on-screen keyboard shrinks the page, so that elements fixed to the bottom stay visible.
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f5f0" },
    { media: "(prefers-color-scheme: dark)", color: "#131513" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* eslint-disable-next-line no-restricted-syntax -- our own constants; their hash is in the policy */}
        <script dangerouslySetInnerHTML={{ __html: `${themeScript};${languageScript};${firstPageScript}` }} />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
