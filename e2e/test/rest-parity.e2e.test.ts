import { fixedClock } from '@pessoa/domain/data';
import { restRoutes } from '@pessoa/rest/routes';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

describe('REST and GraphQL give the same answers', () => {
  let graph: WholeGraph;
  let cpf: string;
  let token: string;

  beforeAll(async () => {
    graph = await startWholeGraph({ clock: fixedClock('2026-11-22T15:00:00Z') });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(() => graph.close());

  const placeOf = (data: unknown, path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key] ?? null, data);

  // Each request is an inquiry too, so `ultimaConsulta` changes with every request.
  const still = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, fieldValue: unknown) => (key === 'ultimaConsulta' ? null : fieldValue)));

  it.each(restRoutes.map((route) => [route.path, route] as const))(
    'GET %s has every field of its operation, on the router and on its service',
    async (_, route) => {
      const variables = { first: 25, after: null, filtro: null, cpf };
      const { body } = await graphql(graph.router.url, {
        token,
        query: route.document,
        operationName: route.name,
        variables,
      });
      expect(body.errors).toBeUndefined();
      const path = route.path.replace('{cpf}', cpf);
      const expected = Object.fromEntries(
        Object.entries(route.body).map(([member, place]) => [member, placeOf(body.data?.['pessoa'], place)]),
      );
      for (const url of [graph.router.url, graph.subgraphs[route.service].url]) {
        const answer = await rest(url, path, token);
        expect(answer.status).toBe(200);
        expect(still(answer.body)).toEqual(still(expected));
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    },
  );

  it.each(restRoutes.map((route) => [route.path, route] as const))(
    'GET %s with campos has the chosen parts of the whole answer, on the router and on its service',
    async (_, route) => {
      const path = route.path.replace('{cpf}', cpf);
      const names = Object.keys(route.body).filter((name) => name !== 'cpf');
      const choices = [...names.map((name) => [name]), names.slice(1), names.slice(0, -1)].filter(({ length }) => length > 0); // prettier-ignore
      const unknownCpf = newCpf();
      const tokenOfUnknown = await graph.environment.token({ consentimento: [unknownCpf] });
      for (const url of [graph.router.url, graph.subgraphs[route.service].url]) {
        const whole = await rest(url, path, token);
        for (const campos of choices) {
          const query = `campos=${campos.join(',')}`;
          const chosen = Object.entries(whole.body).filter(([name]) => name === 'cpf' || campos.includes(name));
          const { status, body } = await rest(url, `${path}?${query}`, token);
          expect({ query, status, body: still(body) }).toEqual({
            query,
            status: 200,
            body: still(Object.fromEntries(chosen)),
          });
          const unknown = await rest(url, `${route.path.replace('{cpf}', unknownCpf)}?${query}`, tokenOfUnknown);
          expect([query, unknown.body]).toMatchObject([query, { status: 404, code: 'NAO_ENCONTRADO' }]);
        }
        const head = await fetch(`${url}${path}?campos=${names[0]}`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } }); // prettier-ignore
        expect([head.status, await head.text()]).toEqual([200, '']);
      }
    },
  );

  it.each([
    ['/divida/{cpf}', 'nome,dividas,resumo', 'nome,endereco', 'divida:read', ['divida:read', 'cadastro:read']],
    ['/score/{cpf}', 'idade,bens', 'idade,fontesDeRenda', 'score:detalhe', ['cadastro:read']],
    ['/score/{cpf}', 'score,idade,bens', 'score,endereco', 'score:read score:detalhe', ['cadastro:read']],
    ['/evento/{cpf}', 'ultimaConsulta', 'ultimaConsulta,ultimaCompraCartao', 'evento:read', ['evento:movimentacao']],
  ])(
    'GET %s: a caller without a scope asks for %s; asked for, %s is 403',
    async (route, parts, refused, scope, escopos) => {
      const weak = await graph.environment.token({ scope });
      const [, name] = route.split('/');
      const service = name === 'divida' ? 'debt' : name === 'score' ? 'score' : 'event';
      for (const url of [graph.router.url, graph.subgraphs[service].url]) {
        const at = (anyCpf: string, campos: string) =>
          rest(url, `${route.replace('{cpf}', anyCpf)}?campos=${campos}`, weak);
        const answer = await at(cpf, parts);
        expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['cpf', ...parts.split(',')]]);
        const [known, unknown] = [await at(cpf, refused), await at(newCpf(), refused)];
        expect(known).toMatchObject({ status: 403, body: { motivo: 'ESCOPO', escopos } });
        expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
        expect((await rest(url, route.replace('{cpf}', cpf), weak)).status).toBe(403);
      }
    },
  );

  it.each(restRoutes.map((route) => [route.path, route] as const))(
    'GET %s: 404 for a CPF its base does not know, 400 for a bad one, 401 without token, 403 without scope',
    async (_, route) => {
      for (const url of [graph.router.url, graph.subgraphs[route.service].url]) {
        const at = (cpf: string): string => route.path.replace('{cpf}', cpf);
        const unknownCpf = newCpf();
        const allowed = await graph.environment.token({ consentimento: [unknownCpf] });
        expect((await rest(url, at(unknownCpf), allowed)).body).toMatchObject({ status: 404, code: 'NAO_ENCONTRADO' });
        expect((await rest(url, at('12345678900'), token)).body).toMatchObject({ status: 400, code: 'CPF_INVALIDO' });
        expect((await rest(url, at(cpf))).body).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
        const noScope = await graph.environment.token({ scope: '' });
        expect((await rest(url, at(cpf), noScope)).body).toMatchObject({
          status: 403,
          code: 'UNAUTHORIZED_FIELD_OR_TYPE',
        });
        const noPurpose = await graph.environment.token({ finalidade: null });
        expect((await rest(url, at(cpf), noPurpose)).body).toMatchObject({ status: 403, code: 'FINALIDADE_AUSENTE' });
      }
    },
  );

  it.each(restRoutes.filter(({ service }) => service === 'event').map((route) => [route.path, route] as const))(
    'GET %s refuses in the same words whether Base C knows the CPF or not',
    async (_, route) => {
      for (const url of [graph.router.url, graph.subgraphs.event.url]) {
        for (const request of [{ scope: 'evento:read', consentimento: [cpf] }, {}]) {
          const weak = await graph.environment.token(request);
          const [ofKnown, ofUnknown] = await Promise.all(
            [cpf, newCpf()].map((anyCpf) => rest(url, route.path.replace('{cpf}', anyCpf), weak)),
          );
          expect(ofKnown).toMatchObject({ status: 403, body: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
          expect({ status: ofUnknown!.status, body: ofUnknown!.body }).toEqual({
            status: ofKnown!.status,
            body: ofKnown!.body,
          });
        }
      }
    },
  );

  it('and the interaction id of the request, or a new one', async () => {
    const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const response = await rest(graph.router.url, `/score/${cpf}`, token, { 'x-fapi-interaction-id': id });
    expect(response.headers.get('x-fapi-interaction-id')).toBe(id);
    const made = await rest(graph.router.url, `/score/${cpf}`, token);
    expect(made.headers.get('x-fapi-interaction-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(graph.environment.logLines().some((line) => line.includes(id))).toBe(true);
  });
});
