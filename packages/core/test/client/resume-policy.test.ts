import { describe, expect, it } from 'vitest'
import { ApiError, CredentialError, DiscoveryError, ProtocolError, TransportError } from '../../src/index.ts'
import { decide, type Decision, type Ending, type ResumeState } from '../../src/client/resume-policy.ts'

const request = { method: 'GET', url: 'https://api/pods' }
const fresh: ResumeState = { established: false, failures: 0, shortEnds: 0 }
const established: ResumeState = { ...fresh, established: true }
const ending = { opened: true, progressed: false, lastedMs: 5000, version: '7' } as const
const lost = new TransportError('lost', { request })

const answered = (status: number, retryAfterSeconds?: number): ApiError =>
  new ApiError('no', { status, request, retryAfterSeconds })

const refusedBy = (code: string): TransportError =>
  new TransportError('no', { request }, { cause: Object.assign(new Error('no'), { code }) })

function after(before: ResumeState, how: Partial<Ending>, random = 0): Decision {
  return decide(before, { ...ending, ...how }, () => random)
}

/** The delays after a number of equal endings in a row. */
function delays(before: ResumeState, how: Partial<Ending>, count: number, random = 0): unknown[] {
  const found: unknown[] = []
  let state = before
  for (let n = 0; n < count; n += 1) {
    const decision = after(state, how, random)
    found.push(decision.action === 'resume' ? decision.delayMs : decision.action)
    if (decision.action === 'resume') ({ state } = decision)
  }
  return found
}

describe('the delay', () => {
  it('doubles from 0.8 s to 30 s', () => {
    expect(delays(fresh, { error: lost }, 8)).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000])
  })

  it('has as much again by chance', () => {
    expect(delays(fresh, { error: lost }, 7, 0.5)).toEqual([1200, 2400, 4800, 9600, 19_200, 38_400, 45_000])
  })

  it.each([
    ['an event', { progressed: true }],
    ['two minutes', { lastedMs: 120_000 }],
  ])('begins anew after a connection with %s', (_, how) => {
    const failed = { ...established, failures: 5 }
    expect(after(failed, { error: lost, ...how })).toMatchObject({ delayMs: 800, state: { failures: 1 } })
  })

  it('is under a second, by chance, after an end by the server', () => {
    expect(delays(established, {}, 5, 0.25)).toEqual([250, 250, 250, 250, 250])
  })

  it('does not begin anew because the server ends a connection on which nothing came', () => {
    const failed = { ...established, failures: 4 }
    expect(after(failed, {})).toMatchObject({ state: { failures: 4 } })
  })

  it('is what Retry-After says, where that is longer, and a tenth more by chance', () => {
    expect(after(established, { error: answered(429, 5) }, 0.5)).toMatchObject({ delayMs: 5250 })
    expect(after(established, { error: answered(503, 1) }, 0.5)).toMatchObject({ delayMs: 1200 })
  })

  it('is a minute at most, whatever Retry-After says', () => {
    expect(after(established, { error: answered(429, 1e9) })).toMatchObject({ delayMs: 60_000 })
  })
})

describe('what goes on', () => {
  it.each([429, 500, 502, 503, 504])('is a watch after a %d', (status) => {
    expect(after(established, { error: answered(status) }).action).toBe('resume')
  })

  it.each([lost, refusedBy('ECONNREFUSED'), refusedBy('ENOTFOUND'), refusedBy('RESPONSE_TIMEOUT')])(
    'is a watch that was open, after a lost connection: %s',
    (error) => {
      expect(after(established, { error, opened: false }).action).toBe('resume')
      expect(after(fresh, { error, opened: true }).action).toBe('resume')
    },
  )

  it('is a watch that was open when discovery fails', () => {
    const error = new DiscoveryError('no', { groupVersions: [] })
    expect(after(established, { error, opened: false }).action).toBe('resume')
    expect(after(fresh, { error, opened: false }).action).toBe('fail')
  })
})

describe('what ends', () => {
  it.each([400, 401, 403, 404, 405, 409, 410, 422, 501])('is a watch after a %d', (status) => {
    expect(after(established, { error: answered(status), opened: false }).action).toBe('fail')
  })

  it.each([
    new ProtocolError('a line that is no JSON'),
    new CredentialError('no', { provider: 'p' }),
    new TypeError('a mistake of a middleware'),
    refusedBy('CERT_HAS_EXPIRED'),
    refusedBy('DEPTH_ZERO_SELF_SIGNED_CERT'),
    refusedBy('ERR_TLS_CERT_ALTNAME_INVALID'),
  ])('is a watch after what no waiting helps against: %s', (error) => {
    expect(after(established, { error, opened: false }).action).toBe('fail')
  })

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT', 'FETCH_FAILED'])(
    'is a watch that was never open, of a server that is not there: %s',
    (code) => {
      expect(after(fresh, { error: refusedBy(code), opened: false, version: undefined }).action).toBe('fail')
    },
  )

  it.each([
    ['turns it away', answered(503)],
    ['loses it', refusedBy('ECONNRESET')],
  ])('is a watch that was never open, of a server that %s four times', (_, error) => {
    const turnedAway = { error, opened: false, version: undefined }
    expect(delays(fresh, turnedAway, 4)).toEqual([800, 1600, 3200, 'fail'])
    expect(delays(established, turnedAway, 7).at(-1)).toBe(30_000)
  })
})

describe('a server that ends the watch at once, without an event', () => {
  const short = { lastedMs: 999 }

  it('may have forgotten the version, after three in a row', () => {
    expect(delays(established, short, 3)).toEqual([800, 1600, 'expire'])
  })

  it('is asked further where there is no version to have been forgotten', () => {
    expect(delays(established, { ...short, version: undefined }, 7).at(-1)).toBe(30_000)
  })

  it('has not, if something else came between', () => {
    const twice = { established: true, failures: 2, shortEnds: 2 }
    for (const other of [{ progressed: true }, { lastedMs: 1000 }, { error: lost }]) {
      expect(after(twice, { ...short, ...other })).toMatchObject({ action: 'resume', state: { shortEnds: 0 } })
    }
  })
})
