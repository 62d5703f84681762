import { setTimeout as sleep } from 'node:timers/promises';
import { fixedClock } from '@pessoa/domain/data';
import { addCompras, addConsultas, addMovimentacoes, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { cutConnections } from '@pessoa/testkit/cut-connections';
import { rest } from '@pessoa/testkit/graphql-client';
import { readConfig } from '../src/config.ts';
import { startEvent } from '../src/event-subgraph.ts';
import { type EventUnderTest, NOW, startEventUnderTest } from './event-under-test.ts';

const EVERYTHING = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf eventos {
  ultimaConsulta { id consulente cnpjConsulente biro dataHora finalidade produto peloTitular }
  consultas { totalCount totalExato nodes { id } edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
  movimentacaoFinanceira { totalCount totalExato pageInfo { hasNextPage } nodes {
    id dataHora natureza tipo valor descricao canal instituicao { nome ispb compe } situacao contraparte saldoApos } }
  ultimaCompraCartao { id dataHora valor valorMoedaOrigem moedaOrigem estabelecimento mcc bandeira finalCartao
    emissor { nome ispb compe } formaPagamento parcelas presencial aprovada }
} } }`;

describe('The Event subgraph', () => {
  let event: EventUnderTest;

  beforeAll(async () => {
    event = await startEventUnderTest();
  });
  afterAll(() => event.close());

  it('opens its connections to the audit before it listens, and lost ones again', async () => {
    const url = event.environment.env['AUDIT_READER_URL']!;
    const { username: role } = new URL(url);
    const countOpen = async (): Promise<number> => {
      const statement = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = $1';
      return (await event.bases.auditoria.owner.query(statement, [role])).rowCount!;
    };
    expect(await countOpen()).toBe(4);
    expect(await cutConnections(url)).toBe(4);
    const deadline = performance.now() + 15_000;
    while ((await countOpen()) < 4 && performance.now() < deadline) await sleep(20);
    expect(await countOpen()).toBe(4);
  });

  it('answers null, without error, for a CPF that Base C does not know', async () => {
    const cpf = newCpf();
    const { status, body } = await event.ask(EVERYTHING, { cpf });
    expect(body).toEqual({ data: { pessoa: { cpf, eventos: null } } });
    expect(status).toBe(200);
  });

  it('answers empty lists and nulls for a known person without events', async () => {
    const cpf = await addTitular(event.bases.baseC.owner);
    const { body } = await event.ask(EVERYTHING, { cpf });
    const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
    expect(body).toEqual({
      data: {
        pessoa: {
          cpf,
          eventos: {
            ultimaConsulta: null,
            consultas: { totalCount: 0, totalExato: true, nodes: [], edges: [], pageInfo },
            movimentacaoFinanceira: { totalCount: 0, totalExato: true, pageInfo: { hasNextPage: false }, nodes: [] },
            ultimaCompraCartao: null,
          },
        },
      },
    });
  });

  it('answers every field as Base C has it, amounts as text and instants in UTC', async () => {
    const { owner } = event.bases.baseC;
    const cpf = await addTitular(owner);
    await addConsultas(owner, cpf, {
      id: 'c-1',
      cnpj_consulente: '11222333000181',
      biro: 'Birô Fictício',
      produto: 'Score',
    });
    await addMovimentacoes(owner, cpf, {
      id: 'm-1',
      data_hora: '2026-11-20T12:34:56.789Z',
      natureza: 'CREDITO',
      valor: '123456789012345.67',
      descricao: 'PIX recebido',
      canal: 'APLICATIVO',
      instituicao_nome: 'Banco Fictício',
      instituicao_ispb: '12345678',
      instituicao_compe: '001',
      contraparte: 'João da Silva',
      saldo_apos: '-0.05',
    });
    await addCompras(owner, cpf, {
      id: 'k-1',
      valor: '54.00',
      valor_moeda_origem: '10.00',
      moeda_origem: 'USD',
      mcc: '5812',
      emissor_nome: 'Banco Fictício',
      forma_pagamento: null,
      parcelas: 3,
      presencial: false,
    });
    const { body } = await event.ask(EVERYTHING, { cpf });
    const eventos = body.data?.['pessoa']?.['eventos'];
    expect(eventos).toMatchObject({
      ultimaConsulta: {
        id: 'c-1', consulente: 'Banco Fictício', cnpjConsulente: '11222333000181', biro: 'Birô Fictício',
        dataHora: '2026-11-20T12:00:00.000Z', finalidade: 'CONCESSAO_CREDITO', produto: 'Score', peloTitular: false,
      },
      movimentacaoFinanceira: {
        totalCount: 1,
        nodes: [{
          id: 'm-1', dataHora: '2026-11-20T12:34:56.789Z', natureza: 'CREDITO', tipo: 'PIX', valor: '123456789012345.67',
          descricao: 'PIX recebido', canal: 'APLICATIVO', instituicao: { nome: 'Banco Fictício', ispb: '12345678', compe: '001' },
          situacao: 'TRANSACAO_EFETIVADA', contraparte: 'João da Silva', saldoApos: '-0.05',
        }],
      },
      ultimaCompraCartao: {
        id: 'k-1', dataHora: '2026-11-20T12:00:00.000Z', valor: '54.00', valorMoedaOrigem: '10.00', moedaOrigem: 'USD',
        estabelecimento: 'Padaria Fictícia', mcc: '5812', bandeira: 'ELO', finalCartao: '0042',
        emissor: { nome: 'Banco Fictício', ispb: null, compe: null }, formaPagamento: 'A_PRAZO', parcelas: 3,
        presencial: false, aprovada: true,
      },
    }); // prettier-ignore
  });

  it('gives the newest purchase, approved or not, and of equal instants the one with the higher id', async () => {
    const { owner } = event.bases.baseC;
    const cpf = await addTitular(owner);
    await addCompras(
      owner,
      cpf,
      { id: 'p-1', data_hora: '2026-11-19T12:00:00Z' },
      { id: 'p-2', aprovada: true },
      { id: 'p-3', aprovada: false },
    );
    const { body } = await event.ask(
      'query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaCompraCartao { id aprovada } } } }',
      { cpf },
    );
    expect(body).toEqual({
      data: { pessoa: { eventos: { ultimaCompraCartao: { id: 'p-3', aprovada: false } } } },
    });
  });

  it('answers people in the order of the request, repeated people again and unknown people with null', async () => {
    const knownCpf = await addTitular(event.bases.baseC.owner);
    const unknownCpf = newCpf();
    const { body } = await event.ask(
      'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf eventos { ultimaConsulta { id } } } }',
      { cpf: knownCpf, variables: { cpf: undefined, cpfs: [knownCpf, unknownCpf, knownCpf] } },
    );
    expect(body.data?.['pessoas']).toMatchObject([
      { cpf: knownCpf, eventos: {} },
      { cpf: unknownCpf, eventos: null },
      { cpf: knownCpf, eventos: {} },
    ]);
    expect(body.errors).toBeUndefined();
  });

  it('is ready once Base C has answered, and names its source', async () => {
    expect(await rest(event.url, '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', fontes: { evento: 'ok' }, chaves: { principal: 'ok' } },
    });
  });

  it('does not start over a Base C without a column that it reads, and names the column', async () => {
    await event.bases.baseC.owner.query('ALTER TABLE compra_cartao RENAME COLUMN mcc TO categoria');
    try {
      const config = readConfig(event.environment.env);
      await expect(startEvent(config, event.environment.logger, fixedClock(NOW))).rejects.toThrow('compra_cartao.mcc');
    } finally {
      await event.bases.baseC.owner.query('ALTER TABLE compra_cartao RENAME COLUMN categoria TO mcc');
    }
  });
});
