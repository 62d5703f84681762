import type { Fonte } from '@pessoa/domain/services';
import type { FetchHandler, RouterFetch } from '@pessoa/service/graphql/router-fetch';
import { PendingCall } from './pending-call.ts';
import type { Wire } from './wire.ts';

/** Calls a subgraph of the same process. A call that is late goes on alone, as it would in another process. */
export const localWire = (handleFetch: FetchHandler, fonte: Fonte): Wire => ({
  exchange(request, timeoutMillis) {
    const call = new PendingCall(request, fonte, timeoutMillis);
    void handleFetch({ headers: request.headers, request: JSON.parse(request.body) as RouterFetch['request'] }).then(
      (answer) => call.resolve(answer),
    );
    return call.answer;
  },
  close: async () => {},
});
