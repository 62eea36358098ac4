import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { podTable } from '../../../examples/informer/pod-table.ts'
import { pod } from './support/pods.ts'

describe('examples/informer', () => {
  it('prints a table under a line that says how far it can be relied on', () => {
    const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
    const [b, a] = [pod('b', { node: 'n1' }), { ...pod('a-long-name', { node: 'n2' }), status: ready }]
    const lastEventAt = new Date('2030-01-01T00:00:00Z')

    expect(podTable([b, a], { state: 'degraded', restarts: 2, lastEventAt, lastError: new Error('no route') })).toBe(
      `2 pods, degraded, last heard 2030-01-01T00:00:00.000Z, connected again 2 times, no route
NAME         READY  STATUS   NODE
a-long-name  yes    Running  n2
b            no     Unknown  n1`,
    )
  })
})

describe('examples/soak', () => {
  it('finds nothing lost and nothing told twice in three seconds', { timeout: 60_000 }, async () => {
    const main = fileURLToPath(new URL('../../../examples/soak/main.ts', import.meta.url))

    const { stdout } = await promisify(execFile)(process.execPath, [main, '0.05'])

    expect(stdout).toMatch(/\d+ writes, \d+ changes/)
    expect(stdout).toContain('the copy and its subscriber have what the server has')
  })

  it('refuses what is no number of minutes', async () => {
    const main = fileURLToPath(new URL('../../../examples/soak/main.ts', import.meta.url))
    await expect(promisify(execFile)(process.execPath, [main, 'long'])).rejects.toThrow(
      '"long" is no number of minutes',
    )
  })
})
