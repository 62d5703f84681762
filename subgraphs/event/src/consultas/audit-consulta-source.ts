import type { AccessReader, RegisteredAccess } from '@pessoa/audit/access-reader';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { isFinalidade } from '@pessoa/domain/finalidade';
import type { SourceGuard } from '@pessoa/subgraph/base/source-guard';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { ConsultaKey, ConsultaSource } from './consulta-source.ts';
import type { Consulta } from './consulta.ts';

const BIRO = 'PESSOA';

/** The reads that this API answered, found by the keyed hash of the CPF. */
export function auditConsultaSource(reader: AccessReader, guard: SourceGuard, cpfHash: CpfHash): ConsultaSource {
  return {
    origem: 'auditoria',
    async find(cpfs, { filter, after, limit }) {
      const cpfHashes = cpfs.map(cpfHash);
      const accesses = await guard.run(() =>
        reader.find({ cpfHashes, ...conditions(filter), after: after && positionOf(after), limit }),
      );
      const byHash = Map.groupBy(accesses, (access) => access.cpfHash);
      return cpfHashes.map((hash) => byHash.get(hash)?.map(consultaOf) ?? []);
    },
    async count(cpfs, filter, upTo) {
      const cpfHashes = cpfs.map(cpfHash);
      const counts = await guard.run(() => reader.count({ cpfHashes, ...conditions(filter), limit: upTo }));
      return cpfHashes.map((hash) => counts.get(hash) ?? 0);
    },
  };
}

const conditions = ({ from, until, knownBefore, finalidades, thirdPartiesOnly }: ConsultaFilter) => ({
  from: from === null ? undefined : new Date(from),
  until: earliest(until, knownBefore),
  finalidades: finalidades ?? undefined,
  thirdPartiesOnly,
});

function earliest(...ends: readonly (string | null)[]): Date | undefined {
  const given = ends.flatMap((end) => (end === null ? [] : [Date.parse(end)]));
  return given.length === 0 ? undefined : new Date(Math.min(...given));
}

/** The audit's own instants are instants. */
const positionOf = ({ dataHoraMillis, id }: ConsultaKey) => ({ dataHora: new Date(dataHoraMillis!), id });

function consultaOf({ id, clientId, dataHora, finalidade, operacao, peloTitular }: RegisteredAccess): Consulta {
  if (!isFinalidade(finalidade)) throw new Error('the audit holds a purpose that is not of our list');
  const consulente = clientId;
  return {
    origem: 'auditoria',
    id,
    consulente,
    cnpjConsulente: null,
    biro: BIRO,
    dataHoraMillis: dataHora.getTime(),
    finalidade,
    produto: operacao,
    peloTitular,
  };
}
