// The first generation of the official TypeScript SDK, which speaks the revisions up to 2025-11-25.
import assert from "node:assert/strict";
import {Client} from "@modelcontextprotocol/sdk/client/index.js";
import {StreamableHTTPClientTransport} from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {clientInfo, headers, run, url} from "./scenario.mjs";

const client = new Client(clientInfo);
const transport = new StreamableHTTPClientTransport(url, {requestInit: {headers}});
await client.connect(transport);
assert.equal(transport.sessionId, undefined); // it is stateless
await run(client);
await client.close();
console.log(transport.protocolVersion);
