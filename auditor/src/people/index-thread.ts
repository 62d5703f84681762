import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { personIndex } from '@pessoa/transparency-log/map/person-index';
import { vrfKey } from '@pessoa/transparency-log/vrf/ecvrf';

/** What a thread is asked. It answers at the port with the indices, in the order of the CPFs. */
export interface IndexQuestion {
  readonly cpfs: readonly string[];
  readonly answers: MessagePort;
}

// A thread of `index-threads`: it computes indices of people with the key that it begins with.
const key = vrfKey(workerData as Uint8Array);

parentPort!.on('message', ({ cpfs, answers }: IndexQuestion) => {
  answers.postMessage(cpfs.map((cpf) => personIndex(key, cpf)));
  answers.close();
});
