/** Why a replica cannot be made or updated, and what to do. The command prints the message without a stack. */
export class ReplicaError extends Error {}
