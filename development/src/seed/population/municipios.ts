import type { Uf } from './cpf-sequence.ts';

export interface Municipio {
  readonly uf: Uf;
  readonly cidade: string;
  /** Seven digits, the last a check digit. */
  readonly codigoIbge: string;
  /** The first five digits of its lowest and highest CEP; narrower than the range of Correios where that has gaps. */
  readonly cepDe: number;
  readonly cepAte: number;
  /** Thousands of inhabitants. */
  readonly peso: number;
}

// prettier-ignore
const rows: readonly (readonly [Uf, string, string, number, number, number])[] = [
  ['SP', 'São Paulo', '3550308', 1000, 5999, 11450], ['SP', 'Guarulhos', '3518800', 7000, 7299, 1290],
  ['SP', 'Campinas', '3509502', 13010, 13099, 1140], ['SP', 'São Bernardo do Campo', '3548708', 9600, 9899, 810],
  ['SP', 'Santo André', '3547809', 9010, 9299, 750], ['SP', 'Osasco', '3534401', 6010, 6299, 730],
  ['SP', 'Sorocaba', '3552205', 18010, 18099, 720], ['SP', 'Ribeirão Preto', '3543402', 14010, 14099, 700],
  ['SP', 'São José dos Campos', '3549904', 12210, 12246, 700], ['SP', 'Santos', '3548500', 11010, 11095, 420],
  ['RJ', 'Rio de Janeiro', '3304557', 20010, 23799, 6210], ['RJ', 'Niterói', '3303302', 24020, 24399, 480],
  ['RJ', 'Duque de Caxias', '3301702', 25010, 25299, 810], ['RJ', 'Nova Iguaçu', '3303500', 26210, 26285, 790],
  ['RJ', 'Petrópolis', '3303906', 25610, 25779, 280], ['RJ', 'Campos dos Goytacazes', '3301009', 28010, 28099, 480],
  ['MG', 'Belo Horizonte', '3106200', 30110, 31999, 2320], ['MG', 'Uberlândia', '3170206', 38400, 38414, 710],
  ['MG', 'Juiz de Fora', '3136702', 36010, 36099, 540], ['MG', 'Contagem', '3118601', 32010, 32299, 620],
  ['MG', 'Montes Claros', '3143302', 39400, 39408, 410], ['ES', 'Vitória', '3205309', 29010, 29099, 320],
  ['ES', 'Vila Velha', '3205200', 29100, 29129, 470], ['BA', 'Salvador', '2927408', 40010, 41999, 2420],
  ['BA', 'Feira de Santana', '2910800', 44001, 44099, 620], ['BA', 'Vitória da Conquista', '2933307', 45000, 45099, 370],
  ['SE', 'Aracaju', '2800308', 49010, 49098, 600], ['PE', 'Recife', '2611606', 50010, 52291, 1490],
  ['PE', 'Olinda', '2609600', 53010, 53399, 350], ['PE', 'Caruaru', '2604106', 55000, 55099, 380],
  ['AL', 'Maceió', '2704302', 57010, 57099, 960], ['AL', 'Arapiraca', '2700300', 57300, 57319, 230],
  ['PB', 'João Pessoa', '2507507', 58010, 58099, 830], ['PB', 'Campina Grande', '2504009', 58400, 58439, 420],
  ['RN', 'Natal', '2408102', 59010, 59139, 750], ['RN', 'Mossoró', '2408003', 59600, 59649, 260],
  ['CE', 'Fortaleza', '2304400', 60010, 60999, 2430], ['CE', 'Juazeiro do Norte', '2307304', 63010, 63059, 290],
  ['CE', 'Sobral', '2312908', 62010, 62049, 200], ['PI', 'Teresina', '2211001', 64000, 64099, 870],
  ['PI', 'Parnaíba', '2207702', 64200, 64219, 160], ['MA', 'São Luís', '2111300', 65010, 65099, 1040],
  ['MA', 'Imperatriz', '2105302', 65900, 65919, 270], ['PA', 'Belém', '1501402', 66010, 66899, 1300],
  ['PA', 'Ananindeua', '1500800', 67000, 67199, 480], ['PA', 'Santarém', '1506807', 68005, 68049, 330],
  ['AM', 'Manaus', '1302603', 69005, 69099, 2060], ['RR', 'Boa Vista', '1400100', 69301, 69339, 410],
  ['AP', 'Macapá', '1600303', 68900, 68911, 440], ['AC', 'Rio Branco', '1200401', 69900, 69923, 360],
  ['RO', 'Porto Velho', '1100205', 76801, 76834, 460], ['RO', 'Ji-Paraná', '1100122', 76900, 76914, 120],
  ['DF', 'Brasília', '5300108', 70040, 72799, 2820], ['GO', 'Goiânia', '5208707', 74003, 74899, 1440],
  ['GO', 'Anápolis', '5201108', 75000, 75149, 400], ['GO', 'Aparecida de Goiânia', '5201405', 74900, 74999, 530],
  ['TO', 'Palmas', '1721000', 77001, 77099, 300], ['MT', 'Cuiabá', '5103403', 78005, 78099, 650],
  ['MT', 'Rondonópolis', '5107602', 78700, 78750, 240], ['MT', 'Várzea Grande', '5108402', 78110, 78169, 300],
  ['MS', 'Campo Grande', '5002704', 79002, 79124, 900], ['MS', 'Dourados', '5003702', 79800, 79849, 240],
  ['PR', 'Curitiba', '4106902', 80010, 82999, 1770], ['PR', 'Londrina', '4113700', 86010, 86099, 560],
  ['PR', 'Maringá', '4115200', 87010, 87099, 410], ['PR', 'Ponta Grossa', '4119905', 84010, 84099, 360],
  ['PR', 'Cascavel', '4104808', 85801, 85820, 350], ['SC', 'Florianópolis', '4205407', 88010, 88099, 540],
  ['SC', 'Joinville', '4209102', 89201, 89239, 620], ['SC', 'Blumenau', '4202404', 89010, 89069, 360],
  ['RS', 'Porto Alegre', '4314902', 90010, 91999, 1330], ['RS', 'Caxias do Sul', '4305108', 95010, 95099, 460],
  ['RS', 'Pelotas', '4314407', 96010, 96099, 330], ['RS', 'Santa Maria', '4316907', 97010, 97119, 270],
];

/** Real municipalities: UF, city, IBGE code and CEP fit together. Every state has at least its capital. */
export const municipios: readonly Municipio[] = rows.map(([uf, cidade, codigoIbge, cepDe, cepAte, peso]) => ({
  uf,
  cidade,
  codigoIbge,
  cepDe,
  cepAte,
  peso,
}));
