import type { Cpf } from '@pessoa/domain/cpf';
import { instantText } from './calendar.ts';
import type { DayNumber } from './calendar.ts';
import type { Municipio } from './municipios.ts';
import type { Prng } from './prng.ts';
import type { EnderecoRow } from './rows.ts';

const vias = ['Rua', 'Rua', 'Rua', 'Avenida', 'Travessa', 'Alameda'];
const nomesDeVia = [
  'das Acácias Fictícias',
  'do Ipê Imaginário',
  'dos Sabiás Inventados',
  'Faz de Conta',
  'da Aurora Fictícia',
  'do Faroleiro Imaginário',
  'das Quaresmeiras Inventadas',
  'Professora Exemplo',
  'Doutor Modelo',
  'Quinze de Nunca',
  'do Moinho Fictício',
  'das Andorinhas Imaginárias',
];
const bairros = [
  'Centro',
  'Jardim Imaginário',
  'Vila Fictícia',
  'Parque Inventado',
  'Bairro do Exemplo',
  'Alto da Miragem',
];
const complementos = ['Apto 12', 'Apto 34', 'Apto 501', 'Casa 2', 'Bloco B', 'Fundos'];

const DAYS_PER_YEAR = 365;

/** An address with an invented street in a real municipality. Some parts are null, as in a real base. */
export function enderecoFicticio(prng: Prng, cpf: Cpf, municipio: Municipio, hoje: DayNumber): EnderecoRow {
  // The last three digits of a street's CEP are 000 to 899.
  const cep = prng.between(municipio.cepDe, municipio.cepAte) * 1000 + prng.between(0, 89) * 10;
  return {
    cpf,
    logradouro: prng.chance(0.03) ? null : `${prng.pick(vias)} ${prng.pick(nomesDeVia)}`,
    numero: prng.chance(0.05) ? null : prng.between(1, 2400).toString(),
    complemento: prng.chance(0.35) ? prng.pick(complementos) : null,
    bairro: prng.chance(0.05) ? null : prng.pick(bairros),
    cidade: municipio.cidade,
    uf: municipio.uf,
    cep: prng.chance(0.03) ? null : cep.toString().padStart(8, '0'),
    codigoIbge: municipio.codigoIbge,
    atualizadoEm: prng.chance(0.06)
      ? null
      : instantText(hoje - prng.between(3, 6 * DAYS_PER_YEAR), prng.between(8 * 3600, 19 * 3600)),
  };
}
