import { expect, it } from 'vitest'
import * as informer from '../src/index.ts'

it('@kubeclient/informer exports these values', () => {
  expect(Object.keys(informer).toSorted()).toEqual([
    'ConditionTimeoutError',
    'createInformer',
    'hasCondition',
    'isDeleted',
    'isRolledOut',
    'waitForCondition',
  ])
})
