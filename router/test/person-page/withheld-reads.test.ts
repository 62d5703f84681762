import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditorAnswer, AuditorCaller } from '@pessoa/audit/auditor-client';
import { cookieHeader, enter, OURS, servePage } from './served-page.ts';

const CPF = '52998224725';
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pessoa-page-'));
});
afterAll(() => rm(home, { recursive: true }));

/** Asks as who is signed in. @param answer of the auditor; undefined without one */
async function ask(
  holder: string | undefined,
  answer: { status?: number; body: unknown } | undefined,
  payload: object = {},
) {
  const asked: [path: string, caller: AuditorCaller][] = [];
  const auditor = answer && {
    async get(path: string, caller: AuditorCaller): Promise<AuditorAnswer> {
      asked.push([path, caller]);
      const body = Buffer.from(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
      return { status: answer.status ?? 200, headers: {}, body };
    },
  }; // prettier-ignore
  const app = await servePage(home, { auditor });
  const cookie = cookieHeader(await enter(app, OURS, holder === undefined ? {} : { cpf: holder }));
  const headers = { ...OURS, cookie, 'x-finalidade': holder === undefined ? 'LOCACAO' : 'CONSULTA_DO_TITULAR' };
  const answered = await app.inject({ method: 'POST', url: '/pessoa/sem-conteudo', headers, payload });
  return { status: answered.statusCode, body: answered.json(), headers: answered.headers, asked };
}

describe('The reads of a holder whose content is not shown', () => {
  const registros = [
    { numero: 1, indice: 4, entrada: 'AA==', nonce: 'AA==', registro: { clientId: 'loja' } },
    { numero: 2, indice: 7, entrada: 'AA==', conteudo: 'EM_SIGILO' },
    { numero: 3, indice: 9, entrada: 'AA==', conteudo: 'ELIMINADO' },
  ];

  it('are those of the token, with their numbers and nothing else, a page at a time', async () => {
    const { status, body, headers, asked } = await ask(CPF, { body: { registros, proximo: 3 } }, { depois: 0 });
    const hidden = [
      { numero: 2, conteudo: 'EM_SIGILO' },
      { numero: 3, conteudo: 'ELIMINADO' },
    ];
    expect({ status, body }).toEqual({ status: 200, body: { registros: hidden, proximo: 3 } });
    expect(headers['cache-control']).toBe('no-store');
    expect(asked).toEqual([[`/auditoria/pessoa/${CPF}?depois=0`, { interacao: expect.any(String), authorization: expect.stringMatching(/^Bearer ey/), finalidade: 'CONSULTA_DO_TITULAR' }]]); // prettier-ignore
    expect((await ask(CPF, { body: { registros: [] } }, { depois: 1_000 })).asked[0]![0]).toBe(
      `/auditoria/pessoa/${CPF}?depois=1000`,
    );
  });

  it('are no concern of an analyst, for whom the auditor is not asked', async () => {
    const { status, body, asked } = await ask(undefined, { body: { registros } });
    expect([status, body.code, asked]).toEqual([404, 'PROVA_DESCONHECIDA', []]);
  });

  it('need a session', async () => {
    const answer = await (await servePage(home)).inject({ method: 'POST', url: '/pessoa/sem-conteudo', headers: OURS, payload: {} }); // prettier-ignore
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it.each<[string, number, Parameters<typeof ask>[1]]>([
    ['FONTE_INDISPONIVEL', 503, undefined],
    ['PROVA_PENDENTE', 503, { status: 503, body: { code: 'PROVA_PENDENTE' } }],
    ['FONTE_INVALIDA', 503, { status: 401, body: { code: 'UNAUTHENTICATED' } }],
    ['FONTE_INVALIDA', 503, { body: 'x' }],
    ['FONTE_INVALIDA', 503, { body: { registros: [{ numero: 1, conteudo: 'OUTRO' }] } }],
  ])('are %s (%i) when the auditor answers something else, or is not there', async (code, status, answer) => {
    const refused = await ask(CPF, answer);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });

  it.each([{ depois: -1 }, { depois: '1' }, { depois: 1.5 }, []])('are refused after %j, which is no number', async (payload) => {
    const { status, body, asked } = await ask(CPF, { body: { registros } }, payload);
    expect([status, body.code, asked]).toEqual([400, 'BAD_USER_INPUT', []]);
  }); // prettier-ignore
});
