/** Where cards are used: an invented name with the category (ISO 18245) that fits it. */
export interface Estabelecimento {
  readonly nome: string;
  readonly mcc: string;
  readonly presencial: boolean;
  /** Usual amount in reais. */
  readonly mediana: number;
  /** At most this many instalments; 1 is a shop that does not offer them. */
  readonly parcelasMaximas: number;
  /** Currency of the price, when it is not BRL. */
  readonly moeda?: 'USD' | 'EUR';
}

const shop = (nome: string, mcc: string, mediana: number, parcelasMaximas = 1): Estabelecimento => ({
  nome,
  mcc,
  presencial: true,
  mediana,
  parcelasMaximas,
});
const online = (nome: string, mcc: string, mediana: number, parcelasMaximas = 1): Estabelecimento => ({
  ...shop(nome, mcc, mediana, parcelasMaximas),
  presencial: false,
});
const abroad = (nome: string, mcc: string, mediana: number, moeda: 'USD' | 'EUR'): Estabelecimento => ({
  ...online(nome, mcc, mediana),
  moeda,
});

export const estabelecimentos: readonly (readonly [Estabelecimento, peso: number])[] = [
  [shop('Supermercado Pomar Fictício', '5411', 140), 22],
  [shop('Padaria Pão Inventado', '5462', 24), 12],
  [shop('Farmácia Saúde Imaginária', '5912', 62), 10],
  [shop('Posto Estrada Faz de Conta', '5541', 150), 11],
  [shop('Restaurante Sabor Fictício', '5812', 72), 9],
  [shop('Lanchonete X-Imaginário', '5814', 34), 8],
  [shop('Lojas Pechincha Fictícia', '5311', 260, 10), 4],
  [shop('Calçados Pé Fictício', '5661', 210, 6), 2],
  [shop('Móveis Sofá Inventado', '5712', 1_400, 12), 1],
  [shop('Oficina Motor de Mentira', '7538', 480, 4), 1],
  [shop('Academia Halter Imaginário', '7997', 110), 2],
  [online('Magazine Imaginário Online', '5732', 420, 12), 5],
  [online('Corrida Faz de Conta Aplicativo', '4121', 22), 9],
  [online('Filmes Inventados Streaming', '4899', 40), 3],
  [online('Passagens Voo Fictício', '4722', 980, 10), 1],
  [abroad('Imaginary Software Inc', '5734', 18, 'USD'), 1],
  [abroad('Librería Inventada SL', '5942', 35, 'EUR'), 0.5],
];
