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
