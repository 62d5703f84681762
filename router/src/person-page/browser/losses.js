import { h } from './dom.js';
import { fonte as nameOfSource } from './words.js';

/** @typedef {import('./graph.js').GraphError} GraphError */

/**
 * The error that took a field away: at the field, or at a field around it.
 *
 * @param {readonly GraphError[]} errors
 * @param {string} place such as `eventos.consultas`
 * @returns {GraphError | undefined}
 */
export function lossAt(errors, place) {
  const steps = ['pessoa', ...place.split('.')];
  return errors.find(({ path = [] }) => path.length <= steps.length && path.every((step, index) => step === steps[index])); // prettier-ignore
}

/**
 * Whether an error lies below a field, so that a part of it is missing.
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
export function wordsOfLoss({ extensions: { code, motivo, fonte, escopos = [] } = {} }) {
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

/**
 * What a whole request that was refused means.
 *
 * @param {import('./graph.js').Answer} answer
 */
export function wordsOfRefusal({ status, errors }) {
  const code = errors[0]?.extensions?.code;
  if (status === 0) return 'O servidor não respondeu. Confira a sua rede e consulte de novo.';
  if (code === 'RATE_LIMITED') return 'Muitas consultas em pouco tempo. Espere um minuto e consulte de novo.';
  if (code === 'FINALIDADE_AUSENTE') return 'O seu acesso não permite esta finalidade.';
  if (code === 'SERVICO_ENCERRANDO') return 'O serviço está reiniciando. Consulte de novo em instantes.';
  if (code === 'CPF_INVALIDO') return 'O CPF não confere.';
  if (code === 'BAD_USER_INPUT') return 'Um dos filtros não é válido.';
  return 'Não foi possível consultar. Tente de novo em instantes.';
}
