import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import type { FiltroMovimentacao } from '../../src/generated/resolvers.ts';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '../../src/movimentacoes/movimentacao-filter.ts';
import type { MovimentacaoSearch } from '../../src/movimentacoes/movimentacao-search.ts';
import { NOW } from '../event-under-test.ts';

export interface SearchUnderTest {
  readonly search: MovimentacaoSearch;
  /** Adds postings of a person, as rows of Base C. The search finds them when the promise resolves. */
  add(cpf: Cpf, ...rows: Record<string, unknown>[]): Promise<void>;
  close(): Promise<void>;
}

const filterOf = (filtro: FiltroMovimentacao = {}) =>
  completeMovimentacaoFilter(readMovimentacaoFilter(filtro), fixedClock(NOW));

/** The promises of the port, as a suite for each of its adapters. */
export function movimentacaoSearchContract(name: string, open: () => Promise<SearchUnderTest>): void {
  describe(`MovimentacaoSearch on ${name}`, () => {
    let subject: SearchUnderTest;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject.close());

    const idsFound = async (cpf: Cpf, filtro?: FiltroMovimentacao): Promise<string[]> => {
      const filter = filterOf(filtro);
      const [rows] = await subject.search.find([cpf], { filter, after: undefined, limit: 100 });
      const [count] = await subject.search.count([cpf], filter, 100);
      expect(count).toBe(rows?.length);
      return rows!.map(({ id }) => id);
    };

    it('gives one list and one number per CPF, in the order of the CPFs, empty and 0 without postings', async () => {
      const [ana, bia, ninguem] = [newCpf(), newCpf(), newCpf()];
      await subject.add(ana, { id: 'ana-1' });
      await subject.add(bia, { id: 'bia-1' }, { id: 'bia-2' });
      const lists = await subject.search.find([bia, ninguem, ana], { filter: filterOf(), after: undefined, limit: 9 });
      expect(lists.map((list) => list.map(({ id }) => id))).toEqual([['bia-2', 'bia-1'], [], ['ana-1']]);
      expect(await subject.search.count([bia, ninguem, ana], filterOf(), 9)).toEqual([2, 0, 1]);
    });

    it('sorts newest first, equal instants by id, descending, and goes on after a position without a gap or a double', async () => {
      const cpf = newCpf();
      const ids = Array.from({ length: 9 }, (_, i) => `o-${i}`);
      const instants = ['2026-11-18T12:00:00.001Z', '2026-11-18T12:00:00.000Z', '2026-11-18T11:59:59.999Z'];
      await subject.add(cpf, ...ids.map((id, i) => ({ id, data_hora: instants[i % 3] })));
      const pagedIds: string[] = [];
      for (let after; pagedIds.length < 9;) {
        const [page] = await subject.search.find([cpf], { filter: filterOf(), after, limit: 2 });
        pagedIds.push(...page!.map(({ id }) => id));
        const last = page!.at(-1)!;
        after = { sort: last.dataHora.toISOString(), id: last.id };
      }
      expect(pagedIds).toEqual(['o-6', 'o-3', 'o-0', 'o-7', 'o-4', 'o-1', 'o-8', 'o-5', 'o-2']);
    });

    it('sorts ids by their bytes in UTF-8, as no collation of words and no order of UTF-16 does', async () => {
      const cpf = newCpf();
      const ids = [
        'a-1',
        'B-1',
        'á-1',
        '_x',
        'Z',
        'a_1',
        'a 1',
        'A1',
        '10',
        '9',
        '\u{ff41}',
        '\u{1f600}',
        'ß',
        'ss',
        '~',
      ];
      await subject.add(cpf, ...ids.map((id) => ({ id: `u${id}` })));
      const descending = ids.map((id) => `u${id}`).toSorted((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)));
      expect(await idsFound(cpf)).toEqual(descending);
      const pagedIds: string[] = [];
      for (let after; pagedIds.length < ids.length;) {
        const [page] = await subject.search.find([cpf], { filter: filterOf(), after, limit: 4 });
        pagedIds.push(...page!.map(({ id }) => id));
        const last = page!.at(-1)!;
        after = { sort: last.dataHora.toISOString(), id: last.id };
      }
      expect(pagedIds).toEqual(descending);
    });

    it('gives every field of a posting as Base C has it: nulls, centavos, milliseconds', async () => {
      const cpf = newCpf();
      const posting = {
        id: 'w-1',
        data_hora: '2026-11-19T23:59:59.987Z',
        natureza: 'CREDITO',
        tipo: 'TED',
        valor: '999999999999999.99',
        descricao: 'Salário "líquido"\n\u{1f600}',
        canal: 'APP',
        instituicao_nome: 'Banco Fictício',
        instituicao_ispb: '00000000',
        instituicao_compe: '001',
        situacao: 'LANCAMENTO_FUTURO',
        contraparte: 'Ação & Cia.',
        saldo_apos: '-0.01',
      };
      await subject.add(cpf, posting, {
        id: 'w-2',
        valor: '0.00',
        instituicao_ispb: '11111111',
        data_hora: posting.data_hora,
      });
      const [rows] = await subject.search.find([cpf], { filter: filterOf(), after: undefined, limit: 9 });
      expect(rows).toEqual([
        {
          id: 'w-2',
          dataHora: new Date(posting.data_hora),
          natureza: 'DEBITO',
          tipo: 'PIX',
          valor: '0.00',
          descricao: null,
          canal: null,
          instituicao: null,
          situacao: 'TRANSACAO_EFETIVADA',
          contraparte: null,
          saldoApos: null,
        },
        {
          id: 'w-1',
          dataHora: new Date(posting.data_hora),
          natureza: posting.natureza,
          tipo: posting.tipo,
          valor: posting.valor,
          descricao: posting.descricao,
          canal: posting.canal,
          instituicao: { nome: 'Banco Fictício', ispb: '00000000', compe: '001' },
          situacao: posting.situacao,
          contraparte: posting.contraparte,
          saldoApos: posting.saldo_apos,
        },
      ]);
    });

    it('finds a posting whose id is longer than the index can hold as one term', async () => {
      const cpf = newCpf();
      const id = `${'ção-'.repeat(300)}1`;
      await subject.add(cpf, { id });
      expect(await idsFound(cpf)).toEqual([id]);
    });

    it('takes both days of a period as days of São Paulo, inclusive to the millisecond', async () => {
      const cpf = newCpf();
      await subject.add(
        cpf,
        { id: 'd-before', data_hora: '2026-11-10T02:59:59.999Z' },
        { id: 'd-first', data_hora: '2026-11-10T03:00:00.000Z' },
        { id: 'd-last', data_hora: '2026-11-12T02:59:59.999Z' },
        { id: 'd-after', data_hora: '2026-11-12T03:00:00.000Z' },
      );
      expect(await idsFound(cpf, day('2026-11-10', '2026-11-11'))).toEqual(['d-last', 'd-first']);
      expect(await idsFound(cpf, day('2026-11-12', '2026-11-12'))).toEqual(['d-after']);
    });

    it('filters by natureza, by several tipos and by inclusive amounts, and by all of them together', async () => {
      const cpf = newCpf();
      await subject.add(
        cpf,
        { id: 'f-1', natureza: 'CREDITO', tipo: 'PIX', valor: '10.00' },
        { id: 'f-2', natureza: 'DEBITO', tipo: 'PIX', valor: '10.01' },
        { id: 'f-3', natureza: 'CREDITO', tipo: 'TED', valor: '99.99' },
        { id: 'f-4', natureza: 'CREDITO', tipo: 'SAQUE', valor: '100.00' },
      );
      expect(await idsFound(cpf, { natureza: 'DEBITO' })).toEqual(['f-2']);
      expect(await idsFound(cpf, { tipos: ['TED', 'PIX'] })).toEqual(['f-3', 'f-2', 'f-1']);
      expect(await idsFound(cpf, { tipos: [] })).toEqual([]);
      expect(await idsFound(cpf, { valorMinimo: 1_001n, valorMaximo: 9_999n })).toEqual(['f-3', 'f-2']);
      expect(await idsFound(cpf, { natureza: 'CREDITO', tipos: ['PIX', 'SAQUE'], valorMinimo: 1_001n })).toEqual([
        'f-4',
      ]);
    });

    describe('with a text', () => {
      const cpf = newCpf();
      const texts = {
        barra: 'Taxa a/b',
        davila: "Loja D'Ávila",
        valor: 'Parcela 1.234,56',
        conta: 'Ajuste CONTA_CORRENTE',
        telefone: 'Central 0800-123',
        joao: 'PIX para JOÃO DA SILVA',
      };
      beforeAll(() => subject.add(cpf, ...Object.entries(texts).map(([id, descricao]) => ({ id, descricao }))));

      it.each([
        ['a/b', ['barra']],
        ['a b', ['barra']],
        ["d'avila", ['davila']],
        ['D’ÁVILA', ['davila']],
        ['1.234,56', ['valor']],
        ['234 1', ['valor']],
        ['conta_corrente', ['conta']],
        ['conta corr', ['conta']],
        ['0800-123', ['telefone']],
        ['0800-12', ['telefone']],
        ['joao silv', ['joao']],
        ['SILVA JOÃO', ['joao']],
        ['joa silva', []],
        ['silvas', []],
        ['davila', []],
        ["' & !b | (:*\\", ['barra']],
        ['100% pix_', []],
      ])('%s finds %j', async (texto, ids) => {
        expect(await idsFound(cpf, { texto })).toEqual(ids);
      });

      it.each(['', '   ', '—!?', '%'])('%j has no word and is refused', async (texto) => {
        await expect(idsFound(cpf, { texto })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      });

      it('searches the words of description and counterparty together', async () => {
        const ana = newCpf();
        await subject.add(ana, { id: 't-1', descricao: 'PIX enviado', contraparte: 'Maria' }, { id: 't-2' });
        expect(await idsFound(ana, { texto: 'enviado maria' })).toEqual(['t-1']);
      });

      it('finds the other postings of a person who has one with a word of 5,000 letters', async () => {
        const bia = newCpf();
        await subject.add(bia, { id: 'l-1', descricao: 'x'.repeat(5_000) }, { id: 'l-2', descricao: 'PIX' });
        expect(await idsFound(bia, { texto: 'pix' })).toEqual(['l-2']);
        expect(await idsFound(bia, { texto: 'xxx' })).toEqual(['l-1']);
      });
    });

    it('counts up to `limit`', async () => {
      const cpf = newCpf();
      await subject.add(cpf, {}, {}, {}, {});
      expect(await subject.search.count([cpf], filterOf(), 3)).toEqual([3]);
    });
  });
}

const day = (de: string, ate: string): FiltroMovimentacao => ({ de, ate }) as FiltroMovimentacao;
