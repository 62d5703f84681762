import { readCnpj } from '@pessoa/domain/cnpj';
import { fiscalRegionDigit, readCpf } from '@pessoa/domain/cpf';
import { sdlEnum } from '@pessoa/operations/import/sdl-enums';
import { credores } from '../../../src/seed/population/credores.ts';
import { fictitiousPerson } from '../../../src/seed/population/fictitious-person.ts';
import { municipios } from '../../../src/seed/population/municipios.ts';
import type { EnderecoRow, FictitiousPerson } from '../../../src/seed/population/rows.ts';
import { HOJE, POPULATION_SIZE, SEED, people, share } from './sample.ts';

describe('a fictitious population', () => {
  it('is the same for the same index, seed and day, in any order of generation', () => {
    expect(fictitiousPerson(1_234, SEED, HOJE)).toEqual(people[1_234]);
    expect(fictitiousPerson(7, SEED, HOJE)).toEqual(people[7]);
  });

  it('differs with another seed', () => {
    expect(fictitiousPerson(7, SEED + 1, HOJE).cpf).not.toBe(people[7]?.cpf);
  });

  it('has valid CPFs, all different, of the fiscal region where the person lives', () => {
    expect(new Set(people.map(({ cpf }) => cpf)).size).toBe(POPULATION_SIZE);
    const wrong = people.filter(
      ({ cpf, baseA }) =>
        readCpf(cpf) !== cpf ||
        Number(cpf[8]) !== fiscalRegionDigit[baseA.endereco[0]?.uf as keyof typeof fiscalRegionDigit],
    );
    expect(wrong).toEqual([]);
  });

  it('is visibly invented: every name says so, and every CNPJ is in a range without real companies', () => {
    for (const { baseA } of people) expect(baseA.pessoa[0].nome).toMatch(/ Fictíci[ao]$/);
    const companies = people.flatMap(({ baseB, baseC }) => [
      ...baseB.fonteDeRenda.map(({ cnpjPagador }) => cnpjPagador),
      ...baseC.consulta.map(({ cnpjConsulente }) => cnpjConsulente),
    ]);
    const cnpjs = [...credores.map(({ cnpj }) => cnpj), ...companies].filter((cnpj) => cnpj !== null);
    for (const cnpj of new Set(cnpjs))
      expect([readCnpj(cnpj), cnpj.slice(0, 2)]).toEqual([cnpj, expect.stringMatching(/^(99|FC)$/)]);
    expect(credores.some(({ cnpj }) => cnpj?.startsWith('FC'))).toBe(true);
  });

  it('lives in real municipalities: state, city, IBGE code and CEP belong together', () => {
    const byCode = new Map(municipios.map((municipio) => [municipio.codigoIbge, municipio]));
    const fits = ({ uf, cidade, codigoIbge, cep }: EnderecoRow): boolean => {
      const municipio = byCode.get(codigoIbge ?? '');
      const prefix = Number(cep?.slice(0, 5));
      return (
        municipio !== undefined &&
        municipio.uf === uf &&
        municipio.cidade === cidade &&
        (cep === null || (prefix >= municipio.cepDe && prefix <= municipio.cepAte))
      );
    };
    for (const { baseA, baseB } of people) expect([...baseA.endereco, ...baseB.endereco].every(fits)).toBe(true);
    expect(new Set(people.map(({ baseA }) => baseA.endereco[0]?.uf)).size).toBe(27);
  });

  it('has IBGE codes with a valid check digit, and the capital of each state', () => {
    for (const { codigoIbge } of municipios) {
      const digits = [...codigoIbge].map(Number);
      const sum = digits.slice(0, 6).reduce((total, digit, at) => {
        const product = digit * (at % 2 === 0 ? 1 : 2);
        return total + (product > 9 ? product - 9 : product);
      }, 0);
      expect([codigoIbge, digits[6]]).toEqual([codigoIbge, (10 - (sum % 10)) % 10]);
    }
    expect(new Set(municipios.map(({ uf }) => uf))).toEqual(sdlEnum('UF'));
  });

  it('has another address in Base B than in Base A for some people, and none for others', () => {
    expect(share(({ baseB }) => baseB.endereco.length === 0)).toBeGreaterThan(0.02);
    const differs = ({ baseA, baseB }: FictitiousPerson): boolean =>
      baseB.endereco.length === 1 && JSON.stringify(baseB.endereco[0]) !== JSON.stringify(baseA.endereco[0]);
    expect(share(differs)).toBeGreaterThan(0.15);
    expect(share(differs)).toBeLessThan(0.45);
  });

  it('has only values of the SDL’s enums', () => {
    const expectEnumValues = (name: string, values: readonly (string | null)[]): void => {
      const unknown = values.filter((value) => value !== null && !sdlEnum(name).has(value));
      expect([name, new Set(unknown)]).toEqual([name, new Set()]);
    };
    const dividas = people.flatMap(({ baseA }) => baseA.divida);
    expectEnumValues(
      'SituacaoCadastral',
      people.map(({ baseA }) => baseA.pessoa[0].situacaoCadastral),
    );
    expectEnumValues(
      'ModalidadeDivida',
      dividas.map(({ modalidade }) => modalidade),
    );
    expectEnumValues(
      'NaturezaAnotacao',
      dividas.map(({ natureza }) => natureza),
    );
    expectEnumValues(
      'SituacaoDivida',
      dividas.map(({ situacao }) => situacao),
    );
    expectEnumValues(
      'TipoBem',
      people.flatMap(({ baseB }) => baseB.bem.map(({ tipo }) => tipo)),
    );
    expectEnumValues(
      'TipoRenda',
      people.flatMap(({ baseB }) => baseB.fonteDeRenda.map(({ tipo }) => tipo)),
    );
    expectEnumValues(
      'Periodicidade',
      people.flatMap(({ baseB }) => baseB.fonteDeRenda.map(({ periodicidade }) => periodicidade)),
    );
    expectEnumValues(
      'Finalidade',
      people.flatMap(({ baseC }) => baseC.consulta.map(({ finalidade }) => finalidade)),
    );
    expectEnumValues(
      'Bandeira',
      people.flatMap(({ baseC }) => baseC.compraCartao.map(({ bandeira }) => bandeira)),
    );
    expectEnumValues(
      'FormaPagamento',
      people.flatMap(({ baseC }) => baseC.compraCartao.map(({ formaPagamento }) => formaPagamento)),
    );
    const movimentacoes = people.flatMap(({ baseC }) => baseC.movimentacao);
    expectEnumValues(
      'NaturezaLancamento',
      movimentacoes.map(({ natureza }) => natureza),
    );
    expectEnumValues(
      'TipoMovimentacao',
      movimentacoes.map(({ tipo }) => tipo),
    );
    expectEnumValues(
      'CanalMovimentacao',
      movimentacoes.map(({ canal }) => canal),
    );
    expectEnumValues(
      'SituacaoMovimentacao',
      movimentacoes.map(({ situacao }) => situacao),
    );
  });

  it('has ids that are unique in their table and do not contain the CPF', () => {
    for (const rowsOf of [
      ({ baseA }: FictitiousPerson) => baseA.divida,
      ({ baseB }: FictitiousPerson) => baseB.bem,
      ({ baseB }: FictitiousPerson) => baseB.fonteDeRenda,
      ({ baseC }: FictitiousPerson) => baseC.consulta,
      ({ baseC }: FictitiousPerson) => baseC.movimentacao,
      ({ baseC }: FictitiousPerson) => baseC.compraCartao,
    ]) {
      const rows = people.flatMap((person) => [...rowsOf(person)] as { id: string; cpf: string }[]);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      expect(rows.some(({ id, cpf }) => id.includes(cpf.slice(0, 9)))).toBe(false);
    }
  });

  it('has 100 to 160 events a person', () => {
    const events = people.map(
      ({ baseC }) => baseC.movimentacao.length + baseC.compraCartao.length + baseC.consulta.length,
    );
    const mean = events.reduce((a, b) => a + b) / POPULATION_SIZE;
    expect(mean).toBeGreaterThan(100);
    expect(mean).toBeLessThan(160);
  });
});
