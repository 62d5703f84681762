import { randomUUID } from 'node:crypto';
import { addAcessos, addCompras, addConsultas, addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

type Row = Record<string, unknown>;

interface Lista {
  readonly totalCount: number;
  readonly nodes: readonly ({ id: string } | null)[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

describe('A bad value in Base C', () => {
  let event: EventUnderTest;
  beforeAll(async () => {
    event = await startEventUnderTest();
    await event.bases.baseC.owner.query(`
      ALTER TABLE consulta ALTER pelo_titular DROP NOT NULL, ALTER data_hora DROP NOT NULL;
      ALTER TABLE movimentacao ALTER situacao DROP NOT NULL;
      ALTER TABLE compra_cartao ALTER parcelas DROP NOT NULL, ALTER data_hora DROP NOT NULL`);
  });
  afterAll(() => event.close());

  const EVENTOS = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf eventos {
    consultas { nodes { finalidade dataHora cnpjConsulente peloTitular } pageInfo { endCursor } }
    movimentacaoFinanceira { nodes { natureza tipo valor canal situacao saldoApos instituicao { nome ispb compe } } }
    ultimaCompraCartao { dataHora valor valorMoedaOrigem moedaOrigem mcc bandeira finalCartao formaPagamento parcelas
      emissor { nome ispb compe } }
  } } }`;
  const EVERY_FIELD = { consultas: {}, movimentacaoFinanceira: {}, ultimaCompraCartao: {} };

  async function askAbout({ consulta = {}, movimentacao = {}, compra = {} }: Record<string, Row>) {
    const { owner } = event.bases.baseC;
    const cpf = await addTitular(owner);
    await addConsultas(owner, cpf, consulta);
    await addMovimentacoes(owner, cpf, movimentacao);
    await addCompras(owner, cpf, compra);
    return (await event.ask(EVENTOS, { cpf })).body;
  }

  it.each<[string, Record<string, Row>, (string | number)[]]>([
    ['an unknown purpose', { consulta: { finalidade: 'XPTO' } }, ['consultas', 'nodes', 0, 'finalidade']],
    ['NULL in a read', { consulta: { pelo_titular: null } }, ['consultas', 'nodes', 0, 'peloTitular']],
    ['an unknown kind', { movimentacao: { tipo: 'XPTO' } }, ['movimentacaoFinanceira', 'nodes', 0, 'tipo']],
    [
      'an amount that is no number',
      { movimentacao: { valor: 'NaN' } },
      ['movimentacaoFinanceira', 'nodes', 0, 'valor'],
    ],
    ['an amount below zero', { movimentacao: { valor: '-0.01' } }, ['movimentacaoFinanceira', 'nodes', 0, 'valor']],
    ['a natureza of blanks', { movimentacao: { natureza: ' ' } }, ['movimentacaoFinanceira', 'nodes', 0, 'natureza']],
    ['NULL in a posting', { movimentacao: { situacao: null } }, ['movimentacaoFinanceira', 'nodes', 0, 'situacao']],
    ['an unknown card', { compra: { bandeira: 'XPTO' } }, ['ultimaCompraCartao', 'bandeira']],
    ['a purchase below zero', { compra: { valor: '-10.00' } }, ['ultimaCompraCartao', 'valor']],
    ['instalments below zero', { compra: { parcelas: -3 } }, ['ultimaCompraCartao', 'parcelas']],
    ['no instalment', { compra: { parcelas: 0 } }, ['ultimaCompraCartao', 'parcelas']],
    ['a hundred instalments', { compra: { parcelas: 100 } }, ['ultimaCompraCartao', 'parcelas']],
    ['a card of letters', { compra: { final_cartao: 'ABCD' } }, ['ultimaCompraCartao', 'finalCartao']],
    ['a card of two digits', { compra: { final_cartao: '42' } }, ['ultimaCompraCartao', 'finalCartao']],
    [
      'an unknown forma de pagamento',
      { compra: { forma_pagamento: 'XPTO' } },
      ['ultimaCompraCartao', 'formaPagamento'],
    ],
    ['NULL in a purchase', { compra: { parcelas: null } }, ['ultimaCompraCartao', 'parcelas']],
    ['a purchase without instant', { compra: { data_hora: null } }, ['ultimaCompraCartao', 'dataHora']],
  ])('costs its row of a list, or its whole object, and nothing else: %s', async (_, rows, place) => {
    const { data, errors } = await askAbout(rows);
    const expectedValue = place.length > 2 ? { nodes: [null] } : null;
    expect(data).toMatchObject({ pessoa: { eventos: { ...EVERY_FIELD, [place[0]!]: expectedValue } } });
    expect(errors).toMatchObject([
      { path: ['pessoa', 'eventos', ...place], extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' } },
    ]);
    expect(event.environment.logLines().join('')).not.toMatch(/XPTO|NaN/);
  });

  it.each([
    null,
    'infinity',
    '-infinity',
    '9999-12-31T23:59:59-03:00',
    '12026-01-01T00:00:00Z',
    '0044-03-15 12:00:00+00 BC',
  ])('costs its inquiry when that has no instant that RFC 3339 can write: %s', async (data_hora) => {
    const { data, errors } = await askAbout({ consulta: { data_hora } });
    expect(data).toMatchObject({ pessoa: { eventos: { ...EVERY_FIELD, consultas: { nodes: [null] } } } });
    expect(errors).toMatchObject([
      {
        path: ['pessoa', 'eventos', 'consultas', 'nodes', 0, 'dataHora'],
        extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' },
      },
    ]);
  });

  it.each([1, 2, 3, 10])('does not stop a client that pages by %i, wherever it stands in the order', async (first) => {
    const { owner } = event.bases.baseC;
    const cpf = await addTitular(owner);
    const badInstants = [
      null,
      null,
      'infinity',
      'infinity',
      '12026-01-01T00:00:00.123Z',
      '12026-01-01T00:00:00.122Z',
      '-infinity',
      '0044-03-15 12:00:00+00 BC',
    ];
    await addConsultas(
      owner,
      cpf,
      ...badInstants.map((data_hora, index) => ({ id: `${cpf}-ruim-${index}`, data_hora })),
    );
    await addConsultas(
      owner,
      cpf,
      { id: `${cpf}-1`, data_hora: '2026-11-04T12:00:00.001Z' },
      { id: `${cpf}-2`, data_hora: '2026-11-04T12:00:00Z' },
    );
    const auditIds = [randomUUID(), randomUUID()];
    await addAcessos(
      event.bases.auditoria.owner,
      event.cpfHash(cpf),
      { id: auditIds[0], data_hora: '2026-11-03T12:00:00Z' },
      { id: auditIds[1], data_hora: '2026-11-05T12:00:00Z' },
    );
    // These purposes leave out the inquiries of this test itself, which ask with another purpose.
    const LIST = `query ($cpf: CPF!, $first: Int, $after: String) { pessoa(cpf: $cpf) { eventos {
      consultas(first: $first, after: $after, filtro: { finalidades: [CONCESSAO_CREDITO, VENDA_A_PRAZO] }) {
        totalCount nodes { id dataHora } pageInfo { hasNextPage endCursor } } } } }`;
    const shownIds: (string | null)[] = [];
    let errorCount = 0;
    for (let after: string | null = null, hasNextPage = true; hasNextPage && shownIds.length <= 12;) {
      const { body } = await event.ask(LIST, { cpf, token: { finalidade: 'COBRANCA' }, variables: { first, after } });
      const { consultas } = (body.data as unknown as { pessoa: { eventos: { consultas: Lista } } }).pessoa.eventos;
      expect(consultas.totalCount).toBe(12);
      shownIds.push(...consultas.nodes.map((node) => node?.id ?? null));
      errorCount += body.errors?.length ?? 0;
      after = consultas.pageInfo.endCursor;
      ({ hasNextPage } = consultas.pageInfo);
    }
    expect(shownIds).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
      auditIds[1],
      `${cpf}-1`,
      `${cpf}-2`,
      auditIds[0],
      null,
      null,
    ]);
    expect(errorCount).toBe(8);
  });

  it('costs ultimaConsulta when the newest inquiry does not say who asked: an older one would pass for the newest', async () => {
    const { owner } = event.bases.baseC;
    const cpf = await addTitular(owner);
    await addConsultas(owner, cpf, { data_hora: '2026-11-01T12:00:00Z' }, { pelo_titular: null });
    const { body } = await event.ask(
      'query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { consulente } consultas { totalCount } } } }',
      { cpf },
    );
    expect(body).toMatchObject({
      data: { pessoa: { eventos: { ultimaConsulta: null, consultas: { totalCount: 2 } } } },
      errors: [
        { path: ['pessoa', 'eventos', 'ultimaConsulta'], extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' } },
      ],
    });
  });

  it.each(['infinity', '9999-12-31T23:59:59-03:00', '2026-11-23T03:00:00Z'])(
    'dated after today is neither ultimaConsulta nor ultimaCompraCartao: %s',
    async (data_hora) => {
      const { owner } = event.bases.baseC;
      const cpf = await addTitular(owner);
      await addConsultas(owner, cpf, { data_hora }, { id: `${cpf}-c`, data_hora: '2026-11-23T02:59:59.999Z' });
      await addCompras(owner, cpf, { data_hora }, { id: `${cpf}-b`, data_hora: '2026-11-23T02:59:59.999Z' });
      const { status, body } = await event.get(`/evento/${cpf}`, { consentimento: [cpf], cpf });
      expect(status).toBe(200);
      expect(body).toMatchObject({ ultimaConsulta: { id: `${cpf}-c` }, ultimaCompraCartao: { id: `${cpf}-b` } });
    },
  );

  const instituicao = { instituicao_nome: 'Banco Fictício' };
  const emissor = { emissor_nome: 'Banco Fictício' };
  it.each<[string, Record<string, Row>, (string | number)[]]>([
    ['a CNPJ', { consulta: { cnpj_consulente: '11222333000182' } }, ['consultas', 'nodes', 0, 'cnpjConsulente']],
    ['a channel', { movimentacao: { canal: 'XPTO' } }, ['movimentacaoFinanceira', 'nodes', 0, 'canal']],
    ['a balance', { movimentacao: { saldo_apos: 'NaN' } }, ['movimentacaoFinanceira', 'nodes', 0, 'saldoApos']],
    [
      'an ISPB of blanks',
      { movimentacao: { ...instituicao, instituicao_ispb: '' } },
      ['movimentacaoFinanceira', 'nodes', 0, 'instituicao', 'ispb'],
    ],
    [
      'a COMPE code of letters',
      { movimentacao: { ...instituicao, instituicao_compe: 'ABC' } },
      ['movimentacaoFinanceira', 'nodes', 0, 'instituicao', 'compe'],
    ],
    [
      'an issuer’s ISPB',
      { compra: { ...emissor, emissor_ispb: '1234567' } },
      ['ultimaCompraCartao', 'emissor', 'ispb'],
    ],
    ['an MCC of letters', { compra: { mcc: 'ABCD' } }, ['ultimaCompraCartao', 'mcc']],
    ['an MCC of blanks', { compra: { mcc: '' } }, ['ultimaCompraCartao', 'mcc']],
    ['a currency', { compra: { moeda_origem: 'us' } }, ['ultimaCompraCartao', 'moedaOrigem']],
    ['an amount abroad', { compra: { valor_moeda_origem: '-1' } }, ['ultimaCompraCartao', 'valorMoedaOrigem']],
  ])('costs its own field when that field is nullable: %s', async (_, rows, place) => {
    const { data, errors } = await askAbout(rows);
    expect(data).toMatchObject({ pessoa: { eventos: EVERY_FIELD } });
    expect(errors).toMatchObject([
      { path: ['pessoa', 'eventos', ...place], extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' } },
    ]);
  });

  it.each([0, -3, 100, null])(
    'in the instalments, such as %s, does not decide the missing forma de pagamento',
    async (parcelas) => {
      const { owner } = event.bases.baseC;
      const cpf = await addTitular(owner);
      await addCompras(owner, cpf, { parcelas, forma_pagamento: null });
      const { body } = await event.ask(
        'query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaCompraCartao { formaPagamento } } } }',
        { cpf },
      );
      expect(body).toMatchObject({
        data: { pessoa: { eventos: { ultimaCompraCartao: null } } },
        errors: [{ path: ['pessoa', 'eventos', 'ultimaCompraCartao', 'formaPagamento'] }],
      });
    },
  );
});
