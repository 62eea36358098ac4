import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import * as spec from '../../src/spec/index.ts'
import type { AnyKubeError, KubeErrorCode } from '../../src/spec/index.ts'

const request = { method: 'GET', url: 'https://k8s.test/api/v1/pods' }

/** One of each class, by code. */
function oneOfEach({
  ApiError,
  TransportError,
  CredentialError,
  DiscoveryError,
  NoMatchError,
  ConfigError,
  InvalidRequestError,
  WatchExpiredError,
  ProtocolError,
}: typeof spec): Record<KubeErrorCode, AnyKubeError> {
  return {
    KUBE_API: new ApiError('no', { status: 404, request }),
    KUBE_TRANSPORT: new TransportError('no', { request }),
    KUBE_CREDENTIALS: new CredentialError('no', { provider: 'exec' }),
    KUBE_DISCOVERY: new DiscoveryError('no', { groupVersions: ['a/v1'] }),
    KUBE_NO_MATCH: new NoMatchError('no', { ref: 'widgets' }),
    KUBE_CONFIG: new ConfigError('no'),
    KUBE_INVALID_REQUEST: new InvalidRequestError('no'),
    KUBE_WATCH_EXPIRED: new WatchExpiredError('no', { request }),
    KUBE_PROTOCOL: new ProtocolError('no'),
  }
}

const errors = Object.entries(oneOfEach(spec)) as [KubeErrorCode, AnyKubeError][] // entries() widens the keys

describe('every error class', () => {
  it.each(errors)('%s is an Error and a KubeError with its own code and name', (code, error) => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(spec.KubeError)
    expect(error.code).toBe(code)
    expect(error.name).toBe(error.constructor.name)
    expect(error.stack).toContain(`${error.name}: `)
  })

  it.each(errors)('%s is recognised by its code and by no other', (code, error) => {
    expect(spec.isKubeError(error)).toBe(true)
    for (const [other] of errors) expect(spec.isKubeError(error, other)).toBe(other === code)
  })

  it('keeps its cause, and shows no brand', () => {
    const cause = new Error('below')
    const error = new spec.TransportError('no', { request }, { cause })
    expect(error.cause).toBe(cause)
    expect(Object.keys(error).toSorted()).toEqual([
      'attempts',
      'clientClosed',
      'code',
      'maybeApplied',
      'name',
      'request',
    ])
    expect(inspect(error)).not.toContain('Symbol(')
  })
})

describe('copies of the package', () => {
  it.each(errors.map(([code]) => code))('%s of another copy is recognised', async (code) => {
    vi.resetModules()
    const other = await import('../../src/spec/index.ts')
    const error = oneOfEach(other)[code]
    expect(error).not.toBeInstanceOf(spec.KubeError)
    expect(spec.isKubeError(error, code)).toBe(true)
  })

  it('guards of another copy recognise ours', async () => {
    vi.resetModules()
    const other = await import('../../src/spec/index.ts')
    expect(other.isNotFound).not.toBe(spec.isNotFound)
    expect(other.isNotFound(new spec.ApiError('no', { status: 404, request }))).toBe(true)
  })
})

describe('isKubeError', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'KUBE_API'],
    ['an Error', new Error('no')],
    ['an object with a code', { code: 'KUBE_API', status: 404 }],
    ['an Error with a code', Object.assign(new Error('no'), { code: 'KUBE_API', status: 404 })],
    ['a function', () => undefined],
  ])('%s is none', (_, value) => {
    expect(spec.isKubeError(value)).toBe(false)
    expect(spec.isKubeError(value, 'KUBE_API')).toBe(false)
    expect(spec.isNotFound(value)).toBe(false)
  })
})

describe('guards of API errors', () => {
  const api = (status: number, reason?: string): spec.ApiError => new spec.ApiError('no', { status, reason, request })
  const guards = {
    isNotFound: spec.isNotFound,
    isAlreadyExists: spec.isAlreadyExists,
    isConflict: spec.isConflict,
    isForbidden: spec.isForbidden,
    isUnauthorized: spec.isUnauthorized,
    isExpired: spec.isExpired,
    isTooManyRequests: spec.isTooManyRequests,
  }
  it.each([
    ['isNotFound', api(404, 'NotFound')],
    ['isNotFound', api(404)],
    ['isAlreadyExists', api(409, 'AlreadyExists')],
    ['isConflict', api(409, 'Conflict')],
    ['isConflict', api(409)],
    ['isForbidden', api(403, 'Forbidden')],
    ['isUnauthorized', api(401)],
    ['isExpired', api(410, 'Expired')],
    ['isExpired', api(410, 'Gone')],
    ['isExpired', new spec.WatchExpiredError('no', { request })],
    ['isTooManyRequests', api(429)],
  ])('only %s is true of %s', (name, error) => {
    const matching = Object.entries(guards).flatMap(([guard, is]) => (is(error) ? [guard] : []))
    expect(matching).toEqual([name])
  })

  it.each([api(400), api(500), new spec.TransportError('no', { request }), { status: 404 }])(
    'none is true of %s',
    (error) => {
      expect(Object.values(guards).filter((is) => is(error))).toEqual([])
    },
  )
})

describe('isStatus', () => {
  it.each([
    [true, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }],
    [false, { kind: 'Status', apiVersion: 'v2' }],
    [false, { kind: 'Pod', apiVersion: 'v1' }],
    [false, { kind: 'Status' }],
    [false, { status: 'Failure' }],
    [false, null],
    [false, undefined],
    [false, 'Status'],
    [false, []],
  ])('is %s of %j', (is, value) => {
    expect(spec.isStatus(value)).toBe(is)
  })
})

describe('messages', () => {
  it.each([
    new spec.ApiError('pods "x" not found (404 NotFound)', { status: 404, request }),
    new spec.TransportError('the connection was reset', { request }),
    new spec.WatchExpiredError('list again', { request }),
  ])('begin with what was attempted and where: %s', (error) => {
    expect(error.message).toMatch(/^GET https:\/\/k8s\.test\/api\/v1\/pods: ./)
  })

  it('an ApiError has empty causes and one attempt unless told otherwise', () => {
    const error = new spec.ApiError('no', { status: 500, request })
    expect(error.causes).toEqual([])
    expect(error.attempts).toBe(1)
  })

  it('a TransportError does not suggest that a write was applied unless told so', () => {
    expect(new spec.TransportError('no', { request }).maybeApplied).toBe(false)
    expect(new spec.TransportError('no', { request, maybeApplied: true }).maybeApplied).toBe(true)
  })
})
