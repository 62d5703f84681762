import { takeNoArguments } from '@pessoa/service/processes/command-line';
import { measureImport } from './import-against-copy.ts';
import { measureMemory } from './memory.ts';
import { measureRouterCpu } from './router-cpu.ts';
import { measureScoreCache } from './score-cache.ts';
import { startBenchSystem } from './system.ts';

takeNoArguments({
  name: 'npm run bench',
  about: 'Measures every figure of bench/README.md, in about five and a half minutes.',
  options: {},
});

const system = await startBenchSystem();
try {
  const memory = await measureMemory(system);
  const total = memory.reduce((sum, { pssMib }) => sum + pssMib, 0);
  console.log(`memory of npm start: ${total.toFixed(0)} MiB PSS in ${memory.length} processes`);
  for (const [name, processes] of Map.groupBy(memory, (process) => process.name)) {
    const sum = processes.reduce((sum, { pssMib }) => sum + pssMib, 0);
    console.log(`  ${sum.toFixed(0).padStart(5)} MiB  ${name}${processes.length > 1 ? ` (${processes.length})` : ''}`);
  }

  const cpu = await measureRouterCpu(system);
  console.log(
    `router: ${cpu.routerMicros.toFixed(0)} us of CPU a request, quick start ${cpu.quickStartMicros.toFixed(0)} us, ratio ${cpu.ratio.toFixed(2)} (data of ${cpu.answerBytes} bytes)`,
  );

  const { micros, ratios } = await measureScoreCache(system);
  console.log(
    `score: ${micros.base.toFixed(0)} us of CPU a request from Base B, ${micros.memory.toFixed(0)} us from memory (ratio ${ratios.memory.toFixed(2)}), ${micros.redis.toFixed(0)} us from Redis (ratio ${ratios.redis.toFixed(2)})`,
  );
} finally {
  await system.stop();
}
const { importRowsPerSecond, copyRowsPerSecond, ratio } = await measureImport();
console.log(
  `import: ${importRowsPerSecond.toFixed(0)} rows/s, COPY ${copyRowsPerSecond.toFixed(0)} rows/s, ratio ${ratio.toFixed(2)}`,
);
