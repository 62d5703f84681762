import base from './jest.config.js';

/** The pages, in a real Chromium. */
export default {
  ...base,
  testMatch: ['**/*.browser.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
};
