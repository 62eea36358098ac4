import { describe, expect, it } from 'vitest'
import { headerFields } from '../../src/request/header-fields.ts'
import { kubeError, logged } from '../support/caught.ts'

describe('headers of the caller', () => {
  it('have names in lower case', () => {
    expect(headerFields({ 'X-A': '1', 'impersonate-Extra-B': '' })).toEqual({ 'x-a': '1', 'impersonate-extra-b': '' })
    expect(headerFields(undefined)).toEqual({})
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a name that is none', { 'a b': '1' }, '"a b" is no name of a header'],
    ['a line break', { 'x-a': 'hush-3N\r\nx-b: 1' }, 'the value of the header "x-a" cannot be sent'],
    ['what is no text', { 'x-a': 1 }, 'the value of the header "x-a" cannot be sent'],
    // Servers drop them: it would arrive as another value.
    ['a blank in front', { 'x-a': ' hush-3N' }, 'the value of the header "x-a" cannot be sent'],
    ['a tab at the end', { 'x-a': 'hush-3N\t' }, 'the value of the header "x-a" cannot be sent'],
    ['one name twice', { 'X-A': 'hush-3N', 'x-a': '2' }, 'the header "x-a" is given twice'],
    // The server would take the request for one of the caller's own.
    ['an empty user to impersonate', { 'Impersonate-User': '' }, 'the header "impersonate-user" is empty'],
    ['an empty uid to impersonate', { 'impersonate-uid': '' }, 'the header "impersonate-uid" is empty'],
    ['an empty group to impersonate', { 'impersonate-group': '' }, 'the header "impersonate-group" is empty'],
  ])('are refused with %s', async (_, headers, message) => {
    const given = headers as Record<string, string> // what a program without types can pass
    const error = await kubeError('KUBE_INVALID_REQUEST', () => headerFields(given))
    expect(error.message).toContain(message)
    expect(logged(error)).not.toContain('hush-3N')
  })
})
