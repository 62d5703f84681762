import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { OperationTool } from './tools.ts';

const INSTRUCTIONS =
  'Consultas a dados de crédito de pessoas físicas, por CPF. Cada chamada lê dados pessoais, conta nas cotas do cliente e fica na auditoria, com a finalidade do pedido. Peça só o que a tarefa exige.';

/** Runs an operation. */
export type CallTool = (tool: OperationTool, variables: Readonly<Record<string, unknown>>) => Promise<CallToolResult>;

/** The answer to one message. */
export interface McpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; empty for a notification. */
  readonly text: string;
}

/**
 * Answers one message of MCP. There are no sessions: each message gets a server of its own, which lives until the answer.
 *
 * @param message one message of JSON-RPC
 * @param protocolVersion the header `MCP-Protocol-Version`
 * @throws whatever `callTool` throws: the SDK would show its message to the client
 */
export async function answerMessage(
  message: unknown,
  protocolVersion: string | undefined,
  { tools, callTool }: { tools: readonly OperationTool[]; callTool: CallTool },
): Promise<McpAnswer> {
  let failure: { readonly error: unknown } | undefined;
  const server = new Server(
    { name: 'pessoa', title: 'Pessoa', version: '1.0.0' },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: tools.map(describeTool) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, 'There is no such tool; `tools/list` lists them.');
    try {
      return await callTool(tool, params.arguments ?? {});
    } catch (error) {
      failure = { error };
      throw new McpError(ErrorCode.InternalError, 'The call failed.');
    }
  });
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  try {
    // The SDK gets no header of the client but this one: it needs no token, and its errors quote what it gets.
    const headers = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(protocolVersion !== undefined && { 'mcp-protocol-version': protocolVersion }),
    };
    const request = new Request('http://mcp.invalid/mcp', { method: 'POST', headers });
    const response = await transport.handleRequest(request, { parsedBody: message });
    const text = await response.text();
    if (failure) throw failure.error;
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  } finally {
    await server.close();
  }
}

const describeTool = ({ name, description, inputSchema }: OperationTool) => ({
  name,
  description,
  inputSchema,
  annotations: { readOnlyHint: true, openWorldHint: false },
});
