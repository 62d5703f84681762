import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPopulation } from '@pessoa/development/seed/load-population';
import { consentsToTry, peopleToTry, rowsToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import { restPaths } from '@pessoa/development/seed/people-to-try/person-to-try';
import { type Data, fixedClock, systemClock } from '@pessoa/domain/data';
import { publicErrors } from '@pessoa/domain/errors';
import { ownerUrls } from '@pessoa/testkit/test-bases';
import { root } from '../src/started-system.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const HOJE = '2026-11-22' as Data;
/** A query of every field that an expected answer may name. */
const QUERY = `query ($cpf: CPF!) {
  pessoa(cpf: $cpf) {
    nome
    dividas { totalCount nodes { natureza modalidade situacao } }
    resumoDividas { quantidade valorTotal }
    score { valor faixa dadosAusentes fatores { faixaDoValor } }
    perfil { rendaMensal patrimonioLiquido fontesDeRenda { tipo } }
    eventos {
      ultimaConsulta { dataHora }
      movimentacaoFinanceira { totalCount totalExato }
      ultimaCompraCartao { valor }
    }
  }
}`;

let graph: WholeGraph;
let token: string;

beforeAll(async () => {
  graph = await startWholeGraph({ clock: fixedClock(`${HOJE}T15:00:00Z`) });
  const urls = ownerUrls(graph.bases);
  await loadPopulation(urls, { pessoas: 0, seed: 1, hoje: HOJE, paraExperimentar: rowsToTry(HOJE) });
  await graph.waitUntilIndexed();
  token = await graph.environment.token({ consentimento: consentsToTry(systemClock) });
}, 60_000);
afterAll(() => graph?.close());

interface Answer {
  readonly data: { readonly pessoa: unknown };
  readonly errors?: readonly { readonly path: (string | number)[]; readonly extensions: { readonly code: string } }[];
}

async function ask(cpf: string, bearer: string): Promise<Answer> {
  const response = await fetch(`${graph.router.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { cpf } }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

/** The value at a path such as `dividas.nodes.0.natureza`; null when a part of the path is missing. */
const valueAt = (pessoa: unknown, place: string): unknown =>
  place.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown> | null)?.[step] ?? null, pessoa);

const valuesAt = (pessoa: unknown, fields: object): object =>
  Object.fromEntries(Object.keys(fields).map((place) => [place, valueAt(pessoa, place)]));

describe('the people to try', () => {
  it('are ten, each with a CPF that begins with 999.999 and a name that says it is invented', () => {
    expect(peopleToTry).toHaveLength(10);
    expect(new Set(peopleToTry.map(({ cpf }) => cpf)).size).toBe(10);
    for (const { cpf, nome } of peopleToTry) {
      expect(cpf).toMatch(/^9999990\d{4}$/);
      if (nome !== null) expect(nome).toMatch(/ Fictíci[ao]$/);
    }
  });

  it.each(peopleToTry)('$situacao.en: $cpf has the documented answer', async ({ cpf, expected }) => {
    const { data, errors = [] } = await ask(cpf, token);
    expect(valuesAt(data.pessoa, expected.campos)).toEqual(expected.campos);
    const expectedErrors = Object.entries(expected.erros ?? {});
    for (const { path, extensions } of errors) {
      const place = path.slice(1).join('.');
      const expectedError = expectedErrors.find(([field]) => place === field || place.startsWith(`${field}.`));
      expect([place, extensions.code]).toEqual([place, expectedError?.[1]]);
    }
    for (const [place] of expectedErrors) {
      expect(errors.map(({ path }) => path.slice(1).join('.')).filter((path) => path.startsWith(place))).not.toEqual(
        [],
      );
    }
  });

  const peopleWithOwnAnswers = peopleToTry.filter(({ expected }) => expected.titular);
  it.each(peopleWithOwnAnswers)(
    '$situacao.en: the holder of $cpf sees what third parties do not',
    async ({ cpf, expected }) => {
      const { data } = await ask(cpf, await graph.environment.token({ cpf }));
      expect(valuesAt(data.pessoa, expected.titular!)).toEqual(expected.titular);
    },
  );

  const requests = peopleToTry.flatMap(({ cpf, situacao, expected }) =>
    restPaths.map((path) => ({ cpf, path, situacao: situacao.en, code: expected.rest?.[path] })),
  );
  it.each(requests)('$situacao: GET /$path/$cpf answers $code', async ({ cpf, path, code }) => {
    const url = `${graph.router.url}/${path}/${cpf}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const body = (await response.json()) as { code?: string; cpf?: string };
    expect({ status: response.status, code: body.code }).toEqual({
      status: code ? publicErrors[code].status : 200,
      code,
    });
    if (!code) expect(body.cpf).toBe(cpf);
  });

  it('are not in the source of any service', async () => {
    const sources = ['packages', 'router/src', 'subgraphs'].flatMap((folder) =>
      globSync(join(root, folder, '**/*.ts'), { exclude: ['**/node_modules/**'] }),
    );
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.filter((file) => /999\.?999\.?0\d\d-?\d\d/.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
