import { empregadores, orgaosPublicos, previdencia } from './empresas.ts';
import type { Prng } from './prng.ts';

const SALARIO_MINIMO = 1_621;

/** A person's main income. It becomes a row of Base B and monthly postings of Base C. */
export interface Ocupacao {
  readonly tipo: string;
  readonly ocupacao: string | null;
  readonly pagador: string | null;
  readonly cnpjPagador: string | null;
  /** Monthly, in reais; 0 without income. */
  readonly rendaMensal: number;
  readonly anosNaFonte: number;
}

type IncomeType =
  | 'SALARIO'
  | 'SERVIDOR_PUBLICO'
  | 'AUTONOMO'
  | 'PRO_LABORE'
  | 'APOSENTADORIA_OU_PENSAO'
  | 'BENEFICIO_SOCIAL'
  | 'NENHUMA';

const profissoes: Record<'SALARIO' | 'SERVIDOR_PUBLICO' | 'AUTONOMO', readonly (readonly [string, number])[]> = {
  SALARIO: [
    ['Auxiliar administrativo', 2_300],
    ['Vendedora', 2_100],
    ['Operador de produção', 2_500],
    ['Técnica de enfermagem', 3_100],
    ['Motorista', 2_700],
    ['Analista de sistemas', 7_800],
    ['Engenheira civil', 10_500],
    ['Gerente comercial', 9_200],
  ],
  SERVIDOR_PUBLICO: [
    ['Professora da rede pública', 5_200],
    ['Agente administrativo', 4_600],
    ['Auditor fiscal', 19_000],
  ],
  AUTONOMO: [
    ['Motorista de aplicativo', 2_600],
    ['Cabeleireira', 2_400],
    ['Pedreiro', 2_700],
    ['Fotógrafa', 3_400],
    ['Dentista', 9_800],
  ],
};

function incomeTypeByAge(prng: Prng, idade: number): IncomeType {
  if (idade < 22)
    return prng.weighted([
      ['SALARIO', 48],
      ['AUTONOMO', 14],
      ['NENHUMA', 30],
      ['BENEFICIO_SOCIAL', 8],
    ]);
  if (idade >= 63)
    return prng.weighted([
      ['APOSENTADORIA_OU_PENSAO', 78],
      ['AUTONOMO', 9],
      ['PRO_LABORE', 5],
      ['SALARIO', 4],
      ['NENHUMA', 4],
    ]);
  return prng.weighted([
    ['SALARIO', 50],
    ['AUTONOMO', 21],
    ['SERVIDOR_PUBLICO', 11],
    ['PRO_LABORE', 6],
    ['BENEFICIO_SOCIAL', 6],
    ['NENHUMA', 6],
  ]);
}

/** A factor of the median pay: it grows until the age of 52. */
const payFactor = (idade: number): number => 0.62 + Math.min(Math.max(idade - 18, 0), 34) * 0.018;

export function ocupacaoDe(prng: Prng, idade: number): Ocupacao {
  const tipo = incomeTypeByAge(prng, idade);
  const anosNaFonte = Math.min(prng.logNormal(4, 0.9), Math.max(idade - 17.5, 0.3), 35);
  const withoutPayer = { tipo, ocupacao: null, pagador: null, cnpjPagador: null };
  const renda = (median: number, spread: number): number => {
    const minimum = tipo === 'AUTONOMO' ? 600 : SALARIO_MINIMO;
    return Math.max(Math.round(prng.logNormal(median, spread)), minimum);
  };
  switch (tipo) {
    case 'NENHUMA':
      return { ...withoutPayer, rendaMensal: 0, anosNaFonte: 0 };
    case 'BENEFICIO_SOCIAL':
      return {
        ...withoutPayer,
        pagador: previdencia.nome,
        cnpjPagador: previdencia.cnpj,
        rendaMensal: prng.between(600, SALARIO_MINIMO),
        anosNaFonte,
      };
    case 'APOSENTADORIA_OU_PENSAO':
      return {
        ...withoutPayer,
        pagador: previdencia.nome,
        cnpjPagador: previdencia.cnpj,
        ocupacao: 'Aposentado ou pensionista',
        rendaMensal: renda(2_600, 0.5),
        anosNaFonte: Math.min(anosNaFonte, idade - 55),
      };
    case 'PRO_LABORE': {
      const { nome, cnpj } = prng.pick(empregadores);
      return {
        tipo,
        ocupacao: 'Sócia administradora',
        pagador: nome,
        cnpjPagador: cnpj,
        rendaMensal: renda(8_500 * payFactor(idade), 0.55),
        anosNaFonte,
      };
    }
    case 'AUTONOMO': {
      const [ocupacao, median] = prng.pick(profissoes.AUTONOMO);
      return { ...withoutPayer, ocupacao, rendaMensal: renda(median * payFactor(idade), 0.45), anosNaFonte };
    }
    default: {
      const { nome, cnpj } = prng.pick(tipo === 'SALARIO' ? empregadores : orgaosPublicos);
      const [ocupacao, median] = prng.pick(profissoes[tipo]);
      return {
        tipo,
        ocupacao,
        pagador: nome,
        cnpjPagador: cnpj,
        rendaMensal: renda(median * payFactor(idade), 0.25),
        anosNaFonte,
      };
    }
  }
}
