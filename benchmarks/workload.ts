/** What a program does for a workload: one small call, one list of 5 000 pods, one watch of 20 000 events. */
export interface Client {
  readonly get: () => Promise<unknown>
  readonly list: () => Promise<number>
  readonly watch: () => Promise<number>
  readonly close: () => Promise<void>
}

export const workloads = ['first 300', 'sequential', '50 at once', 'list', 'watch'] as const
export type Workload = (typeof workloads)[number]

/** Runs one workload and prints what it took. The first call of a connection is not measured, but for the first 300. */
export async function measure(client: Client): Promise<void> {
  const workload = process.argv[2] as Workload // run.ts passes one of them
  if (workload !== 'first 300') await client.get()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await run(client, workload)
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  const rss = process.resourceUsage().maxRSS / 1024
  await client.close()
  console.log(JSON.stringify({ ms, cpu: (user + system) / 1000, rss }))
}

async function run(client: Client, workload: Workload): Promise<void> {
  switch (workload) {
    case 'first 300':
      return repeat(client, 300)
    case 'sequential':
      return repeat(client, 4000)
    case '50 at once':
      await Promise.all(Array.from({ length: 50 }, () => repeat(client, 120)))
      return
    case 'list':
      if ((await client.list()) !== 5000) throw new Error('not all pods came')
      return
    case 'watch':
      if ((await client.watch()) !== 20_000) throw new Error('not all events came')
  }
}

async function repeat({ get }: Client, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await get()
}
