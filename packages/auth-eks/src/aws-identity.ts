import type { AwsCredentials } from './aws-credentials.ts'

/** As AWS's own types have it: what is absent is not `undefined`. */
export interface AwsIdentity {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

export function awsIdentity({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials): AwsIdentity {
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}
