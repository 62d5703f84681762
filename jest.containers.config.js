import base from './jest.config.js';

const { globalSetup: _, globalTeardown: __, ...config } = base;

/** The whole system in containers: a Docker engine with compose must answer. Builds the images where they are not there. */
export default {
  ...config,
  testMatch: ['**/*.containers.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};
