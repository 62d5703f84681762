import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '../src/openapi.ts';
import { examples, sdl } from './rest-graph.ts';

describe('The OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(openApiDocument(sdl, examples)));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });
});
