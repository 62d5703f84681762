import type { AccessReader, RegisteredAccess } from '@pessoa/audit/access-reader';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import type { Finalidade } from '@pessoa/domain/finalidade';
import type { SourceBreaker } from '@pessoa/subgraph/base/source-breaker';
import type { ConsultaFilter } from './consulta-filter.ts';
import type { ConsultaKey, ConsultaRepository } from './consulta-repository.ts';
import type { Consulta } from './consulta.ts';

const BIRO = 'PESSOA';

/** The inquiries that Pessoa answered. The audit stores a keyed hash in place of the CPF. */
export function auditConsultaRepository(
  reader: AccessReader,
  breaker: SourceBreaker,
  cpfHash: CpfHash,
): ConsultaRepository {
  return {
    store: 'auditoria',
    async find(cpfs, { filter, after, limit }) {
      const cpfHashes = cpfs.map(cpfHash);
      const accesses = await breaker.run(() =>
        reader.find({ cpfHashes, ...accessConditions(filter), after: after && positionOf(after), limit }),
      );
      const byHash = Map.groupBy(accesses, (access) => access.cpfHash);
      return cpfs.map((cpf, person) => byHash.get(cpfHashes[person]!)?.map((access) => consultaOf(cpf, access)) ?? []);
    },
    async count(cpfs, filter, limit) {
      const cpfHashes = cpfs.map(cpfHash);
      const counts = await breaker.run(() => reader.count({ cpfHashes, ...accessConditions(filter), limit }));
      return cpfHashes.map((hash) => counts.get(hash) ?? 0);
    },
  };
}

const accessConditions = ({ from, until, knownBefore, finalidades, thirdPartiesOnly }: ConsultaFilter) => ({
  from: from === null ? undefined : new Date(from),
  until: earliest(until, knownBefore),
  finalidades: finalidades ?? undefined,
  thirdPartiesOnly,
});

/** @param ends in RFC 3339; null is an open end */
function earliest(...ends: readonly (string | null)[]): Date | undefined {
  const instants = ends.flatMap((end) => (end === null ? [] : [Date.parse(end)]));
  return instants.length === 0 ? undefined : new Date(Math.min(...instants));
}

/** A key of the audit always has an instant: its column is NOT NULL. */
const positionOf = ({ dataHoraMillis, id }: ConsultaKey) => ({ dataHora: new Date(dataHoraMillis!), id });

/** A purpose that only a newer version knows stays in the row: it costs this inquiry, as an unknown one of Base C does. */
const consultaOf = (
  cpf: Cpf,
  { id, clientId, dataHora, finalidade, operacao, peloTitular }: RegisteredAccess,
): Consulta => ({
  store: 'auditoria',
  cpf,
  id,
  consulente: clientId,
  cnpjConsulente: null,
  biro: BIRO,
  dataHoraMillis: dataHora.getTime(),
  finalidade: finalidade as Finalidade,
  produto: operacao,
  peloTitular,
});
