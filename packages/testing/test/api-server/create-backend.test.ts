import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createBackend } from '../../src/api-server/create-backend.ts'

/** What has run of three tasks, of which the second is asked for by the first. */
async function ranAfter(stopAfter: number): Promise<readonly string[]> {
  const backend = createBackend({ now: () => new Date(0) })
  const ran: string[] = []
  backend.soon(() => {
    ran.push('first')
    backend.soon(() => ran.push('second'))
  })
  backend.soon(() => ran.push('third'))
  for (let turns = 0; turns < 5; turns += 1) {
    if (turns === stopAfter) backend.stop()
    await turn()
  }
  return ran
}

describe('a task for soon', () => {
  it('runs after what is running, in its order', async () => {
    expect(await ranAfter(Number.POSITIVE_INFINITY)).toEqual(['first', 'third', 'second'])
  })

  it('does not run once the server has stopped', async () => {
    expect(await ranAfter(0)).toEqual([])
  })

  it('does not run when an earlier one has asked for it and the server has stopped since', async () => {
    expect(await ranAfter(1)).toEqual(['first', 'third'])
  })
})
