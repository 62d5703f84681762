/** Why a replica cannot be made or kept, and what to do; shown without a stack. */
export class ReplicaError extends Error {}
