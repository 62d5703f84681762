import { h, svg } from './dom.js';
import { instant, percent, signed } from './format.js';
import { BANDS, SCORE_MAX, smallestChange } from './score-scale.js';
import { section, shown, staleMark } from './section.js';
import { faixa as nameOfBand } from './words.js';

const [CENTRE_X, CENTRE_Y, RADIUS] = [130, 130, 104];

/** A point of the dial. @param {number} score @param {number} radius */
function pointAt(score, radius) {
  const angle = Math.PI * (1 - score / SCORE_MAX);
  return `${(CENTRE_X + radius * Math.cos(angle)).toFixed(2)} ${(CENTRE_Y - radius * Math.sin(angle)).toFixed(2)}`;
}

/** @param {{ valor: number, faixa: string, chance: string }} score */
function dial({ valor, faixa, chance }) {
  const arcs = BANDS.map(({ faixa: band, from }, index) => {
    const to = BANDS[index + 1]?.from ?? SCORE_MAX;
    const gap = 4; // points between two bands
    const [start, end] = [from + (index > 0 ? gap : 0), to - (index < BANDS.length - 1 ? gap : 0)];
    return svg('path', {
      class: `arco arco-${band.toLowerCase()}${band === faixa ? ' atual' : ''}`,
      d: `M ${pointAt(start, RADIUS)} A ${RADIUS} ${RADIUS} 0 0 1 ${pointAt(end, RADIUS)}`,
    });
  });
  const limits = [0, ...BANDS.slice(1).map(({ from }) => from), SCORE_MAX].map((limit) => {
    const [x, y] = pointAt(limit, RADIUS + 19).split(' ');
    return svg(
      'text',
      { class: 'limite', x, y, 'text-anchor': limit < 420 ? 'end' : limit > 580 ? 'start' : 'middle' },
      limit.toLocaleString('pt-BR'),
    );
  });
  return svg(
    'svg',
    { class: 'mostrador', viewBox: '-24 -8 308 166', role: 'img', 'aria-label': `Score ${valor} de ${SCORE_MAX}, faixa ${nameOfBand(faixa)}; chance de inadimplência ${chance}` }, // prettier-ignore
    arcs,
    limits,
    svg('path', { class: 'ponteiro', d: `M ${pointAt(valor, RADIUS - 17)} L ${pointAt(valor, RADIUS + 10)}` }),
    svg('text', { class: 'valor', x: CENTRE_X, y: CENTRE_Y - 20, 'text-anchor': 'middle' }, valor),
    svg('text', { class: 'de-mil', x: CENTRE_X, y: CENTRE_Y + 2, 'text-anchor': 'middle' }, `de ${SCORE_MAX.toLocaleString('pt-BR')}`), // prettier-ignore
  );
}

/** @param {any} score @param {any} fator @param {number} scale the points of half a bar */
function factorRow(score, { codigo, nome, faixaDoValor, pontos, pontosMaximos }, scale) {
  const width = `${(Math.abs(pontos) / scale) * 50}%`;
  const reason = score.motivos.find((/** @type {any} */ motivo) => motivo.codigo === codigo);
  const change = smallestChange(score, codigo);
  const isBest = pontos >= pontosMaximos;
  return h(
    'li',
    { class: 'fator' },
    h('div', { class: 'fator-nome' }, h('strong', {}, nome), h('span', {}, faixaDoValor === 'SEM_INFORMACAO' ? 'sem informação' : faixaDoValor)), // prettier-ignore
    h(
      'div',
      { class: 'barra', role: 'img', 'aria-label': `${signed(pontos)} pontos, de ${signed(pontosMaximos)} possíveis` },
      h('span', { class: 'barra-possivel', style: { width: `${(pontosMaximos / scale) * 50}%` } }),
      h('span', { class: `barra-valor ${pontos < 0 ? 'perde' : 'ganha'}`, style: { width } }),
    ),
    h('div', { class: 'fator-pontos' }, h('b', { class: pontos < 0 ? 'perde' : 'ganha' }, signed(pontos)), h('small', {}, ` de ${signed(pontosMaximos)}`)), // prettier-ignore
    h(
      'p',
      { class: 'fator-texto' },
      h('span', {}, isBest ? 'Na faixa que mais pontua.' : (reason?.descricao ?? '')),
      ' ',
      change &&
        h(
          'span',
          { class: 'mudanca' },
          `${change.words}, o score seria ${change.valor} (${signed(change.diferenca)}).`,
        ),
      codigo === 'IDADE' && !isBest && h('span', { class: 'mudanca' }, 'Ninguém precisa fazer nada: muda com o tempo.'),
    ),
  );
}

/** @param {any} answer */
function scoreContent(answer, /** @type {any} */ score) {
  const chance = percent(score.probabilidadeInadimplencia);
  const fatores = score.fatores ?? [];
  const scale = Math.max(1, ...fatores.flatMap((/** @type {any} */ f) => [Math.abs(f.pontos), f.pontosMaximos]));
  return [
    staleMark(score.desatualizado),
    h(
      'div',
      { class: 'score' },
      h(
        'div',
        { class: 'score-nota' },
        dial({ valor: score.valor, faixa: score.faixa, chance }),
        h('p', { class: `faixa faixa-${score.faixa.toLowerCase()}` }, nameOfBand(score.faixa)),
        h('p', { class: 'chance' }, h('b', {}, chance), ' de chance de inadimplência em seis meses, segundo a escala do modelo'), // prettier-ignore
        h('p', { class: 'nota-de-pe' }, `Modelo ${score.modelo}, calculado em ${instant(score.calculadoEm)}`),
      ),
      h(
        'div',
        { class: 'score-fatores' },
        h('h3', {}, 'O que somou e o que tirou pontos'),
        score.fatores === null
          ? shown(answer, 'score.fatores', () => null)
          : [
              h(
                'ul',
                { class: 'fatores' },
                fatores.map((/** @type {any} */ fator) => factorRow(score, fator, scale)),
              ),
              h('p', { class: 'nota-de-pe' }, `O score é ${score.pontosBase} pontos de partida mais os pontos dos fatores, entre 0 e 1.000. A simulação diz o que o modelo faria; não promete score nem crédito.`), // prettier-ignore
            ],
      ),
    ),
  ];
}

/** @param {any} answer */
export const scoreView = (answer) =>
  section(
    'score',
    'Score',
    shown(answer, 'score', (score) => scoreContent(answer, score)),
  );
