import { describe, expect, it } from 'vitest'
import type { KubeResponse, ResponseHeaders } from '../../src/spec/index.ts'
import { isNotFound } from '../../src/spec/index.ts'
import { BufferedBody } from '../../src/transport/buffered-body.ts'
import { readJson, readText, throwUnlessOk } from '../../src/transport/read-response.ts'
import { caught, kubeError, logged } from '../support/caught.ts'

const request = { method: 'GET', url: 'https://k8s.test/api/v1/pods' }
const secret = 'tok-3N-secret'
const context = { request, secrets: [secret] }

function answer(status: number, body: string, headers: ResponseHeaders = {}): KubeResponse {
  return { status, headers, body: new BufferedBody([Buffer.from(body)]), cancel: () => undefined }
}

function failed(more: object): string {
  return JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...more })
}

describe('success', () => {
  it.each([200, 201, 202, 204, 299, 101])('%d is none to throw for', async (code) => {
    await expect(throwUnlessOk(answer(code, ''), context)).resolves.toBeUndefined()
  })

  it('JSON is what JSON.parse makes of it', async () => {
    const value = await readJson<Record<string, unknown>>(answer(200, '{"a":1,"__proto__":{"b":2}}'), context)
    expect(Object.keys(value)).toEqual(['a', '__proto__'])
  })

  it.each([
    ['an empty body', '', {}, 'no content type came: ""'],
    ['HTML', '<html>Sign in</html>', { 'content-type': 'text/html' }, 'text/html came: "<html>Sign in</html>"'],
    ['several content types', 'x', { 'content-type': ['text/a', 'text/b'] }, 'text/a came: "x"'],
  ])('%s is a ProtocolError with a hint', async (_, body, headers, words) => {
    const error = await kubeError('KUBE_PROTOCOL', readJson(answer(200, body, headers), context))
    expect(error.message).toBe(
      `GET https://k8s.test/api/v1/pods: JSON was expected, and ${words} (does \`server\` point at a Kubernetes API server?)`,
    )
  })

  it('JSON that is cut short is not quoted: it may be a Secret', async () => {
    const body = '{"kind":"Secret","data":{"password":"aHVudGVyMg=='
    const error = await kubeError(
      'KUBE_PROTOCOL',
      readJson(answer(200, body, { 'content-type': 'application/json' }), context),
    )
    expect(logged(error)).not.toContain('aHVudGVyMg')
    expect(error.message).toContain('application/json')
  })

  it('a text that is no JSON is quoted for 120 characters, without line breaks and secrets', async () => {
    const error = await kubeError('KUBE_PROTOCOL', readJson(answer(200, `a\nb ${secret} ${'x'.repeat(500)}`), context))
    expect(error.message).toContain(String.raw`a\\nb ***`)
    expect(error.message).not.toContain('x'.repeat(120))
    expect(logged(error)).not.toContain(secret)
  })
})

describe('a Status', () => {
  it('becomes an ApiError with its words and its parts', async () => {
    const details = {
      name: 'web',
      kind: 'pods',
      group: 'g',
      uid: 'u',
      retryAfterSeconds: 3,
      causes: [{ reason: 'FieldValueInvalid', message: 'must be positive', field: 'spec.replicas' }],
    }
    const body = failed({ message: 'pods "web" is invalid', reason: 'Invalid', details, code: 422 })
    const error = await kubeError('KUBE_API', throwUnlessOk({ ...answer(422, body), attempts: 3 }, context))
    expect(error.message).toBe('GET https://k8s.test/api/v1/pods: pods "web" is invalid (422 Invalid)')
    expect(error).toMatchObject({
      status: 422,
      reason: 'Invalid',
      details,
      causes: details.causes,
      attempts: 3,
      request,
    })
    expect(error.retryAfterSeconds).toBe(3)
  })

  it('the HTTP status counts, whatever the code in the body says', async () => {
    const error = await kubeError(
      'KUBE_API',
      throwUnlessOk(answer(404, failed({ reason: 'NotFound', code: 500 })), context),
    )
    expect(isNotFound(error)).toBe(true)
  })

  it('of an expired list carries the token to go on with', async () => {
    const body = failed({ reason: 'Expired', code: 410, metadata: { continue: 'token' } })
    expect(await kubeError('KUBE_API', throwUnlessOk(answer(410, body), context))).toMatchObject({
      continueToken: 'token',
    })
  })

  it('a 401 says what may be wrong', async () => {
    const error = await kubeError('KUBE_API', throwUnlessOk(answer(401, failed({ message: 'Unauthorized' })), context))
    expect(error.message).toContain('the credentials were refused')
  })

  it.each([
    ['parts of other types', { message: 7, reason: {}, details: 'text', metadata: null }],
    ['causes that are no list', { details: { causes: 'text', retryAfterSeconds: 'soon' } }],
    ['causes of other types', { details: { causes: [null, 'text', 7, { field: 1 }] } }],
    ['details nested deeply', { details: { causes: [{ message: 'x' }], more: nested(2000) } }],
  ])('with %s is an ApiError that can be read', async (_, more) => {
    const error = await kubeError('KUBE_API', throwUnlessOk(answer(500, failed(more)), context))
    expect(Array.isArray(error.causes)).toBe(true)
    for (const cause of error.causes) {
      for (const value of Object.values(cause)) expect(typeof value).toBe('string')
    }
    expect(['string', 'undefined']).toContain(typeof error.reason)
    expect(['number', 'undefined']).toContain(typeof error.retryAfterSeconds)
    expect(error.message).toMatch(/500/)
  })

  it('echoes no credential, in no part', async () => {
    const body = failed({
      message: `bad header ${secret}`,
      reason: secret,
      metadata: { continue: secret },
      details: { name: secret, causes: [{ message: `x ${secret}`, field: secret, reason: secret }] },
    })
    const error = await kubeError('KUBE_API', throwUnlessOk(answer(400, body), context))
    expect(error.message).toContain('bad header ***')
    expect(logged(error)).not.toContain(secret)
  })

  it('is masked in words only when a credential is short, as it may be a word of the server', async () => {
    const short = { request, secrets: ['NotFound', 'web'] }
    const details = { name: 'web', kind: 'pods', causes: [{ reason: 'NotFound', message: 'web', field: 'web' }] }
    const body = failed({ message: 'web is not here', reason: 'NotFound', metadata: { continue: 'web' }, details })
    const error = await kubeError('KUBE_API', throwUnlessOk(answer(404, body), short))
    expect(error).toMatchObject({
      message: expect.stringContaining('*** is not here'),
      reason: 'NotFound',
      continueToken: 'web',
      details: { ...details, causes: [{ reason: 'NotFound', message: '***', field: 'web' }] },
    })
  })

  it('cannot forge a line of a log', async () => {
    const error = await kubeError(
      'KUBE_API',
      throwUnlessOk(answer(400, failed({ message: 'a\nERROR b\u2028c\u001b[2J' })), context),
    )
    expect(error.message).toContain(String.raw`a\nERROR b\u2028c\u001b[2J`)
  })
})

function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

describe('an answer that is no Status', () => {
  it.each([
    [
      'priority and fairness',
      429,
      'Too many requests, please try again later.\n',
      '"Too many requests, please try again later." (429)',
    ],
    ["a proxy's page", 502, '<html>\n<h1>Bad</h1></html>', String.raw`"<html>\\n<h1>Bad</h1></html>" (502)`],
    ['an empty body', 500, '', 'the server gave no reason (500)'],
    ['JSON of another kind', 500, '{"error":"x"}', String.raw`"{\"error\":\"x\"}" (500)`],
    ['half a Status', 500, '{"kind":"Status"', String.raw`"{\"kind\":\"Status\"" (500)`],
  ])('of %s is quoted', async (_, code, body, words) => {
    const error = await kubeError('KUBE_API', throwUnlessOk(answer(code, body), context))
    expect(error.message.endsWith(words)).toBe(true)
    expect([error.status, error.reason, error.details, error.causes]).toEqual([code, undefined, undefined, []])
  })

  it('is quoted up to 512 characters, without credentials', async () => {
    const error = await kubeError('KUBE_API', throwUnlessOk(answer(502, `${secret}${'x'.repeat(100_000)}`), context))
    expect(error.message.length).toBeLessThan(700)
    expect(error.message).toContain('***x')
    expect(logged(error)).not.toContain(secret)
  })

  it.each([301, 302, 303, 307, 308])('a redirect that was not followed (%d) is an ApiError', async (code) => {
    const error = await kubeError(
      'KUBE_API',
      throwUnlessOk(answer(code, '', { location: 'https://evil.test/' }), context),
    )
    expect(error.message).toContain(`redirects elsewhere, which is not followed (${code})`)
    expect(logged(error)).not.toContain('evil')
  })

  it('that never ends is read as far as it is quoted, and its connection is freed', async () => {
    let given = 0
    let cancelled = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1
        yield Buffer.alloc(16_384, 'x')
      }
    }
    const response = { status: 500, headers: {}, body: endless(), cancel: () => void (cancelled = true) }
    expect(await caught(throwUnlessOk(response, context))).toMatchObject({ code: 'KUBE_API' })
    expect(given).toBeLessThanOrEqual(5)
    expect(cancelled).toBe(true)
  })
})

describe('headers', () => {
  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': ['7', '8'] }, 7],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j says to wait for %s seconds', async (headers: ResponseHeaders, seconds) => {
    const error = await kubeError('KUBE_API', throwUnlessOk(answer(429, 'no', headers), context))
    expect(error.retryAfterSeconds).toBe(seconds)
  })

  it('of flow control become two fields, and no other header is kept', async () => {
    const headers = {
      'x-kubernetes-pf-flowschema-uid': 'f',
      'x-kubernetes-pf-prioritylevel-uid': 'p',
      'set-cookie': ['session=hush'],
      'audit-id': 'hush',
    }
    const error = await kubeError('KUBE_API', throwUnlessOk(answer(429, 'no', headers), context))
    expect([error.flowSchemaUid, error.priorityLevelUid]).toEqual(['f', 'p'])
    expect(logged(error)).not.toContain('hush')
  })
})

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (const byte of Buffer.from('a😀b')) yield Uint8Array.of(byte)
}

describe('a whole body', () => {
  it('is text also when characters are cut', async () => {
    await expect(readText({ body: chunks(), cancel: () => undefined })).resolves.toBe('a😀b')
  })
  it('is read as far as the limit', async () => {
    expect((await readText({ body: chunks(), cancel: () => undefined }, 2)).length).toBe(2)
  })
})
