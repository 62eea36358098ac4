// Measures an informer in fresh processes, interleaved, and prints medians: node informer.ts [--rounds 5] [--only events]
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs, promisify } from 'node:util'

interface Sample {
  readonly ms: number
  readonly cpu: number
  readonly rss: number
  readonly result?: number
}

const workloads = [
  'events by hand',
  'events by watch',
  'events by watch, slow reader',
  'events by informer',
  'events, slow reader',
  '100 000 pods, streamed',
  '100 000 pods, in pages',
  '50 informers',
]

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
})
const program = new URL('programs/informer.ts', import.meta.url).pathname
const server = fork(new URL('informer-server.ts', import.meta.url).pathname)
const [address] = (await once(server, 'message')) as [string] // informer-server.ts says where it is
const samples = new Map(
  workloads.filter((name) => name.includes(options.only)).map((name): [string, Sample[]] => [name, []]),
)
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const workload of round % 2 === 0 ? [...samples.keys()] : [...samples.keys()].toReversed()) {
    const { stdout } = await promisify(execFile)(process.execPath, [program, address, workload])
    samples.get(workload)?.push(JSON.parse(stdout) as Sample) // the program prints one
  }
}
server.disconnect()

console.log(`Node ${process.version}, ${options.rounds} rounds: medians\n`)
console.log('| workload | time | CPU | max RSS | objects, or changes told |')
console.log('| --- | --: | --: | --: | --: |')
for (const [workload, taken] of samples) {
  const of = (key: keyof Sample): number => median(taken.map((sample) => sample[key] ?? 0))
  console.log(
    `| ${workload} | ${of('ms').toFixed(0)} ms | ${of('cpu').toFixed(0)} ms | ${of('rss').toFixed(0)} MB | ${of('result')} |`,
  )
}
console.log()
for (const name of ['events by watch', 'events by informer']) {
  console.log(`${name}: ${rate(name, 'ms')} × the rate of the hand-written loop, ${rate(name, 'cpu')} × by CPU time`)
}

function rate(name: string, key: 'ms' | 'cpu'): string {
  const [byHand, ours] = ['events by hand', name].map((each) =>
    median((samples.get(each) ?? []).map((sample) => sample[key])),
  )
  return ((byHand ?? Number.NaN) / (ours ?? Number.NaN)).toFixed(2)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
