import { modelCard } from '../../src/modelo/model-card.ts';
import { modelos, versoes } from '../../src/modelo/modelos.ts';
import type { RawPerfil } from '../../src/modelo/permitted-perfil.ts';
import { scoreModelDocument } from '../../src/modelo/score-model-document.ts';
import { scorePerfil } from '../../src/modelo/score-perfil.ts';
import { HOJE } from './arbitrary-perfis.ts';

const full: RawPerfil = {
  nascimento: '1980-01-15' as RawPerfil['nascimento'] & string,
  endereco: { logradouro: 'Rua', numero: '1', cep: '01001000', atualizadoEm: new Date('2026-01-01T12:00:00Z') },
  bens: [{ tipo: 'IMOVEL', valorEstimadoCentavos: 300_000_00n, saldoDevedorCentavos: 100_000_00n, percentualPropriedade: 50 }], // prettier-ignore
  fontesDeRenda: [
    {
      tipo: 'SALARIO',
      valorCentavos: 6_000_00n,
      periodicidade: 'MENSAL',
      desde: '2020-01-15' as RawPerfil['nascimento'] & string,
      comprovada: true,
    },
  ],
};

/** The profile, and what it may have in place of each field, so that a factor which reads the field has another bin. */
const without: Record<string, RawPerfil> = {
  'titular.nascimento': { ...full, nascimento: null },
  'titular.endereco': { ...full, endereco: null },
  'titular.bens': { ...full, bens: [] },
  'titular.fontesDeRenda': { ...full, fontesDeRenda: [] },
  'endereco.logradouro': { ...full, endereco: { ...full.endereco, logradouro: null } },
  'endereco.numero': { ...full, endereco: { ...full.endereco, numero: null } },
  'endereco.cep': { ...full, endereco: { ...full.endereco, cep: null } },
  'endereco.atualizadoEm': { ...full, endereco: { ...full.endereco, atualizadoEm: null } },
  'bem.tipo': { ...full, bens: [{ ...full.bens[0]!, tipo: 'NAO_EXISTE' }] },
  'bem.valorEstimadoCentavos': { ...full, bens: [{ ...full.bens[0]!, valorEstimadoCentavos: null }] },
  'bem.saldoDevedorCentavos': { ...full, bens: [{ ...full.bens[0]!, saldoDevedorCentavos: 900_000_00n }] },
  'bem.percentualPropriedade': { ...full, bens: [{ ...full.bens[0]!, percentualPropriedade: 1 }] },
  'fonteDeRenda.valorCentavos': { ...full, fontesDeRenda: [{ ...full.fontesDeRenda[0]!, valorCentavos: 1n }] },
  'fonteDeRenda.periodicidade': { ...full, fontesDeRenda: [{ ...full.fontesDeRenda[0]!, periodicidade: 'ANUAL' }] },
  'fonteDeRenda.desde': { ...full, fontesDeRenda: [{ ...full.fontesDeRenda[0]!, desde: null }] },
  'fonteDeRenda.comprovada': { ...full, fontesDeRenda: [{ ...full.fontesDeRenda[0]!, comprovada: false }] },
};

describe.each(versoes)('The card of %s', (version) => {
  const modelo = modelos[version];

  it('lists the fields that points depend on, and no other', () => {
    const pontosOf = (perfil: RawPerfil) => scorePerfil(modelo, perfil, HOJE).fatores.map(({ pontos }) => pontos);
    const read = Object.entries(without)
      .filter(([, perfil]) => pontosOf(perfil).join() !== pontosOf(full).join())
      .map(([field]) => field);
    const listed = Object.entries(modelCard(modelo).dados).flatMap(([of, fields]) => fields.map((field) => `${of}.${field}`)); // prettier-ignore
    expect(listed.toSorted()).toEqual(read.toSorted());
  });

  it('says which values prevent a score though no point depends on them', () => {
    const isSecond = version === 'pessoa-2026.2';
    expect(modelCard(modelo).limites.some((text) => /um dia impossível ou um tipo fora da lista/.test(text))).toBe(isSecond); // prettier-ignore
    expect(scoreModelDocument(modelo).includes('`titular.nascimento` and `bem.tipo`, on which no point')).toBe(isSecond); // prettier-ignore
  });
});
