import fc from 'fast-check';
import {
  permittedFields,
  type RawFonteDeRenda,
  type RawPerfil,
  toPermittedPerfil,
} from '../../src/modelo/permitted-perfil.ts';
import { modelos, versoes } from '../../src/modelo/modelos.ts';
import { rendaMensalCentavos } from '../../src/modelo/renda-mensal.ts';
import { scorePerfil as scoreByModel } from '../../src/modelo/score-perfil.ts';
import {
  bem,
  endereco,
  fonteDeRenda,
  HOJE,
  perfil,
  readableCentavos,
  readablePeriodicidade,
} from './arbitrary-perfis.ts';

const readableFonteDeRenda = fc
  .tuple(fonteDeRenda, readableCentavos, readablePeriodicidade)
  .map(([fonte, valorCentavos, periodicidade]) => ({ ...fonte, valorCentavos, periodicidade }));
const readableBem = fc
  .tuple(bem, readableCentavos, readableCentavos, fc.integer({ min: 1, max: 100 }))
  .map(([asset, a, b, percentualPropriedade]) => ({
    ...asset,
    valorEstimadoCentavos: a,
    saldoDevedorCentavos: b,
    percentualPropriedade,
  }));
const increase = fc.oneof(fc.bigInt({ min: 0n, max: 5_000_00n }), fc.bigInt({ min: 0n, max: 2_000_000_00n }));
const RUNS = { numRuns: 1_000 };

/** Records which fields are read of an object, and of the objects and lists in it. */
function spy<T extends object>(value: T, path: string, fieldsRead: Set<string>): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || Array.isArray(target)) {
        return typeof inner === 'object' && inner !== null ? spy(inner, path, fieldsRead) : inner;
      }
      fieldsRead.add(`${path}.${key}`);
      return typeof inner === 'object' && inner !== null && !(inner instanceof Date)
        ? spy(inner, key, fieldsRead)
        : inner;
    },
  });
}

describe.each(versoes)('The score of %s', (version) => {
  const modelo = modelos[version];
  const scorePerfil = (raw: RawPerfil, hoje: typeof HOJE) => scoreByModel(modelo, raw, hoje);
  const pointsOf = (raw: RawPerfil): number => scorePerfil(raw, HOJE).valorAntesDoLimite;

  it('never falls when an income rises', () => {
    fc.assert(
      fc.property(perfil, readableFonteDeRenda, increase, (raw, fonte, raise) => {
        const higher = { ...fonte, valorCentavos: fonte.valorCentavos + raise };
        fc.pre(higher.valorCentavos < 10n ** 17n);
        const before = pointsOf({ ...raw, fontesDeRenda: [...raw.fontesDeRenda, fonte] });
        expect(pointsOf({ ...raw, fontesDeRenda: [...raw.fontesDeRenda, higher] })).toBeGreaterThanOrEqual(before);
      }),
      RUNS,
    );
  });

  // The second version puts an unknown income above a very low one.
  const isNews = {
    'pessoa-2026.1': ({ valorCentavos }: RawFonteDeRenda) => valorCentavos >= 12n,
    'pessoa-2026.2': (fonte: RawFonteDeRenda) => rendaMensalCentavos([fonte])! >= 1_000_00n,
  }[version];

  it('never falls when Base B learns of one more income (in the second version: of R$ 1.000,00 a month)', () => {
    fc.assert(
      fc.property(perfil, readableFonteDeRenda.filter(isNews), (raw, fonte) => {
        expect(pointsOf({ ...raw, fontesDeRenda: [...raw.fontesDeRenda, fonte] })).toBeGreaterThanOrEqual(
          pointsOf(raw),
        );
      }),
      RUNS,
    );
  });

  it('never falls when the value of an asset rises or the balance owed on it falls', () => {
    fc.assert(
      fc.property(perfil, readableBem, increase, increase, (raw, assetBefore, raise, repayment) => {
        const assetAfter = {
          ...assetBefore,
          valorEstimadoCentavos: assetBefore.valorEstimadoCentavos + raise,
          saldoDevedorCentavos:
            assetBefore.saldoDevedorCentavos > repayment ? assetBefore.saldoDevedorCentavos - repayment : 0n,
        };
        fc.pre(assetAfter.valorEstimadoCentavos < 10n ** 17n);
        const before = pointsOf({ ...raw, bens: [...raw.bens, assetBefore] });
        expect(pointsOf({ ...raw, bens: [...raw.bens, assetAfter] })).toBeGreaterThanOrEqual(before);
      }),
      RUNS,
    );
  });

  it('never falls when Base B learns of an asset that is worth at least the balance owed on it', () => {
    fc.assert(
      fc.property(perfil, readableBem, (raw, newAsset) => {
        fc.pre(newAsset.valorEstimadoCentavos >= newAsset.saldoDevedorCentavos);
        expect(pointsOf({ ...raw, bens: [...raw.bens, newAsset] })).toBeGreaterThanOrEqual(pointsOf(raw));
      }),
      RUNS,
    );
  });

  it('never falls with age', () => {
    fc.assert(
      fc.property(perfil, fc.nat(129), fc.nat(129), (raw, a, b) => {
        const born = (years: number) => `${2026 - years}-01-01` as RawPerfil['nascimento'];
        const [younger, older] = [Math.min(a, b), Math.max(a, b)];
        expect(pointsOf({ ...raw, nascimento: born(older) })).toBeGreaterThanOrEqual(
          pointsOf({ ...raw, nascimento: born(younger) }),
        );
      }),
      RUNS,
    );
  });

  it('depends on the birth date exactly where age is a factor', () => {
    const hasAge = modelo.fatores.some(({ codigo }) => codigo === 'IDADE');
    const of = (nascimento: string | null) => pointsOf({ nascimento: nascimento as RawPerfil['nascimento'], bens: [], fontesDeRenda: [] }); // prettier-ignore
    expect(new Set(['2006-01-01', '1990-01-01', '1950-01-01', null].map(of)).size > 1).toBe(hasAge);
  });

  it('does not depend on name, sex, district, city, own inquiries or any other field of a base', () => {
    const foreignFields = fc.record({
      nome: fc.string(),
      sexo: fc.constantFrom('F', 'M'),
      cpf: fc.string(),
      raca: fc.string(),
      consultas: fc.array(fc.record({ peloTitular: fc.boolean(), finalidade: fc.string() })),
      consultasProprias: fc.nat(),
      dividas: fc.array(fc.anything()),
      descricao: fc.string(),
      pagador: fc.string(),
      ocupacao: fc.string(),
      onerado: fc.boolean(),
      complemento: fc.string(),
    });
    const place = endereco.map(({ bairro, cidade, uf, codigoIbge }) => ({ bairro, cidade, uf, codigoIbge }));
    fc.assert(
      fc.property(perfil, foreignFields, place, fc.string(), (raw, extra, otherPlace, tipo) => {
        const changed: RawPerfil = {
          ...extra,
          ...raw,
          endereco: raw.endereco && { ...extra, ...raw.endereco, ...otherPlace },
          bens: raw.bens.map((item) => ({ ...extra, ...item, uf: otherPlace.uf })),
          fontesDeRenda: raw.fontesDeRenda.map((item) => ({ ...extra, ...item, tipo })),
        };
        expect(scorePerfil(changed, HOJE)).toEqual(scorePerfil(raw, HOJE));
      }),
      RUNS,
    );
  });

  it('depends only on whether street, number and CEP are filled', () => {
    const filledText = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    const cep = fc.stringMatching(/^\d{8}$/);
    fc.assert(
      fc.property(
        perfil,
        endereco,
        fc.tuple(filledText, filledText, cep),
        fc.tuple(filledText, filledText, cep),
        (raw, place, a, b) => {
          const [first, second] = [a, b].map(([logradouro, numero, codigo]) => ({
            ...raw,
            endereco: { ...place, logradouro, numero, cep: codigo },
          }));
          expect(scorePerfil(second!, HOJE)).toEqual(scorePerfil(first!, HOJE));
        },
      ),
      RUNS,
    );
  });

  it('reads exactly the fields of the published allow-list', () => {
    const fieldsRead = new Set<string>();
    const everything = {
      nome: 'Fulana Fictícia',
      sexo: 'F',
      nascimento: '1990-01-01',
      endereco: {
        logradouro: 'Rua A',
        numero: '1',
        bairro: 'B',
        cidade: 'C',
        uf: 'SP',
        cep: '01310100',
        codigoIbge: '3550308',
        atualizadoEm: new Date(0),
      },
      bens: [
        {
          tipo: 'IMOVEL',
          descricao: 'd',
          valorEstimadoCentavos: 1n,
          saldoDevedorCentavos: 0n,
          percentualPropriedade: 50,
          uf: 'SP',
        },
      ],
      fontesDeRenda: [
        {
          tipo: 'SALARIO',
          pagador: 'p',
          valorCentavos: 1n,
          periodicidade: 'MENSAL',
          desde: '2020-01-01',
          comprovada: true,
        },
      ],
      consultas: [{ peloTitular: true }],
    };
    toPermittedPerfil(spy(everything, 'titular', fieldsRead) as unknown as RawPerfil);
    const folder = { titular: 'titular', endereco: 'endereco', bem: 'bens', fonteDeRenda: 'fontesDeRenda' };
    const allowed = Object.entries(permittedFields).flatMap(([of, fields]) =>
      fields.map((field) => `${folder[of as keyof typeof folder]}.${field}`),
    );
    expect([...fieldsRead].toSorted()).toEqual(allowed.toSorted());
  });

  it('does not depend on the order in which a base lists assets and sources, and is the same every time', () => {
    fc.assert(
      fc.property(perfil, (raw) => {
        const reversed = { ...raw, bens: raw.bens.toReversed(), fontesDeRenda: raw.fontesDeRenda.toReversed() };
        expect(scorePerfil(structuredClone(reversed), HOJE)).toEqual(scorePerfil(raw, HOJE));
      }),
      RUNS,
    );
  });

  it('is an integer from 0 to 1000 for any damaged profile', () => {
    const garbage = fc.anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withMap: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    const orGarbage = <T>(sound: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 3, arbitrary: sound }, { weight: 1, arbitrary: garbage });
    /** A record of which any field may be replaced by anything. */
    const damaged = <T extends object>(sound: fc.Arbitrary<T>, fields: readonly string[]) =>
      fc
        .tuple(sound, fc.record(Object.fromEntries(fields.map((field) => [field, garbage])), { requiredKeys: [] }))
        .map(([good, bad]) => ({ ...good, ...bad }));
    const halfGarbage = fc.record({
      nascimento: garbage,
      endereco: orGarbage(damaged(endereco, permittedFields.endereco)),
      bens: orGarbage(fc.array(orGarbage(damaged(bem, permittedFields.bem)), { maxLength: 4 })),
      fontesDeRenda: orGarbage(
        fc.array(orGarbage(damaged(readableFonteDeRenda, permittedFields.fonteDeRenda)), { maxLength: 4 }),
      ),
    });
    fc.assert(
      fc.property(fc.oneof(garbage, halfGarbage, perfil), (raw) => {
        const { valor, valorAntesDoLimite, pontosBase, fatores, motivos, dadosAusentes } = scorePerfil(
          raw as RawPerfil,
          HOJE,
        );
        expect(Number.isInteger(valor) && valor >= 0 && valor <= 1000).toBe(true);
        expect(fatores.reduce((sum, { pontos }) => sum + pontos, pontosBase)).toBe(valorAntesDoLimite);
        expect(fatores).toHaveLength(modelo.fatores.length);
        expect(motivos.length).toBeLessThanOrEqual(4);
        expect(dadosAusentes).toEqual(fatores.filter((f) => f.faixaDoValor === 'SEM_INFORMACAO').map((f) => f.codigo));
      }),
      { numRuns: generatedCases(3_000) },
    );
  });
});
