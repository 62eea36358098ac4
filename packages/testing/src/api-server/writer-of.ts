import { timestamp, type Backend } from './backend.ts'
import type { Writer } from './managed-fields.ts'
import type { Target } from './resolve-target.ts'
import { apiVersionOf } from './resource-type.ts'
import { contentTypeOf, managerOf, type ServedRequest } from './served-request.ts'

export function writerOf({ now }: Backend, { type, subresource }: Target, request: ServedRequest): Writer {
  return {
    manager: managerOf(request),
    operation: contentTypeOf(request) === 'application/apply-patch+yaml' ? 'Apply' : 'Update',
    apiVersion: apiVersionOf(type),
    subresource: subresource?.name,
    time: timestamp(now()),
  }
}
