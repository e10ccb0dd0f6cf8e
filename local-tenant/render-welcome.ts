import { people, PEOPLE_PASSWORD } from './seed/people.ts'

/** What a newcomer reads once everything runs: where to go and whom to sign in as. */
export const renderWelcome = (urls: {
  tenantUrl: string
  portalUrl: string
  demoUrl: string
}): string => {
  const width = Math.max(...people.map(({ email }) => email.length))
  return [
    '',
    `  Demo application  ${urls.demoUrl}   <- begin here`,
    `  Tenant            ${urls.tenantUrl}`,
    `  Terms page        ${urls.portalUrl}`,
    '',
    `People (password of those in the database: ${PEOPLE_PASSWORD})`,
    '',
    ...people.flatMap(({ email, connection, shows }) => [
      `  ${email.padEnd(width)}  ${connection}`,
      `  ${''.padEnd(width)}  ${shows}`,
    ]),
    '',
    'Without a browser:  npm run sign-in -- --user ' + (people[0]?.email ?? ''),
    'Stop with Ctrl+C.',
  ].join('\n')
}
