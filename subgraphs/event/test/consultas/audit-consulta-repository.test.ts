import { randomUUID } from 'node:crypto';
import { postgresAccessReader } from '@pessoa/audit/access-reader';
import { openAuditReaders } from '@pessoa/audit/audit-pool';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { createSourceBreaker } from '@pessoa/subgraph/base/source-breaker';
import { addAcessos, newCpf } from '@pessoa/testkit/base-c-rows';
import { unreachableServer } from '@pessoa/testkit/lost-servers';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { auditConsultaRepository } from '../../src/consultas/audit-consulta-repository.ts';
import { readConsultaFilter } from '../../src/consultas/consulta-filter.ts';
import { consultaRepositoryContract } from './consulta-repository-contract.ts';

const cpfHash = cpfHasher(Buffer.alloc(32, 3));
const QUERY = { filter: readConsultaFilter(null), after: undefined, limit: 9 };

function openRepository(url: string) {
  const reader = postgresAccessReader(openAuditReaders({ url, timeoutMillis: 10_000 }, 2));
  const repository = auditConsultaRepository(reader, createSourceBreaker('evento'), cpfHash);
  return { repository, close: () => reader.close() };
}

consultaRepositoryContract('the audit', async () => {
  const bases = await openTestBases();
  const { readerUrl, owner } = bases.auditoria;
  const stores = [openRepository(readerUrl), openRepository(await unreachableServer(readerUrl))] as const;
  return {
    repository: stores[0].repository,
    unreachable: stores[1].repository,
    add: (cpf, ...consultas) =>
      addAcessos(
        owner,
        cpfHash(cpf),
        ...consultas.map(({ id, dataHora, consulente, produto, finalidade, peloTitular }) => ({
          id,
          data_hora: dataHora,
          client_id: consulente,
          operacao: produto,
          finalidade,
          pelo_titular: peloTitular,
        })),
      ),
    async close() {
      await Promise.all(stores.map(({ close }) => close()));
      await bases.drop();
    },
  };
});

describe('The inquiries in the audit', () => {
  let bases: TestBases;
  let store: ReturnType<typeof openRepository>;
  beforeAll(async () => {
    bases = await openTestBases();
    store = openRepository(bases.auditoria.readerUrl);
  });
  afterAll(async () => {
    await store.close();
    await bases.drop();
  });

  it('are in the name of Pessoa: the client asked, and the operation is the product', async () => {
    const cpf = newCpf();
    const id = randomUUID();
    await addAcessos(bases.auditoria.owner, cpfHash(cpf), { id, client_id: 'loja-a', operacao: 'UltimaCompraCartao' });
    expect(await store.repository.find([cpf], QUERY)).toEqual([
      [
        {
          store: 'auditoria',
          cpf,
          id,
          consulente: 'loja-a',
          cnpjConsulente: null,
          biro: 'PESSOA',
          dataHoraMillis: Date.parse('2026-11-20T12:00:00Z'),
          finalidade: 'VENDA_A_PRAZO',
          produto: 'UltimaCompraCartao',
          peloTitular: false,
        },
      ],
    ]);
  });

  it('do not include a request that was refused or failed: it showed no data', async () => {
    const cpf = newCpf();
    const [completeId, partialId] = [randomUUID(), randomUUID()].toSorted();
    await addAcessos(
      bases.auditoria.owner,
      cpfHash(cpf),
      { id: completeId, resultado: 'ATENDIDO' },
      { id: partialId, resultado: 'PARCIAL' },
      { resultado: 'NEGADO' },
      { resultado: 'FALHA' },
    );
    const [consultas] = await store.repository.find([cpf], QUERY);
    expect(consultas!.map(({ id }) => id)).toEqual([partialId, completeId]);
    expect(await store.repository.count([cpf], QUERY.filter, 9)).toEqual([2]);
  });

  it('keep a purpose that this version does not know: only that row is refused, where it is shown', async () => {
    const cpf = newCpf();
    await addAcessos(bases.auditoria.owner, cpfHash(cpf), { finalidade: 'XPTO' });
    await addAcessos(bases.auditoria.owner, cpfHash(cpf), { finalidade: 'COBRANCA' });
    const [consultas] = await store.repository.find([cpf], QUERY);
    expect(consultas!.map(({ finalidade }) => finalidade).sort()).toEqual(['COBRANCA', 'XPTO']);
  });
});
