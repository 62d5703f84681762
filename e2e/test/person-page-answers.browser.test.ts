import { accessibilityFaults } from '../src/person-page.ts';
import { personToTry, visitPersonPage } from '../src/person-page-visit.ts';

const ANA = personToTry('Ana');
const HUGO = personToTry('Hugo');

const visit = visitPersonPage();

describe('The field for the CPF', () => {
  beforeEach(() => visit.signIn());

  it.each([
    ['99999900100', '999.999.001-00', 'Dígitos verificadores conferem.'],
    [' 999.999.001-00 ', '999.999.001-00', 'Dígitos verificadores conferem.'],
    ['99999900101', '999.999.001-01', 'Os dígitos verificadores não conferem.'],
    ['9999990', '999.999.0', 'Faltam 4 algarismos.'],
    ['11222333000181', '11222333000181', 'São 14 algarismos; um CPF tem 11.'],
  ])('shows %j as %s, and says: %s', async (typed, shown, said) => {
    const field = visit.page.getByLabel('CPF', { exact: true });
    await field.fill(typed);
    expect(await field.inputValue()).toBe(shown);
    expect(await visit.page.locator('#cpf-ajuda').innerText()).toBe(said);
  });

  it('keeps the caret where a digit was changed', async () => {
    const field = visit.page.getByLabel('CPF', { exact: true });
    await field.pressSequentially('9999990010');
    for (let step = 0; step < 5; step++) await visit.page.keyboard.press('ArrowLeft');
    await visit.page.keyboard.type('5');
    expect(await field.inputValue()).toMatch(/5/);
    expect(await visit.page.evaluate('document.activeElement.value[document.activeElement.selectionStart - 1]')).toBe(
      '5',
    );
  });

  it('asks nothing without a purpose, or with a CPF that is none', async () => {
    await visit.page.getByLabel('CPF', { exact: true }).fill(ANA.cpf);
    await visit.page.getByRole('button', { name: 'Consultar', exact: true }).click();
    expect(await visit.page.getByLabel('Finalidade').getAttribute('aria-invalid')).toBe('true');
    const fault = visit.page.getByRole('alert').filter({ hasText: 'Escolha a finalidade da consulta.' });
    expect(await visit.page.getByLabel('Finalidade').getAttribute('aria-describedby')).toContain(await fault.getAttribute('id')); // prettier-ignore
    expect(await accessibilityFaults(visit.page)).toEqual([]);
    await visit.page.getByLabel('Finalidade').selectOption('LOCACAO');
    expect(await fault.count()).toBe(0);
    await visit.page.getByLabel('CPF', { exact: true }).fill('99999900101');
    await visit.page.getByRole('button', { name: 'Consultar', exact: true }).click();
    expect(await visit.page.getByLabel('CPF', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(visit.urls.filter((url) => url.endsWith('/graphql'))).toEqual([]);
  });
});

describe('An answer that lacks something', () => {
  it('has its rows that cannot be shown counted, and what follows them within reach', async () => {
    await visit.signIn();
    await visit.page.route(
      '**/pessoa/graphql',
      async (route) => {
        const response = await route.fetch();
        const answer = await response.json();
        const { dividas, eventos } = answer.data.pessoa;
        for (const connection of [eventos.consultas, eventos.movimentacaoFinanceira]) {
          connection.nodes = [null, null];
          connection.pageInfo.hasNextPage = true;
        }
        Object.assign(dividas.nodes[0], { diasEmAtraso: 10, parcelasEmAtraso: 0 });
        eventos.ultimaCompraCartao = null;
        const path = ['pessoa', 'eventos', 'ultimaCompraCartao', 'bandeira'];
        answer.errors = [{ message: '', path, extensions: { code: 'FONTE_INVALIDA' } }];
        await route.fulfill({ response, json: answer });
      },
      { times: 1 },
    );
    await visit.consult(ANA);
    expect(await visit.page.locator('#dividas td[data-coluna="Em atraso"]').first().innerText()).toBe('10 dias');
    expect(await visit.textOf('movimentacao')).toContain('2 lançamentos não podem ser mostrados');
    expect(await visit.textOf('movimentacao')).toMatch(/Registro com defeito na base/);
    expect(await visit.textOf('movimentacao')).not.toMatch(/Nenhum lançamento|Nenhuma compra/);
    expect(await visit.textOf('consultas')).toContain('2 consultas não podem ser mostradas');
    expect(await visit.textOf('consultas')).not.toContain('Nenhuma consulta');
    expect(await visit.page.getByRole('button', { name: 'Próximos' }).isEnabled()).toBe(true);
    expect(await accessibilityFaults(visit.page)).toEqual([]);
    visit.graph.relays.event.cut(true);
    try {
      for (const [id, button] of [
        ['consultas', 'Mostrar mais'],
        ['movimentacao', 'Próximos'],
      ] as const) {
        await visit.page.getByRole('button', { name: button }).click();
        await visit
          .section(id)
          .getByRole('alert')
          .filter({ hasText: 'A fonte de eventos (Base C) não respondeu' })
          .waitFor();
        expect(await visit.page.getByRole('button', { name: button }).count()).toBe(1);
      }
    } finally {
      visit.graph.relays.event.cut(false);
    }
  });

  it('is not shown after the session has ended, when it comes late', async () => {
    await visit.page.clock.install();
    await visit.signIn();
    const late = await visit.holdNextAnswer();
    await visit.page.getByLabel('CPF', { exact: true }).fill(ANA.cpf);
    await visit.page.getByLabel('Finalidade').selectOption('LOCACAO');
    await visit.page.getByRole('button', { name: 'Consultar', exact: true }).click();
    await late.isHeld;
    await visit.page.clock.fastForward('48:00:00');
    await visit.page.getByRole('dialog', { name: 'Sua sessão terminou' }).waitFor();
    await late.letGo();
    expect(await visit.page.locator('#resultado').innerText()).toBe('');
    expect(await visit.page.locator('#situacao').innerText()).toBe('');
  });

  it('is not shown when another page of postings, or another search, was asked for since', async () => {
    await visit.signIn();
    await visit.consult(HUGO);
    for (const [button, shown] of [
      ['Próximos', '11 a 20 de 4.800'],
      ['Buscar', '1 a 10 de 4.800'],
    ] as const) {
      const late = await visit.holdNextAnswer();
      await visit.page.getByLabel('Mostrar').selectOption('CREDITO'); // there are none
      await visit.page.getByRole('button', { name: 'Buscar' }).click();
      await late.isHeld;
      await visit.page.getByLabel('Mostrar').selectOption('DEBITO');
      await visit.page.getByRole('button', { name: button }).click();
      await visit.page.getByText(shown).waitFor();
      await late.letGo();
      expect(await visit.textOf('movimentacao')).toContain(shown);
    }
  });
});
