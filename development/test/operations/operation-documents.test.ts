import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operationId } from '@pessoa/router/persisted-operations/operation-manifest';
import { restRoutes } from '@pessoa/rest/routes';
import { root } from '@pessoa/operations/system/home';
import { readOperationDocuments } from '../../src/operations/operation-documents.ts';

describe('Documents of operations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-documents-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let nextFolder = 0;

  function read(files: Record<string, string>) {
    const own = join(folder, String(nextFolder++));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(own, name, '..'), { recursive: true });
      writeFileSync(join(own, name), text);
    }
    return readOperationDocuments(own);
  }

  it('are taken as they are written when a file needs no other: the id is the SHA-256 of the file', async () => {
    const text =
      '# the name\nquery Nome($cpf: CPF!) {\n  pessoa(cpf: $cpf) { ...N }\n}\n\nfragment N on Pessoa { nome }\n';
    expect(await read({ 'nome.graphql': text, 'leia-me.txt': 'no GraphQL' })).toEqual([
      { id: operationId(text), name: 'Nome', type: 'query', body: text },
    ]);
  });

  it('get the fragments of other files, and only those that they use', async () => {
    const [first, second] = await read({
      'two.graphql': 'query B { ...Outer } query A { __typename }',
      'inner/fragments.graphql':
        'fragment Outer on Query { ...Inner ...Inner } fragment Unused on Query { __typename }',
      'inner/more.graphql': 'fragment Inner on Query { __typename }',
    });
    expect(first).toMatchObject({ name: 'A', body: 'query A {\n  __typename\n}' });
    expect(second?.body).toBe(
      'query B {\n  ...Outer\n}\n\nfragment Inner on Query {\n  __typename\n}\n\nfragment Outer on Query {\n  ...Inner\n  ...Inner\n}',
    );
    expect(second?.id).toBe(operationId(second!.body));
  });

  it.each([
    ['no GraphQL', { 'a.graphql': 'query {' }, /a\.graphql: Syntax Error/],
    ['an operation without a name', { 'a.graphql': '{ __typename }' }, /a\.graphql: an operation has no name$/],
    ['one name twice', { 'a.graphql': 'query A { __typename }', 'b.graphql': 'query A { __typename }' }, /b\.graphql: another operation is called A$/], // prettier-ignore
    ['one fragment twice', { 'a.graphql': 'fragment F on Query { __typename }', 'b.graphql': 'fragment F on Query { __typename }' }, /b\.graphql: another fragment is called F$/], // prettier-ignore
    ['a fragment that there is not', { 'a.graphql': 'query A { ...F }' }, /a\.graphql: no file has the fragment F$/],
    ['a type', { 'a.graphql': 'type A { b: Int }' }, /a\.graphql: only operations and fragments may be here$/],
  ])('are refused with the name of the file: %s', async (_title, files, message) => {
    await expect(read(files as Record<string, string>)).rejects.toThrow(message);
  });

  it('must be in a folder', async () => {
    await expect(readOperationDocuments(join(folder, 'none'))).rejects.toThrow('is not a folder that can be read');
  });

  it('of the REST routes have the text that the routes run', async () => {
    const operations = await readOperationDocuments(join(root, 'packages/rest/src/operations'));
    expect(operations.map(({ name, body }) => [name, body])).toEqual(
      restRoutes.map(({ name, document }) => [name, document]).toSorted(),
    );
  });
});
