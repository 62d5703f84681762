import { cnpjFromBase } from '@pessoa/domain/cnpj';
import type { Cnpj } from '@pessoa/domain/cnpj';
import { mix } from './prng.ts';

export interface Empresa {
  readonly nome: string;
  readonly cnpj: Cnpj;
}

/** An invented bank. Its ISPB is the root of its CNPJ, as for real banks. */
export interface Banco extends Empresa {
  readonly ispb: string;
  readonly compe: string;
}

const NUMBERS = 1_000_000;

/**
 * An invented company, with a CNPJ derived from its name. The CNPJs start with 99, or with the letters FC (possible since July
 * 2026). No real company is registered in these ranges.
 */
export function empresa(nome: string): Empresa {
  let hash = 0;
  for (let i = 0; i < nome.length; i++) hash = mix(hash ^ nome.charCodeAt(i));
  const prefix = hash % 4 === 0 ? 'FC' : '99';
  return { nome, cnpj: cnpjFromBase(`${prefix}${(hash % NUMBERS).toString().padStart(6, '0')}0001`) };
}

function banco(nome: string, compe: string): Banco {
  const cnpj = cnpjFromBase(`998${compe}000001`.slice(0, 12));
  return { nome, cnpj, ispb: cnpj.slice(0, 8), compe };
}

export const bancos: readonly Banco[] = [
  banco('Banco Jequitibá Fictício S.A.', '981'),
  banco('Banco Aurora Imaginária S.A.', '982'),
  banco('Banco Faz de Conta S.A.', '983'),
  banco('Cooperativa Inventada de Crédito', '984'),
  banco('Nuvem Fictícia Instituição de Pagamento', '985'),
  banco('Caixa Imaginária de Poupança', '986'),
  banco('Banco Ipê Inventado S.A.', '987'),
  banco('Carteira Faz de Conta Pagamentos', '988'),
];

export const biros: readonly string[] = ['Birô Imaginário', 'Crédito Faz de Conta', 'Registro Fictício de Crédito'];

export const empregadores: readonly Empresa[] = [
  'Metalúrgica Imaginária Ltda.',
  'Hospital Fictício São Nunca',
  'Escola Inventada do Saber',
  'Transportes Faz de Conta Ltda.',
  'Construtora Castelo de Areia Fictícia',
  'Tecelagem Fio Inventado S.A.',
  'Supermercados Pomar Fictício',
  'Tecnologia Nuvem Imaginária S.A.',
  'Laticínios Vaca Inventada',
  'Hotelaria Miragem Fictícia',
  'Frigorífico Faz de Conta S.A.',
  'Call Center Alô Imaginário',
].map(empresa);

export const orgaosPublicos: readonly Empresa[] = [
  'Prefeitura Fictícia de Exemplo',
  'Secretaria Imaginária da Educação',
  'Tribunal Inventado de Contas',
].map(empresa);

/** Pays pensions and social benefits. */
export const previdencia = empresa('Instituto Fictício de Previdência');
export const corretora = empresa('Corretora Imaginária de Valores');
export const imobiliaria = empresa('Imobiliária Chave Inventada');

// Senders of monthly bills.
export const energia = empresa('Energia Relâmpago Fictício S.A.');
export const saneamento = empresa('Saneamento Fonte Imaginária');
export const telefonia = [empresa('Telefônica Alô Fictício S.A.'), empresa('Conexão Inventada Telecom S.A.')] as const;
export const ensino = empresa('Faculdade Imaginária do Exemplo');
export const condominio = empresa('Condomínio Edifício Faz de Conta');

/** Shops that ask before they sell on instalments. */
export const varejistas: readonly Empresa[] = [
  'Lojas Pechincha Fictícia S.A.',
  'Magazine Imaginário Ltda.',
  'Móveis Sofá Inventado Ltda.',
  'Eletro Faz de Conta S.A.',
  'Calçados Pé Fictício Ltda.',
].map(empresa);

/** Asks by court order. */
export const tribunal = empresa('Vara Cível Fictícia de Exemplo');
