import {
  ManifestError,
  MANIFEST_FORMAT,
  operationId,
  OPERATIONS_MAX,
  readManifest,
} from '../../src/persisted-operations/operation-manifest.ts';

const operation = (name: string, body = `query ${name} { __typename }`) => ({
  id: operationId(body),
  name,
  type: 'query',
  body,
});
const manifest = (operations: unknown, header: object = {}) =>
  JSON.stringify({ ...MANIFEST_FORMAT, operations, ...header });

function faultsOf(text: string): readonly string[] {
  try {
    readManifest(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ManifestError);
    return (error as ManifestError).faults;
  }
  throw new Error('the manifest was accepted');
}

describe('A manifest of persisted operations', () => {
  it('is read, with the members of Apollo that the router does not use left out', () => {
    const [first, second] = [operation('A'), operation('B')];
    expect(readManifest(manifest([{ ...first, clientName: 'app' }, second]))).toEqual([first, second]);
    expect(readManifest(manifest([]))).toEqual([]);
  });

  it('may have two operations of one name: two versions of a client', () => {
    const versions = [operation('A'), operation('A', 'query A { __typename pessoa(cpf: "1") { cpf } }')];
    expect(readManifest(manifest(versions))).toEqual(versions);
  });

  it.each([
    ['no JSON', '{', ['is not JSON']],
    ['an empty file', '', ['is not JSON']],
    ['another format', manifest([], { format: 'relay' }), ['`format` is not "apollo-persisted-query-manifest"']],
    ['another version', manifest([], { version: 2 }), ['`version` is not 1']],
    ['a version as text', manifest([], { version: '1' }), ['`version` is not 1']],
    ['no list', manifest({}), ['`operations` is not a list']],
    ['too many operations', manifest(Array(OPERATIONS_MAX + 1).fill({})), ['`operations` has more than 1000']],
    ['what is no operation', manifest([null]), ['operation 1: is not an object']],
    [
      'an operation without its parts',
      manifest([operation('A'), { name: 'B', type: 'fragment' }]),
      [
        'operation 2 (B): `id` is not a text',
        'operation 2 (B): `type` is neither query, mutation nor subscription',
        'operation 2 (B): `body` is not a text',
      ],
    ],
    [
      'an id of another body',
      manifest([{ ...operation('A'), body: 'query A { other }' }]),
      ['operation 1 (A): `id` is not the SHA-256 of `body` in lower-case hex'],
    ],
    [
      'an id in upper case',
      manifest([{ ...operation('A'), id: operation('A').id.toUpperCase() }]),
      ['operation 1 (A): `id` is not the SHA-256 of `body` in lower-case hex'],
    ],
    ['one operation twice', manifest([operation('A'), operation('A')]), ['operation 2 (A): occurs twice']],
    [
      'a name that is no name, which is not quoted',
      manifest([{ ...operation('A'), name: 'A\n52998224725', id: '' }]),
      ['operation 1: `id` is not the SHA-256 of `body` in lower-case hex'],
    ],
  ])('is refused with every fault: %s', (_title, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it('prints at most twenty faults', () => {
    const wrong = Array.from({ length: 30 }, (_, index) => ({ ...operation(`A${index}`), id: '' }));
    expect(() => readManifest(manifest(wrong))).toThrow(/^(operation .*\n){20}and 10 more$/);
  });
});
