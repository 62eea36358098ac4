import { ApiError, isKubeError, type KubeResponse, type Middleware, type Transport } from '@kubeclient/core'
import type { AuthInfo, CredentialPlugin } from '@kubeclient/core/spec'

// @ts-expect-error A later generation of plugins.
const v2: CredentialPlugin = { specVersion: 'v2', name: 'x', fromAuthInfo: () => undefined }
// @ts-expect-error Plugins answer at once: what takes time happens in getCredentials.
const late: CredentialPlugin = { specVersion: 'v1', name: 'x', fromAuthInfo: async () => undefined }
// @ts-expect-error Wire names: 'client-key-data'.
const key = (entry: AuthInfo) => entry.clientKeyData
// @ts-expect-error A middleware returns a response.
const forgetful: Middleware = async (request, next) => void (await next(request))
// @ts-expect-error Requests are read-only: pass a changed copy on.
const rude: Middleware = (request, next) => ((request.headers = {}), next(request))
// @ts-expect-error A response can be cancelled, or connections leak.
const leaky: KubeResponse = { status: 200, headers: {}, body: (async function* () {})() }
// @ts-expect-error Transports close.
const open: Transport = { send: () => Promise.reject(new Error()) }

const error: unknown = undefined
// @ts-expect-error A code that does not exist.
isKubeError(error, 'KUBE_NOT_FOUND')
// @ts-expect-error Only ApiErrors have a status.
if (isKubeError(error)) error.status
// @ts-expect-error Not before it is narrowed.
error.code
// @ts-expect-error An ApiError always names its request.
new ApiError('no', { status: 500 })
