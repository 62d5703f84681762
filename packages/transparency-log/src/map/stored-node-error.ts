/** A stored node of the map is missing, cannot be read, or is not what the node above it says. */
export class StoredNodeError extends Error {}
