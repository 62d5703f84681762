import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTestBases } from '@pessoa/testkit/test-bases';
import type { TestBases } from '@pessoa/testkit/test-bases';
import { importFile } from '../../src/import/import-file.ts';
import type { ImportKind } from '../../src/import/kinds/import-kind.ts';
import { importKinds } from '../../src/import/kinds/kinds.ts';

let testBases: TestBases;
let folder: string;

beforeAll(async () => {
  testBases = await openTestBases();
  folder = await mkdtemp(join(tmpdir(), 'pessoa-examples-'));
  await cp(fileURLToPath(new URL('../../../docs/examples', import.meta.url)), folder, { recursive: true });
});
afterAll(async () => {
  await testBases.drop();
  await rm(folder, { recursive: true });
});

const basesByKind = { 'base-a': 'baseA', 'base-b': 'baseB', 'base-c': 'baseC' } as const;

function load(path: string, kind: ImportKind) {
  return importFile({ file: join(folder, path), kind, connectionString: testBases[basesByKind[kind.base]].ownerUrl });
}

/** What each example holds: lines loaded, and for each refused line where it is and why. */
const examples: readonly (readonly [path: string, loaded: number, refused: readonly string[]])[] = [
  [
    'base-a/pessoas.csv',
    3,
    ['5 CPF_INVALIDO cpf', '6 CAMPO_OBRIGATORIO nome', '7 FORMATO_INVALIDO cep', '8 ENUM_INVALIDO situacao_cadastral'],
  ],
  [
    'base-a/dividas.csv',
    9,
    [
      '11 DINHEIRO_INVALIDO valor_original',
      '12 CNPJ_INVALIDO credor_cnpj',
      '13 DATA_INVALIDA vencimento',
      '14 PESSOA_DESCONHECIDA cpf',
      '15 ID_REPETIDO id',
      '16 LINHA_MALFORMADA ',
    ],
  ],
  ['base-b/pessoas.csv', 3, ['5 DATA_INVALIDA nascimento']],
  [
    'base-b/bens.csv',
    11,
    ['13 BOOLEANO_INVALIDO onerado', '14 INTEIRO_INVALIDO percentual_propriedade', '15 PESSOA_DESCONHECIDA cpf'],
  ],
  ['base-b/rendas.csv', 6, ['8 DINHEIRO_INVALIDO valor', '9 ENUM_INVALIDO tipo']],
  ['base-c/pessoas.csv', 3, ['5 CPF_INVALIDO cpf']],
  ['base-c/consultas.csv', 6, ['8 INSTANTE_INVALIDO data_hora', '9 ENUM_INVALIDO finalidade']],
  ['base-c/movimentacoes.csv', 12, ['14 PAN_PROIBIDO descricao', '15 DINHEIRO_INVALIDO valor']],
  ['base-c/movimentacoes.ndjson', 12, ['13 LINHA_MALFORMADA valor', '14 LINHA_MALFORMADA ']],
  [
    'base-c/compras.csv',
    9,
    ['11 PAN_PROIBIDO final_cartao', '12 INTEIRO_INVALIDO parcelas', '13 FORMATO_INVALIDO mcc'],
  ],
];

const kindOf = (path: string): ImportKind =>
  importKinds.find(({ base, name }) => path.startsWith(`${base}/${name}.`)) as ImportKind;

describe('the files in docs/examples', () => {
  it('are all listed here, and there is one of every kind', async () => {
    const files = (await readdir(folder, { recursive: true })).filter((path) => /\.(csv|ndjson)$/.test(path));
    expect(files.toSorted()).toEqual(examples.map(([path]) => path).toSorted());
    expect(new Set(examples.map(([path]) => kindOf(path))).size).toBe(importKinds.length);
  });

  it.each(examples)(
    '%s loads, its bad lines are refused with line, code and column, and a second run changes nothing',
    async (path, loaded, refused) => {
      const kind = kindOf(path);
      const read = loaded + refused.length;
      const first = await load(path, kind);
      // The NDJSON example holds the same postings as the CSV one.
      const storedCounts = path.endsWith('.ndjson')
        ? { inserted: 0, unchanged: loaded }
        : { inserted: loaded, unchanged: 0 };
      expect(first.counts).toEqual({ read, updated: 0, refused: refused.length, ...storedCounts });
      const lines = (await readFile(`${join(folder, path)}.recusadas.csv`, 'utf8')).split('\n').slice(1);
      const documented = lines
        .filter((line) => /^\d+,[A-Z_]+,/.test(line))
        .map((line) => line.split(',').slice(0, 3).join(' '));
      expect(documented).toEqual(refused);

      const second = await load(path, kind);
      expect(second.counts).toEqual({ read, inserted: 0, updated: 0, unchanged: loaded, refused: refused.length });
    },
  );
});
