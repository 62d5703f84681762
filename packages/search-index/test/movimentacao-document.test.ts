import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { formatDinheiro } from '@pessoa/domain/dinheiro';
import fc from 'fast-check';
import { indexedMoney, moneyText } from '../src/indexed-money.ts';
import { documentIdOf, documentOf, documentText, MovimentacaoDocument, type MovimentacaoLinha } from '../src/movimentacao-document.ts'; // prettier-ignore
import { isOfThisMapping, newIndexName } from '../src/movimentacao-index.ts';

const cpfHash = cpfHasher(Buffer.alloc(32, 1));
const cpf: Cpf = cpfFromBase('529982247');
const linha: MovimentacaoLinha = {
  id: 'm-1',
  cpf,
  data_hora: new Date('2026-11-20T12:00:00.123Z'),
  natureza: 'DEBITO',
  tipo: 'PIX',
  valor: '10.00',
  descricao: null,
  canal: null,
  instituicao_nome: null,
  instituicao_ispb: null,
  instituicao_compe: null,
  situacao: 'TRANSACAO_EFETIVADA',
  contraparte: null,
  saldo_apos: null,
  palavras: [],
};

describe('An amount in the index', () => {
  it('is its centavos, as far as numeric(17,2) goes', () => {
    const centavos = fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 17n - 1n });
    fc.assert(
      fc.property(centavos, (amount) => {
        expect(indexedMoney(formatDinheiro(amount))).toEqual({ centavos: String(amount), texto: undefined });
      }),
    );
  });

  it.each(['NaN', 'Infinity', '-Infinity', '7', '7.1', '-0.005', '3.14159', `1${'0'.repeat(40)}`, '-0.00', '007.00'])(
    'comes back as PostgreSQL wrote it: %s',
    (text) => {
      const { centavos, texto } = indexedMoney(text);
      expect(moneyText(centavos, texto)).toBe(text);
    },
  );

  it('is in the order that PostgreSQL has, NaN above everything', () => {
    const upwards = ['-Infinity', `-1${'0'.repeat(40)}`, '-2', '-1.009', '-1.00', '0', '0.999', '1', '999999999999999.99', `1${'0'.repeat(40)}`, 'Infinity', 'NaN']; // prettier-ignore
    const centavos = upwards.map((text) => BigInt(indexedMoney(text).centavos!));
    expect(centavos).toEqual(centavos.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(centavos.slice(2, 9)).toEqual([-200n, -101n, -100n, 0n, 99n, 100n, 99_999_999_999_999_999n]);
  });
});

describe('A document', () => {
  it('names its person by a keyed hash, and has the CPF nowhere', () => {
    const document = documentOf(linha, cpfHash);
    expect(document.cpfHash).toBe(cpfHash(cpf));
    expect(JSON.stringify(document)).not.toContain(cpf);
  });

  it('belongs to the same person whatever the type of the column has behind the digits', () => {
    expect(documentOf({ ...linha, cpf: `${cpf}   ` }, cpfHash).cpfHash).toBe(cpfHash(cpf));
  });

  it('is the same text out of a row as out of the index, and another for any other value', () => {
    const texts = new Set<string>();
    for (const change of [{}, { descricao: '' }, { contraparte: '' }, { palavras: null }, { palavras: ['a'] }, { valor: '10.01' }, { data_hora: null }]) {
      const document = documentOf({ ...linha, ...change }, cpfHash);
      const stored: unknown = JSON.parse(JSON.stringify(document));
      expect(documentText(MovimentacaoDocument.parse(stored))).toBe(documentText(document));
      texts.add(documentText(document));
    }
    expect(texts.size).toBe(7);
  }); // prettier-ignore

  it('has the words that Base C finds in its list joined by spaces, each no longer than a search can ask', () => {
    const palavras = ['joao silva', null, '', 'x'.repeat(5_000), 'joao', '\u{1f600}'.repeat(300)];
    const { palavras: words } = documentOf({ ...linha, palavras }, cpfHash);
    expect(words).toEqual(['joao', 'silva', 'x'.repeat(201), '\u{1f600}'.repeat(201)]);
  });

  it('is under the id of its row, or the SHA-256 of one that Elasticsearch would not take', () => {
    expect(documentIdOf('m-1')).toBe('m-1');
    expect(documentIdOf('é'.repeat(250))).toBe('é'.repeat(250));
    expect(documentIdOf('é'.repeat(251))).toMatch(/^[0-9a-f]{64}$/);
    expect(documentIdOf('é'.repeat(251))).not.toBe(documentIdOf('é'.repeat(252)));
  });
});

describe('The name of an index', () => {
  it('tells alias, mapping and instant, and only an index of this mapping is read', () => {
    const name = newIndexName('movimentacao', new Date('2026-11-25T23:59:58.999Z'));
    expect(name).toMatch(/^movimentacao-v\d+-20261125235958$/);
    expect(isOfThisMapping('movimentacao', name)).toBe(true);
    expect(isOfThisMapping('movimentacao', name.replace(/-v\d+-/, '-v999-'))).toBe(false);
    expect(isOfThisMapping('outra', name)).toBe(false);
  });
});
