/** Keys of AWS, with the names that its SDK gives them. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined
  /** When they end. Tokens that they sign end then, at the latest. */
  readonly expiration?: Date | undefined
}

/** Keys that stay as they are, or a function that is asked for each token. Any provider of the AWS SDK fits. */
export type AwsCredentialSource = AwsCredentials | (() => Promise<AwsCredentials>)
