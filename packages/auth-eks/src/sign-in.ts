import type { CredentialContext, Credentials } from '@kubeclient/core/spec'
import { abortable } from './abortable.ts'
import { checkClock } from './check-clock.ts'
import { presignToken } from './presign-token.ts'
import { type CredentialPlan, type Fail, resolveCredentials } from './resolve-credentials.ts'
import type { StsEndpoint } from './sts-endpoint.ts'

/** A cluster takes a token for 15 minutes after it was signed; AWS's tools count on one less, and so is done here. */
const lifetimeMs = 14 * 60_000

export interface SignInPlan extends CredentialPlan {
  readonly clusterName: string
  readonly endpoint: StsEndpoint
}

/** A new token each time: when to ask is the client's business. */
export async function signIn(plan: SignInPlan, context: CredentialContext, fail: Fail): Promise<Credentials> {
  const { clusterName, endpoint } = plan
  const { signal, reason, now } = context
  signal.throwIfAborted()
  if (reason === 'refused') await checkClock(endpoint.host, context, fail)
  const credentials = await abortable(resolveCredentials(plan, { now, fail }), signal)
  const signedAt = now()
  const token = await presignToken({ clusterName, endpoint, credentials, signedAt: new Date(signedAt) })
  const endOfKeys = credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY
  return { token, expiresAt: new Date(Math.min(signedAt + lifetimeMs, endOfKeys)) }
}
