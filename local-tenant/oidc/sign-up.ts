/** Sign-up: the page, and the endpoint that Lock and auth0-js call. */
import { addDatabaseUser } from '../database-users.ts'
import { areStrings, isObject, isString, omit, unknownKey } from '../json.ts'
import { findClient, findConnection, findOwn } from '../lookup.ts'
import { mailTicket } from '../tickets.ts'
import type { Connection, User } from '../store.ts'
import type { OidcAnswer, OidcHandler, OidcRequest } from './answer.ts'
import { allowsSignUp, loginPage, readLogin } from './login-pages.ts'
import { parseParameters } from './parameters.ts'
import { finishLogin } from './sign-in.ts'

const EMAIL = /^[^@\s]{1,64}@[^@\s]+$/

/** `GET /u/signup` */
export const showSignUp: OidcHandler = (request) => {
  const login = readLogin(request)
  if ('status' in login) return login
  return loginPage(login, login.transaction.request.loginHint, '', 'signup')
}

/** `POST /u/signup` */
export const acceptSignUp: OidcHandler = (request) => {
  const login = readLogin(request)
  if ('status' in login) return login
  const { context, body } = request
  const { email = '', password = '' } = parseParameters(body).values
  const database = login.connections.find(allowsSignUp)
  const user = database && signUp(request, database, { email, password })
  if (database === undefined || user === undefined) {
    return loginPage(login, email, 'This address or password cannot be used.', 'signup')
  }
  context.transactions.closeLogin(login.state)
  return finishLogin(request, login.transaction, user, database)
}

/**
 * `POST /dbconnections/signup`. As at Auth0 the answer does not say whether the address is taken.
 * https://auth0.com/docs/libraries/custom-signup
 */
export const signUpByApi: OidcHandler = (request) => {
  const { state } = request.context.store
  const { body } = request
  const problem = findBodyProblem(body)
  if (!isObject(body) || problem !== undefined) return refuse('invalid_body', problem ?? '')
  const client = findClient(state, isString(body['client_id']) ? body['client_id'] : undefined)
  const connection = findConnection(state, String(body['connection']))
  const mayUse =
    client !== undefined && connection?.enabled_clients.includes(client.client_id) === true
  if (!mayUse || !allowsSignUp(connection)) return INVALID_SIGN_UP
  const user = signUp(request, connection, body)
  if (user === undefined) return INVALID_SIGN_UP
  const { email, email_verified, user_metadata } = user
  const shown = SIGN_UP_ATTRIBUTES.flatMap((name) => (name in body ? [[name, user[name]]] : []))
  return {
    status: 200,
    body: {
      _id: user.identities[0]?.user_id,
      email_verified,
      email,
      ...(Object.fromEntries(shown) as object),
      ...(user_metadata !== undefined && { user_metadata }),
    },
  }
}

const SIGN_UP_ATTRIBUTES = ['username', 'given_name', 'family_name', 'name', 'nickname', 'picture']

const KNOWN = [
  ...SIGN_UP_ATTRIBUTES,
  'client_id',
  'connection',
  'email',
  'password',
  'user_metadata',
]

/** Lock sends these too. */
const IGNORED = ['_csrf', '_intstate', 'auth0Client', 'state', 'tenant']

const findBodyProblem = (body: unknown): string | undefined => {
  if (!isObject(body)) return 'Expected type object'
  const unknown = unknownKey(body, [...KNOWN, ...IGNORED])
  if (unknown !== undefined) return `Additional properties not allowed: ${unknown}`
  const { user_metadata: fields = {} } = body
  const others = Object.values(omit(body, 'user_metadata'))
  if (!areStrings(others)) return 'Expected strings'
  const isGood =
    isObject(fields) &&
    Object.keys(fields).length <= 10 &&
    Object.entries(fields).every(([key, value]) => key.length < 100 && isString(value, 0, 499))
  return isGood ? undefined : 'Expected at most 10 short strings in user_metadata'
}

/** Makes the user and mails the link that verifies the address. */
const signUp = (
  { context }: OidcRequest,
  connection: Connection,
  sent: Record<string, unknown>,
): User | undefined => {
  const { email, password, user_metadata } = sent
  if (!isString(email, 3, 254) || !EMAIL.test(email) || !isString(password, 1, 1024))
    return undefined
  const user = addDatabaseUser(context, connection, {
    email: email.toLowerCase(),
    password,
    attributes: Object.fromEntries(
      SIGN_UP_ATTRIBUTES.flatMap((name) => {
        const value = findOwn(sent, name)
        return value === undefined ? [] : [[name, value]]
      }),
    ),
    metadata: user_metadata === undefined ? {} : { user_metadata },
  })
  if (user !== undefined) {
    mailTicket(context, { kind: 'verify', user_id: user.user_id, email: email.toLowerCase() })
  }
  return user
}

const refuse = (code: string, description: string): OidcAnswer => ({
  status: 400,
  body: { name: 'BadRequestError', code, description, statusCode: 400 },
})

const INVALID_SIGN_UP = refuse('invalid_signup', 'Invalid sign up')
