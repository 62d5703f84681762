import { answerMessage } from '../../src/mcp/mcp-server.ts';
import type { OperationTool } from '../../src/mcp/tools.ts';

const tool: OperationTool = {
  name: 'Nome',
  description: 'O nome.',
  inputSchema: { type: 'object', properties: {} },
  operation: { id: '0', name: 'Nome', type: 'query', body: 'query Nome { __typename }' },
};
const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'Nome' } };
const done = async () => ({ content: [{ type: 'text' as const, text: 'pronto' }] });

describe('A message of MCP', () => {
  it('gets its answer as JSON, under its id', async () => {
    const { status, headers, text } = await answerMessage(call, undefined, { tools: [tool], callTool: done });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(text)).toEqual({
      jsonrpc: '2.0',
      id: 7,
      result: { content: [{ type: 'text', text: 'pronto' }] },
    });
  });

  it('that fails by a bug of ours fails with it, so that its words reach the log and no client', async () => {
    const bug = new Error('a table is not there');
    const failing = answerMessage(call, undefined, { tools: [tool], callTool: () => Promise.reject(bug) });
    await expect(failing).rejects.toBe(bug);
  });

  it('without an id gets no body', async () => {
    const message = { jsonrpc: '2.0', method: 'notifications/initialized' };
    expect(await answerMessage(message, undefined, { tools: [], callTool: done })).toMatchObject({
      status: 202,
      text: '',
    });
  });

  it('of a version of the protocol that nobody knows is refused', async () => {
    const { status } = await answerMessage(call, '1999-01-01', { tools: [tool], callTool: done });
    expect(status).toBe(400);
  });
});
