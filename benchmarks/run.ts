// Measures each program against the floor in fresh processes, interleaved, and prints medians as ratios.
// node run.ts [rounds]
import { execFile, fork } from 'node:child_process'
import { promisify } from 'node:util'
import { workloads } from './workload.ts'

interface Sample {
  ms: number
  cpu: number
  rss: number
}

const floor = 'undici-request'
const programs = [floor, 'kubeclient']
const rounds = Number(process.argv[2] ?? 7)
const run = promisify(execFile)
const path = (file: string): string => new URL(file, import.meta.url).pathname

const server = fork(path('server.ts'), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
const description = await new Promise<string>((resolve) => {
  server.stdout?.once('data', (line: Buffer) => resolve(line.toString()))
})

async function sample(program: string, workload: string): Promise<Sample> {
  const env = { ...process.env, BENCHMARK_SERVER: description }
  const { stdout } = await run(process.execPath, [path(`programs/${program}.ts`), workload], { env })
  return JSON.parse(stdout) as Sample // the program is ours
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const cell = (value: number, unit: string): string => `${value.toFixed(value < 10 ? 2 : 0)}${unit}`.padStart(9)

console.log(`Node ${process.version}, ${rounds} rounds, medians; × is the ratio to ${floor}\n`)
console.log('workload     program              time        ×      CPU        ×      RSS        ×')
for (const workload of workloads) {
  const samples = new Map(programs.map((program): [string, Sample[]] => [program, []]))
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? programs : programs.toReversed()
    for (const program of order) samples.get(program)?.push(await sample(program, workload))
  }
  const of = (program: string, key: keyof Sample): number =>
    median((samples.get(program) ?? []).map((entry) => entry[key]))
  const columns = [
    ['ms', ' ms'],
    ['cpu', ' ms'],
    ['rss', ' MB'],
  ] as const
  for (const program of programs) {
    const cells = columns.map(
      ([key, unit]) => cell(of(program, key), unit) + (of(program, key) / of(floor, key)).toFixed(2).padStart(8),
    )
    console.log(`${workload.padEnd(13)}${program.padEnd(16)}${cells.join('')}`)
  }
}
server.disconnect()
