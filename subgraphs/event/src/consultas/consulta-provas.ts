import type { AuditorCaller } from '@pessoa/audit/auditor-client';
import {
  type ProvenRead,
  READ_PROOFS_MAX,
  type ReadProof,
  type ReadProofs,
  type ReadProofsRequest,
} from '@pessoa/audit/read-proofs';
import { PublicError } from '@pessoa/domain/errors';
import { tracedBatch } from '@pessoa/service/tracing/tracing';
import type { ReadDeadline } from '@pessoa/subgraph/base/read-deadline';
import DataLoader from 'dataloader';
import type { ProvaConsulta } from '../generated/resolvers.ts';

/** Proves reads of the person whose token a caller has. */
export interface ProvaSource {
  /** The promise rejects with PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA with `fonte: auditoria`. */
  prove(request: ReadProofsRequest, caller: AuditorCaller): Promise<ReadProofs>;
}

/**
 * The proofs of one request, by the id of our record; null for a record that has none for its holder. All are under one checkpoint: what
 * is asked for later is proven under the checkpoint of the first proofs.
 *
 * A proof rejects with PublicError PROVA_PENDENTE or PROVA_DESCONHECIDA, or with the error of the source.
 */
export type ConsultaProvas = DataLoader<string, ProvaConsulta | null>;

/** @param source undefined without an auditor: each proof is then FONTE_INDISPONIVEL */
export function consultaProvas(
  source: ProvaSource | undefined,
  caller: AuditorCaller,
  withinDeadline: ReadDeadline,
): ConsultaProvas {
  let firstSize: Promise<number | undefined> | undefined;

  function prove(registros: readonly string[]): Promise<ReadProofs> {
    if (!source) throw new PublicError('FONTE_INDISPONIVEL', { fonte: 'auditoria' });
    const sizeBefore = firstSize;
    const proving = withinDeadline(async () => source.prove({ registros, tamanho: await sizeBefore }, caller));
    if (!firstSize) {
      firstSize = proving.then(({ checkpoint }) => checkpoint?.tamanho);
      firstSize.catch(() => {}); // whoever asks later gets the error
    }
    return proving;
  }

  return new DataLoader<string, ProvaConsulta | null>(
    tracedBatch('provas', async (ids: readonly string[]) => {
      const { checkpoint, pessoa, provas } = await prove(ids);
      return provas.map((prova) => shown(prova, checkpoint?.nota, pessoa));
    }),
    { maxBatchSize: READ_PROOFS_MAX },
  );
}

/** @returns an error where the holder has a record that is not proven */
function shown(prova: ReadProof, checkpoint: string | undefined, pessoa: string): ProvaConsulta | null | PublicError {
  switch (prova.estado) {
    case 'SEM_NUMERO':
      return null;
    case 'DESCONHECIDA':
      return new PublicError('PROVA_DESCONHECIDA', { detail: 'The log has no proof of this record.' });
    case 'PROVADA':
      if (checkpoint !== undefined) return provaOf(prova, checkpoint, pessoa);
  }
  return new PublicError('PROVA_PENDENTE');
}

const provaOf = (
  { indice, inclusao, registro, nonce }: ProvenRead,
  checkpoint: string,
  pessoa: string,
): ProvaConsulta => ({ indice: String(indice), checkpoint, inclusao: [...inclusao], registro, nonce, pessoa });
