/** What we use of Bruno's own reader and writer of its files, which has no types. */
declare module '@usebruno/lang' {
  export interface BrunoItem {
    readonly name: string;
    readonly value: string;
    readonly enabled?: boolean;
    readonly type?: 'path' | 'query';
  }

  export interface BrunoRequest {
    readonly meta: { readonly name: string; readonly type: 'http' | 'graphql'; readonly seq: string | number };
    readonly http: { readonly method: string; readonly url: string; readonly body: string; readonly auth: string };
    readonly params?: readonly BrunoItem[];
    readonly headers?: readonly BrunoItem[];
    readonly body?: {
      readonly json?: string;
      readonly graphql?: { readonly query: string; readonly variables: string };
    };
    /** Variables that the answer sets. */
    readonly vars?: { readonly res: readonly (BrunoItem & { readonly local: boolean })[] };
    readonly docs?: string;
  }

  export interface BrunoCollection {
    readonly headers?: readonly BrunoItem[];
    readonly auth?: { readonly mode: string; readonly bearer?: { readonly token: string } };
    readonly docs?: string;
  }

  export interface BrunoEnvironment {
    readonly variables: readonly (BrunoItem & { readonly secret: boolean })[];
  }

  const lang: {
    jsonToBruV2(request: BrunoRequest): string;
    bruToJsonV2(text: string): BrunoRequest;
    jsonToCollectionBru(collection: BrunoCollection): string;
    collectionBruToJson(text: string): BrunoCollection;
    envJsonToBruV2(environment: BrunoEnvironment): string;
    bruToEnvJsonV2(text: string): BrunoEnvironment;
  };
  export default lang;
}
