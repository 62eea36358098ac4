import { describe, expect, it } from 'vitest'
import { applyObject, type ApplyRequest } from '../../src/api-server/apply.ts'
import type { JsonObject, ManagedFields } from '../../src/api-server/json.ts'
import { ownershipAfterUpdate, type Writer } from '../../src/api-server/managed-fields.ts'
import { StatusFailure } from '../../src/api-server/status-failure.ts'

const rules = { custom: false }

function writer(manager: string, operation: 'Apply' | 'Update' = 'Apply'): Writer {
  return { manager, operation, apiVersion: 'v1', time: '2026-01-01T00:00:00Z' }
}

function apply(
  state: { object: JsonObject; managedFields: readonly ManagedFields[] },
  manager: string,
  applied: JsonObject,
  force = false,
) {
  const request: ApplyRequest = {
    live: state.object,
    managedFields: state.managedFields,
    applied,
    writer: writer(manager),
    force,
    rules,
  }
  return applyObject(request)
}

const nothing = { object: {}, managedFields: [] }

function fieldsOf(managed: readonly ManagedFields[], manager: string): unknown {
  return managed.find((entry) => entry.manager === manager)?.fieldsV1
}

describe('applyObject', () => {
  it('owns the fields that it sets', () => {
    const { object, managedFields } = apply(nothing, 'a', { metadata: { name: 'x' }, data: { one: '1' } })

    expect(object).toEqual({ metadata: { name: 'x' }, data: { one: '1' } })
    expect(fieldsOf(managedFields, 'a')).toEqual({ 'f:data': { 'f:one': {} } })
  })

  it('removes what the manager no longer applies and nobody else owns', () => {
    const both = apply(apply(nothing, 'a', { data: { one: '1', two: '2' } }), 'b', { data: { two: '2' } })

    const { object, managedFields } = apply(both, 'a', {})

    expect(object).toEqual({ data: { two: '2' } })
    expect(fieldsOf(managedFields, 'a')).toBeUndefined()
  })

  it('shares a field that two managers set to the same value', () => {
    const { managedFields } = apply(apply(nothing, 'a', { data: { one: '1' } }), 'b', { data: { one: '1' } })

    // Whose apply changed nothing has no time, and comes first.
    expect(managedFields.map(({ manager, time }) => [manager, time])).toEqual([
      ['b', undefined],
      ['a', '2026-01-01T00:00:00Z'],
    ])
  })

  it('refuses to change a field of another manager, and names both', () => {
    const state = apply(nothing, 'a', { data: { one: '1' } })

    const error = caught(() => apply(state, 'b', { data: { one: '2' } }))

    expect(error.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "a": .data.one',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.data.one' }] },
    })
  })

  it('lists several conflicts under the manager, and its version for an update', () => {
    const object = { data: { one: '1', two: '2' } }
    const managedFields = ownershipAfterUpdate([], {}, object, writer('u', 'Update'), rules)

    const error = caught(() => apply({ object, managedFields }, 'b', { data: { one: '3', two: '4' } }))

    expect(error.message).toBe('Apply failed with 2 conflicts: conflicts with "u" using v1:\n- .data.one\n- .data.two')
  })

  it('takes the field from its manager with force', () => {
    const state = apply(nothing, 'a', { data: { one: '1', two: '2' } })

    const { object, managedFields } = apply(state, 'b', { data: { one: '3' } }, true)

    expect(object).toEqual({ data: { one: '3', two: '2' } })
    expect(fieldsOf(managedFields, 'a')).toEqual({ 'f:data': { 'f:two': {} } })
    expect(fieldsOf(managedFields, 'b')).toEqual({ 'f:data': { 'f:one': {} } })
  })

  it('replaces a list as a whole', () => {
    const state = apply(nothing, 'a', { spec: { args: ['a', 'b'] } })

    expect(apply(state, 'a', { spec: { args: ['c'] } }).object).toEqual({ spec: { args: ['c'] } })
  })

  it('adds finalizers to those that are there', () => {
    const state = apply(nothing, 'a', { metadata: { finalizers: ['a/x'] } })

    const two = apply(state, 'b', { metadata: { finalizers: ['b/y'] } })

    expect(two.object).toEqual({ metadata: { finalizers: ['a/x', 'b/y'] } })
    expect(apply(two, 'a', {}).object).toEqual({ metadata: { finalizers: ['b/y'] } })
  })

  it('keeps the time of an entry that did not change', () => {
    const state = apply(nothing, 'a', { data: { one: '1' } })

    const again = applyObject({
      live: state.object,
      managedFields: state.managedFields,
      applied: { data: { one: '1' } },
      writer: { ...writer('a'), time: '2027-01-01T00:00:00Z' },
      force: false,
      rules,
    })

    expect(again.managedFields).toEqual(state.managedFields)
  })
})

describe('ownershipAfterUpdate', () => {
  it('gives a changed field to who changed it', () => {
    const before = { data: { one: '1', two: '2' } }
    const owned = ownershipAfterUpdate([], {}, before, writer('a', 'Update'), rules)

    const after = ownershipAfterUpdate(owned, before, { data: { one: '9', two: '2' } }, writer('b', 'Update'), rules)

    expect(fieldsOf(after, 'a')).toEqual({ 'f:data': { '.': {}, 'f:two': {} } })
    expect(fieldsOf(after, 'b')).toEqual({ 'f:data': { 'f:one': {} } })
  })

  it('forgets fields that are gone, and managers without any', () => {
    const before = { data: { one: '1' } }
    const owned = ownershipAfterUpdate([], {}, before, writer('a', 'Update'), rules)

    expect(ownershipAfterUpdate(owned, before, {}, writer('b', 'Update'), rules)).toEqual([])
  })

  it('owns every object of a custom resource on the way to a field', () => {
    const owned = ownershipAfterUpdate([], {}, { spec: { size: 1 } }, writer('a', 'Update'), { custom: true })

    expect(fieldsOf(owned, 'a')).toEqual({ 'f:spec': { '.': {}, 'f:size': {} } })
  })
})

function caught(run: () => unknown): StatusFailure {
  try {
    run()
  } catch (error) {
    if (error instanceof StatusFailure) return error
  }
  throw new Error('nothing was refused')
}
