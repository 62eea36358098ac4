/** What a program does for a workload: one small call, one list of few or of 5 000 pods, one watch of 20 000 events. */
export interface Client {
  readonly get: () => Promise<unknown>
  /** The pods of a namespace, and how many came. */
  readonly list: (namespace: 'default' | 'small') => Promise<number>
  readonly watch: () => Promise<number>
  readonly close: () => Promise<unknown> | void
}

export const workloads = [
  'cold start',
  'first 300',
  '100 parallel',
  'sequential',
  '50 at once',
  'list',
  'watch',
] as const
export type Workload = (typeof workloads)[number]

/** Of the workload `watch`. */
export const eventCount = 20_000

/** The handshakes are part of these; of the others, the first call is not measured. */
const cold: ReadonlySet<Workload> = new Set(['cold start', 'first 300', '100 parallel'])

/** Milliseconds, milliseconds and megabytes. */
export interface Sample {
  readonly ms: number
  readonly cpu: number
  readonly rss: number
}

/** Where the server is that run.ts has started. */
export function benchmarkServer(): { readonly server: string; readonly ca: string } {
  return JSON.parse(process.env['BENCHMARK_SERVER'] ?? '') as { server: string; ca: string } // run.ts sets it
}

/** Runs the workload that is named on the command line, and prints what it took. */
export async function measure(client: Client): Promise<void> {
  const workload = process.argv[2] as Workload // run.ts passes one of them
  if (!cold.has(workload)) await client.get()
  // A cold start has begun with the process: the clock and the CPU's both count from there.
  const begun = workload === 'cold start' ? undefined : process.cpuUsage()
  const start = begun === undefined ? 0 : performance.now()
  await run(client, workload)
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(begun)
  const rss = process.resourceUsage().maxRSS / 1024
  await client.close()
  print({ ms, cpu: (user + system) / 1000, rss })
}

export function print(sample: Sample): void {
  console.log(JSON.stringify(sample))
}

async function run(client: Client, workload: Workload): Promise<void> {
  switch (workload) {
    case 'cold start':
      return expectCount(await client.list('small'), 3)
    case 'first 300':
      return repeat(client, 300)
    case '100 parallel':
      return atOnce(client, 100, 1)
    case 'sequential':
      return repeat(client, 4000)
    case '50 at once':
      return atOnce(client, 50, 120)
    case 'list':
      return expectCount(await client.list('default'), 5000)
    case 'watch':
      return expectCount(await client.watch(), eventCount)
  }
}

async function atOnce(client: Client, callers: number, times: number): Promise<void> {
  await Promise.all(Array.from({ length: callers }, () => repeat(client, times)))
}

async function repeat({ get }: Client, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await get()
}

function expectCount(count: number, wanted: number): void {
  if (count !== wanted) throw new Error(`${count} came of ${wanted}`)
}
