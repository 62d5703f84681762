import { randomBytes } from 'node:crypto';
import { systemClock } from '@pessoa/domain/data';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { startAuditor } from '../src/auditor.ts';
import { readConfig } from '../src/config.ts';
import { openRecordedReads, type RecordedReads } from './recorded-reads.ts';

/** An auditor over a test's own audit. */
export interface AuditorUnderTest {
  readonly reads: RecordedReads;
  readonly environment: TestEnvironment;
  /** Variables of the auditor, for another one over the same audit. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  /** Asks as the router does. @param token default: none */
  get(path: string, token?: string): Promise<Response>;
  /** Asks as Event does. @param token default: none. @param signed the body that the identity is made for; default: the same */
  post(path: string, body: string, token?: string, signed?: string): Promise<Response>;
  /** Waits until the published checkpoint has all records. @returns the signed note */
  published(): Promise<string>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** @param givenReads the audit; default: one of its own */
export async function startAuditorUnderTest(
  extraEnv: Record<string, string> = {},
  givenReads?: RecordedReads,
): Promise<AuditorUnderTest> {
  const reads = givenReads ?? (await openRecordedReads());
  const environment = await createTestEnvironment(reads.bases);
  const env = {
    ...environment.env,
    AUDIT_AUDITOR_URL: reads.bases.auditoria.auditorUrl,
    AUDITOR_PORT: '0',
    AUDITOR_NAME: 'bureau.example/auditoria',
    AUDITOR_KEY: randomBytes(32).toString('base64url'),
    AUDITOR_VRF_KEY: reads.vrfKey,
    CPF_HASH_KEY: reads.cpfHashKey,
    ...extraEnv,
  };
  const auditor = await startAuditor(readConfig(env), environment.logger);
  const identityFor = internalIdentitySigner(Buffer.from(environment.env['INTERNAL_KEY']!, 'base64url'), systemClock);
  const headersOf = (method: string, path: string, token: string | undefined, signed: string) => {
    const authorization = token === undefined ? '' : `Bearer ${token}`;
    const call = { subgraph: 'auditor', method, path, authorization, finalidade: '' };
    return { [INTERNAL_IDENTITY_HEADER]: identityFor(call, signed), ...(token !== undefined && { authorization }) };
  };
  const get = (path: string, token?: string): Promise<Response> =>
    fetch(auditor.url + path, { headers: headersOf('GET', path, token, '') });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= auditor.close());
  return {
    reads,
    environment,
    env,
    url: auditor.url,
    get,
    post: (path, body, token, signed = body) =>
      fetch(auditor.url + path, {
        method: 'POST',
        headers: { ...headersOf('POST', path, token, signed), 'content-type': 'application/json' },
        body,
      }),
    async published() {
      const { rows } = await reads.bases.auditoria.owner.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM acesso',
      );
      const count = rows[0]!.count;
      for (;;) {
        const note = await (await get('/auditoria/checkpoint')).text();
        if (Number(note.split('\n')[1]) >= count) return note;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop,
    async close() {
      await stop();
      await environment.close();
      await reads.close();
    },
  };
}
