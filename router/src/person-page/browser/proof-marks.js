import { h } from './dom.js';
import { count, counted, instant } from './format.js';
import { wordsOfProof } from './proof-words.js';
import { proofFile } from './proven-reads.js';

/** @typedef {import('./proven-reads.js').Mark} Mark */

/** The cell of a table for the proof of a read. @param {Mark} mark */
export function proofMark(mark) {
  const { kind, title, text } = wordsOfProof(mark);
  const { read, place } = mark;
  return [
    h('span', { class: `prova prova-${kind}` }, title),
    text && h('small', {}, text),
    read?.prova && h('button', { type: 'button', class: 'baixar so-tela', onclick: () => download(read, place) }, 'Baixar prova', h('span', { class: 'visually-hidden' }, ` da consulta de ${instant(read.dataHora)}`)), // prettier-ignore
  ];
}

/** @param {import('./proven-reads.js').Read} read @param {number | undefined} place */
function download(read, place) {
  const address = URL.createObjectURL(new Blob([proofFile(read)], { type: 'application/json' }));
  h('a', { href: address, download: `prova${place === undefined ? '' : `-${place}`}.json` }).click();
  URL.revokeObjectURL(address);
}

/** A loud box when a proof does not hold, with what to do. @param {readonly Mark[]} marks */
export function faultBox(marks) {
  const faults = marks.filter(({ state }) => state === 'NAO_CONFERE' || state === 'REMOVIDO').length;
  if (faults === 0) return null;
  const title = faults === 1 ? 'A prova de uma consulta não confere' : `As provas de ${count(faults)} consultas não conferem`; // prettier-ignore
  const text = 'O que se mostra não é o que o log da auditoria guarda, ou foi mudado no caminho até aqui. Baixe e guarde as provas marcadas, confira de novo por outra rede e, se continuar, mande os arquivos ao encarregado de dados deste birô. Sem resposta, procure a ANPD.'; // prettier-ignore
  return h('div', { class: 'perda perda-bad', role: 'alert', 'data-codigo': 'NAO_CONFERE' }, h('p', { class: 'perda-titulo' }, title), h('p', {}, text)); // prettier-ignore
}

/**
 * The checkpoints of a list and the key that signed them, for who wants to verify elsewhere; on paper in one line.
 *
 * @param {readonly Mark[]} marks
 * @param {import('./checkpoint.js').LogKey | undefined} key
 * @param {boolean} isOpen whether how to verify is shown at once
 */
export function checkpointNotes(marks, key, isOpen) {
  const checkpoints = [...new Map(marks.flatMap(({ checkpoint }) => (checkpoint ? [[checkpoint.rootText, checkpoint]] : []))).values()]; // prettier-ignore
  if (checkpoints.length === 0) return [];
  const keyText = key?.text ?? 'não veio do servidor';
  const lines = checkpoints.map(
    ({ origin, size, rootText }) => `${origin}, ${counted(size, 'registro', 'registros')}, raiz ${rootText}`,
  );
  return [
    h('p', { class: 'so-papel nota-de-pe' }, `Checkpoint do log da auditoria: ${lines.join('; ')}. Chave do log: ${keyText}.`), // prettier-ignore
    h(
      'details',
      { class: 'conferir so-tela', open: isOpen },
      h('summary', {}, 'Como conferir sem confiar em nós'),
      h('p', {}, 'Este navegador refez cada prova: o registro e o seu número aleatório fazem uma entrada do log, e a entrada leva à raiz do checkpoint, que a chave do log assinou. Nenhum registro pode ser mudado ou retirado depois sem que a raiz mude.'), // prettier-ignore
      h(
        'dl',
        {},
        ...lines.flatMap((line) => [h('dt', {}, 'Checkpoint'), h('dd', {}, line)]),
        h('dt', {}, 'Chave do log'),
        h('dd', {}, keyText),
      ),
      h('p', {}, 'O checkpoint e a chave vieram deste mesmo servidor: compare a chave com a que o birô publica por outro meio. “Baixar prova” dá um arquivo com a prova e o checkpoint, que o verificador confere em outra máquina. Ele confere também que o registro é deste CPF, o que esta página não faz:'), // prettier-ignore
      h('pre', { tabindex: '0' }, h('code', {}, 'npm run audit:verify -- proof ARQUIVO --cpf - --key CHAVE')),
    ),
  ];
}
