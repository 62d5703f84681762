import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { systemClock } from '@pessoa/domain/data';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { liveConsent, viewerOf } from '@pessoa/service/identity/viewer';
import { reportCpu } from '../cpu-report.ts';
import { pessoas } from './by-hand-people.ts';
import { pessoa } from './by-hand-person.ts';
import { auditLog, config, markPerson } from './by-hand-stores.ts';

/**
 * The answers as one would write them by hand, for a lower bound: one process without GraphQL, one prepared
 * statement for each table, all at once, and one audit row a person that is committed before the answer leaves. The check of the token, the
 * rules of what is shown, the score, the settings of connections and the group commit of the audit are the product's own.
 */

const CAMPOS = ['dividas', 'eventos.movimentacaoFinanceira', 'eventos.ultimaCompraCartao', 'eventos.ultimaConsulta', 'nome', 'score']; // prettier-ignore
const CAMPOS_DE_PESSOAS = ['dividas', 'eventos.ultimaConsulta', 'nome', 'score'];

const verifier = createIdentityVerifier(config);

async function answer(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
    variables: { cpf?: string; cpfs?: string[] };
  };
  const viewer = viewerOf(await verifier.verify(request.headers.authorization), undefined, 'checked');
  const consentOf = (cpf: Cpf) => liveConsent(viewer, cpf, systemClock);
  const cpfs = (variables.cpfs ?? [variables.cpf]).map((text) => readCpf(text)!);
  const [cpf] = cpfs as [Cpf];
  const data = variables.cpfs ? { pessoas: await pessoas(cpfs) } : { pessoa: await pessoa(cpf, consentOf(cpf) !== undefined) }; // prettier-ignore
  const interacao = randomUUID();
  await auditLog.record(
    cpfs.map((person) => ({
      id: randomUUIDv7(),
      ...markPerson(person),
      clientId: viewer.clientId,
      sujeito: viewer.sujeito,
      campos: variables.cpfs ? CAMPOS_DE_PESSOAS : CAMPOS,
      finalidade: viewer.finalidade,
      consentimento: consentOf(person)?.id,
      ordemJudicial: undefined,
      peloTitular: false,
      resultado: 'ATENDIDO' as const,
      dataHora: new Date(),
      interacao,
      operacao: variables.cpfs ? 'Pessoas' : 'Pessoa',
      servico: 'router' as const,
    })),
  );
  return JSON.stringify({ data });
}

const server = createServer((request, response) => {
  answer(request).then(
    (body) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
        .end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => reportCpu(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
