import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import type { AwsCredentials } from '../../src/index.ts'

export interface FakeSts {
  readonly url: string
  /** What was asked, in order: the form, and the id of the key that signed it. */
  readonly requests: readonly Readonly<Record<string, string>>[]
}

/** AWS's Security Token Service, as far as AssumeRole goes: gives these keys, or says why not. */
export async function startFakeSts(answer: AwsCredentials | { readonly refusal: string }): Promise<FakeSts> {
  const requests: Record<string, string>[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const [, signedBy = ''] = /Credential=(\w+)\//.exec(request.headers.authorization ?? '') ?? []
      requests.push({ ...Object.fromEntries(new URLSearchParams(body)), signedBy })
      response.writeHead('refusal' in answer ? 403 : 200, { 'content-type': 'text/xml' })
      response.end('refusal' in answer ? refused(answer.refusal) : assumed(answer))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => server.close().closeAllConnections())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, requests }
}

function assumed({ accessKeyId, secretAccessKey, sessionToken, expiration }: AwsCredentials): string {
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser>
    <AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/x/x</Arn></AssumedRoleUser>
    <Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>
    <SessionToken>${sessionToken}</SessionToken><Expiration>${expiration?.toISOString()}</Expiration></Credentials>
    </AssumeRoleResult></AssumeRoleResponse>`
}

function refused(message: string): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
    <Code>AccessDenied</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`
}
