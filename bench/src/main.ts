import { takeNoArguments } from '@pessoa/service/processes/command-line';
import { measureImport } from './import-against-copy.ts';
import { measureMemory } from './memory.ts';
import { measureRouterCpu } from './router-cpu.ts';
import { measureScoreCache } from './score-cache.ts';
import { startBenchSystem } from './system.ts';

takeNoArguments({
  name: 'npm run bench',
  about: 'Every figure of bench/README.md, measured now; about five minutes.',
  options: {},
});

/** `npm run bench`: every figure of bench/README.md, measured now. Takes about five minutes. */
const system = await startBenchSystem();
try {
  const memory = await measureMemory(system);
  const total = memory.reduce((sum, { pssMib }) => sum + pssMib, 0);
  console.log(`memory of npm start: ${total.toFixed(0)} MiB PSS in ${memory.length} processes`);
  for (const [name, processes] of Map.groupBy(memory, (one) => one.name)) {
    const sum = processes.reduce((all, { pssMib }) => all + pssMib, 0);
    console.log(`  ${sum.toFixed(0).padStart(5)} MiB  ${name}${processes.length > 1 ? ` (${processes.length})` : ''}`);
  }

  const cpu = await measureRouterCpu(system);
  console.log(
    `router: ${cpu.oursMicros.toFixed(0)} us of CPU a request, quick start ${cpu.quickStartMicros.toFixed(0)} us, ratio ${cpu.ratio.toFixed(2)} (data of ${cpu.answerBytes} bytes)`,
  );

  const { micros, ratios } = await measureScoreCache(system);
  console.log(
    `score: ${micros.base.toFixed(0)} us of CPU a request from Base B, ${micros.memory.toFixed(0)} us from memory (ratio ${ratios.memory.toFixed(2)}), ${micros.redis.toFixed(0)} us from Redis (ratio ${ratios.redis.toFixed(2)})`,
  );
} finally {
  await system.stop();
}
const { importRowsASecond, copyRowsASecond, ratio } = await measureImport();
console.log(
  `import: ${importRowsASecond.toFixed(0)} rows/s, COPY ${copyRowsASecond.toFixed(0)} rows/s, ratio ${ratio.toFixed(2)}`,
);
