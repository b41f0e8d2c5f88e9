import type { NextConfig } from "next";
import { compileMessages } from "./scripts/messages.mjs";

compileMessages();

/** Where `next dev` finds the API; the built dashboard is served by the gateway, at the API's own origin. */
const api = process.env.TASKWIRE_URL ?? "http://localhost:8080";
const developing = process.env.NODE_ENV === "development";

const config: NextConfig = {
  ...(developing
    ? { rewrites: async () => [{ source: "/api/:path*", destination: `${api}/api/:path*` }] }
    : { output: "export" as const }),
  // Next would make up a new one for each build, and with it another name for the same file.
  generateBuildId: () => process.env.TASKWIRE_BUILD_ID ?? "taskwire",
  poweredByHeader: false,
  reactStrictMode: true,
  reactCompiler: true,
  images: { unoptimized: true },
  typescript: { ignoreBuildErrors: true }, // `npm run typecheck` finds them, once
};

export default config;
