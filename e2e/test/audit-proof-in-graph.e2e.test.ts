import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import { readLogKey } from '@pessoa/router/person-page/browser/checkpoint.js';
import { judgeReads } from '@pessoa/router/person-page/browser/proven-reads.js';
import type { TokenRequest } from '@pessoa/service/development/development-keys';
import { graphql, type GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { addPerson } from '../src/people.ts';
import { startWholeGraph } from '../src/whole-graph.ts';

const PROVA = 'prova { indice checkpoint inclusao registro nonce pessoa }';
const ENTRY = `id biro consulente dataHora finalidade produto peloTitular ${PROVA}`;
const LIST = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { ${ENTRY} } consultas(first: 100) { nodes { ${ENTRY} } } } } }`;

interface Entry {
  readonly id: string;
  readonly biro: string;
  readonly prova: { indice: string; checkpoint: string; inclusao: string[]; registro: string; nonce: string } | null;
}
interface Eventos {
  readonly ultimaConsulta: Entry;
  readonly consultas: { readonly nodes: readonly Entry[] };
}

const eventosIn = ({ body }: GraphqlAnswer): Eventos => body.data!['pessoa']!['eventos'];
const codesOf = ({ body }: GraphqlAnswer): Set<string | undefined> =>
  new Set((body.errors ?? []).map(({ extensions }) => extensions?.code));

/** A graph with an auditor, and somebody whom a bank, a shop and the holder have read. */
async function startReadPerson(wiring: 'relayed' | 'single') {
  const graph = await startWholeGraph({ wiring, auditor: true });
  const cpf = await addPerson(graph);
  const holder = await graph.environment.token({ cpf });
  const readers: TokenRequest[] = [
    { clientId: 'banco', finalidade: 'CONCESSAO_CREDITO' },
    { clientId: 'loja' },
    { cpf },
  ];
  for (const reader of readers) {
    const authorization = `Bearer ${await graph.environment.token(reader)}`;
    expect((await fetch(`${graph.router.url}/score/${cpf}?campos=score`, { headers: { authorization } })).status).toBe(200); // prettier-ignore
  }
  const list = (token = holder): Promise<GraphqlAnswer> =>
    graphql(graph.router.url, { query: LIST, variables: { cpf }, token });
  const key = async (): Promise<string> => (await (await fetch(`${graph.router.url}/auditoria/chave`)).text()).trim();
  return {
    graph,
    cpf,
    list,
    /** Asks until all proofs are there. Meanwhile only they are missing. */
    async proven(): Promise<GraphqlAnswer> {
      for (;;) {
        const answer = await list();
        if (answer.body.errors === undefined) return answer;
        expect([...codesOf(answer)]).toEqual(['PROVA_PENDENTE']);
        expect(eventosIn(answer).consultas.nodes.every(({ id }) => typeof id === 'string')).toBe(true);
        await sleep(1_500); // the list itself is a read, which is in the next one
      }
    },
    key,
    keys: async () => trustedKeys(await key(), []),
  };
}

describe.each(['relayed', 'single'] as const)('The proofs in a list of reads, with the wiring %s', (wiring) => {
  let person: Awaited<ReturnType<typeof startReadPerson>>;
  beforeAll(async () => {
    person = await startReadPerson(wiring);
  });
  afterAll(() => person.graph.close());

  it('are there for every read of ours, and for none of Base C, and verify with the key of the log and the CPF', async () => {
    const answer = await person.proven();
    const { nodes } = eventosIn(answer).consultas;
    const ours = nodes.filter(({ biro }) => biro === 'PESSOA');
    expect(ours.length).toBeGreaterThanOrEqual(3);
    expect(nodes.length).toBeGreaterThan(ours.length);
    for (const { biro, prova } of nodes) expect({ biro, isProven: prova !== null }).toEqual({ biro, isProven: biro === 'PESSOA' }); // prettier-ignore
    const { records, checkpoints, withoutProof } = verifyAnswer(JSON.stringify(answer.body), await person.keys(), undefined, person.cpf); // prettier-ignore
    expect(records).toHaveLength(ours.length + 1); // the newest of a third party is also ultimaConsulta
    expect([checkpoints.length, withoutProof]).toEqual([1, nodes.length - ours.length]);
    expect(new Set(records.map(({ record }) => record['clientId']))).toContain('banco');
  });

  it('are proofs for another implementation, which knows nothing of ours', async () => {
    const { nodes } = eventosIn(await person.proven()).consultas;
    const proofs = nodes.flatMap(({ prova }) => (prova ? [prova] : []));
    for (const { indice, checkpoint, inclusao, registro, nonce } of proofs) {
      const [, size, root] = checkpoint.split('\n') as [string, string, string];
      const entry = (text: string) => createHash('sha256').update(Buffer.from(nonce, 'base64')).update(text).digest();
      const verify = (text: string): void =>
        verifyMerkleInclusion(
          {
            canonicalizedBody: entry(text),
            inclusionProof: { logIndex: indice, hashes: inclusao.map((hash) => Buffer.from(hash, 'base64')) },
          } as never,
          { logSize: BigInt(size), logHash: Buffer.from(root, 'base64') } as never,
        );
      verify(registro);
      expect(() => verify(registro.replace('"finalidade":"', '"finalidade":"X'))).toThrow('does not match');
    }
  });

  it("are proofs for the person's page, which has code of its own for browsers", async () => {
    const { nodes } = eventosIn(await person.proven()).consultas;
    const key = await readLogKey(await person.key());
    const states = async (reads: readonly Entry[]) =>
      (await judgeReads(reads as never, [], 0, key)).map((mark) => mark!.fault ?? mark!.state);
    expect(await states(nodes)).toEqual(nodes.map(({ biro }) => (biro === 'PESSOA' ? 'PROVADA' : 'DE_FORA')));
    const [ours, ...others] = nodes.filter(({ biro }) => biro === 'PESSOA');
    expect(await states([{ ...ours!, id: others[0]!.id }])).toEqual(['LISTA']);
    expect(await states([{ ...ours!, prova: { ...ours!.prova!, nonce: others[0]!.prova!.nonce } }])).toEqual(['REGISTRO']); // prettier-ignore
  });

  it('are refused to everybody but the holder, who get the rest of the list', async () => {
    const { graph, cpf, list } = person;
    const others: TokenRequest[] = [{}, { consentimento: [cpf] }, { finalidade: 'ORDEM_JUDICIAL' }];
    for (const claims of others) {
      const answer = await list(await graph.environment.token(claims));
      expect([...codesOf(answer)]).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
      expect(answer.body.errors!.map(({ extensions }) => extensions?.motivo)).toEqual(['TITULAR', 'TITULAR']);
      const { nodes } = eventosIn(answer).consultas;
      expect(nodes.map(({ prova }) => prova)).toEqual(nodes.map(() => null));
      expect(nodes.every(({ id }) => typeof id === 'string')).toBe(true);
    }
    const another = await graphql(graph.router.url, { query: LIST, variables: { cpf }, token: await graph.environment.token({ cpf: '52998224725' }) }); // prettier-ignore
    expect([...codesOf(another)]).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
    expect(another.body.data).toEqual({ pessoa: { eventos: null } });
  });
});

it('An auditor that is gone costs the proofs alone, and nothing where nobody asks for them', async () => {
  const { graph, cpf, list, proven } = await startReadPerson('relayed');
  try {
    const before = eventosIn(await proven()).consultas.nodes;
    await graph.auditor!.close();
    const answer = await list();
    const { nodes } = eventosIn(answer).consultas;
    expect(nodes.slice(-before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(nodes.map(({ prova }) => prova)).toEqual(nodes.map(() => null));
    const ours = nodes.flatMap(({ biro }, at) => (biro === 'PESSOA' ? [at] : []));
    const lost = { message: expect.any(String), extensions: { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' } };
    const paths = [['ultimaConsulta'], ...ours.map((at) => ['consultas', 'nodes', at])];
    expect(answer.body.errors).toHaveLength(paths.length);
    for (const path of paths) expect(answer.body.errors).toContainEqual({ ...lost, path: ['pessoa', 'eventos', ...path, 'prova'] }); // prettier-ignore
    const query = LIST.replaceAll(PROVA, '');
    const without = await graphql(graph.router.url, { query, variables: { cpf }, token: await graph.environment.token({ cpf }) }); // prettier-ignore
    expect(without.body.errors).toBeUndefined();
  } finally {
    await graph.close();
  }
});
