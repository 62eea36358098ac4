/** Why there are no new tokens: goes on where `the OpenID provider https://…` ended. Holds no secret, and never leaves the package. */
export class SignInFailure extends Error {
  override readonly name = 'SignInFailure'
}
