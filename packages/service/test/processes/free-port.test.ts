import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { freePort } from '../../src/processes/free-port.ts';

describe('A free port', () => {
  it('is below the ports of outgoing connections, and another one each time', async () => {
    const ports = await Promise.all(Array.from({ length: 500 }, () => freePort()));

    expect(new Set(ports).size).toBe(500);
    expect(ports.filter((port) => port < 20_000 || port > 32_767)).toEqual([]);
  });

  it('is not one that another server has', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      await expect(freePort({ from: port, to: port })).rejects.toThrow(`no free port from ${port} to ${port}`);
    } finally {
      server.close();
    }
  });
});
