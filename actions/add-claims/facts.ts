/** Claims look at nothing that conditions cannot ask for as well. */
export { readSignIn as readClaimFacts, type SignInFacts as ClaimFacts } from '../shared/sign-in.ts'
