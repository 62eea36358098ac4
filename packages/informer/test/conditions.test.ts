import type { KubeObject, Stored } from '@kubeclient/core'
import { describe, expect, it } from 'vitest'
import { hasCondition, isDeleted, isRolledOut } from '../src/index.ts'

const object = (kind: string, rest: object, generation = 2): Stored<KubeObject> => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'web', uid: 'u1', resourceVersion: '7', creationTimestamp: '2030-01-01T00:00:00Z', generation },
  ...rest,
})

describe('hasCondition', () => {
  const ready = (condition: object) => object('Pod', { status: { conditions: [{ type: 'Ready', ...condition }] } })

  it.each([
    [ready({ status: 'True' }), true],
    [ready({ status: 'False' }), false],
    [ready({ status: 'True', observedGeneration: 2 }), true],
    [ready({ status: 'True', observedGeneration: 1 }), false],
    [object('Pod', {}), false],
    [undefined, false],
  ])('%# Ready', (pod, wanted) => {
    expect(hasCondition('Ready')(pod)).toBe(wanted)
  })

  it('takes other types and other values', () => {
    expect(hasCondition('Ready', 'False')(ready({ status: 'False' }))).toBe(true)
    expect(hasCondition('Available')(ready({ status: 'True' }))).toBe(false)
  })
})

describe('isDeleted', () => {
  it('is about one incarnation when its uid is given', () => {
    expect(isDeleted()(undefined)).toBe(true)
    expect(isDeleted()(object('Pod', {}))).toBe(false)
    expect(isDeleted('u1')(object('Pod', {}))).toBe(false)
    expect(isDeleted('u0')(object('Pod', {}))).toBe(true)
  })
})

describe('isRolledOut', () => {
  const whole = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 }

  it.each([
    ['Deployment', { replicas: 3 }, whole, true],
    ['Deployment', { replicas: 3 }, { ...whole, observedGeneration: 1 }, false],
    ['Deployment', { replicas: 3 }, { ...whole, updatedReplicas: 2 }, false],
    ['Deployment', { replicas: 3 }, { ...whole, replicas: 4 }, false],
    ['Deployment', { replicas: 3 }, { ...whole, availableReplicas: 2 }, false],
    ['Deployment', { replicas: 0 }, { observedGeneration: 2 }, true],
    ['Deployment', {}, { observedGeneration: 2 }, false],
    [
      'StatefulSet',
      { replicas: 2 },
      { observedGeneration: 2, readyReplicas: 2, updateRevision: 'b', currentRevision: 'b' },
      true,
    ],
    [
      'StatefulSet',
      { replicas: 2 },
      { observedGeneration: 2, readyReplicas: 2, updateRevision: 'b', currentRevision: 'a' },
      false,
    ],
    [
      'StatefulSet',
      { replicas: 2 },
      { observedGeneration: 2, readyReplicas: 1, updateRevision: 'b', currentRevision: 'b' },
      false,
    ],
    [
      'StatefulSet',
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      { observedGeneration: 2, readyReplicas: 3, updatedReplicas: 1 },
      true,
    ],
    [
      'StatefulSet',
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      { observedGeneration: 2, readyReplicas: 3, updatedReplicas: 0 },
      false,
    ],
    [
      'DaemonSet',
      {},
      { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 },
      true,
    ],
    [
      'DaemonSet',
      {},
      { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 },
      false,
    ],
  ])('%s %j with %j: %s', (kind, spec, status, wanted) => {
    expect(isRolledOut(object(kind, { spec, status }))).toBe(wanted)
  })

  it('is not so of what is not there, gives up on a missed deadline, and on kinds without a rollout', () => {
    const late = { observedGeneration: 2, conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] }
    expect(isRolledOut(undefined)).toBe(false)
    expect(() => isRolledOut(object('Deployment', { status: late }))).toThrow('"web" exceeded its progress deadline')
    expect(() => isRolledOut(object('Pod', { status: { observedGeneration: 2 } }))).toThrow('a Pod has no rollout')
  })
})
