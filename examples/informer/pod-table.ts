import type { KubeObject, Stored } from '@kubeclient/core'
import type { InformerHealth } from '@kubeclient/informer'

/** What the table shows of one. */
export interface Pod extends KubeObject {
  spec?: { nodeName?: string }
  status?: { phase?: string; conditions?: { type: string; status: string }[] }
}

/** Rows by name, under a line that says how far the copy can be relied on. */
export function podTable(
  pods: readonly Stored<Pod>[],
  { state, restarts, lastEventAt, lastError }: InformerHealth,
): string {
  const rows = pods.map(rowOf).toSorted(([a = ''], [b = '']) => a.localeCompare(b))
  const heard = lastEventAt === undefined ? 'nothing heard yet' : `last heard ${lastEventAt.toISOString()}`
  const trouble = state === 'degraded' ? `, ${lastError?.message}` : ''
  return [
    `${pods.length} pods, ${state}, ${heard}, connected again ${restarts} times${trouble}`,
    ...aligned([['NAME', 'READY', 'STATUS', 'NODE'], ...rows]),
  ].join('\n')
}

function rowOf({ metadata, spec, status }: Stored<Pod>): string[] {
  const isReady = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true
  const phase = metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Unknown') : 'Terminating'
  return [metadata.name, isReady ? 'yes' : 'no', phase, spec?.nodeName ?? '<none>']
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
