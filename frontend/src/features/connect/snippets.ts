/* eslint-disable no-restricted-syntax -- the labels are names of products */
import * as words from "@/messages/connect";

/** The placeholder until there is a token. */
export const tokenPlaceholder = "TASKWIRE_TOKEN";

export interface Snippet {
  id: string;
  label: string;
  /** The file or command line it belongs to. */
  where: string;
  code: string;
}

/** How to connect each assistant, as in `docs/connect-an-assistant.md`. */
export function assistantSnippets(origin: string, token: string): Snippet[] {
  const url = `${origin}/mcp`;
  const bearer = `Bearer ${token}`;
  return [
    {
      id: "claude-code",
      label: "Claude Code",
      where: words.inTerminal(),
      code: `claude mcp add --transport http taskwire ${url} --header "Authorization: ${bearer}"`,
    },
    {
      id: "claude-desktop",
      label: "Claude Desktop",
      where: words.desktopWhere(),
      code: json({
        mcpServers: {
          taskwire: {
            command: "npx",
            args: ["-y", "mcp-remote", url, "--header", "Authorization:${AUTH}"],
            env: { AUTH: bearer },
          },
        },
      }),
    },
    {
      id: "vs-code",
      label: "VS Code",
      where: words.codeWhere(),
      code: json({
        inputs: [
          { type: "promptString", id: "taskwire-token", description: "Taskwire token", password: true },
        ],
        servers: {
          taskwire: { type: "http", url, headers: { Authorization: "Bearer ${input:taskwire-token}" } },
        },
      }),
    },
    {
      id: "cursor",
      label: "Cursor",
      where: words.cursorWhere(),
      code: json({ mcpServers: { taskwire: { url, headers: { Authorization: bearer } } } }),
    },
    {
      id: "inspector",
      label: "MCP Inspector",
      where: words.inspectorWhere(),
      code: lines(
        `npx @modelcontextprotocol/inspector --cli ${url} --transport http`,
        `--header "Authorization: ${bearer}" --method tools/list`,
      ),
    },
    {
      id: "mcp-curl",
      label: "curl",
      where: words.curlWhere(),
      code: lines(
        `curl -s ${url} -H "Authorization: ${bearer}" -H 'content-type: application/json'`,
        `-H 'accept: application/json, text/event-stream'`,
        `-d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add_task","arguments":{"title":"Buy milk","due_at":"tomorrow at 5pm"}}}'`,
      ),
    },
  ];
}

/** The API from a terminal. */
export function scriptSnippets(origin: string, token: string): Snippet[] {
  const auth = `-H "Authorization: Bearer ${token}"`;
  const asJson = `-H 'content-type: application/json'`;
  return [
    {
      id: "list",
      label: words.list(),
      where: words.listWhere(),
      code: `curl -s "${origin}/api/todos?status=open&sort=-priority" ${auth}`,
    },
    {
      id: "create",
      label: words.create(),
      where: words.createWhere(),
      code: lines(
        `curl -s ${origin}/api/todos ${auth}`,
        `${asJson} -H 'idempotency-key: buy-milk'`,
        `-d '{"title":"Buy milk","priority":"high"}'`,
      ),
    },
    {
      id: "event",
      label: "CloudEvent",
      where: words.eventWhere(),
      code: lines(
        `curl -i ${origin}/api/events ${auth} ${asJson}`,
        `-H 'ce-specversion: 1.0' -H 'ce-id: 1' -H 'ce-source: /laptop' -H 'ce-type: task.create'`,
        `-d '{"title":"Buy milk"}'`,
      ),
    },
    {
      id: "stream",
      label: words.live(),
      where: words.liveWhere(),
      code: `curl -N ${origin}/api/stream/tasks ${auth}`,
    },
  ];
}

const json = (value: unknown) => JSON.stringify(value, null, 2);
const lines = (...parts: string[]) => parts.join(" \\\n  ");
