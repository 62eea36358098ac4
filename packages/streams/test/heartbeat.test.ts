import { createClient } from '@kubeclient/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exec } from '../src/index.ts'
import { Heartbeat } from '../src/websocket/heartbeat.ts'
import { finish, type KubeletServer, onChannel, startKubeletServer } from './support/kubelet-server.ts'

const second = 1000

describe('Heartbeat', () => {
  let state: { pings: number; deaths: number; isSending: boolean; isListening: boolean }
  let heartbeat: Heartbeat

  beforeEach(() => {
    vi.useFakeTimers()
    state = { pings: 0, deaths: 0, isSending: false, isListening: true }
    heartbeat = new Heartbeat({
      ping: () => void (state.pings += 1),
      dead: () => void (state.deaths += 1),
      isSending: () => state.isSending,
      isListening: () => state.isListening,
    })
  })
  afterEach(() => {
    heartbeat.stop()
    vi.useRealTimers()
  })

  it('asks every 30 s, and gives up after 90 s without a word, once', () => {
    vi.advanceTimersByTime(600 * second)

    expect(state).toMatchObject({ pings: 2, deaths: 1 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lives as long as anything comes', () => {
    for (let n = 0; n < 20; n += 1) {
      vi.advanceTimersByTime(80 * second)
      heartbeat.heard()
    }

    expect(state.deaths).toBe(0)
  })

  it('neither asks nor gives up while our own bytes wait, and counts anew afterwards', () => {
    state.isSending = true
    vi.advanceTimersByTime(600 * second)
    expect(state).toMatchObject({ pings: 0, deaths: 0 })

    state.isSending = false
    vi.advanceTimersByTime(60 * second)
    expect(state.deaths).toBe(0)
    vi.advanceTimersByTime(60 * second)
    expect(state.deaths).toBe(1)
  })

  it('goes on asking, and does not give up, while nobody reads', () => {
    state.isListening = false
    vi.advanceTimersByTime(600 * second)

    expect(state).toMatchObject({ pings: 20, deaths: 0 })
  })

  it('leaves no timer', () => {
    heartbeat.stop()

    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a session whose server does not answer pings', () => {
  let server: KubeletServer

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    server = await startKubeletServer({ answersPings: false })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await server.left()
    await server.stop()
  })

  it('is lost after 90 s', async () => {
    const client = createClient({ server: server.url })
    server.onSession(({ ws }) => ws.send(onChannel(1, 'x')))

    let passing: Promise<void> | undefined
    const stdout = (): void => void (passing = tenMinutes())

    await expect(exec(client, 'p', { command: ['x'], stdout })).rejects.toMatchObject({
      code: 'KUBE_TRANSPORT',
      maybeApplied: true,
    })
    await passing
    await client.close()
  })

  it('is not lost while our own sink is slow', async () => {
    const client = createClient({ server: server.url })
    server.onSession((session) => {
      session.ws.send(onChannel(1, new Uint8Array(2_000_000)))
      finish(session)
    })
    await expect(exec(client, 'p', { command: ['x'], stdout: tenMinutes })).resolves.toMatchObject({ exitCode: 0 })
    await client.close()
  })
})

async function tenMinutes(): Promise<void> {
  for (let n = 0; n < 20; n += 1) {
    vi.advanceTimersByTime(30 * second)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
