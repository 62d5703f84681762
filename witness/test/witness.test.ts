import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@pessoa/service/logging/logger';
import { cosignatureVerifier, cosigner } from '@pessoa/transparency-log/checkpoints/cosignature';
import { formatVerifierKey, openNote } from '@pessoa/transparency-log/notes/signed-note';
import { readConfig } from '../src/config.ts';
import { startWitness } from '../src/witness.ts';
import { LogUnderTest, texts } from './log-under-test.ts';

const log = new LogUnderTest(texts(20));
const { privateKey } = generateKeyPairSync('ed25519');
const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }) as string;
const seed = (key: KeyObject): string => key.export({ format: 'jwk' }).d!;
const settings = {
  WITNESS_PORT: '0',
  WITNESS_NAME: 'witness.example/w1',
  WITNESS_KEY: pem(privateKey),
  WITNESS_LOGS: log.key,
  WITNESS_STATE: '/var/lib/witness',
};
const faultsOf = (env: NodeJS.ProcessEnv): unknown => {
  try {
    return readConfig(env);
  } catch (error) {
    return (error as { faults: unknown }).faults;
  }
};

describe('A witness over HTTP', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'witness-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = () =>
    startWitness(readConfig({ ...settings, WITNESS_STATE: folder }), createLogger({ service: 'witness', level: 'silent' })); // prettier-ignore

  it('answers with cosignature lines, with the known size, or with a reason', async () => {
    const { url, close } = await start();
    const post = async (body: string, type = 'application/octet-stream') => {
      const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Buffer.from(body), headers: { 'content-type': type } }); // prettier-ignore
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    };
    const cosigned = await post(await log.request(0, 7));
    expect(cosigned).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' });
    const note = log.checkpoint(7) + cosigned.text;
    const ownKey = formatVerifierKey(cosigner(settings.WITNESS_NAME, privateKey, { now: () => new Date() }));
    const { signatures } = openNote(note, [cosignatureVerifier(ownKey)]);
    expect(signatures).toHaveLength(1);
    expect(await post(await log.request(3, 9), 'text/plain')).toEqual({ status: 409, type: 'text/x.tlog.size', text: '7\n' }); // prettier-ignore
    expect(await post('old', 'text/plain')).toEqual({ status: 400, type: 'text/plain; charset=utf-8', text: 'The body has no empty line before a checkpoint.\n' }); // prettier-ignore
    const untyped = await fetch(`${url}/add-checkpoint`, {
      method: 'POST',
      body: Buffer.from(await log.request(7, 9)),
    });
    expect(untyped.status).toBe(200);
    expect((await fetch(`${url}/add-checkpoint`, { method: 'POST' })).status).toBe(400);
    expect((await fetch(`${url}/add-checkpoint`)).status).toBe(405);
    expect((await post('x'.repeat(300_000))).text).toContain('The body is too large.');
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ok', fontes: {} });
    await close();

    const again = await start();
    const response = await fetch(`${again.url}/add-checkpoint`, { method: 'POST', body: await log.request(0, 20) });
    expect([response.status, await response.text()]).toEqual([409, '9\n']);
    await again.close();
  });
});

describe('The settings of a witness', () => {
  it('take a key in PEM or as its seed, and several keys of logs', () => {
    const other = new LogUnderTest([]);
    const logs = `${log.key} ${other.key}\n${log.key}`;
    for (const key of [pem(privateKey), seed(privateKey), `${seed(privateKey)}=`]) {
      const config = readConfig({ ...settings, WITNESS_KEY: key, WITNESS_LOGS: logs });
      expect(seed(config.privateKey)).toBe(seed(privateKey));
      expect(config.logs.get('log.example/a')).toHaveLength(2);
    }
    expect(readConfig(settings)).toMatchObject({ host: '127.0.0.1', port: 0, name: 'witness.example/w1' });
    expect(readConfig({ ...settings, WITNESS_PORT: undefined }).port).toBe(4006);
  });

  it('are all named when they are missing', () => {
    const faults = faultsOf({}) as string[];
    expect(faults.map((fault) => fault.split(' ').slice(0, 3).join(' '))).toEqual([
      'WITNESS_NAME: is required',
      'WITNESS_KEY: is required:',
      'WITNESS_LOGS: is required:',
      'WITNESS_STATE: is required:',
    ]);
  });

  it('are named when they are wrong, without their values', () => {
    const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    const secret = seed(privateKey);
    for (const key of [ec, secret.slice(1), `${secret}A`, pem(privateKey).slice(0, 60)]) {
      const faults = faultsOf({ ...settings, WITNESS_KEY: key });
      expect(faults).toEqual(['WITNESS_KEY: is not an Ed25519 key as PKCS #8 in PEM, or its seed in base64url']);
    }
    for (const logs of [`${log.key},${log.key}`, 'x', log.key.slice(1)]) {
      const faults = faultsOf({ ...settings, WITNESS_LOGS: logs });
      expect(faults).toEqual(['WITNESS_LOGS: is not verifier keys (name+id+base64), separated by spaces']);
    }
    expect(faultsOf({ ...settings, WITNESS_NAME: 'a b' })).toEqual(['WITNESS_NAME: is empty, or has white space or a plus']); // prettier-ignore
  });
});
