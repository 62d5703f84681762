import { systemClock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { BodyTooLongError, readBounded } from '@pessoa/service/http/read-bounded';
import { INTERACTION_HEADER } from '@pessoa/service/http/request-faults';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import { Pool } from 'undici';

/** An answer of the auditor. */
export interface AuditorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Who asks. The headers are absent for what everybody may read. */
export interface AuditorCaller {
  readonly interacao: string;
  readonly authorization?: string | undefined;
  readonly finalidade?: string | undefined;
}

/** Asks the auditor, as one of our services for a caller. Each promise rejects with PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA. */
export interface AuditorClient {
  /** @param path with its query */
  get(path: string, caller: AuditorCaller): Promise<AuditorAnswer>;
  /** @param body is sent as JSON */
  post(path: string, body: object, caller: AuditorCaller): Promise<AuditorAnswer>;
  close(): Promise<void>;
}

/** To each: those who have no token must not make the callers of reads wait for their proofs. */
const CONNECTIONS = { callers: 4, everybody: 4 };
/** A thousand records with their proofs are about two megabytes. */
const ANSWER_MAX_BYTES = 10_000_000;

/**
 * @param url of the auditor; only its origin counts, the paths are those of the router
 * @param callMillis the time of a whole call. Default: 2,000
 */
export function openAuditorClient(url: string, internalKey: Uint8Array, callMillis = 2_000): AuditorClient {
  const open = (connections: number): Pool => new Pool(new URL(url).origin, { connections, connectTimeout: callMillis }); // prettier-ignore
  const callers = open(CONNECTIONS.callers);
  const everybody = open(CONNECTIONS.everybody);
  const identityFor = internalIdentitySigner(internalKey, systemClock);

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    content: string,
    { interacao, authorization = '', finalidade = '' }: AuditorCaller,
  ): Promise<AuditorAnswer> {
    const identity = identityFor({ subgraph: 'auditor', method, path, authorization, finalidade }, content);
    try {
      const { statusCode, headers, body } = await (authorization === '' ? everybody : callers).request({
        method,
        path,
        headers: {
          [INTERACTION_HEADER]: interacao,
          [INTERNAL_IDENTITY_HEADER]: identity,
          ...(authorization !== '' && { authorization }),
          ...(finalidade !== '' && { 'x-finalidade': finalidade }),
          ...(content !== '' && { 'content-type': 'application/json' }),
        },
        body: content === '' ? null : content,
        signal: AbortSignal.timeout(callMillis),
      });
      return { status: statusCode, headers, body: await readBounded(body, ANSWER_MAX_BYTES) };
    } catch (cause) {
      throw new PublicError(codeOf(cause as Error), { fonte: 'auditoria', cause });
    }
  }

  return {
    get: (path, caller) => ask('GET', path, '', caller),
    post: (path, body, caller) => ask('POST', path, JSON.stringify(body), caller),
    close: async () => void (await Promise.all([callers.destroy(), everybody.destroy()])),
  };
}

function codeOf(failure: Error): 'FONTE_INVALIDA' | 'FONTE_LENTA' | 'FONTE_INDISPONIVEL' {
  if (failure instanceof BodyTooLongError) return 'FONTE_INVALIDA';
  return failure.name === 'TimeoutError' ? 'FONTE_LENTA' : 'FONTE_INDISPONIVEL';
}
