import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { run } from '@pessoa/audit-verifier/run';
import { addDays, systemClock, today } from '@pessoa/domain/data';
import { pageOperationIds } from '@pessoa/router/person-page/page-operations';
import type { TokenRequest } from '@pessoa/service/development/development-keys';
import { ed25519Signer, formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import type { Locator } from 'playwright-core';
import { accessibilityFaults, pagesOf } from '../src/person-page.ts';
import { PHONE, personToTry, visitPersonPage } from '../src/person-page-visit.ts';

const ANA = personToTry('Ana');
const BIA = personToTry('Bia');
const CAIO = personToTry('Caio');
const GIL = personToTry('Gil');

const visit = visitPersonPage({ SEAL_CLIENTS: 'delegacia' }, { auditor: true });

/** Reads of a person by others, each with a token of its own. */
async function readAs(cpf: string, ...requests: readonly TokenRequest[]): Promise<void> {
  for (const request of requests) {
    const headers = { authorization: `Bearer ${await visit.graph.token(request)}` };
    expect((await fetch(`${visit.graph.router.url}/score/${cpf}?campos=score`, { headers })).status).toBe(200);
  }
}

/** Opens the page of a holder, and waits until the proofs are judged. */
async function openOwnPage({ cpf }: { readonly cpf: string }): Promise<void> {
  await visit.signIn(cpf);
  await visit.page.getByRole('button', { name: 'Consultar', exact: true }).click();
  await judged();
}

const judged = (): Promise<void> => visit.page.locator('#provas-resumo', { hasText: /^Provas: / }).waitFor();
const marks = (): Locator => visit.page.locator('#consultas .prova');
const logKey = async (): Promise<string> =>
  (await (await fetch(`${visit.graph.router.url}/auditoria/chave`)).text()).trim();
const summary = (): Promise<string> => visit.page.locator('#provas-resumo').innerText();

interface Node {
  id: string;
  biro: string;
  finalidade: string;
  prova: { indice: string; checkpoint: string; inclusao: string[]; registro: string; nonce: string } | null;
}

/** Changes the answers with the proofs on their way to the browser. */
async function tamper(change: (nodes: Node[]) => void): Promise<void> {
  await visit.page.route('**/pessoa/graphql', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const isProofs = (route.request().postData() ?? '').includes(pageOperationIds['PaginaProvas']!);
    if (isProofs) change(answer.data.pessoa.eventos.consultas.nodes);
    await route.fulfill({ response, json: answer });
  });
}

const flipped = (base64: string): string => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[0]! ^= 1;
  return bytes.toString('base64');
};

describe("A holder's page", () => {
  beforeAll(() => readAs(ANA.cpf, { clientId: 'banco', finalidade: 'CONCESSAO_CREDITO' }, { clientId: 'loja', finalidade: 'VENDA_A_PRAZO' }), 60_000); // prettier-ignore

  it('has the proof beside each read of ours, verified in the browser, and says of the others that our log has nothing of them', async () => {
    await openOwnPage(ANA);
    const rows = await visit.page.locator('#consultas tbody tr').allInnerTexts();
    const ours = rows.filter((text) => text.includes('PESSOA'));
    expect(ours.length).toBeGreaterThanOrEqual(3); // the two others, and this visit
    for (const text of ours) expect(text).toMatch(/Provada[\s\S]*lugar \d+ · checkpoint de \d+ registros/);
    expect(rows.length).toBeGreaterThan(ours.length);
    for (const text of rows.filter((row) => !row.includes('PESSOA'))) expect(text).toContain('Fora do nosso log');
    expect(await summary()).toBe(`Provas: ${ours.length} provadas · ${rows.length - ours.length} fora do nosso log.`);
    expect(await visit.page.getByRole('button', { name: 'Conferir de novo' }).count()).toBe(0);
    expect(visit.complaints).toEqual([]);
    expect(visit.urls.filter((url) => new URL(url).origin !== visit.graph.router.url)).toEqual([]);
    await visit.page.locator('#consultas summary').click();
    expect(await visit.textOf('consultas')).toContain(await logKey());
    expect(await accessibilityFaults(visit.page)).toEqual([]);
  });

  it('gives each proof as a file that the verifier accepts, and that is of this person', async () => {
    await openOwnPage(ANA);
    const key = await logKey();
    const buttons = visit.page.getByRole('button', { name: 'Baixar prova' });
    expect(await buttons.count()).toBeGreaterThanOrEqual(3);
    for (let at = 0; at < (await buttons.count()); at++) {
      const [download] = await Promise.all([visit.page.waitForEvent('download'), buttons.nth(at).click()]);
      expect(download.suggestedFilename()).toMatch(/^prova-\d+\.json$/);
      const path = await download.path();
      const args = ['proof', path, '--cpf', '-', '--key', key, '--log', `${visit.graph.router.url}/auditoria`];
      expect(await run(args, Readable.from([ANA.cpf]))).toEqual({ exitCode: 0, text: expect.stringMatching(/^1 record is in the tree as the answer says, and of this person/) }); // prettier-ignore
      expect((await run(args, Readable.from([BIA.cpf]))).exitCode).toBe(1);
      expect(await readFile(path, 'utf8')).not.toContain(ANA.cpf);
    }
  });

  it.each<[string, string, (nodes: Node[]) => void]>([
    [
      'the purpose that the list shows',
      'A lista não mostra o que o registro',
      ([node]) => void (node!.finalidade = 'COBRANCA'),
    ],
    ['the record', 'O registro não é o que o log', ([node]) => void (node!.prova!.registro = node!.prova!.registro.replace('"versao":2', '"versao":3'))], // prettier-ignore
    ['the nonce', 'O registro não é o que o log', ([node]) => void (node!.prova!.nonce = flipped(node!.prova!.nonce))],
    ['the way to the root', 'O registro não é o que o log', ([node]) => void (node!.prova!.inclusao[0] = flipped(node!.prova!.inclusao[0]!))], // prettier-ignore
    ['the checkpoint', 'A chave do log não assinou', ([node]) => void (node!.prova!.checkpoint = node!.prova!.checkpoint.replace('\npessoas 1 ', '\npessoas 2 '))], // prettier-ignore
    ['the form of the proof', 'A prova veio ilegível', ([node]) => void (node!.prova!.indice = '-1')],
  ])(
    'says loudly that a proof does not hold when somebody changed %s on the way, and what to do',
    async (_what, reason, change) => {
      await tamper((nodes) => change(nodes.filter(({ prova }) => prova)));
      await openOwnPage(ANA);
      const alert = visit.section('consultas').getByRole('alert');
      expect(await alert.innerText()).toMatch(/^A prova de uma consulta não confere[\s\S]*encarregado de dados/);
      expect(await visit.page.locator('#consultas tbody tr').first().innerText()).toMatch(new RegExp(`A prova não confere[\\s\\S]*${reason}`)); // prettier-ignore
      expect(await summary()).toMatch(/^Provas: 1 que não confere · \d+ provadas?/);
      expect(await accessibilityFaults(visit.page)).toEqual([]);
    },
  );

  it('says that no proof holds when the log has another key', async () => {
    const [name = ''] = (await logKey()).split('+');
    const other = formatVerifierKey(ed25519Signer(name, generateKeyPairSync('ed25519').privateKey));
    await visit.page.route('**/auditoria/chave', (route) => route.fulfill({ body: other }));
    await openOwnPage(ANA);
    expect(await summary()).toMatch(/^Provas: \d+ que não conferem · \d+ fora do nosso log/);
    expect(await visit.textOf('consultas')).toContain('A chave do log não assinou este checkpoint');
  });

  it('does not take proofs for whole whose signature it could not verify, and does when the key is there', async () => {
    await visit.page.route('**/auditoria/chave', (route) => route.abort());
    await openOwnPage(ANA);
    expect(await summary()).toMatch(/^Provas: \d+ provadas em parte · /);
    expect(
      await marks()
        .filter({ hasText: /^Provada$/ })
        .count(),
    ).toBe(0);
    await visit.page.unroute('**/auditoria/chave');
    await visit.page.getByRole('button', { name: 'Conferir de novo' }).click();
    await visit.page.locator('#provas-resumo', { hasText: / provadas ·/ }).waitFor();
    expect(await visit.page.evaluate<string>('document.activeElement.id')).toBe('provas-resumo');
  });

  it('has the proofs of further rows too, and below them the reads under seal that are older', async () => {
    const sigilo = { referencia: 'FRAUDE-2026-8', ate: addDays(today(systemClock), 30) };
    await readAs(GIL.cpf, { clientId: 'delegacia', finalidade: 'PREVENCAO_FRAUDE', sigilo });
    await readAs(GIL.cpf, ...Array.from({ length: 29 }, (_, at) => ({ clientId: `loja-${at}` })));
    await openOwnPage(GIL);
    expect(await summary()).toBe('Provas: 25 provadas.');
    await visit.page.getByRole('button', { name: 'Mostrar mais' }).click();
    await visit.page.locator('#provas-resumo', { hasText: / 1 em sigilo · / }).waitFor();
    expect(await summary()).toMatch(/^Provas: 30 provadas · 1 em sigilo · \d+ fora do nosso log\.$/);
    expect(await visit.textOf('consultas')).toMatch(/loja-0\b[\s\S]*Consulta nº 1\b[\s\S]*Em sigilo/);
    expect(visit.complaints).toEqual([]);
  });

  it('says which record is not in the log yet, and shows its proof after another look', async () => {
    const owner = await visit.graph.bases.auditoria.owner.connect();
    try {
      await owner.query('BEGIN');
      await owner.query('LOCK TABLE transparency.leaf IN SHARE MODE'); // nothing gets a place
      await openOwnPage(ANA);
      expect(await visit.page.locator('#consultas tbody tr').first().innerText()).toMatch(/Ainda sem prova[\s\S]*em segundos/); // prettier-ignore
      expect(await summary()).toContain(' 1 ainda sem prova');
    } finally {
      await owner.query('ROLLBACK');
      owner.release();
    }
    for (;;) {
      await visit.page.waitForTimeout(2_000);
      const again = visit.page.getByRole('button', { name: 'Conferir de novo' });
      if ((await again.count()) === 0) break;
      await again.click();
      await judged();
    }
    expect(await summary()).not.toContain('ainda sem prova');
  });

  it('fits a phone, is dark for those who want it, and prints the marks and the checkpoint on two pages', async () => {
    for (const options of [{ viewport: PHONE }, { colorScheme: 'dark' as const }]) {
      await visit.open(options);
      await openOwnPage(ANA);
      expect(await accessibilityFaults(visit.page)).toEqual([]);
      const { width } = visit.page.viewportSize()!;
      expect(await visit.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
    const pdf = await visit.page.pdf({ preferCSSPageSize: true, printBackground: true });
    expect(pagesOf(pdf)).toBeLessThanOrEqual(2);
    await visit.page.emulateMedia({ media: 'print' });
    const printed = await visit.textOf('consultas');
    expect(printed.match(/Checkpoint do log da auditoria: /g)).toHaveLength(1);
    expect(printed).toContain('Provada');
    expect(printed).not.toContain('Baixar prova');
  });

  it('has the reads under seal by their numbers, without who, when and why', async () => {
    const sigilo = { referencia: 'FRAUDE-2026-7', ate: addDays(today(systemClock), 30) };
    await readAs(CAIO.cpf, { clientId: 'banco-aurora' }, { clientId: 'delegacia', finalidade: 'PREVENCAO_FRAUDE', sigilo }, { clientId: 'loja-central', finalidade: 'VENDA_A_PRAZO' }); // prettier-ignore
    await openOwnPage(CAIO);
    const ours = (await visit.page.locator('#consultas tbody tr').allInnerTexts()).filter((text) => !text.includes('Fora do nosso log')); // prettier-ignore
    expect(ours.map((text) => /loja|banco|titular|nº \d+/.exec(text)?.[0])).toEqual([
      'titular',
      'loja',
      'nº 2',
      'banco',
    ]);
    expect(ours[2]).toMatch(/Não informado[\s\S]*Em sigilo[\s\S]*quando o sigilo terminar/);
    expect(await visit.textOf('consultas')).not.toMatch(/delegacia|FRAUDE/);
    expect(await summary()).toMatch(/ · 1 em sigilo/);
    await visit.shot('pessoa-titular', '#consultas', '#consultas');
    expect(await accessibilityFaults(visit.page)).toEqual([]);
    const consultWith = async (conteudo: string): Promise<void> => {
      await visit.page.unrouteAll();
      await visit.page.route('**/pessoa/sem-conteudo', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: (await response.text()).replace('EM_SIGILO', conteudo) });
      });
      await visit.page.getByRole('button', { name: 'Consultar', exact: true }).click();
    };
    await consultWith('ELIMINADO');
    await visit.page.locator('#provas-resumo', { hasText: ' · 1 eliminada' }).waitFor();
    expect(await visit.textOf('consultas')).toMatch(/Eliminada[\s\S]*O prazo de guarda terminou/);
    expect(await visit.page.locator('#consultas [role=alert]').count()).toBe(0);
    await consultWith('REMOVIDO');
    await visit.page.locator('#provas-resumo', { hasText: '1 que sumiu' }).waitFor();
    expect(await visit.page.locator('#consultas [role=alert]').innerText()).toMatch(/^A prova de uma consulta não confere/); // prettier-ignore
    expect(await visit.textOf('consultas')).toMatch(/O registro sumiu[\s\S]*sem que o prazo de guarda tenha terminado/);
    await visit.page.getByText('Como conferir sem confiar em nós').click();
    await visit.page.getByRole('button', { name: 'Conferir de novo' }).click();
    await visit.page.locator('#provas-resumo:focus', { hasText: '1 que sumiu' }).waitFor();
    expect(await visit.page.locator('#consultas details').getAttribute('open')).not.toBeNull();
  });

  it('says that the log did not answer when no auditor is there, and shows who asked all the same', async () => {
    await readAs(BIA.cpf, { clientId: 'loja' });
    await visit.graph.auditor!.close();
    await openOwnPage(BIA);
    expect(await summary()).toMatch(/^Provas: 2 ainda sem prova · .* O log não disse se há consultas em sigilo ou eliminadas\.$/); // prettier-ignore
    expect(await visit.textOf('consultas')).toMatch(
      /loja[\s\S]*Ainda sem prova[\s\S]*O log da auditoria não respondeu/,
    );
    expect(await accessibilityFaults(visit.page)).toEqual([]);
  });
});

it("An analyst's page asks for no proofs", async () => {
  const asked: string[] = [];
  visit.page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`));
  await visit.signIn();
  await visit.consult(ANA);
  await visit.page.waitForTimeout(3_000);
  expect(await visit.textOf('consultas')).toContain('Só o titular vê');
  expect(asked.filter((text) => /auditoria|sem-conteudo/.test(text) || text.includes(pageOperationIds['PaginaProvas']!))).toEqual([]); // prettier-ignore
});
