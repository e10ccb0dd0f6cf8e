import { createHash } from 'node:crypto'

/** What Auth0 fills in for every user who has no name, nickname or picture. */
export const generatedProfile = (
  email: string | undefined,
  fallback: string,
): { name: string; nickname: string; picture: string } => {
  const name = email ?? fallback
  const hash = createHash('md5').update(name.toLowerCase()).digest('hex')
  const initials = encodeURIComponent(
    `https://cdn.auth0.com/avatars/${encodeURIComponent(name.slice(0, 2).toLowerCase())}.png`,
  )
  return {
    name,
    nickname: name.split('@')[0] ?? name,
    picture: `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${initials}`,
  }
}
