import { assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isKubeError } from '../../src/spec/errors.ts'
import { deleteCollectionRequest } from '../../src/request/delete.ts'
import { formatLabelSelector } from '../../src/request/label-selector.ts'
import { listRequest } from '../../src/request/read.ts'

const place = {
  target: { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true },
  namespace: 'default',
  defaults: { pathPrefix: '', namespace: 'default', headers: {}, fieldManager: 'm' },
}

describe('formatLabelSelector', () => {
  it.each([
    '',
    'app',
    '!app',
    '! app',
    'app=web',
    'app==web',
    'app!=web',
    'app = web , tier != cache',
    'app=',
    'app in (web,api)',
    'app in ( web , api )',
    'app notin (web),tier',
    'app in ()',
    'example.com/app=web',
    'a.b-c_d/e.f-g_h=i.j-k_l',
    'replicas>1',
    'replicas < 10',
    'UPPER=Case9',
  ])('passes %j on as it is', (text) => {
    expect(formatLabelSelector(text)).toBe(text)
  })

  it.each([
    'app=web,',
    ',',
    'a,,b',
    'app in web',
    'app in (web',
    'app web',
    'app=we b',
    'app=-web',
    'app=web.',
    '=web',
    'a/b/c=d',
    '/app',
    'app>web',
    'app=a=b',
    '!app=web',
    'app=web;drop',
    'app=(web)',
    'app in (a b)',
  ])('refuses %j, naming what is wrong with it', (text) => {
    expect(() => formatLabelSelector(text)).toThrow(expect.objectContaining({ code: 'KUBE_INVALID_REQUEST' }))
  })

  it('writes an object as text', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'env', operator: 'NotIn', values: ['prod'] },
      { key: 'team', operator: 'Exists' },
      { key: 'canary', operator: 'DoesNotExist' },
    ]
    expect(formatLabelSelector({ matchLabels: { app: 'web' }, matchExpressions })).toBe(
      'app=web,tier in (a,b),env notin (prod),team,!canary',
    )
    expect(formatLabelSelector({})).toBe('')
  })

  it.each([
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] }, /no values/],
    [{ matchExpressions: [{ key: 'a', operator: 'Near', values: ['b'] }] }, /"Near" is no operator/],
    [{ matchLabels: { 'a,b': 'c' } }, /no key/],
    [{ matchLabels: { a: 'b,c=d' } }, /no value/],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b),c notin (d'] }] }, /no value/],
  ])('refuses %j', (selector, message) => {
    expect(() => formatLabelSelector(selector)).toThrow(message)
  })

  it('answers for any text: accepted as it is, or refused as ours', () => {
    const unit = constantFrom('a', '-', '.', '/', ' ', ',', '(', ')', '=', '!')
    const answers = property(string({ unit, maxLength: 400 }), (text) => {
      try {
        return formatLabelSelector(text) === text || text.trim() === ''
      } catch (error) {
        return isKubeError(error, 'KUBE_INVALID_REQUEST')
      }
    })
    expect(() => assert(answers)).not.toThrow()
  })
})

describe('selectors in requests', () => {
  it('are checked before anything is sent', () => {
    expect(() => listRequest(place, { labelSelector: 'a in b' })).toThrow(/no label selector/)
    expect(listRequest(place, { labelSelector: { matchLabels: { a: 'b' } } }).query).toEqual([['labelSelector', 'a=b']])
  })

  it('that select everything empty no collection', () => {
    expect(() => deleteCollectionRequest(place, { labelSelector: {} })).toThrow(/needs either/)
  })
})
