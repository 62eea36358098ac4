// Measures each program against the floor in fresh processes, interleaved, and prints medians as ratios.
// node run.ts [--rounds 7] [--workload list] [--with-client-node]; npm fetches what is compared
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import type { Bundled } from './bundle.ts'
import { install, pack } from './install.ts'
import { type Sample, type Workload, workloads } from './workload.ts'

type Program = readonly [name: string, file: string]
interface Measured extends Sample {
  readonly connections: number
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    workload: { type: 'string' },
    'with-client-node': { type: 'boolean', default: false },
  },
})
const here = (file: string): string => join(import.meta.dirname, file)
const folder = await mkdtemp(join(tmpdir(), 'kubeclient-benchmark-'))
process.once('exit', () => rmSync(folder, { recursive: true }))
const runFile = promisify(execFile)
const names = ['undici-request', 'undici-dispatch', 'node-https', 'kubeclient', 'kubeclient-lite']
// Of the packages as they would be published: from sources in TypeScript, a cold start would be another.
const ours = await install(folder, ...(await pack(folder, 'core', 'kubeconfig')))
await copyPrograms(ours.folder)
const programs = names.map((name): Program => [name, join(ours.folder, 'programs', `${name}.ts`)])
const clientNode = options['with-client-node'] ? await install(folder, '@kubernetes/client-node@2.0.1') : undefined
if (clientNode !== undefined) programs.push(['client-node', await writeClientNodeProgram(clientNode.folder)])

const server = fork(here('server.ts'), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
const [description] = (await once(server.stdout ?? server, 'data')) as [Buffer] // one line of JSON

const load = loadavg()[0]?.toFixed(1)
console.log(`Node ${process.version}, ${options.rounds} rounds, load ${load}: medians; × is the ratio to the first\n`)
printRow(['workload', 'program', 'time', '×', 'CPU', '×', 'max RSS', '×', 'connections'])
printRow(['---', '---', '--:', '--:', '--:', '--:', '--:', '--:', '--:'])
for (const workload of workloads.filter((name) => name === (options.workload ?? name))) {
  if (workload === 'cold start') await compareColdStarts()
  else await compare(workload, workload, programs)
}
if (options.workload === undefined) await compareSizes()
server.disconnect()

async function compareColdStarts(): Promise<void> {
  const nothing: Program = ['(an empty program)', here('programs/nothing.ts')]
  await compare('cold start', 'cold start', [...programs, nothing])
  const bundled = await bundles()
  await compare(
    '… bundled',
    'cold start',
    bundled.map(([name, { file }]) => [name, file]),
  )
}

async function compare(title: string, workload: Workload, contenders: readonly Program[]): Promise<void> {
  const samples = new Map(contenders.map(([name]): [string, Measured[]] => [name, []]))
  for (let round = 0; round < Number(options.rounds); round += 1) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed()
    for (const [name, file] of order) samples.get(name)?.push(await sample(file, workload))
  }
  const of = (name: string, key: keyof Measured): number => median((samples.get(name) ?? []).map((each) => each[key]))
  const [first = ''] = samples.keys()
  for (const name of samples.keys()) {
    const cells = (['ms', 'cpu', 'rss'] as const).flatMap((key) => [
      `${rounded(of(name, key))} ${key === 'rss' ? 'MB' : 'ms'}`,
      (of(name, key) / of(first, key)).toFixed(2),
    ])
    printRow([title, name, ...cells, String(of(name, 'connections'))])
  }
}

async function sample(file: string, workload: Workload): Promise<Measured> {
  const env = { ...process.env, BENCHMARK_SERVER: description.toString() }
  const { stdout } = await runFile(process.execPath, [file, workload], { env })
  return { ...(JSON.parse(stdout) as Sample), connections: await takeConnections(server) } // the program is ours
}

async function takeConnections(of: ChildProcess): Promise<number> {
  const answer = once(of, 'message')
  of.send('connections')
  const [count] = (await answer) as [number] // server.ts answers so
  return count
}

async function compareSizes(): Promise<void> {
  console.log('\nThe programs above with all that they import, minified:\n')
  printRow(['bundle', 'at the start', 'later, if at all', 'gzip of both'])
  printRow(['---', '--:', '--:', '--:'])
  for (const [name, { entry, later, gzip }] of await bundles()) {
    printRow([name, ...[entry, later, gzip].map((size) => `${rounded(size / 1024)} KiB`)])
  }
  console.log('\n`npm install` into an empty folder:\n')
  printRow(['install', 'packages', 'size of files'])
  printRow(['---', '--:', '--:'])
  for (const [name, installed] of Object.entries({ 'core + kubeconfig': ours, 'client-node': clientNode })) {
    if (installed !== undefined) printRow([name, String(installed.packages), `${rounded(installed.bytes / 1e6)} MB`])
  }
}

async function bundles(): Promise<(readonly [name: string, bundled: Bundled])[]> {
  return Promise.all(
    programs.map(async ([name, file]) => {
      const { stdout } = await runFile(process.execPath, [here('bundle.ts'), file, join(folder, name)])
      return [name, JSON.parse(stdout) as Bundled] as const // bundle.ts prints one
    }),
  )
}

/** To where the packages are installed that they import. */
async function copyPrograms(into: string): Promise<void> {
  for (const file of ['workload.ts', 'count-events.ts', 'kubeclient-program.ts', 'programs']) {
    await cp(here(file), join(into, file), { recursive: true })
  }
}

async function writeClientNodeProgram(into: string): Promise<string> {
  await copyPrograms(into)
  const file = join(into, 'client-node.ts')
  await writeFile(
    file,
    `import { CoreV1Api, KubeConfig, Watch } from '@kubernetes/client-node'
import { measureClientNode } from './programs/client-node.ts'
await measureClientNode({ CoreV1Api, KubeConfig, Watch })
`,
  )
  return file
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function rounded(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0)
}

function printRow(cells: readonly string[]): void {
  const widths = [17, 18]
  console.log(`| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 8)).join(' | ')} |`)
}
