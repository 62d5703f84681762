import { JsonText } from '@pessoa/service/graphql/json-text';
import type { ValueShape } from './fetch-shape.ts';

/** The text of a value that has the shape, with the keys in its order and no others. */
export class CheckedText extends JsonText {
  readonly shape: ValueShape;

  constructor(text: string, shape: ValueShape) {
    super(text);
    this.shape = shape;
  }
}
