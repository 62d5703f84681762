import { readFileSync } from 'node:fs';
import { peopleToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { maskCpf } from '@pessoa/router/person-page/browser/cpf.js';
import { accessibilityFaults } from '../src/person-page.ts';
import { PHONE, personToTry, visitPersonPage } from '../src/person-page-visit.ts';

const ANA = personToTry('Ana');
const BIA = personToTry('Bia');
const CAIO = personToTry('Caio');

const visit = visitPersonPage();

describe('The list of an analyst', () => {
  beforeEach(async () => {
    await visit.signIn();
    await visit.page.goto(`${visit.graph.pageUrl}/lista`);
  });
  const cpfs = peopleToTry.map(({ cpf }) => maskCpf(cpf));

  async function consultAll(text: string): Promise<void> {
    await visit.page.getByLabel('CPFs').fill(text);
    await visit.page.getByLabel('Finalidade').selectOption('CONCESSAO_CREDITO');
    await visit.page.getByRole('button', { name: 'Consultar todos' }).click();
  }

  it('shows all people in one table, sorts it by each column, and exports it', async () => {
    await consultAll(cpfs.join('\n'));
    await visit.page.getByRole('heading', { name: '10 pessoas' }).waitFor();
    expect(await visit.page.locator('tbody tr').count()).toBe(10);
    expect(visit.urls.filter((url) => url.endsWith('/graphql'))).toHaveLength(1);
    await visit.page.getByRole('button', { name: 'Score' }).click();
    const scores = async () => (await visit.page.locator('tbody td[data-coluna="Score"]').allInnerTexts()).filter((text) => text !== '—').map(Number); // prettier-ignore
    const ascending = await scores();
    expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
    await visit.page.getByRole('button', { name: 'Score' }).click();
    expect(await scores()).toEqual(ascending.toReversed());
    expect(await visit.page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    const [download] = await Promise.all([visit.page.waitForEvent('download'), visit.page.getByRole('button', { name: 'Exportar CSV' }).click()]); // prettier-ignore
    expect(download.suggestedFilename()).toBe('pessoas.csv');
    const csv = readFileSync(await download.path(), 'utf8');
    expect(csv).toMatch(/^\uFEFF"CPF";"Nome";/);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(11);
    expect(csv).toContain(';"-33000,00";');
    expect(visit.complaints).toEqual([]);
    expect(await accessibilityFaults(visit.page)).toEqual([]);
    await visit.shot('pessoa-lista', '#resultado section');
  });

  it.each([
    ['52998224725, 1234', '1 item não é um CPF: 1234'],
    [`52998224725\n${'52998224725\n'.repeat(3)}`, '1 CPF confere; 3 repetidos contam uma vez.'],
  ])('says of %j: %s', async (text, said) => {
    await visit.page.getByLabel('CPFs').fill(text);
    expect(await visit.page.locator('#cpfs-ajuda').innerText()).toBe(said);
  });

  it('says of each of a hundred people what may be missing, also when the answer leaves errors out', async () => {
    visit.graph.relays.debt.cut(true);
    try {
      const unknown = Array.from({ length: 100 }, (_, index) => cpfFromBase(String(870_000_000 + index)));
      await consultAll(unknown.join('\n'));
      await visit.page.getByRole('heading', { name: '100 pessoas' }).waitFor();
      const said = new Set(await visit.page.locator('tbody td[data-coluna="Observação"]').allInnerTexts());
      expect([...said].toSorted()).toEqual([
        'Fonte fora do ar; Pode faltar informação: consulte de novo',
        'Pode faltar informação: consulte de novo',
      ]);
    } finally {
      visit.graph.relays.debt.cut(false);
    }
  });

  it('shows the answer to the last question, not one that comes late', async () => {
    const late = await visit.holdNextAnswer();
    await consultAll([ANA.cpf, BIA.cpf].join('\n'));
    await late.isHeld;
    await consultAll(CAIO.cpf);
    await visit.page.getByRole('heading', { name: '1 pessoa' }).waitFor();
    await late.letGo();
    expect(await visit.page.locator('#lista-titulo').innerText()).toBe('1 pessoa');
  });

  it('fits a phone', async () => {
    await visit.page.setViewportSize(PHONE);
    await consultAll(cpfs.join(';'));
    await visit.page.getByRole('heading', { name: '10 pessoas' }).waitFor();
    expect(await visit.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
  });
});
