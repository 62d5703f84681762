import { peopleToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import { maskCpf } from '@pessoa/router/person-page/browser/cpf.js';
import { BANDS } from '@pessoa/router/person-page/browser/score-scale.js';
import { modelos } from '@pessoa/score/modelo/modelos';
import { accessibilityFaults, pagesOf, storedIn } from '../src/person-page.ts';
import { PHONE, personToTry, visitPersonPage } from '../src/person-page-visit.ts';

const ANA = personToTry('Ana');
const BIA = personToTry('Bia');
const CAIO = personToTry('Caio');
const GIL = personToTry('Gil');
const HUGO = personToTry('Hugo');
const IARA = personToTry('Iara');
const UNKNOWN = peopleToTry.find(({ nome }) => nome === null)!;
const FIRST_PAINT = `new Promise((resolve) => new PerformanceObserver((list) => {
  const paint = list.getEntriesByName('first-contentful-paint')[0];
  if (paint) resolve(paint.startTime);
}).observe({ type: 'paint', buffered: true }))`;

const visit = visitPersonPage();

describe("The person's page", () => {
  it('shows everything about a person, from one request, without another host', async () => {
    await visit.signIn();
    await visit.consult(ANA);
    expect(await visit.page.getByRole('heading', { level: 2, name: ANA.nome! }).count()).toBe(1);
    expect(await visit.textOf('score')).toMatch(
      /Excelente[\s\S]*% de chance de inadimplência[\s\S]*Renda mensal[\s\S]*\+61/,
    );
    expect(await visit.textOf('dividas')).toMatch(/R\$ 2\.370,00[\s\S]*Protesto/);
    expect(await visit.textOf('renda')).toMatch(/R\$ 5\.200,00[\s\S]*comprovada/);
    expect(await visit.textOf('bens')).toContain('Imóvel');
    expect(await visit.textOf('movimentacao')).toMatch(/\+ R\$ 5\.200,00/);
    expect(await visit.textOf('consultas')).toContain('Prova do registro');
    const asked = visit.urls.filter((url) => url.endsWith('/graphql'));
    expect(asked).toEqual([`${visit.graph.pageUrl}/graphql`]);
    expect(
      visit.urls.filter((url) => new URL(url).origin !== visit.graph.router.url && !url.startsWith('data:')),
    ).toEqual([]);
    expect(visit.complaints).toEqual([]);
    expect(await accessibilityFaults(visit.page)).toEqual([]);
    await visit.shot('pessoa-inteira', '#consultas');
  });

  it('says what would raise the score, as the simulation answers it', async () => {
    await visit.signIn();
    await visit.consult(ANA);
    const [, score] = /Score (\d+) de/.exec((await visit.page.locator('.mostrador').getAttribute('aria-label'))!)!;
    const changes = await visit.page.locator('.mudanca').allInnerTexts();
    expect(changes.length).toBeGreaterThan(0);
    for (const text of changes.filter((change) => change.includes('seria'))) {
      const [, simulated, difference] = /seria (\d+) \(\+(\d+)\)/.exec(text)!;
      expect(Number(simulated) - Number(difference)).toBe(Number(score));
    }
  });

  it('keeps CPF and token out of address, title, storage and log', async () => {
    await visit.signIn();
    await visit.consult(ANA);
    expect(await storedIn(visit.page)).toBe('[{},{},"",[],[],null]');
    for (const url of [...visit.urls, visit.page.url()])
      expect(url).not.toMatch(/\d{3}\.?\d{3}\.?\d{3}-?\d{2}|ey[\w-]{10}/);
    expect(await visit.page.title()).toBe('Consulta · Pessoa');
    const logged = visit.graph.environment.logLines().join('');
    expect(logged).not.toContain(ANA.cpf);
    expect(logged).not.toMatch(/eyJ[\w-]{10}/);
  });

  it('is audited as a read of the user, with the purpose that was chosen', async () => {
    await visit.signIn();
    await visit.consult(BIA, 'LOCACAO');
    const { rows } = await visit.graph.bases.auditoria.owner.query<{
      sujeito: string;
      finalidade: string;
      operacao: string;
    }>("select sujeito, finalidade, operacao from acesso where operacao = 'PaginaDaPessoa' and finalidade = 'LOCACAO'");
    expect(rows).toEqual([{ sujeito: 'pessoa-de-desenvolvimento', finalidade: 'LOCACAO', operacao: 'PaginaDaPessoa' }]);
  });

  it.each(peopleToTry.filter(({ nome }) => nome !== null))('shows $situacao.en: $nome', async (person) => {
    await visit.signIn();
    await visit.consult(person);
    expect(await visit.page.locator('#nome').innerText()).toBe(person.nome);
    expect(await visit.textOf('score')).toMatch(/Baixo|Regular|Bom|Excelente/);
    expect(visit.complaints).toEqual([]);
    expect(await accessibilityFaults(visit.page)).toEqual([]);
    const pdf = await visit.page.pdf({ preferCSSPageSize: true, printBackground: true });
    expect(pagesOf(pdf)).toBeLessThanOrEqual(2);
  });

  it('says that nothing is known of a CPF that no base has', async () => {
    await visit.signIn();
    await visit.consult(UNKNOWN);
    expect(await visit.page.locator('#nome').innerText()).toBe('Nada consta');
    expect(await visit.textOf('score')).toContain('Esta base não conhece o CPF');
    expect(visit.complaints).toEqual([]);
    expect(await accessibilityFaults(visit.page)).toEqual([]);
  });

  it('says that there are no debts', async () => {
    await visit.signIn();
    await visit.consult(BIA);
    expect(await visit.textOf('dividas')).toContain('Nenhuma dívida');
    await visit.shot('pessoa-sem-dividas', '#bens');
  });

  it('says in words that there is no consent, and shows the rest', async () => {
    await visit.signIn();
    await visit.consult(GIL);
    expect(await visit.textOf('movimentacao')).toContain('Sem consentimento vigente do titular');
    expect(await visit.textOf('score')).toContain('Excelente');
    expect(await visit.textOf('consultas')).toContain('Quem consultou');
    await visit.shot('pessoa-sem-consentimento', '#consultas');
  });

  it('says which source is down where its data is missing, and shows the rest', async () => {
    await visit.signIn();
    visit.graph.relays.score.cut(true);
    try {
      await visit.consult(BIA);
      expect(await visit.textOf('score')).toMatch(/Fonte fora do ar[\s\S]*score e perfil \(Base B\)/);
      expect(await visit.textOf('renda')).toContain('Fonte fora do ar');
      expect(await visit.textOf('dividas')).toContain('Nenhuma dívida');
      expect(await visit.textOf('movimentacao')).toContain('Entradas');
      expect(await accessibilityFaults(visit.page)).toEqual([]);
      await visit.shot('pessoa-fonte-fora', '#bens');
    } finally {
      visit.graph.relays.score.cut(false);
    }
  });

  it('says that a row of the base cannot be shown, and counts it', async () => {
    await visit.signIn();
    await visit.consult(IARA);
    expect(await visit.textOf('dividas')).toMatch(/Uma dívida não pode ser mostrada/);
  });

  it('lets a holder read their own data alone, with all debts', async () => {
    await visit.signIn(CAIO.cpf);
    const field = visit.page.getByLabel('CPF', { exact: true });
    expect(await field.inputValue()).toBe(maskCpf(CAIO.cpf));
    expect(await field.getAttribute('readonly')).not.toBeNull();
    expect(await visit.page.getByLabel('Finalidade').locator('option').allInnerTexts()).toEqual(['Consulta do próprio titular']); // prettier-ignore
    await visit.page.getByRole('button', { name: 'Consultar', exact: true }).click();
    await visit.section('consultas').waitFor();
    expect(await visit.page.locator('#dividas tbody tr').count()).toBe(6);
    // Without an auditor nobody has proofs.
    const summary = visit.page.locator('#provas-resumo', { hasText: /^Provas: \d+ ainda sem prova · / });
    await summary.waitFor();
    const unproven = await visit.page.locator('#consultas .prova', { hasText: /^Ainda sem prova/ }).count();
    expect(unproven).toBeGreaterThan(0);
    expect(await summary.innerText()).toContain(`Provas: ${unproven} ainda sem prova`);
    expect(await visit.textOf('consultas')).toContain('O log da auditoria não respondeu');
  });

  it('searches and pages thousands of postings', async () => {
    await visit.signIn();
    await visit.consult(HUGO);
    expect(await visit.textOf('movimentacao')).toContain('1 a 10 de 4.800');
    for (let turn = 0; turn < 11; turn++) {
      await visit.page.getByRole('button', { name: 'Próximos' }).click();
      await visit.page.getByText(`${10 * (turn + 1) + 1} a ${10 * (turn + 2)} de`).waitFor();
    }
    await visit.page.getByLabel('Mostrar').selectOption('CREDITO');
    await visit.page.getByRole('button', { name: 'Buscar' }).click();
    await visit.page.getByText('Nenhum lançamento').waitFor();
  });

  it('works with the keyboard alone', async () => {
    await visit.signIn();
    await visit.page.goto(visit.graph.pageUrl);
    await visit.page.keyboard.press('Tab');
    expect(await visit.page.evaluate<string>('document.activeElement.getAttribute("href")')).toBe('#conteudo');
    await visit.page.keyboard.press('Enter');
    await visit.page.keyboard.press('Tab');
    expect(await visit.page.evaluate<string>('document.activeElement.id')).toBe('cpf');
    await visit.page.keyboard.type(BIA.cpf);
    await visit.page.keyboard.press('Tab');
    await visit.page.keyboard.press('ArrowDown');
    await visit.page.keyboard.press('Tab');
    await visit.page.keyboard.press('Enter');
    await visit.section('consultas').waitFor();
    expect(await visit.page.evaluate<string>('document.activeElement.id')).toBe('nome');
    const reached = new Set<string>();
    for (let stop = 0; stop < 60; stop++) {
      await visit.page.keyboard.press('Tab');
      reached.add(
        await visit.page.evaluate<string>('document.activeElement.textContent.trim() || document.activeElement.id'),
      );
    }
    expect([...reached]).toEqual(expect.arrayContaining(['Buscar', 'texto']));
  });

  it('fits a phone', async () => {
    await visit.open({ viewport: PHONE, deviceScaleFactor: 1 });
    await visit.signIn();
    await visit.consult(ANA);
    expect(await visit.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    expect(await accessibilityFaults(visit.page)).toEqual([]);
    await visit.shot('pessoa-celular', '#dividas');
  });

  it('is dark for those who want it, with the contrast that it needs', async () => {
    await visit.open({ colorScheme: 'dark' });
    await visit.signIn();
    await visit.consult(ANA);
    expect(await accessibilityFaults(visit.page)).toEqual([]);
    await visit.shot('pessoa-escura', '#bens');
  });

  it('paints within a second, and has less than 150 kB of scripts', async () => {
    await visit.signIn();
    const bodies: Promise<Buffer>[] = [];
    visit.page.on('response', (response) => {
      if (response.url().endsWith('.js')) bodies.push(response.body());
    });
    await visit.page.goto(visit.graph.pageUrl, { waitUntil: 'networkidle' });
    const scriptBytes = Buffer.concat(await Promise.all(bodies)).byteLength;
    // The best of several loads, beside a page without scripts: the machine of the tests may be busy with others.
    const paints = { ours: [] as number[], plain: [] as number[] };
    for (let load = 0; load < 5; load++) {
      await visit.page.goto(visit.graph.pageUrl, { waitUntil: 'load' });
      paints.ours.push(await visit.page.evaluate<number>(FIRST_PAINT));
      await visit.page.goto(`${visit.graph.router.url}/erros/CPF_INVALIDO`, { waitUntil: 'load' });
      paints.plain.push(await visit.page.evaluate<number>(FIRST_PAINT));
    }
    expect(Math.min(...paints.ours)).toBeLessThan(Math.max(1_000, 2 * Math.min(...paints.plain)));
    expect(scriptBytes).toBeGreaterThan(10_000);
    expect(scriptBytes).toBeLessThan(150_000);
  });
});

it('has the bands of every version of the score on its dial', () => {
  for (const { faixas } of Object.values(modelos)) expect(BANDS).toEqual(faixas);
});
