import type { Cpf } from '@pessoa/domain/cpf';
import { systemClock } from '@pessoa/domain/data';
import { visibilityFor } from '@pessoa/debt/dividas/visibility';
import { startOfTomorrow } from '@pessoa/event/period';
import type { Perfil } from '@pessoa/score/perfis/perfil';
import { debtsOf, inquiryOf, profileOf, scoreAnswerOf } from './by-hand-person.ts';
import * as sql from './by-hand-statements.ts';
import { auditReader, baseA, baseB, baseC, caches, cpfHash, type Row, rowsOf } from './by-hand-stores.ts';

const DIVIDAS_FIRST = 5;

const groupOf = (rows: readonly Row[], column: string): Map<string, Row[]> =>
  Map.groupBy(rows, (row): string => row[column]!);

async function perfis(cpfs: readonly Cpf[]): Promise<Map<Cpf, Perfil>> {
  const found = new Map(cpfs.flatMap((cpf) => (caches?.perfis.has(cpf) ? [[cpf, caches.perfis.get(cpf)!]] : [])));
  const missing = cpfs.filter((cpf) => !found.has(cpf));
  if (missing.length === 0) return found;
  const [titulares, enderecos, bens, fontesDeRenda] = (
    await Promise.all(
      (['titular', 'endereco', 'bem', 'fonte_de_renda'] as const).map((table) =>
        rowsOf(baseB, sql.perfisDePessoas(table), [missing]),
      ),
    )
  ).map((rows) => groupOf(rows, 'cpf'));
  for (const cpf of missing) {
    const [titular] = titulares!.get(cpf) ?? [];
    if (!titular) continue;
    const [endereco] = enderecos!.get(cpf) ?? [];
    const perfil = profileOf(titular, endereco, bens!.get(cpf) ?? [], fontesDeRenda!.get(cpf) ?? []);
    caches?.perfis.set(cpf, perfil);
    found.set(cpf, perfil);
  }
  return found;
}

/** The answer to the query about a list of people: one statement a table for all of them. */
export async function pessoas(cpfs: readonly Cpf[]): Promise<object[]> {
  const { situacoes, vencimentoDesde, hoje } = visibilityFor(false, systemClock)!;
  const tomorrow = startOfTomorrow(systemClock);
  const [debts, profiles, holders, elsewhere, here] = await Promise.all([
    rowsOf(baseA, sql.dividasDePessoas, [cpfs, situacoes, vencimentoDesde, hoje, DIVIDAS_FIRST]),
    perfis(cpfs),
    rowsOf(baseC, sql.titularesDeEventosDePessoas, [cpfs]),
    rowsOf(baseC, sql.consultasDePessoas, [cpfs, tomorrow]),
    rowsOf(auditReader, sql.acessosDePessoas, [cpfs.map(cpfHash), tomorrow]),
  ]);
  const debtsByCpf = groupOf(debts, 'cpf');
  const inquiries = groupOf([...elsewhere, ...here], 'pessoa');
  const known = new Set<string>(holders.map((row) => row['cpf']!));
  return cpfs.map((cpf) => ({
    ...debtsOf(debtsByCpf.get(cpf) ?? []),
    score: scoreAnswerOf(profiles.get(cpf)),
    eventos: known.has(cpf)
      ? { ultimaConsulta: inquiryOf([...(inquiries.get(cpf) ?? []), ...(inquiries.get(cpfHash(cpf)) ?? [])]) }
      : null,
  }));
}
