// The second generation of the official TypeScript SDK, held to the revision 2026-07-28.
import {Client, StreamableHTTPClientTransport} from "@modelcontextprotocol/client";
import {clientInfo, headers, run, url} from "./scenario.mjs";

const client = new Client(clientInfo, {versionNegotiation: {mode: {pin: "2026-07-28"}}});
await client.connect(new StreamableHTTPClientTransport(url, {requestInit: {headers}}));
await run(client);
await client.close();
console.log("2026-07-28");
