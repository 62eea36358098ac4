import { explainNoAnswer, explainRefusal } from './explain-answer.ts'
import { fieldsOf } from './fields-of.ts'
import { maskSecrets } from './mask-secrets.ts'
import { quote } from './quote.ts'
import { SignInFailure } from './sign-in-failure.ts'

/** Whose credentials they are. */
export interface Identity {
  /** `the file "/key.json"`. */
  readonly source: string
  /** What gives new ones. */
  readonly remedy: string
}

/** What the library reports, as a sentence that says what to do, without what was sent, and without an answer. */
export function explainFailure(error: unknown, identity: Identity, secrets: readonly (string | undefined)[]): string {
  if (!(error instanceof Error)) return `${identity.source} gave no access token: what was thrown is no Error`
  if (error instanceof SignInFailure) return error.message
  if (wordsOf(error).startsWith('Could not load the default credentials')) return nothingFound
  const { config, response } = fieldsOf(error)
  if (config === undefined) return explainFault(error, identity, secrets)
  const sent = fieldsOf(config)
  return response === undefined
    ? explainNoAnswer(error, sent)
    : explainRefusal(fieldsOf(response), sent, identity.remedy, secrets)
}

const nothingFound =
  'there are no application-default credentials of Google; run "gcloud auth application-default login", or set ' +
  'GOOGLE_APPLICATION_CREDENTIALS to the path of a key; a machine of Google needs a service account'

/** Before anything was asked, or of an answer that is not what it should be. */
function explainFault(error: Error, { source, remedy }: Identity, secrets: readonly (string | undefined)[]): string {
  const { code } = fieldsOf(error)
  const words = wordsOf(error)
  // The words of both quote what they were given.
  if (error instanceof SyntaxError) return `${source} cannot be used: it is no JSON; ${remedy}`
  if (error instanceof TypeError || words === 'Could not refresh access token.')
    return `there is no access token in what Google answered, or something is missing in ${source}; try again, or ${remedy}`
  if (typeof code === 'string' && code.startsWith('ERR_OSSL_'))
    return `the "private_key" of ${source} cannot be read; ${remedy}`
  const fault = words.replace(/^Unable to read the credential file[^:]*: /, '').trim()
  return `${source} cannot be used: ${quote(maskSecrets(fault, secrets))}; ${remedy}`
}

/** What is thrown may have none. */
function wordsOf(error: Error): string {
  const { message }: { message: unknown } = error
  return typeof message === 'string' ? message : 'no words'
}
