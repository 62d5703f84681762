import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAuditLog } from '@pessoa/audit/audit-log';
import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { systemClock } from '@pessoa/domain/data';
import { readConfig } from '@pessoa/router/config';
import { visibilityFor } from '@pessoa/debt/dividas/visibility';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '@pessoa/event/movimentacoes/movimentacao-filter';
import { instantRangeOf, startOfTomorrow } from '@pessoa/event/period';
import { openPool, readingSettings } from '@pessoa/postgres/connection-pool';
import { readEpoch } from '@pessoa/postgres/sql-values';
import { perfilOf } from '@pessoa/score/perfis/perfil-rows';
import { scoreOf } from '@pessoa/score/perfis/score';
import type { Perfil } from '@pessoa/score/perfis/perfil';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { liveConsent, viewerOf } from '@pessoa/service/identity/viewer';
import type pg from 'pg';
import { reportCpu } from '../cpu-report.ts';
import * as sql from './by-hand-statements.ts';

/**
 * The answer to the main query as one would write it by hand, for a lower bound: one process without GraphQL, one prepared
 * statement for each table, all at once, and one audit row that is committed before the answer leaves. The check of the token, the
 * rules of what is shown, the score, the settings of connections and the group commit of the audit are the product's own.
 */

const FIRST = 25;
const CAMPOS = ['dividas', 'eventos.movimentacaoFinanceira', 'eventos.ultimaCompraCartao', 'eventos.ultimaConsulta', 'nome', 'score']; // prettier-ignore

const config = readConfig(process.env);
const verifier = createIdentityVerifier(config);
const cpfHash = cpfHasher(config.cpfHashKey);
const caches = process.env['BY_HAND_CACHE'] === 'on' ? { perfis: new Map<Cpf, Perfil>(), compras: new Map<Cpf, string | null>() } : undefined; // prettier-ignore

const open = (variable: string): pg.Pool =>
  openPool({ connectionString: process.env[variable]!, max: 10, min: 10 }, readingSettings(5_000));
const [baseA, baseB, baseC] = [open('BASE_A_URL'), open('BASE_B_URL'), open('BASE_C_URL')];
const auditReader = open('AUDIT_READER_URL');
const auditLog = openAuditLog(config.audit, () => {});

type Row = Record<string, never>;

async function rowsOf(pool: pg.Pool, { name, text }: sql.Statement, values: unknown[]): Promise<Row[]> {
  return (await pool.query<Row>({ name, text, values })).rows;
}

async function dividas(cpf: Cpf): Promise<{ nome: string; nodes: object[] } | undefined> {
  const { situacoes, vencimentoDesde, hoje } = visibilityFor(false, systemClock)!;
  const rows = await rowsOf(baseA, sql.dividas, [cpf, situacoes, vencimentoDesde, hoje, FIRST]);
  if (rows.length === 0) return undefined;
  const debts = rows.filter(({ id }) => id !== null);
  return { nome: rows[0]!['nome']!, nodes: debts.map(({ credor, valor }) => ({ credor: { nome: credor }, valorOriginal: valor })) }; // prettier-ignore
}

async function perfil(cpf: Cpf): Promise<Perfil | undefined> {
  const known = caches?.perfis.get(cpf);
  if (known) return known;
  const [titulares, enderecos, bens, fontesDeRenda] = await Promise.all(
    [sql.titulares, sql.enderecos, sql.bens, sql.fontesDeRenda].map((statement) => rowsOf(baseB, statement, [cpf])),
  );
  const [titular] = titulares!;
  const [endereco] = enderecos!;
  if (!titular) return undefined;
  const read = perfilOf({ titular, endereco: endereco && { ...endereco, atualizadoEm: readEpoch(endereco['atualizadoEm'] ?? null) }, bens: bens!, fontesDeRenda: fontesDeRenda!, desatualizado: false } as never); // prettier-ignore
  caches?.perfis.set(cpf, read);
  return read;
}

async function ultimaCompra(cpf: Cpf, tomorrow: string): Promise<{ valor: string } | null> {
  const known = caches?.compras.get(cpf);
  const valor = known === undefined ? ((await rowsOf(baseC, sql.compras, [cpf, tomorrow]))[0]?.['valor'] ?? null) : known; // prettier-ignore
  caches?.compras.set(cpf, valor);
  return valor === null ? null : { valor };
}

async function ultimaConsulta(cpf: Cpf, tomorrow: string): Promise<{ dataHora: Date } | null> {
  const [elsewhere, here] = await Promise.all([
    rowsOf(baseC, sql.consultas, [cpf, tomorrow]),
    rowsOf(auditReader, sql.acessos, [cpfHash(cpf), tomorrow]),
  ]);
  const instants = [...elsewhere, ...here].map(({ segundos }) => Math.round(Number(segundos) * 1_000));
  return instants.length === 0 ? null : { dataHora: new Date(Math.max(...instants)) };
}

async function pessoa(cpf: Cpf, showsBankData: boolean): Promise<object | null> {
  const tomorrow = startOfTomorrow(systemClock);
  const period = instantRangeOf(completeMovimentacaoFilter(readMovimentacaoFilter(null), systemClock));
  const [cadastro, profile, known, consulta, movimentacoes, compra] = await Promise.all([
    dividas(cpf),
    perfil(cpf),
    rowsOf(baseC, sql.titularesDeEventos, [cpf]),
    ultimaConsulta(cpf, tomorrow),
    rowsOf(baseC, sql.movimentacoes, [cpf, period.from, period.until, FIRST]),
    ultimaCompra(cpf, tomorrow),
  ]);
  const score = profile && scoreOf(profile, systemClock);
  return {
    nome: cadastro?.nome ?? null,
    dividas: cadastro ? { nodes: cadastro.nodes } : null,
    score: score ? { valor: score.valor, faixa: score.faixa, motivos: score.motivos.map(({ descricao }) => ({ descricao })) } : null, // prettier-ignore
    eventos:
      known.length > 0 && showsBankData
        ? { ultimaConsulta: consulta, movimentacaoFinanceira: { nodes: movimentacoes }, ultimaCompraCartao: compra }
        : null,
  };
}

async function answer(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { variables } = JSON.parse(Buffer.concat(chunks).toString()) as { variables: { cpf: string } };
  const viewer = viewerOf(await verifier.verify(request.headers.authorization), undefined);
  const cpf = readCpf(variables.cpf)!;
  const consent = liveConsent(viewer, cpf, systemClock);
  const data = { pessoa: await pessoa(cpf, consent !== undefined) };
  await auditLog.record([
    {
      id: randomUUID(),
      cpfHash: cpfHash(cpf),
      clientId: viewer.clientId,
      sujeito: viewer.sujeito,
      campos: CAMPOS,
      finalidade: viewer.finalidade,
      consentimento: consent?.id,
      ordemJudicial: undefined,
      peloTitular: false,
      resultado: 'ATENDIDO',
      dataHora: new Date(),
      interacao: randomUUID(),
      operacao: 'Pessoa',
      servico: 'router',
    },
  ]);
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
