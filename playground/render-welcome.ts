import Table from 'cli-table3'
import { people, PEOPLE_PASSWORD } from './seed/people.ts'

const NO_LINES = Object.fromEntries(
  ['top', 'mid', 'bottom', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [side + part, '']),
  ),
)

/** What a newcomer reads once everything runs: where to go and whom to sign in as. */
export const renderWelcome = (urls: {
  tenantUrl: string
  portalUrl: string
  demoUrl: string
}): string => {
  const table = new Table({
    head: ['Person', 'Shows'],
    colWidths: [29, 51],
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0 },
    chars: { ...NO_LINES, 'left-mid': '', 'mid-mid': '', 'right-mid': '', middle: ' ' },
  })
  for (const { email, shows } of people) table.push([email, shows])
  return [
    '',
    `Demo application  ${urls.demoUrl}  (begin here)`,
    `Local tenant      ${urls.tenantUrl}`,
    `Portal            ${urls.portalUrl}`,
    '',
    table.toString(),
    '',
    `Password of the people in the database: ${PEOPLE_PASSWORD}`,
    `Without a browser: npm run sign-in -- --user ${people[0]?.email ?? ''}`,
    'Your browser will warn about the certificate: it was made on this computer.',
    'Stop with Ctrl+C.',
  ].join('\n')
}
