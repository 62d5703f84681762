import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '@pessoa/operations/system/home';
import { readManifest } from '@pessoa/router/persisted-operations/operation-manifest';

const API_SCHEMA = readFileSync(join(root, 'schema/api.graphql'), 'utf8');

describe('npm run operations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-operations-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  function run(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(root, 'development/src/operations/main.ts'), ...args],
        { cwd: root },
        (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }),
      );
    });
  }

  it('writes a manifest that the router reads, and says what each operation needs', async () => {
    file(
      'a.graphql',
      'query Nome($cpf: CPF!) { pessoa(cpf: $cpf) { nome score { valor } eventos { ultimaCompraCartao { valor } } } }',
    );
    file('b.graphql', 'query Nada { __typename }');
    const manifest = join(folder, 'operations.json');
    const { code, stdout } = await run('--documents', folder, '--manifest', manifest);
    expect(code).toBe(0);
    const [nada, nome] = readManifest(readFileSync(manifest, 'utf8'));
    expect(nome).toMatchObject({ name: 'Nome', type: 'query' });
    expect(stdout).toContain(`Nada
  id         ${nada!.id}
  scopes     none
  policies   none
  cost       70
  statements none

Nome
  id         ${nome!.id}
  scopes     divida:read, score:read, evento:read, evento:movimentacao
  policies   consentimento
  cost       278
  statements base-a 1, base-b 4, base-c 2
`);
    expect(await run('--documents', folder, '--manifest', manifest, '--check')).toMatchObject({ code: 0 });
    file('b.graphql', 'query Nada { __typename a: __typename }');
    const stale = await run('--documents', folder, '--manifest', manifest, '--check');
    expect([stale.code, stale.stderr]).toEqual([1, expect.stringMatching(/is stale: run `npm run operations` and commit it\n$/)]); // prettier-ignore
  }, 120_000);

  it('writes no manifest of an operation that cannot run, and names it', async () => {
    const own = mkdtempSync(join(folder, 'bad-'));
    writeFileSync(join(own, 'a.graphql'), 'query Idade($cpf: CPF!) {\n  pessoa(cpf: $cpf) { idade }\n}');
    const { code, stderr } = await run('--documents', own, '--manifest', join(own, 'operations.json'));
    expect([code, stderr]).toEqual([1, 'Idade: line 2: Cannot query field "idade" on type "Pessoa".\n']);
    expect(() => readFileSync(join(own, 'operations.json'))).toThrow('ENOENT');
  }, 120_000);

  it('finds nothing that breaks on the schema of today', async () => {
    expect(await run('--schema', 'schema/api.graphql')).toEqual({
      code: 0,
      stdout: '0 of 10 operations of schema/operations.json break\n',
      stderr: '',
    });
  }, 120_000);

  it('names what breaks on a new schema: a field that is gone, one of another type, an argument that is now needed', async () => {
    const planted = API_SCHEMA.replace(/^ {2}""".*"""\n {2}bandeira: Bandeira!$/m, '')
      .replace(/^ {2}idade: Int$/m, '  idade: String')
      .replace(/resumoDividas: ResumoDividas/, 'resumoDividas(desde: Data!): ResumoDividas')
      .replace(/^ {2}quantidade: Int!$/m, '  quantidade: Int! @deprecated(reason: "use total")');
    expect(planted.length).not.toBe(API_SCHEMA.length);
    const { code, stdout, stderr } = await run('--schema', file('planted.graphql', planted));
    const isOfPage = (line: string): boolean => line.startsWith('Pagina');
    const lines = stderr.split('\n').toSorted();
    expect(new Set(lines.filter(isOfPage).map((line) => line.split(' ')[0]))).toEqual(new Set(['PaginaDaPessoa', 'PaginaLista'])); // prettier-ignore
    expect(lines.filter((line) => !isOfPage(line))).toEqual([
      '',
      expect.stringMatching(
        /^Divida breaks: line \d+: Field "resumoDividas" argument "desde" of type "Data!" is required/,
      ),
      expect.stringMatching(/^Evento breaks: line \d+: Cannot query field "bandeira" on type "CompraCartao"/),
      'Score breaks: PerfilFinanceiro.idade changed type from Int to String.',
      expect.stringMatching(
        /^UltimaCompraCartao breaks: line \d+: Cannot query field "bandeira" on type "CompraCartao"/,
      ),
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '6 of 10 operations of schema/operations.json break\n' });
  }, 120_000);

  it('names what is deprecated, with exit code 0', async () => {
    const planted = API_SCHEMA.replace(/^ {2}idade: Int$/m, '  idade: Int @deprecated(reason: "use nascimento")');
    const { code, stderr } = await run('--schema', file('deprecated.graphql', planted));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Score uses what is deprecated: line \d+: The field PerfilFinanceiro\.idade is deprecated\. use nascimento\nPaginaDaPessoa uses what is deprecated: .*\n$/)]); // prettier-ignore
  }, 120_000);

  it.each([
    ['a supergraph', 'schema/supergraph.graphql', /is a supergraph or a subgraph; give the API schema/],
    ['a subgraph', 'schema/debt.graphql', /is a supergraph or a subgraph; give the API schema/],
    ['no schema', 'package.json', /package\.json is not a schema: Syntax Error/],
  ])('refuses %s in place of the API schema', async (_title, schema, message) => {
    const { code, stderr } = await run('--schema', schema);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  }, 120_000); // prettier-ignore
});
