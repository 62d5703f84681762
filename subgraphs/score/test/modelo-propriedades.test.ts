import fc from 'fast-check';
import { camposPermitidos, type PerfilBruto, perfilPermitido } from '../src/modelo/perfil-permitido.ts';
import { pontuar } from '../src/modelo/pontuar.ts';
import { bem, centavosLegiveis, endereco, fonteDeRenda, HOJE, perfil, periodicidadeLegivel } from './modelo-perfis.ts';

const nota = (raw: PerfilBruto): number => pontuar(raw, HOJE).valorAntesDoLimite;
const fonteLegivel = fc
  .tuple(fonteDeRenda, centavosLegiveis, periodicidadeLegivel)
  .map(([fonte, valorCentavos, periodicidade]) => ({ ...fonte, valorCentavos, periodicidade }));
const bemLegivel = fc
  .tuple(bem, centavosLegiveis, centavosLegiveis, fc.integer({ min: 1, max: 100 }))
  .map(([outro, a, b, percentualPropriedade]) => ({
    ...outro,
    valorEstimadoCentavos: a,
    saldoDevedorCentavos: b,
    percentualPropriedade,
  }));
const aumento = fc.oneof(fc.bigInt({ min: 0n, max: 5_000_00n }), fc.bigInt({ min: 0n, max: 2_000_000_00n }));
const outros = { numRuns: 1_000 };

/** Records what is read of an object, and of every object and list in it. */
function spy<T extends object>(value: T, path: string, read: Set<string>): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || Array.isArray(target)) {
        return typeof inner === 'object' && inner !== null ? spy(inner, path, read) : inner;
      }
      read.add(`${path}.${key}`);
      return typeof inner === 'object' && inner !== null && !(inner instanceof Date) ? spy(inner, key, read) : inner;
    },
  });
}

describe('The score', () => {
  it('never falls when a source of income pays more', () => {
    fc.assert(
      fc.property(perfil, fonteLegivel, aumento, (raw, fonte, mais) => {
        const maior = { ...fonte, valorCentavos: fonte.valorCentavos + mais };
        fc.pre(maior.valorCentavos < 10n ** 17n);
        const before = nota({ ...raw, fontesDeRenda: [...raw.fontesDeRenda, fonte] });
        expect(nota({ ...raw, fontesDeRenda: [...raw.fontesDeRenda, maior] })).toBeGreaterThanOrEqual(before);
      }),
      outros,
    );
  });

  it('never falls when one more income is made known', () => {
    fc.assert(
      fc.property(perfil, fonteLegivel, (raw, fonte) => {
        fc.pre(fonte.valorCentavos >= 12n);
        expect(nota({ ...raw, fontesDeRenda: [...raw.fontesDeRenda, fonte] })).toBeGreaterThanOrEqual(nota(raw));
      }),
      outros,
    );
  });

  it('never falls when an asset is worth more, less is owed on it, or both', () => {
    fc.assert(
      fc.property(perfil, bemLegivel, aumento, aumento, (raw, antes, mais, menos) => {
        const depois = {
          ...antes,
          valorEstimadoCentavos: antes.valorEstimadoCentavos + mais,
          saldoDevedorCentavos: antes.saldoDevedorCentavos > menos ? antes.saldoDevedorCentavos - menos : 0n,
        };
        fc.pre(depois.valorEstimadoCentavos < 10n ** 17n);
        const before = nota({ ...raw, bens: [...raw.bens, antes] });
        expect(nota({ ...raw, bens: [...raw.bens, depois] })).toBeGreaterThanOrEqual(before);
      }),
      outros,
    );
  });

  it('never falls when an asset worth at least what is owed on it is made known', () => {
    fc.assert(
      fc.property(perfil, bemLegivel, (raw, novo) => {
        fc.pre(novo.valorEstimadoCentavos >= novo.saldoDevedorCentavos);
        expect(nota({ ...raw, bens: [...raw.bens, novo] })).toBeGreaterThanOrEqual(nota(raw));
      }),
      outros,
    );
  });

  it('never falls with age', () => {
    fc.assert(
      fc.property(perfil, fc.nat(129), fc.nat(129), (raw, a, b) => {
        const born = (years: number) => `${2026 - years}-01-01` as PerfilBruto['nascimento'];
        const [younger, older] = [Math.min(a, b), Math.max(a, b)];
        expect(nota({ ...raw, nascimento: born(older) })).toBeGreaterThanOrEqual(
          nota({ ...raw, nascimento: born(younger) }),
        );
      }),
      outros,
    );
  });

  it('is deaf to the name, the sex, the district, the city, own consultations and any other field of a base', () => {
    const alheio = fc.record({
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
    const lugar = endereco.map(({ bairro, cidade, uf, codigoIbge }) => ({ bairro, cidade, uf, codigoIbge }));
    fc.assert(
      fc.property(perfil, alheio, lugar, fc.string(), (raw, extra, outroLugar, tipo) => {
        const changed: PerfilBruto = {
          ...extra,
          ...raw,
          endereco: raw.endereco && { ...extra, ...raw.endereco, ...outroLugar },
          bens: raw.bens.map((item) => ({ ...extra, ...item, uf: outroLugar.uf })),
          fontesDeRenda: raw.fontesDeRenda.map((item) => ({ ...extra, ...item, tipo })),
        };
        expect(pontuar(changed, HOJE)).toEqual(pontuar(raw, HOJE));
      }),
      outros,
    );
  });

  it('reads of street, number and CEP only whether they are there', () => {
    const preenchido = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    const cep = fc.stringMatching(/^\d{8}$/);
    fc.assert(
      fc.property(
        perfil,
        endereco,
        fc.tuple(preenchido, preenchido, cep),
        fc.tuple(preenchido, preenchido, cep),
        (raw, lugar, a, b) => {
          const [here, there] = [a, b].map(([logradouro, numero, codigo]) => ({
            ...raw,
            endereco: { ...lugar, logradouro, numero, cep: codigo },
          }));
          expect(pontuar(there!, HOJE)).toEqual(pontuar(here!, HOJE));
        },
      ),
      outros,
    );
  });

  it('reads exactly the fields of the published allow-list', () => {
    const read = new Set<string>();
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
    perfilPermitido(spy(everything, 'titular', read) as unknown as PerfilBruto);
    const folder = { titular: 'titular', endereco: 'endereco', bem: 'bens', fonteDeRenda: 'fontesDeRenda' };
    const allowed = Object.entries(camposPermitidos).flatMap(([of, fields]) =>
      fields.map((field) => `${folder[of as keyof typeof folder]}.${field}`),
    );
    expect([...read].toSorted()).toEqual(allowed.toSorted());
  });

  it('does not depend on the order in which a base lists assets and sources, and is the same every time', () => {
    fc.assert(
      fc.property(perfil, (raw) => {
        const reversed = { ...raw, bens: raw.bens.toReversed(), fontesDeRenda: raw.fontesDeRenda.toReversed() };
        expect(pontuar(structuredClone(reversed), HOJE)).toEqual(pontuar(raw, HOJE));
      }),
      outros,
    );
  });

  it('is an integer from 0 to 1000, whatever a damaged base sends', () => {
    const lixo = fc.anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withMap: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    const ou = <T>(whole: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: whole }, { weight: 1, arbitrary: lixo });
    /** The same record with any of its fields replaced by anything. */
    const danificado = <T extends object>(whole: fc.Arbitrary<T>, fields: readonly string[]) =>
      fc
        .tuple(whole, fc.record(Object.fromEntries(fields.map((field) => [field, lixo])), { requiredKeys: [] }))
        .map(([good, bad]) => ({ ...good, ...bad }));
    const meioLixo = fc.record({
      nascimento: lixo,
      endereco: ou(danificado(endereco, camposPermitidos.endereco)),
      bens: ou(fc.array(ou(danificado(bem, camposPermitidos.bem)), { maxLength: 4 })),
      fontesDeRenda: ou(fc.array(ou(danificado(fonteLegivel, camposPermitidos.fonteDeRenda)), { maxLength: 4 })),
    });
    fc.assert(
      fc.property(fc.oneof(lixo, meioLixo, perfil), (raw) => {
        const { valor, valorAntesDoLimite, pontosBase, fatores, motivos, dadosAusentes } = pontuar(
          raw as PerfilBruto,
          HOJE,
        );
        expect(Number.isInteger(valor) && valor >= 0 && valor <= 1000).toBe(true);
        expect(fatores.reduce((sum, { pontos }) => sum + pontos, pontosBase)).toBe(valorAntesDoLimite);
        expect(fatores).toHaveLength(6);
        expect(motivos.length).toBeLessThanOrEqual(4);
        expect(dadosAusentes).toEqual(fatores.filter((f) => f.faixaDoValor === 'SEM_INFORMACAO').map((f) => f.codigo));
      }),
      { numRuns: generatedCases(3_000) },
    );
  });
});
