import type { FastifyReply } from 'fastify';
import { parseSetCookie } from 'cookie';
import { sealedCookies } from '../../src/person-page/sealed-cookies.ts';

const KEY = new Uint8Array(32).fill(7);

/** Seals a content as an answer would have it, and gives the header of the browser's next request. */
async function sealed(cookies: ReturnType<typeof sealedCookies<object>>): Promise<{ headers: { cookie: string } }> {
  const set: string[] = [];
  const reply = { header: (_name: string, value: string) => set.push(value) } as unknown as FastifyReply;
  await cookies.write(reply, { nome: 'Ana' });
  const parsed = set.map((text) => parseSetCookie(text)).filter(({ value }) => value);
  return { headers: { cookie: parsed.map(({ name, value }) => `${name}=${value}`).join('; ') } };
}

describe('A sealed cookie', () => {
  let now = new Date('2026-11-29T12:00:00Z');
  const options = { key: KEY, isSecure: false, name: 'teste', now: () => now };

  it('with a lifetime cannot be read after it, whoever kept a copy', async () => {
    const cookies = sealedCookies<object>({ ...options, maxAgeSeconds: 600 });
    const request = await sealed(cookies);
    now = new Date(now.getTime() + 599_000);
    expect(await cookies.read(request)).toEqual({ nome: 'Ana' });
    now = new Date(now.getTime() + 2_000);
    expect(await cookies.read(request)).toBeUndefined();
  });

  it('with a lifetime cannot be read when its seal has none', async () => {
    const request = await sealed(sealedCookies<object>(options));
    expect(await sealedCookies<object>({ ...options, maxAgeSeconds: 600 }).read(request)).toBeUndefined();
    expect(await sealedCookies<object>(options).read(request)).toEqual({ nome: 'Ana' });
  });
});
