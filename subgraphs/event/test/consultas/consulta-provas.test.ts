import { READ_PROOFS_MAX, type ReadProof, type ReadProofs, type ReadProofsRequest } from '@pessoa/audit/read-proofs';
import { PublicError } from '@pessoa/domain/errors';
import { readDeadline } from '@pessoa/subgraph/base/read-deadline';
import { consultaProvas, type ProvaSource } from '../../src/consultas/consulta-provas.ts';

const caller = { interacao: 'uma', authorization: 'Bearer x', finalidade: 'CONSULTA_DO_TITULAR' };
const within = () => readDeadline(5_000, 'auditoria');

const provenAt = (indice: number): ReadProof => ({
  estado: 'PROVADA',
  indice,
  inclusao: ['aGFzaA=='],
  registro: `{"id":"${indice}"}`,
  nonce: 'bm9uY2U=',
});

/** An auditor whose log has 40 places, and then 50, which proves what is asked by its number. */
function someSource(proofOf: (id: string) => ReadProof = (id) => provenAt(Number(id))) {
  const requests: ReadProofsRequest[] = [];
  let newest = 40;
  const source: ProvaSource = {
    async prove(request): Promise<ReadProofs> {
      requests.push(request);
      const tamanho = request.tamanho ?? newest;
      newest += 10;
      return { checkpoint: { nota: `nota ${tamanho}`, tamanho }, pessoa: 'cGVzc29h', provas: request.registros.map(proofOf) }; // prettier-ignore
    },
  };
  return { source, requests };
}

describe('The proofs of one request', () => {
  it('are asked for once, for all records of a list', async () => {
    const { source, requests } = someSource();
    const provas = consultaProvas(source, caller, within());
    const proven = await Promise.all(['3', '1', '2', '1'].map((id) => provas.load(id)));
    expect(requests).toEqual([{ registros: ['3', '1', '2'], tamanho: undefined }]);
    expect(proven.map((prova) => prova?.indice)).toEqual(['3', '1', '2', '1']);
    expect(proven[0]).toEqual({ indice: '3', checkpoint: 'nota 40', inclusao: ['aGFzaA=='], registro: '{"id":"3"}', nonce: 'bm9uY2U=', pessoa: 'cGVzc29h' }); // prettier-ignore
  });

  it('have a place beyond what Int can say', async () => {
    const { source } = someSource(() => provenAt(Number.MAX_SAFE_INTEGER));
    expect((await consultaProvas(source, caller, within()).load('x'))?.indice).toBe('9007199254740991');
  });

  it('are under one checkpoint, also those of a list that is read later, while the first are on their way and after', async () => {
    const { source, requests } = someSource();
    const provas = consultaProvas(source, caller, within());
    const first = provas.load('1');
    await new Promise((resolve) => setImmediate(resolve));
    const second = provas.load('2');
    const shown = [await first, await second, await provas.load('3')];
    expect(requests.map(({ tamanho }) => tamanho)).toEqual([undefined, 40, 40]);
    expect(new Set(shown.map((prova) => prova?.checkpoint))).toEqual(new Set(['nota 40']));
  });

  it('are asked for in parts that the auditor takes', async () => {
    const { source, requests } = someSource();
    const provas = consultaProvas(source, caller, within());
    await Promise.all(Array.from({ length: READ_PROOFS_MAX + 1 }, (_, id) => provas.load(String(id))));
    expect(requests.map(({ registros, tamanho }) => [registros.length, tamanho])).toEqual([[READ_PROOFS_MAX, undefined], [1, 40]]); // prettier-ignore
  });

  it('are null, an error to wait for, or an error that says something is wrong, each for its record alone', async () => {
    const states = ['SEM_NUMERO', 'PENDENTE', 'DESCONHECIDA'] as const;
    const { source } = someSource((id) => (id === '3' ? provenAt(3) : { estado: states[Number(id)]! }));
    const provas = consultaProvas(source, caller, within());
    const [unchained, pending, unknown, proven] = await Promise.allSettled(['0', '1', '2', '3'].map((id) => provas.load(id))); // prettier-ignore
    expect(unchained).toEqual({ status: 'fulfilled', value: null });
    expect(pending).toMatchObject({ reason: { code: 'PROVA_PENDENTE' } });
    expect(unknown).toMatchObject({ reason: { code: 'PROVA_DESCONHECIDA' } });
    expect(proven).toMatchObject({ value: { indice: '3' } });
  });

  it('wait while no checkpoint is published', async () => {
    const source: ProvaSource = {
      prove: async ({ registros }) => ({ checkpoint: null, pessoa: '', provas: registros.map(() => ({ estado: 'PENDENTE' })) }), // prettier-ignore
    };
    await expect(consultaProvas(source, caller, within()).load('1')).rejects.toMatchObject({ code: 'PROVA_PENDENTE' });
  });

  it('are FONTE_INDISPONIVEL without an auditor, and have the error of one that fails, later ones too', async () => {
    await expect(consultaProvas(undefined, caller, within()).load('1')).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' }); // prettier-ignore
    let asked = 0;
    const source: ProvaSource = {
      async prove() {
        asked += 1;
        throw new PublicError('FONTE_INVALIDA', { fonte: 'auditoria' });
      },
    };
    const provas = consultaProvas(source, caller, within());
    for (const id of ['1', '2']) await expect(provas.load(id)).rejects.toMatchObject({ code: 'FONTE_INVALIDA' });
    expect(asked).toBe(1);
  });

  it('are FONTE_LENTA when the auditor takes longer than all proofs may', async () => {
    const source: ProvaSource = { prove: () => new Promise(() => {}) };
    await expect(consultaProvas(source, caller, readDeadline(20, 'auditoria')).load('1')).rejects.toMatchObject({ code: 'FONTE_LENTA', fonte: 'auditoria' }); // prettier-ignore
  });
});
