import { h } from './dom.js';
import { fonte as nameOfSource } from './words.js';

/** @typedef {import('./graph.js').GraphError} GraphError */

/**
 * What stands for an error that the router left out of an answer with more than it lists.
 *
 * @type {GraphError}
 */
export const OMITTED = Object.freeze({});

/**
 * The error that took a field away: at the field, at a field around it, or at one below that may not be null.
 *
 * @param {readonly GraphError[]} errors
 * @param {string} place such as `eventos.consultas`, which is null
 * @returns {GraphError | undefined}
 */
function lossAt(errors, place) {
  const steps = ['pessoa', ...place.split('.')];
  const around = errors.find(({ path = [] }) => path.length <= steps.length && path.every((step, index) => step === steps[index])); // prettier-ignore
  return around ?? lossesBelow(errors, place)[0];
}

/**
 * Why a field of an answer is null.
 *
 * @param {{ pessoa: any, errors: readonly GraphError[], omitted: number }} answer
 * @param {string} place such as `perfil.idade`
 * @returns {GraphError | undefined} undefined when the base has nothing there
 */
export function lossOf({ pessoa, errors, omitted }, place) {
  const steps = place.split('.');
  const depth = steps.findIndex((_step, index) => valueAt(pessoa, steps.slice(0, index + 1).join('.')) === undefined);
  // Only what took the outermost null away counts: an error elsewhere in an object that is there says nothing of it.
  return lossAt(errors, steps.slice(0, depth + 1).join('.')) ?? (omitted > 0 ? OMITTED : undefined);
}

/** @param {any} pessoa @param {string} place @returns {any} undefined for null as well */
export const valueAt = (pessoa, place) =>
  place.split('.').reduce((parent, step) => parent?.[step] ?? undefined, pessoa);

/**
 * The errors below a field: a part of it is missing.
 *
 * @param {readonly GraphError[]} errors
 * @param {string} place
 */
export function lossesBelow(errors, place) {
  const steps = ['pessoa', ...place.split('.')];
  return errors.filter(
    ({ path = [] }) => path.length > steps.length && steps.every((step, index) => step === path[index]),
  );
}

/**
 * Why something is missing, in words.
 *
 * @param {GraphError} error
 * @returns {{ title: string, text: string, kind: 'denied' | 'down' | 'bad' }}
 */
export function wordsOfLoss(error) {
  if (error === OMITTED) {
    return { kind: 'down', title: 'Pode faltar informação: consulte de novo', text: 'Houve mais falhas do que a resposta enumera. Não quer dizer que não haja dados.' }; // prettier-ignore
  }
  const { code, motivo, fonte, escopos = [] } = error.extensions ?? {};
  if (code === 'UNAUTHORIZED_FIELD_OR_TYPE') {
    switch (motivo) {
      case 'CONSENTIMENTO':
        return { kind: 'denied', title: 'Sem consentimento vigente do titular', text: 'Estes dados estão sob sigilo bancário (LC 105/2001). Sem o consentimento do titular, nada foi lido.' }; // prettier-ignore
      case 'TITULAR':
        return { kind: 'denied', title: 'Seu acesso é só aos seus dados', text: 'Um titular consulta apenas o próprio CPF.' }; // prettier-ignore
      case 'OPERADOR':
        return { kind: 'denied', title: 'Não fornecido a terceiros', text: 'O operador deste birô não fornece estes dados cadastrais a terceiros.' }; // prettier-ignore
      default:
        return { kind: 'denied', title: 'Fora do seu acesso', text: `Seu acesso não inclui estes dados${escopos.length > 0 ? ` (${escopos.join(', ')})` : ''}.` }; // prettier-ignore
    }
  }
  if (code === 'FONTE_INVALIDA') {
    return { kind: 'bad', title: 'Registro com defeito na base', text: 'A base tem aqui um valor que não pode ser mostrado. Consultar de novo não adianta enquanto ela não o corrigir.' }; // prettier-ignore
  }
  if (code === 'FONTE_INDISPONIVEL' || code === 'FONTE_LENTA') {
    const source = fonte ? `A fonte de ${nameOfSource(fonte)}` : 'A fonte destes dados';
    return { kind: 'down', title: 'Fonte fora do ar', text: `${source} não respondeu a tempo. Não quer dizer que não haja dados: consulte de novo em instantes.` }; // prettier-ignore
  }
  return { kind: 'bad', title: 'Não foi possível mostrar', text: 'Algo deu errado do nosso lado. Consulte de novo em instantes.' }; // prettier-ignore
}

/**
 * The box that stands where data is missing.
 *
 * @param {GraphError} error
 */
export function lossBox(error) {
  const { kind, title, text } = wordsOfLoss(error);
  return h('div', { class: `perda perda-${kind}`, 'data-codigo': error.extensions?.code }, h('p', { class: 'perda-titulo' }, title), h('p', {}, text)); // prettier-ignore
}

/** Codes of a field that was asked for alone, so that nothing else came. */
const LOSSES = new Set(['UNAUTHORIZED_FIELD_OR_TYPE', 'FONTE_INVALIDA', 'FONTE_INDISPONIVEL', 'FONTE_LENTA']);

/**
 * What a whole request that was refused means.
 *
 * @param {import('./graph.js').Answer} answer
 */
export function wordsOfRefusal({ status, errors }) {
  const [first] = errors;
  const code = first?.extensions?.code;
  if (status === 0) return 'O servidor não respondeu. Confira a sua rede e consulte de novo.';
  if (code === 'RATE_LIMITED') return 'Muitas consultas em pouco tempo. Espere um minuto e consulte de novo.';
  if (code === 'SIGILO_INADMISSIVEL') return 'O seu acesso pede sigilo para a consulta, e aqui ele não é admitido. Nada foi consultado. Quem emite os acessos da sua instituição pode retirar o pedido.'; // prettier-ignore
  if (code === 'FINALIDADE_AUSENTE') return 'O seu acesso não permite esta finalidade.';
  if (code === 'SERVICO_ENCERRANDO') return 'O serviço está reiniciando. Consulte de novo em instantes.';
  if (code === 'CPF_INVALIDO') return 'O CPF não confere.';
  if (code === 'BAD_USER_INPUT') return 'Um dos filtros não é válido.';
  if (first?.path && code && LOSSES.has(code)) return wordsOfLoss(first).text;
  return 'Não foi possível consultar. Tente de novo em instantes.';
}
