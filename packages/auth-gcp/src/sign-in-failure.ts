/** Why there is no token, in a sentence that holds no secret. Never leaves the package. */
export class SignInFailure extends Error {
  override readonly name = 'SignInFailure'
}
