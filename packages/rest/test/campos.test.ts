import { restRoutes } from '../src/routes.ts';
import { ANA, BIA, executeOn, get, UNKNOWN_PERSON } from './rest-graph.ts';

const namesOf = (body: object): string[] => Object.keys(body).filter((name) => name !== 'cpf');

const choices = restRoutes.flatMap(({ path, body }) => namesOf(body).map((name) => [path, name] as const));

const pick = (body: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name === 'cpf' || names.includes(name)));

describe('The parameter campos', () => {
  it.each(choices)('chooses parts of %s: %s alone, and everything else', async (path, name) => {
    for (const cpf of [ANA, BIA]) {
      const url = path.replace('{cpf}', cpf);
      const { body } = await get(url);
      const others = namesOf(body).filter((other) => other !== name);
      for (const names of [[name], others].filter(({ length }) => length > 0)) {
        const answer = await get(`${url}?campos=${names.join(',')}`);
        expect(answer).toMatchObject({ status: 200 });
        expect(answer.body).toStrictEqual(pick(body, names));
      }
    }
  });

  it.each(choices)('leaves 404 for a CPF that the base does not know: %s?campos=%s', async (path, name) => {
    expect(await get(`${path.replace('{cpf}', UNKNOWN_PERSON)}?campos=${name}`)).toMatchObject({
      status: 404,
      body: { code: 'NAO_ENCONTRADO' },
    });
  });

  it('has the members of the body in the order of the route, and takes names in any spelling of a list', async () => {
    const { body: expected } = await get(`/divida/${ANA}?campos=nome,resumo`);
    expect(Object.keys(expected)).toEqual(['cpf', 'nome', 'resumo']);
    for (const query of [
      'campos=resumo,nome',
      'campos=resumo&campos=nome',
      'campos=nome%2Cresumo',
      'c%61mpos=resumo,n%6Fme',
    ]) {
      const { status, body } = await get(`/divida/${ANA}?${query}`);
      expect({ status, names: Object.keys(body), body }).toEqual({
        status: 200,
        names: Object.keys(expected),
        body: expected,
      });
    }
  });

  it('asks the graph for nothing but the chosen parts and what tells a 404', async () => {
    const asked: string[] = [];
    const execute: ReturnType<typeof executeOn> = (operation) => {
      asked.push(operation.query.replaceAll(/\s+/g, ' '));
      return executeOn('debt')(operation);
    };
    await get(`/divida/${ANA}?campos=nome`, { execute });
    await get(`/divida/${ANA}?campos=resumo`, { execute });
    expect(asked[0]).toContain('{ pessoa(cpf: $cpf) { cpf nome resumoDividas { desatualizado } } }');
    expect(asked[1]).toMatch(/\{ pessoa\(cpf: \$cpf\) \{ cpf resumoDividas \{ [^{}]+ \} \} \}/);
  });

  it('is in the link to the next page, which has the same parts', async () => {
    const first = await get(`/divida/${ANA}?limite=2&campos=nome,dividas`);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers['link'] ?? '')?.[1];
    const { status, body, headers } = await get(next!);
    expect({ status, names: Object.keys(body), link: headers['link'] }).toEqual({ status: 200, names: ['cpf', 'nome', 'dividas'], link: undefined }); // prettier-ignore
    expect((body as { dividas: { id: string }[] }).dividas.map(({ id }) => id)).toEqual(['d1']);
  });

  it('without the list of a route there are no pages, and so no link', async () => {
    const { headers } = await get(`/divida/${ANA}?limite=1&campos=nome`);
    expect(headers['link']).toBeUndefined();
  });

  it('gives x-desatualizado for what was asked', async () => {
    const execute = (resumoIsStale: boolean) => async () => ({
      data: { pessoa: { cpf: ANA, nome: 'Ana', resumoDividas: { desatualizado: resumoIsStale } } },
    });
    const headersWhen = async (isStale: boolean) =>
      (await get(`/divida/${ANA}?campos=nome`, { execute: execute(isStale) })).headers['x-desatualizado'];
    expect([await headersWhen(true), await headersWhen(false)]).toEqual(['true', undefined]);
  });

  it('refuses a chosen part as without it: 503 when it is lost, 503 when the mark of a known CPF is missing', async () => {
    const execute = async () => ({ data: { pessoa: { cpf: ANA, perfil: { idade: 1, fontesDeRenda: null } } } });
    expect(await get(`/score/${ANA}?campos=idade,fontesDeRenda`, { execute })).toMatchObject({
      status: 503,
      body: { code: 'FONTE_INVALIDA', fonte: 'score' },
    });
  });

  it.each([
    'campos=',
    'campos=,',
    'campos=nome,',
    'campos=nome&campos=',
    'campos=nome,nome',
    'campos=nome&campos=nome',
    'campos=nome,%20resumo',
    'campos=Nome',
    'campos=resumoDividas',
    'campos=dividas.credor',
    'campos=cpf,nome',
    'campos=situacaoCadastral',
    'campos=__proto__',
    'campos=constructor',
    'campos=52998224725',
  ])('names the parts of the route when it is refused: %s', async (query) => {
    const answer = await get(`/divida/${ANA}?${query}`);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'BAD_USER_INPUT',
        detail:
          '`campos` is one or more of `nome`, `endereco`, `dividas`, `resumo`, each once, repeated or separated by commas; `cpf` always comes.',
      },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/52998224725|__proto__|situacao/);
  });

  it.each(['Campos=nome', 'CAMPOS=nome', 'campos[]=nome', 'fields=nome'])(
    'is spelled so and not otherwise: %s',
    async (query) => {
      expect(await get(`/divida/${ANA}?${query}`)).toMatchObject({
        status: 400,
        body: { detail: 'A query parameter is not known. This route takes `limite`, `cursor`, `campos`.' },
      });
    },
  );
});
