import type { AuditorAnswer, AuditorClient } from '@pessoa/audit/auditor-client';
import { READ_PROOFS_PATH, type ReadProofs } from '@pessoa/audit/read-proofs';
import { PublicError } from '@pessoa/domain/errors';
import type { SourceBreaker } from '@pessoa/subgraph/base/source-breaker';
import { z } from 'zod';
import type { ProvaSource } from './consulta-provas.ts';

const answer = z.object({
  checkpoint: z.object({ nota: z.string(), tamanho: z.int() }).nullable(),
  pessoa: z.string(),
  provas: z.array(
    z.discriminatedUnion('estado', [
      z.object({
        estado: z.literal('PROVADA'),
        indice: z.int(),
        inclusao: z.array(z.string()),
        registro: z.string(),
        nonce: z.string(),
      }),
      z.object({ estado: z.enum(['PENDENTE', 'SEM_NUMERO', 'DESCONHECIDA']) }),
    ]),
  ),
}) satisfies z.ZodType<ReadProofs>;

/** The auditor as the source of proofs. While the breaker is open it is not asked. */
export const auditorProvas = (client: Pick<AuditorClient, 'post'>, breaker: SourceBreaker): ProvaSource => ({
  prove: (request, caller) =>
    breaker.run(async () => {
      const proofs = readAnswer(await client.post(READ_PROOFS_PATH, request, caller));
      if (proofs?.provas.length !== request.registros.length) throw fault('FONTE_INVALIDA');
      return proofs;
    }),
});

/** @throws PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA for anything but proofs */
function readAnswer({ status, body }: AuditorAnswer): ReadProofs | undefined {
  const json = parsed(body);
  if (status === 200) return answer.safeParse(json).data;
  const { code } = (json ?? {}) as { code?: unknown };
  if (code === 'FONTE_LENTA') throw fault(code);
  throw fault(status >= 500 ? 'FONTE_INDISPONIVEL' : 'FONTE_INVALIDA');
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const fault = (code: 'FONTE_INDISPONIVEL' | 'FONTE_LENTA' | 'FONTE_INVALIDA'): PublicError =>
  new PublicError(code, { fonte: 'auditoria' });
