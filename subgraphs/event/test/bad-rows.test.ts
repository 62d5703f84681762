import { addCompras, addConsultas, addMovimentacoes, addTitular } from './base-c-rows.ts';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

type Row = Record<string, unknown>;

describe('A value that Base C should not hold', () => {
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
    movimentacaoFinanceira { nodes { natureza tipo valor canal situacao } }
    ultimaCompraCartao { dataHora valor bandeira formaPagamento parcelas }
  } } }`;
  const WHOLE = { consultas: {}, movimentacaoFinanceira: {}, ultimaCompraCartao: {} };

  async function asked({ consulta = {}, movimentacao = {}, compra = {} }: Record<string, Row>) {
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
    ['an amount that is none', { movimentacao: { valor: 'NaN' } }, ['movimentacaoFinanceira', 'nodes', 0, 'valor']],
    ['NULL in a posting', { movimentacao: { situacao: null } }, ['movimentacaoFinanceira', 'nodes', 0, 'situacao']],
    ['an unknown card', { compra: { bandeira: 'XPTO' } }, ['ultimaCompraCartao', 'bandeira']],
    ['NULL in a purchase', { compra: { parcelas: null } }, ['ultimaCompraCartao', 'parcelas']],
    ['a purchase without instant', { compra: { data_hora: null } }, ['ultimaCompraCartao', 'dataHora']],
  ])('costs the part it is in and no other: %s', async (_, rows, place) => {
    const { data, errors } = await asked(rows);
    expect(data).toMatchObject({ pessoa: { eventos: { ...WHOLE, [place[0]!]: null } } });
    expect(errors).toMatchObject([
      { path: ['pessoa', 'eventos', ...place], extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' } },
    ]);
    expect(event.environment.logLines().join('')).not.toMatch(/XPTO|NaN/);
  });

  it('costs the reads where one has no instant: they could not be put in order', async () => {
    const { data, errors } = await asked({ consulta: { data_hora: null } });
    expect(data).toMatchObject({ pessoa: { eventos: { ...WHOLE, consultas: null } } });
    expect(errors).toMatchObject([
      { path: ['pessoa', 'eventos', 'consultas'], extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' } },
    ]);
  });

  it('costs its own field where that may be null', async () => {
    const { data, errors } = await asked({ consulta: { cnpj_consulente: '11222333000182' } });
    expect(data).toMatchObject({ pessoa: { eventos: WHOLE } });
    expect(errors).toMatchObject([{ extensions: { code: 'FONTE_INVALIDA', fonte: 'evento' } }]);
  });
});
